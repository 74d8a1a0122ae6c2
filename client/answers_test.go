package client_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// RFC 5730, section 2.5: a server that answers several commands answers them in
// order, each with the clTRID of its command.
func TestPipelinedAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := session(t, client.Options{},
			expect("check"), expect("check"), expect("check"),
			reply(0, epp.Success), reply(0, epp.CommandFailed), reply(0, epp.Success))
		a := begin(t, s, "a.example")
		synctest.Wait()
		b := begin(t, s, "b.example")
		synctest.Wait()
		c := begin(t, s, "c.example")
		o := <-a
		requireName(t, "a.example", o.chk, o.err)
		require.ErrorIs(t, (<-b).err, epp.CommandFailed, "an error disturbs nobody else")
		o = <-c
		requireName(t, "c.example", o.chk, o.err)
		require.NoError(t, s.Err())
	})
}

// An answer that can't belong to the first command that waits for one ends the
// session: what is then unknown is said to be unknown, and what was not sent is not.
func TestAnswersThatEndTheSession(t *testing.T) {
	echo := func(i int, change func(*epp.Response)) step {
		return func(p *peer) error {
			r := respond(p.asked[i], epp.Success)
			change(r)
			return send(r)(p)
		}
	}
	for name, tt := range map[string]struct {
		answer step
		want   string
		code   epp.Code // in the chain, where it is not 0
	}{
		"out of order":                 {answer: reply(1, epp.Success), want: "is due"},
		"a failure out of order":       {answer: reply(1, epp.CommandFailed), want: "is due"},
		"foreign clTRID":               {answer: send(result(epp.Success, "FOREIGN-1")), want: `the clTRID "FOREIGN-1" where the answer to domain:check (clTRID "`},
		"foreign clTRID on a failure":  {answer: send(result(epp.CommandFailed, "FOREIGN-1")), want: `"FOREIGN-1"`},
		"no clTRID on a success":       {answer: echo(0, func(r *epp.Response) { r.TrID.ClTRID = "" }), want: `the clTRID ""`},
		"clTRID in another case":       {answer: echo(0, func(r *epp.Response) { r.TrID.ClTRID = "EPPKIT" + r.TrID.ClTRID[6:] }), want: "is due"},
		"a greeting":                   {answer: greet, want: "a greeting where the answer to domain:check is due"},
		"a hello":                      {answer: send(&epp.Hello{}), want: "a hello where the answer to domain:check is due"},
		"a command":                    {answer: send(&epp.Command{Request: &epp.Logout{}}), want: "a command where"},
		"HTML":                         {answer: document("<html/>"), want: "root element"},
		"a response without a result":  {answer: document(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response/></epp>`), want: "result"},
		"a response with code 42":      {answer: document(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="42"><msg/></result></response></epp>`), want: "not a result code"},
		"a DOCTYPE":                    {answer: document(`<!DOCTYPE epp><epp xmlns="urn:ietf:params:xml:ns:epp-1.0"/>`), want: "xml: line 1"},
		"not XML":                      {answer: document("\x00\x01"), want: "xml: line 1"},
		"header 0":                     {answer: octets(header(0)), want: "claims too little"},
		"header 2^32-1":                {answer: octets(header(1<<32 - 1)), want: "claims more than the limit"},
		"closed":                       {answer: hangUp, want: "the server closed the connection"},
		"cut in the header":            {answer: func(p *peer) error { _ = octets([]byte{0, 0})(p); return hangUp(p) }, want: "inside a frame's header"},
		"cut in the body":              {answer: func(p *peer) error { _ = octets(header(99))(p); return hangUp(p) }, want: "inside a frame of 99 octets"},
		"2500 with a foreign clTRID":   {answer: send(result(epp.CommandFailedClosing, "FOREIGN-1")), want: "the server ended the session", code: epp.CommandFailedClosing},
		"1500 with a foreign clTRID":   {answer: send(result(epp.EndingSession, "FOREIGN-1")), want: "the server ended the session", code: epp.EndingSession},
		"2502 to the second of two":    {answer: reply(1, epp.SessionLimitExceeded), want: "the server ended the session", code: epp.SessionLimitExceeded},
		"2501 with the clTRID missing": {answer: echo(0, func(r *epp.Response) { r.TrID.ClTRID = ""; r.Results[0].Code = 1500 }), want: "the server ended the session", code: epp.EndingSession},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				both := make(chan struct{})
				s := session(t, client.Options{Pipeline: 2}, expect("check"), expect("check"), until(both), tt.answer)
				a := begin(t, s, "a.example")
				synctest.Wait()
				b := begin(t, s, "b.example")
				synctest.Wait()
				queued := begin(t, s, "c.example")
				synctest.Wait()
				close(both)

				for _, call := range []<-chan outcome{a, b} {
					err := (<-call).err
					requireFate(t, client.Unknown, err)
					require.ErrorContains(t, err, tt.want)
					if tt.code != 0 {
						require.ErrorIs(t, err, tt.code)
					}
				}
				requireFate(t, client.NotSent, (<-queued).err)
				<-s.Done()
				_, err := client.Do(t.Context(), s, check("d.example"))
				requireFate(t, client.NotSent, err)
				require.ErrorContains(t, err, tt.want)
				require.ErrorContains(t, s.Err(), tt.want)
			})
		})
	}
}

