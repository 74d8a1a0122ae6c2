package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
)

// These tests take messages from the mock registry over TLS.

const quick = time.Millisecond

// filled is a registry with n messages for reg-north, and their ids.
func filled(t *testing.T, n int) (*gtld.Registry, *mockserver.Server, []string) {
	t.Helper()
	fixtures, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	fixtures.Messages = nil
	reg, err := gtld.New(gtld.Options{Fixtures: fixtures})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: &limited{reg, 0}})
	var ids []string
	for i := range n {
		ids = append(ids, reg.Queue.Add("reg-north", fmt.Sprintf("Bucket %d is full", i), nil))
	}
	return reg, srv, ids
}

// hasty is a pool that waits for nothing long.
func hasty(o *client.PoolOptions) {
	o.MaxSessions, o.Timeout = 1, 300*time.Millisecond
	o.Backoff = client.Backoff{Min: quick, Max: quick, Limit: quick}
}

var hastyMessages = client.MessagesOptions{Backoff: client.Backoff{Min: quick, Max: quick}}

var (
	anyReq = match.Match{XPath: "/epp/command/poll[@op='req']"}
	anyAck = match.Match{XPath: "/epp/command/poll[@op='ack']"}
)

// Whatever becomes of some of the requests and acknowledgements, each message is handed
// over once, in order, and the queue is empty at the end.
func TestDrainWithFaults(t *testing.T) {
	for _, f := range []fault.Fault{
		{Kind: fault.CommitThenDrop},
		{Kind: fault.DropBeforeCommit},
		{Kind: fault.NoAnswer},
		{Kind: fault.Reset},
		{Kind: fault.CloseWithoutNotify},
		{Kind: fault.CutBody},
		{Kind: fault.CutHeader},
		{Kind: fault.Length3},
		{Kind: fault.LengthMax},
		{Kind: fault.Garbage},
		{Kind: fault.Garbage, Framed: true},
		{Kind: fault.HTML},
		{Kind: fault.HTML, Framed: true},
		{Kind: fault.WrongEncoding},
		{Kind: fault.Result, Code: epp.CommandFailed},
		{Kind: fault.Result, Code: epp.CommandFailed, Commit: true},
		{Kind: fault.Result, Code: epp.CommandFailedClosing},
		{Kind: fault.Result, Code: epp.SessionLimitExceeded},
		{Kind: fault.WrongClTRID},
		{Kind: fault.MissingClTRID},
		{Kind: fault.OutOfOrder, Delay: quick},
		{Kind: fault.Duplicate},
		{Kind: fault.UnknownElement},
		{Kind: fault.UnknownExtension},
		{Kind: fault.ExtraResults},
		{Kind: fault.TwoFrames, Delay: quick},
		{Kind: fault.Greeting},
		{Kind: fault.CommitTwice},
	} {
		for _, struck := range []struct {
			name string
			match.Match
		}{{"req", anyReq}, {"ack", anyAck}} {
			for _, alone := range []bool{false, true} {
				name := fmt.Sprintf("%s %s alone=%v framed=%v code=%d", f.Kind, struck.name, alone, f.Framed, f.Code)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					reg, srv, ids := filled(t, 12)
					f := f
					f.Match.Match, f.Nth, f.Times = struck.Match, 4, 2
					id, err := srv.Faults().Add(f)
					require.NoError(t, err)
					opts := hastyMessages
					opts.NoPipelining = alone
					p := poolOf(t, srv, hasty)
					var taken []string
					n, err := client.NewMessages(p, opts).Drain(t.Context(), taking(&taken))
					require.NoError(t, err)
					struck, _ := srv.Faults().Get(id)
					require.Equal(t, 2, struck.Fired)
					require.Equal(t, ids, taken)
					require.Equal(t, len(ids), n)
					require.Zero(t, reg.Queue.Len("reg-north"))
				})
			}
		}
	}
}

