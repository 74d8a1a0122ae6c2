package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMessagesSayWhatTheyAre has FRED's messages about a domain, which differ in nothing
// but the name of their element, told apart in whatever form they are shown.
func TestMessagesSayWhatTheyAre(t *testing.T) {
	for _, command := range []string{"poll req", "poll watch --no-ack"} {
		for _, where := range []string{"msg", "resData"} {
			for _, name := range []string{"impendingExpData", "expData", "dnsOutageData", "delData"} {
				t.Run(command+"/"+where+"/"+name, func(t *testing.T) {
					element := `<d:` + name + ` xmlns:d="http://www.nic.cz/xml/epp/domain-1.4"><d:name>kiuas.cz</d:name><d:exDate>2031-01-01</d:exDate></d:` + name + `>`
					answer := `<msgQ count="1" id="m1"><qDate>2026-03-01T12:00:00Z</qDate><msg>` + element + `</msg></msgQ>`
					if where == "resData" {
						answer = `<msgQ count="1" id="m1"/><resData>` + element + `</resData>`
					}
					answer = response("1301", "Here is one", answer, "CLTRID")

					r, _ := newScript(t, nil, answer).run(command)
					require.Equal(t, exitOK, r.status, r.err)
					require.Regexp(t, `1 in the queue, id m1.*\ndomain:`+name+`\n  name +kiuas\.cz\n  exDate +2031-01-01\n`, r.out)
					require.NotContains(t, strings.TrimSpace(r.out), "\n\n")

					r, _ = newScript(t, nil, answer).run(command + " -o json")
					require.Equal(t, exitOK, r.status, r.err)
					type data struct{ Element, Name, ExDate string }
					var got struct {
						MsgQ struct{ Msg struct{ Element []data } }
						Data data
					}
					require.NoError(t, json.Unmarshal([]byte(r.out), &got), r.out)
					if where == "msg" {
						require.Len(t, got.MsgQ.Msg.Element, 1)
						got.Data = got.MsgQ.Msg.Element[0]
					}
					require.Equal(t, data{"domain:" + name, "kiuas.cz", "2031-01-01"}, got.Data)
				})
			}
		}
	}
}

// A registry may repeat an element that it did not like (RFC 5730, section 2.6).
func TestEmptyElementsSayWhatTheyAre(t *testing.T) {
	const answer = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="2005"><msg>Odd</msg><value>` +
		`<d:create` + domainNS + `/></value></result><trID><clTRID>CLTRID</clTRID><svTRID>SV-0002</svTRID></trID></response></epp>`
	r, _ := newScript(t, nil, answer).run("domain delete sauna.example --registry gtld -o json")
	require.Equal(t, exitRefused, r.status, r.err)
	require.Contains(t, r.out, `"element": "domain:create"`)
}
