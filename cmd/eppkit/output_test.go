package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestOutputJSON(t *testing.T) {
	var got struct {
		Code           int
		Message        string
		ClTRID, SvTRID string
		Data           struct{ Email []string }
	}
	r := eppkit(t, nil, "", "contact", "send-authinfo", "CID-MYOWN", "-o", "json", "--cltrid", "TEST-0001")
	require.Equal(t, exitOK, r.status, r.err)
	require.NoError(t, json.Unmarshal([]byte(r.out), &got), r.out)
	require.Equal(t, 1000, got.Code)
	require.Equal(t, "Command completed successfully", got.Message)
	require.Equal(t, "TEST-0001", got.ClTRID)
	require.Regexp(t, `^ReqID-\d{10}$`, got.SvTRID)
	require.NotEmpty(t, got.Data.Email)

	r = eppkit(t, nil, "", "contact", "send-authinfo", "CID-NOBODY", "-o", "json")
	require.Equal(t, exitRefused, r.status)
	require.NoError(t, json.Unmarshal([]byte(r.out), &got), r.out)
	require.Equal(t, 2303, got.Code)
	require.Contains(t, r.err, "2303")
}

func TestOutputXMLAndRaw(t *testing.T) {
	for _, args := range []string{"domain check mydomain.cz", "hello"} {
		raw := eppkit(t, nil, "", append(strings.Fields(args), "-o", "raw")...)
		require.Equal(t, exitOK, raw.status, raw.err)
		require.True(t, strings.HasPrefix(raw.out, "<?xml "), raw.out)
		require.False(t, strings.HasSuffix(raw.out, "\n"), "as it came")
		xml := eppkit(t, nil, "", append(strings.Fields(args), "-o", "xml")...)
		require.Equal(t, exitOK, xml.status, xml.err)
		require.Regexp(t, `\n    <(result code="1000"|svID)>`, xml.out)
	}
}

// answering is a server that logs in whoever comes, and answers one command.
func answering(t *testing.T, answer func(clTRID string) string) *fakePeer {
	return newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		if q := c.next(); q != nil {
			c.sendText(answer(q.ClTRID))
		}
		c.answer(c.next(), epp.EndingSession)
	})
}

func response(code, msg, rest, clTRID string) string {
	return `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="` + code + `"><msg>` + msg + `</msg></result>` +
		rest + `<trID><clTRID>` + clTRID + `</clTRID><svTRID>SV-0002</svTRID></trID></response></epp>`
}

func TestNobodyForgesLines(t *testing.T) {
	const msg = "Well&#10;eppkit: all is well&#x9B;2J&#x2028;x&#x202E;y"
	const shown = "Well eppkit: all is well 2J x y"
	for _, row := range []struct {
		name, code string
		status     int
	}{
		{"a success", "1000", exitOK},
		{"a refusal", "2400", exitRefused},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := answering(t, func(id string) string { return response(row.code, msg, "", id) })
			r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "poll", "ack", "12")
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.out+r.err, shown)
			require.Equal(t, 1, strings.Count(r.out+r.err, "\n"), "%q", r.out+r.err)
		})
	}
	t.Run("a refused login", func(t *testing.T) {
		p := newPeer(t, func(c *peerConn) {
			c.greet()
			if q := c.next(); q != nil {
				c.sendText(response("2200", msg, "", q.ClTRID))
			}
		})
		r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "poll")
		require.Equal(t, exitAuthentication, r.status, r.err)
		require.Contains(t, r.err, shown)
		require.Equal(t, 1, strings.Count(r.err, "\n"), "%q", r.err)
	})
}

func TestUsageKeepsItsLines(t *testing.T) {
	r := eppkit(t, nil, "", "domain", "info")
	require.Contains(t, r.err, "\nUsage: eppkit domain info NAME")
}

func TestRefusedLoginIsPrinted(t *testing.T) {
	p := newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.AuthenticationError)
	})
	r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "poll", "-o", "json")
	require.Equal(t, exitAuthentication, r.status, r.err)
	var got struct{ Code int }
	require.NoError(t, json.Unmarshal([]byte(r.out), &got), r.out)
	require.Equal(t, 2200, got.Code)
}

func TestDaysAreDays(t *testing.T) {
	for _, output := range []string{"text", "json"} {
		r := eppkit(t, nil, "", "domain", "info", "mydomain.cz", "-o", output)
		require.Equal(t, exitOK, r.status, r.err)
		require.Contains(t, r.out, "2031-04-15")
		require.NotContains(t, r.out, "2031-04-15T")
	}
	r := eppkit(t, nil, "", "domain", "info", "alpha.example", "--registry", "gtld")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "2031-01-12T07:00:00Z")
}

func TestShapeOfJSON(t *testing.T) {
	const frob = `<f:frob xmlns:f="urn:example:frob">7</f:frob>`
	element := map[string]any{
		"name": "frob", "namespace": "urn:example:frob",
		"xml": `<f:frob xmlns="urn:ietf:params:xml:ns:epp-1.0" xmlns:f="urn:example:frob">7</f:frob>`,
	}
	for _, row := range []struct {
		name, elements string
		want           any
	}{
		{"absent for none", "", nil},
		{"an object for one", frob, element},
		{"a list for several", frob + frob, []any{element, element}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := answering(t, func(id string) string {
				rest := ""
				if row.elements != "" {
					rest = "<resData>" + row.elements + "</resData><extension>" + row.elements + "</extension>"
				}
				return response("1000", "Done", rest, id)
			})
			r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "poll", "ack", "12", "-o", "json")
			require.Equal(t, exitOK, r.status, r.err)
			var got map[string]any
			require.NoError(t, json.Unmarshal([]byte(r.out), &got), r.out)
			require.Equal(t, row.want, got["data"])
			require.Equal(t, row.want, got["extension"])
		})
	}
}