// The acknowledgement and the next request leave together, where there is a way to.
func TestDrainIsPipelined(t *testing.T) {
	const n = 5
	for name, row := range map[string]struct {
		through func(*client.Session, *client.Pool) client.Doer
		opts    client.MessagesOptions
		writes  int32
	}{
		"a session":         {through: func(s *client.Session, _ *client.Pool) client.Doer { return s }, writes: n + 1},
		"a pool":            {through: func(_ *client.Session, p *client.Pool) client.Doer { return p }, writes: n + 1},
		"a layer around it": {through: func(_ *client.Session, p *client.Pool) client.Doer { return around{p} }, writes: 2*n + 1},
		"a pool, NoPipelining": {
			through: func(_ *client.Session, p *client.Pool) client.Doer { return p },
			opts:    client.MessagesOptions{NoPipelining: true}, writes: 2*n + 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			reg, srv, ids := filled(t, n)
			opts := client.PoolOptions{Addresses: []string{srv.Addr()}, MaxSessions: 1, Options: client.Options{
				Schema: schema(t), TLS: srv.ClientTLS("reg-north"),
				Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
			}}
			conns := make(chan *countedConn, 2)
			opts.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				counted := &countedConn{Conn: conn}
				conns <- counted
				return counted, err
			}
			p, err := client.NewPool(opts)
			require.NoError(t, err)
			defer p.Close()
			s, err := client.Dial(t.Context(), srv.Addr(), opts.Options)
			require.NoError(t, err)
			defer s.Close()
			d := row.through(s, p)
			if d != s {
				<-conns // of the session
				require.NoError(t, p.Ready(t.Context()))
			}
			conn := <-conns
			before := conn.writes.Load()
			var taken []string
			_, err = client.NewMessages(d, row.opts).Drain(t.Context(), func(ctx context.Context, m *client.Message) error {
				require.Equal(t, n-len(taken), reg.Queue.Len("reg-north"), "it is there until it was taken")
				require.Equal(t, fmt.Sprintf("Bucket %d is full", len(taken)), m.Text)
				return taking(&taken)(ctx, m)
			})
			require.NoError(t, err)
			require.Equal(t, ids, taken)
			require.Equal(t, row.writes, conn.writes.Load()-before)
		})
	}
}

// Messages over a pool have one consumer, whatever is around the pool.
func TestOneConsumerOfAPool(t *testing.T) {
	_, srv, _ := filled(t, 1)
	p := poolOf(t, srv, hasty)
	_, err := client.NewMessages(around{p}, client.MessagesOptions{}).Drain(t.Context(), func(ctx context.Context, _ *client.Message) error {
		for _, d := range []client.Doer{p, around{p}} {
			require.ErrorIs(t, client.NewMessages(d, client.MessagesOptions{}).Run(ctx, nil), client.ErrConsuming)
		}
		// A handler may use the pool, though it has but one session.
		_, err := client.Do(ctx, p, check("a.example"))
		return err
	})
	require.NoError(t, err)
}

// A run over a pool survives a registry that restarts, and ends when the pool does.
func TestRunEndsWithItsPool(t *testing.T) {
	t.Run("closed", func(t *testing.T) {
		_, srv, _ := filled(t, 0)
		p := poolOf(t, srv, hasty)
		opts := hastyMessages
		opts.Interval = quick
		var once sync.Once
		opts.OnEvent = func(client.Event) { once.Do(func() { p.Close() }) }
		err := client.NewMessages(p, opts).Run(t.Context(), nil)
		require.ErrorIs(t, err, client.ErrClosed)
	})
	t.Run("stopped", func(t *testing.T) {
		_, srv, _ := filled(t, 0)
		p := poolOf(t, srv, func(o *client.PoolOptions) {
			hasty(o)
			o.Credentials = &client.Credentials{ClID: "reg-north", PW: "not-the-one"}
		})
		err := client.NewMessages(p, hastyMessages).Run(t.Context(), nil)
		require.ErrorIs(t, err, client.ErrStopped)
		require.ErrorIs(t, err, epp.AuthenticationError)
	})
}