// A server that could not read a command has no clTRID to repeat; its answer
// belongs to the first command that waits.
func TestFailureWithoutClTRID(t *testing.T) {
	s := session(t, client.Options{},
		expect("check"), send(result(epp.CommandSyntaxError, "")),
		func(p *peer) error { p.asked = nil; return nil },
		expect("check"), reply(0, epp.Success))
	_, err := client.Do(t.Context(), s, check("a.example"))
	require.ErrorIs(t, err, epp.CommandSyntaxError)
	chk, err := client.Do(t.Context(), s, check("b.example"))
	requireName(t, "b.example", chk, err)
}

func TestDuplicatedAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		twice := func(p *peer) error {
			cmd := p.asked[0]
			_ = send(respond(cmd, epp.Success))(p)
			return send(respond(cmd, epp.Success))(p)
		}
		s := session(t, client.Options{}, expect("check"), expect("check"), twice)
		a := begin(t, s, "a.example")
		synctest.Wait()
		b := begin(t, s, "b.example")
		o := <-a
		requireName(t, "a.example", o.chk, o.err)
		err := (<-b).err
		requireFate(t, client.Unknown, err)
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
	})
}

// What a server sends while nothing is asked.
func TestUnsolicitedAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		answer step
		want   error
		text   string
	}{
		"1000":       {send(result(epp.Success, "ABC-1")), client.ErrInvalidAnswer, `a response (code 1000, clTRID "ABC-1"), and no command waits for one`},
		"a greeting": {greet, client.ErrInvalidAnswer, "a greeting, and no command waits for one"},
		"garbage":    {document("<"), client.ErrInvalidAnswer, "xml: line 1"},
		"1500":       {send(result(epp.EndingSession, "")), epp.EndingSession, "the server ended the session: epp: 1500"},
		"2500":       {send(result(epp.CommandFailedClosing, "")), epp.CommandFailedClosing, "the server ended the session: epp: 2500"},
		"2501":       {send(result(epp.AuthenticationErrorClosing, "ABC-1")), epp.AuthenticationErrorClosing, "epp: 2501"},
		"2502":       {send(result(epp.SessionLimitExceeded, "")), epp.SessionLimitExceeded, "epp: 2502"},
	} {
		t.Run(name, func(t *testing.T) {
			s := session(t, client.Options{}, tt.answer, hangUp)
			<-s.Done()
			require.ErrorIs(t, s.Err(), tt.want)
			require.ErrorContains(t, s.Err(), tt.text)
			_, err := client.Do(t.Context(), s, check("a.example"))
			requireFate(t, client.NotSent, err)
			require.ErrorIs(t, err, tt.want)
		})
	}
}

