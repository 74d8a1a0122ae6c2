package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// A queue answers polls, as a registry does.
type queue struct {
	messages []string // identifiers
	stuck    bool     // acknowledging removes nothing
	ackCode  epp.Code // of an acknowledgement, 0 is success
	polls    int
	acks     []string
	onPoll   func()
	onAck    func(context.Context)
}

func (q *queue) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	poll := cmd.Request.(*epp.Poll)
	code, r := epp.NoMessages, new(epp.Response)
	if poll.Op == epp.PollAck {
		if q.onAck != nil {
			q.onAck(ctx)
		}
		q.acks = append(q.acks, poll.MsgID)
		if code = q.ackCode; code == 0 {
			code = epp.Success
		}
		if !q.stuck {
			q.messages = q.messages[1:]
		}
	} else {
		q.polls++
		if q.onPoll != nil {
			q.onPoll()
		}
		if len(q.messages) > 0 {
			code = epp.AckToDequeue
			r.MsgQ = &epp.MsgQ{Count: uint64(len(q.messages)), ID: q.messages[0]}
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	r.Results = []epp.Result{{Code: code}}
	return r, nil
}

func TestWatch(t *testing.T) {
	type world struct {
		*queue
		*watch
		cancel context.CancelFunc
	}
	full := errors.New("the disk is full")
	for _, row := range []struct {
		name         string
		setUp        func(world)
		shown, acked string
		waits        int
		err          error
		notes        string
	}{
		{"until the queue is empty", func(w world) { w.untilEmpty = true }, "a b c", "a b c", 0, nil, ""},
		{"a number of messages", func(w world) { w.max = 2 }, "a b", "a b", 0, nil, ""},
		{"without acknowledging", func(w world) { w.noAck = true }, "a", "", 0, nil, ""},
		{"without acknowledging what is not there", func(w world) { w.noAck, w.messages = true, nil }, "", "", 0, nil, ""},
		{"waits where it is empty, and is interrupted", func(w world) {
			n := 0
			w.wait = func(context.Context, time.Duration) {
				switch n++; n {
				case 2:
					w.messages = []string{"d"}
				case 4:
					w.cancel()
				}
			}
		}, "a b c d", "a b c d", 4, nil, "asking every 10s; asking every 10s"},
		{"interrupted while it polls", func(w world) { w.onPoll = w.cancel }, "", "", 0, nil, ""},
		{"interrupted while it shows", func(w world) {
			show := w.show
			w.show = func(r *epp.Response) error { w.cancel(); return show(r) }
		}, "a", "a", 0, nil, ""},
		{"what is not shown is not acknowledged", func(w world) {
			w.show = func(*epp.Response) error { return full }
		}, "", "", 0, full, ""},
		{"somebody else takes messages, too", func(w world) { w.ackCode, w.untilEmpty = epp.ObjectDoesNotExist, true }, "a b c", "a b c", 0, nil, "somebody else"},
		{"an acknowledgement is refused", func(w world) { w.ackCode = epp.CommandFailed }, "a", "a", 0, epp.CommandFailed, ""},
		{"an acknowledgement without effect", func(w world) { w.stuck = true }, "a", "a", 0, client.ErrInvalidAnswer, ""},
		{"a message without an id", func(w world) { w.messages = []string{""} }, "", "", 0, client.ErrInvalidAnswer, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var shown, notes []string
			q := &queue{messages: []string{"a", "b", "c"}, onAck: func(ctx context.Context) { require.NoError(t, ctx.Err()) }}
			w := &watch{interval: 10 * time.Second, doer: q}
			w.show = func(r *epp.Response) error { shown = append(shown, r.MsgQ.ID); return nil }
			w.note = func(s string) { notes = append(notes, s) }
			w.wait = func(context.Context, time.Duration) { require.Fail(t, "it waits") }
			row.setUp(world{q, w, cancel})
			waits, wait := 0, w.wait
			w.wait = func(ctx context.Context, d time.Duration) {
				waits++
				require.Equal(t, 10*time.Second, d)
				wait(ctx, d)
			}
			err := w.run(ctx)
			if row.err == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, row.err)
			}
			require.Equal(t, row.shown, strings.TrimSpace(strings.Join(shown, " ")))
			require.Equal(t, row.acked, strings.Join(q.acks, " "))
			require.Equal(t, row.waits, waits)
			for _, part := range strings.Split(row.notes, "; ") {
				require.Contains(t, strings.Join(notes, "\n"), part)
			}
		})
	}
}

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