// A refusal that waiting does not mend ends a run over a pool, too.
func TestRefusedForGood(t *testing.T) {
	_, srv, ids := filled(t, 2)
	_, err := srv.Faults().Add(fault.Fault{Kind: fault.Result, Code: epp.AuthorizationError, Match: fault.Match{Match: anyAck}, Times: 1})
	require.NoError(t, err)
	var taken []string
	c := client.NewMessages(poolOf(t, srv, hasty), hastyMessages)
	_, err = c.Drain(t.Context(), taking(&taken))
	require.ErrorIs(t, err, epp.AuthorizationError)
	var me *client.MessageError
	require.ErrorAs(t, err, &me)
	require.Equal(t, ids[0], me.ID)
	_, err = c.Drain(t.Context(), taking(&taken))
	require.NoError(t, err)
	require.Equal(t, ids, taken, "it was not handed over again")
}

// An acknowledgement that has no effect is noticed.
func TestStillTheFirst(t *testing.T) {
	_, srv, ids := filled(t, 2)
	_, err := srv.Faults().Add(fault.Fault{Kind: fault.StaleRead, Match: fault.Match{Match: anyReq}, Nth: 2, Times: 1})
	require.NoError(t, err)
	var taken []string
	_, err = client.NewMessages(poolOf(t, srv, hasty), hastyMessages).Drain(t.Context(), taking(&taken))
	require.ErrorIs(t, err, client.ErrInvalidAnswer)
	require.ErrorContains(t, err, "still the first, though it was acknowledged")
	require.Equal(t, ids[:1], taken)
}

// A message of which nobody can parse the frame is handed over when asking again brought
// nothing better, and is out of the way once it was parked. Others are not parked, whatever
// their handler says.
func TestUnparsableMessage(t *testing.T) {
	reg, srv, ids := filled(t, 3)
	wreck := func(id string) string {
		return `<epp xmlns="` + epp.NS + `"><response><result code="1301"><msg>One</msg></result><msgQ count='2' id='` + id + `'><msg>Bucket &heap; vihta-77</msg>`
	}
	add := func(text string, nth, times int) {
		_, err := srv.Faults().Add(fault.Fault{Kind: fault.Garbage, Framed: true, Text: text, Match: fault.Match{Match: anyReq}, Nth: nth, Times: times})
		require.NoError(t, err)
	}
	var events []client.Event
	var parked []string
	opts := hastyMessages
	opts.OnEvent = func(e client.Event) { events = append(events, e) }
	opts.Park = func(_ context.Context, m *client.Message, err error) error {
		require.ErrorIs(t, err, errFull)
		require.Equal(t, wreck(m.ID), m.Frame())
		var e *client.UnreadableError
		require.ErrorAs(t, m.Err, &e)
		require.Nil(t, m.Response)
		parked = append(parked, m.ID)
		return nil
	}
	var taken []string
	p := poolOf(t, srv, hasty)
	_, err := client.NewMessages(p, opts).Drain(t.Context(), func(context.Context, *client.Message) error { return errFull })
	require.ErrorIs(t, err, errFull, "it can be read, and stays in the queue")
	add(wreck(ids[0]), 1, 3)
	for range client.NewMessages(p, opts).All(t.Context()) {
		break // which is not to fail
	}
	require.Empty(t, parked)
	srv.Faults().Reset()

	add(wreck(ids[1]), 2, 4) // with an acknowledgement, and then thrice by the pool
	n, err := client.NewMessages(p, opts).Drain(t.Context(), func(ctx context.Context, m *client.Message) error {
		if m.Err != nil {
			return errFull
		}
		return taking(&taken)(ctx, m)
	})
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Equal(t, []string{ids[0], ids[2]}, taken)
	require.Equal(t, []string{ids[1]}, parked)
	require.Len(t, events, 2)
	require.IsType(t, client.Retrying{}, events[0])
	require.IsType(t, client.Parked{}, events[1])
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", events, events, events), "vihta")

	add(wreck("17"), 1, 2)
	ids = []string{reg.Queue.Add("reg-north", "Bucket 4 is full", nil)}
	taken = nil
	_, err = client.NewMessages(p, opts).Drain(t.Context(), taking(&taken))
	require.NoError(t, err)
	require.Equal(t, ids, taken, "what can be read after all is not put aside")
}