// RFC 5730, section 2.3: a hello is answered by a greeting, in its turn.
func TestHello(t *testing.T) {
	t.Run("a greeting", func(t *testing.T) {
		second := greeting()
		second.SvID = "Another registry"
		s := session(t, client.Options{}, expectHello, send(second))
		g, err := s.Hello(t.Context())
		require.NoError(t, err)
		require.Equal(t, "Another registry", g.SvID)
		require.Same(t, g, s.Greeting())
	})
	t.Run("among commands", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := session(t, client.Options{}, expect("check"), expectHello, expect("check"),
				reply(0, epp.Success), greet, reply(0, epp.Success))
			a := begin(t, s, "a.example")
			synctest.Wait()
			hello := make(chan error)
			go func() {
				_, err := s.Hello(t.Context())
				hello <- err
			}()
			synctest.Wait()
			b := begin(t, s, "b.example")
			o := <-a
			requireName(t, "a.example", o.chk, o.err)
			require.NoError(t, <-hello)
			o = <-b
			requireName(t, "b.example", o.chk, o.err)
		})
	})
	t.Run("a response", func(t *testing.T) {
		s := session(t, client.Options{}, expectHello, send(result(epp.Success, "")))
		_, err := s.Hello(t.Context())
		requireFate(t, client.Unknown, err)
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
		require.ErrorContains(t, err, "client: hello: outcome unknown: invalid answer: a response (code 1000, clTRID \"\") where the answer to hello is due")
	})
	t.Run("2500", func(t *testing.T) {
		s := session(t, client.Options{}, expectHello, send(result(epp.CommandFailedClosing, "")))
		_, err := s.Hello(t.Context())
		require.ErrorIs(t, err, epp.CommandFailedClosing)
	})
	t.Run("no answer in time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			answer := make(chan struct{})
			s := session(t, client.Options{}, expectHello, until(answer), greet, expect("check"), reply(0, epp.Success))
			first := s.Greeting()
			_, err := s.Hello(t.Context())
			requireFate(t, client.Unknown, err)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			close(answer)
			chk, err := client.Do(t.Context(), s, check("a.example"))
			requireName(t, "a.example", chk, err)
			require.NotSame(t, first, s.Greeting(), "a late greeting is still the newest")
		})
	})
}

// A late answer to a call that nobody waits for any more is dropped, and the next
// caller gets its own.
func TestLateAnswer(t *testing.T) {
	for name, wait := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"the default timeout": func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
		"the context's deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 40*time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer := make(chan struct{})
				s := session(t, client.Options{}, expect("check"), expect("check"), until(answer),
					reply(0, epp.Success), reply(0, epp.Success), expect("check"), reply(0, epp.Success))
				ctx, cancel := wait(t.Context())
				defer cancel()
				_, err := client.Do(ctx, s, check("a.example"))
				requireFate(t, client.Unknown, err)
				require.ErrorIs(t, err, context.DeadlineExceeded)

				next := begin(t, s, "b.example")
				synctest.Wait()
				close(answer)
				o := <-next
				requireName(t, "b.example", o.chk, o.err)
				chk, err := client.Do(t.Context(), s, check("c.example"))
				requireName(t, "c.example", chk, err)
			})
		})
	}
}

// What can't be read beside the result of an answer must not hide the result, nor
// end the session.
func TestAnswerWithAnUnreadableDate(t *testing.T) {
	doc := func(code, id string) string {
		return `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="` + code + `"><msg>x</msg></result>` +
			`<msgQ count="1" id="1"><qDate>yesterday</qDate></msgQ><trID><clTRID>` + id + `</clTRID><svTRID>S-1</svTRID></trID></response></epp>`
	}
	var ids []string
	s := session(t, client.Options{NewTRID: func() string { ids = append(ids, fmt.Sprintf("ID-%d", len(ids))); return ids[len(ids)-1] }},
		expect("poll"), document(doc("2303", "ID-0")), expect("poll"), document(doc("1301", "ID-1")))
	_, err := client.Call(t.Context(), s, &epp.Poll{Op: epp.PollReq})
	require.ErrorIs(t, err, epp.ObjectDoesNotExist)
	a, err := client.Call(t.Context(), s, &epp.Poll{Op: epp.PollReq})
	require.NoError(t, err)
	require.Equal(t, "1", a.MsgQ.ID)
	require.ErrorContains(t, a.Unread, "/epp/response/msgQ/qDate")
}
