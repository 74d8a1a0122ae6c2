package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestPollWatchOnTheMock(t *testing.T) {
	r := eppkit(t, nil, "", "poll", "watch", "--until-empty")
	require.Equal(t, exitOK, r.status, r.err)
	require.Regexp(t, `(?s)^2 in the queue, id 1, of .*\n.*mydomain\.cz.*\n\n1 in the queue, id 2, .*\n\n$`, r.out)

	r = eppkit(t, nil, "", "poll", "watch", "--max", "1", "-o", "json")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, 1, strings.Count(r.out, "\n"))
	require.True(t, json.Valid([]byte(r.out)), r.out)

	r = eppkit(t, nil, "", "poll", "watch", "--no-ack", "-o", "xml")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "\n    <msgQ count=\"2\" id=\"1\">\n")

	for _, args := range []string{"--interval 0s", "--max -1", "--dry-run", "--timeout 1s"} {
		r = eppkit(t, nil, "", append([]string{"poll", "watch"}, strings.Fields(args)...)...)
		require.Equal(t, exitUsage, r.status, r.err)
	}
}

// oddMessages are bodies of answers to a poll; each has the id m<n>.
var oddMessages = []struct{ name, body, text string }{
	{"an unknown payload", `<msgQ count="9" id="m0"><qDate>2026-03-01T12:00:00Z</qDate><msg>News</msg></msgQ><resData><s:heat xmlns:s="urn:example:sauna-1.0">90</s:heat></resData>`, "90</s:heat>"},
	{"text and elements in turn", `<msgQ count="8" id="m1"><qDate>2026-03-01T12:00:00Z</qDate><msg lang="en">Pay <s:sum xmlns:s="urn:example:sauna-1.0">12.50</s:sum> soon</msg></msgQ>`, "12.50"},
	{"an unreadable date", `<msgQ count="7" id="m2"><qDate>last Tuesday</qDate><msg>Dated oddly</msg></msgQ>`, "last Tuesday"},
	{"an unreadable count", `<msgQ count="many" id="m3"><qDate>2026-03-01T12:00:00Z</qDate><msg>Counted oddly</msg></msgQ>`, "many"},
	{"neither date nor text", `<msgQ count="5" id="m4"/>`, "m4"},
	{"a known payload with an unreadable value", `<msgQ count="4" id="m5"><qDate>2026-03-01T12:00:00Z</qDate><msg>Ends</msg></msgQ><resData>` +
		`<domain:trnData xmlns:domain="urn:ietf:params:xml:ns:domain-1.0"><domain:name>sauna.example</domain:name><domain:trStatus>pending</domain:trStatus>` +
		`<domain:reID>REG-A</domain:reID><domain:reDate>soon</domain:reDate><domain:acID>REG-B</domain:acID><domain:acDate>2026-04-01T00:00:00Z</domain:acDate></domain:trnData></resData>`, "soon"},
	{"an extension", `<msgQ count="3" id="m6"><qDate>2026-03-01T12:00:00Z</qDate><msg>Extended</msg></msgQ><extension><s:steam xmlns:s="urn:example:sauna-1.0">on</s:steam></extension>`, "on</s:steam>"},
	{"more than the schema allows", `<msgQ count="2" id="m7"><qDate>2026-03-01T12:00:00Z</qDate><msg>One</msg><msg>Two</msg><extra>three</extra></msgQ><more a="four"/>`, "three"},
	{"no count, and data that are none", `<msgQ id="m8"><qDate/><msg lang="no language!"/></msgQ><resData>words</resData>`, "words"},
	{"everything in another order", `<extension><s:steam xmlns:s="urn:example:sauna-1.0">off</s:steam></extension><resData/><msgQ count="1" id="m9"><msg>Late</msg><qDate>2026-03-01T12:00:00Z</qDate></msgQ>`, "off</s:steam>"},
	{"a message of FRED's in its msg", `<msgQ count="1" id="m10"><qDate>2026-03-01T12:00:00Z</qDate><msg><fred:lowCreditData xmlns:fred="http://www.nic.cz/xml/epp/fred-1.5">` +
		`<fred:zone>cz</fred:zone><fred:limit><fred:zone>cz</fred:zone><fred:credit>500.00</fred:credit></fred:limit>` +
		`<fred:credit><fred:zone>cz</fred:zone><fred:credit>17.25</fred:credit></fred:credit></fred:lowCreditData></msg></msgQ>`, "17.25"},
}

// TestOddMessages shows each with all that is in it, and goes on to the next.
func TestOddMessages(t *testing.T) {
	serve := func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		for i := 0; ; {
			cmd := c.next()
			if cmd == nil {
				return
			}
			poll, ok := cmd.Request.(*epp.Poll)
			switch {
			case !ok:
				c.answer(cmd, epp.EndingSession)
			case poll.Op == epp.PollAck:
				if poll.MsgID == fmt.Sprintf("m%d", i) {
					i++
				}
				c.answer(cmd, epp.Success)
			case i == len(oddMessages):
				c.answer(cmd, epp.NoMessages)
			default:
				c.sendText(response("1301", "Here is one", oddMessages[i].body, cmd.ClTRID))
			}
		}
	}
	p := newPeer(t, serve)
	env := map[string]string{"PW": "sesame-42"}
	for _, output := range []string{"text", "json", "xml", "raw"} {
		t.Run(output, func(t *testing.T) {
			r := eppkit(t, env, "", "--config", p.conf, "poll", "watch", "--until-empty", "-o", output)
			require.Equal(t, exitOK, r.status, r.err)
			var shown []string
			switch output {
			case "json":
				shown = strings.Split(strings.TrimSpace(r.out), "\n")
				for i, line := range shown {
					require.True(t, json.Valid([]byte(line)), line)
					shown[i] = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\"`, `"`).Replace(line)
				}
			case "text":
				shown = strings.Split(strings.TrimSpace(r.out), "\n\n")
			case "xml":
				shown = strings.Split(strings.TrimSpace(r.out), "</epp>\n")
			case "raw":
				shown = strings.Split(strings.TrimSpace(r.out), "\n")
			}
			require.Len(t, shown, len(oddMessages), r.out)
			for i, m := range oddMessages {
				require.Contains(t, shown[i], fmt.Sprintf("m%d", i), m.name)
				require.Contains(t, shown[i], m.text, m.name)
			}
		})
	}
}

// A message that could not be written stays in the queue.
func TestWatchCannotWrite(t *testing.T) {
	acked := false
	p := newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			poll, ok := cmd.Request.(*epp.Poll)
			acked = acked || ok && poll.Op == epp.PollAck
			c.sendText(response("1301", "Here is one", oddMessages[0].body, cmd.ClTRID))
		}
	})
	var errs strings.Builder
	status := run(t.Context(), []string{"--config", p.conf, "poll", "watch", "--max", "1"}, stdio{
		in: strings.NewReader(""), out: fullDisk{}, err: &errs,
		getenv: func(name string) string { return map[string]string{"PW": "sesame-42"}[name] },
	})
	require.Equal(t, exitUsage, status)
	require.Contains(t, errs.String(), "stays in the queue")
	require.False(t, acked)
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