// Over a session, what ends it is handed over, and stays in the queue.
func TestUnparsableMessageOfASession(t *testing.T) {
	const start = `<epp xmlns="` + epp.NS + `"><response><result code="1301"><msg>One</msg></result>`
	for _, row := range []struct{ name, doc, id string }{
		{"an id", start + `<msgQ count="2" id="a&amp;b"/>&`, "a&b"},
		{"a prefix and apostrophes", start + `<x:msgQ id=' 7 ' count='2'>`, "7"},
		{"no id", start + `<msgQ count="2">`, ""},
		{"two of them", start + `<msgQ id="7"/><msgQ id="8"/>`, ""},
		{"one in a text as well", start + `<msgQ id="7"><msg><![CDATA[<msgQ id="8">]]></msg>`, ""},
		{"two ids", start + `<msgQ id="7" id="8">`, ""},
		{"an attribute of another name", start + `<msgQ xid="7" x:id="8">`, ""},
		{"an id that is none", start + `<msgQ id="&x;">`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			poll := func(p *peer) error {
				err := expect("poll")(p)
				p.asked = nil
				return err
			}
			s := session(t, client.Options{}, poll, document(row.doc))
			var got *client.Message
			_, err := client.NewMessages(s, client.MessagesOptions{}).Drain(t.Context(), func(_ context.Context, m *client.Message) error {
				got = m
				return nil
			})
			require.ErrorIs(t, err, client.ErrInvalidAnswer)
			require.NotNil(t, got)
			require.Equal(t, row.id, got.ID)
			require.Equal(t, row.doc, got.Frame())
			require.Error(t, got.Err)
		})
	}
	t.Run("no message at all", func(t *testing.T) {
		s := session(t, client.Options{}, expect("poll"), document(`<html/>`))
		_, err := client.NewMessages(s, client.MessagesOptions{}).Drain(t.Context(), func(context.Context, *client.Message) error {
			return errors.New("called")
		})
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
		require.NotErrorIs(t, err, errors.New("called"))
	})
}

// A message with a value that can't be read is handed over with it, and acknowledged like
// others.
func TestUnreadableValues(t *testing.T) {
	for _, body := range []string{
		`<msgQ count="1" id="m1"><qDate>last Tuesday</qDate><msg>Dated oddly</msg></msgQ>`,
		`<msgQ count="1" id="m1"><msg>Checked</msg></msgQ><resData><d:chkData xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:cd><d:name avail="perhaps">a.example</d:name></d:cd></d:chkData></resData>`,
	} {
		answer := func(p *peer) error {
			doc := `<epp xmlns="` + epp.NS + `"><response><result code="1301"><msg>One</msg></result>` + body +
				`<trID><clTRID>` + p.asked[0].ClTRID + `</clTRID><svTRID>S-1</svTRID></trID></response></epp>`
			p.asked = nil
			return document(doc)(p)
		}
		s := session(t, client.Options{}, expect("poll"), answer, expect("poll"), reply(0, epp.Success))
		n, err := client.NewMessages(s, client.MessagesOptions{Max: 1}).Drain(t.Context(), func(_ context.Context, m *client.Message) error {
			require.Equal(t, "m1", m.ID)
			require.Error(t, m.Err)
			require.NotNil(t, m.Response)
			require.Contains(t, m.Frame(), body)
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
}
