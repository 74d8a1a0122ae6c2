package client_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// A peer plays the server's side of a connection from a script. After the last
// step it expects that the client sends nothing more.
type peer struct {
	conn  net.Conn
	in    epp.FrameReader
	asked []*epp.Command // read and not answered yet
	halt  <-chan struct{}
}

// A step is one thing that a peer does.
type step func(*peer) error

// play runs a script at the other end of a pipe, and fails the test when the
// client did not follow it.
func play(t *testing.T, steps ...step) net.Conn {
	ours, theirs := net.Pipe()
	playOn(t, theirs, steps...)
	return ours
}

func playOn(t *testing.T, conn net.Conn, steps ...step) {
	halt := make(chan struct{})
	p := &peer{conn: conn, in: epp.FrameReader{R: bufio.NewReader(conn)}, halt: halt}
	done := make(chan error, 1)
	go func() {
		defer conn.Close()
		for i, do := range steps {
			if err := do(p); err != nil {
				done <- fmt.Errorf("step %d: %w", i, err)
				return
			}
		}
		if n, err := io.Copy(io.Discard, p.in.R); n > 0 {
			done <- fmt.Errorf("the client sent %d octets more (%v)", n, err)
			return
		}
		done <- nil
	}()
	t.Cleanup(func() {
		close(halt)
		select {
		case err := <-done:
			require.NoError(t, err, "the script")
		case <-time.After(10 * time.Second):
			conn.Close()
			t.Error("the script did not end: ", <-done)
		}
	})
}

// session greets over a script that begins with a greeting.
func session(t *testing.T, opts client.Options, steps ...step) *client.Session {
	t.Helper()
	return sessionOn(t, play(t, append([]step{greet}, steps...)...), opts)
}

func sessionOn(t *testing.T, conn net.Conn, opts client.Options) *client.Session {
	t.Helper()
	if opts.Schema == nil {
		opts.Schema = schema(t)
	}
	s := client.New(conn, opts)
	t.Cleanup(func() { s.Close() })
	_, err := s.Greet(t.Context())
	require.NoError(t, err)
	return s
}

func schema(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	return s
}

func greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID:    "Example registry",
		SvDate:  time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Version: []string{"1.0"},
		Lang:    []string{"cs", "en"},
		ObjURI:  []string{"urn:example:unknown-1.0", domain.NS},
		DCP: epp.DCP{Access: "all", Statements: []epp.Statement{{
			Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: "stated",
		}}},
	}
}

// send sends a message.
func send(m epp.Message) step {
	return func(p *peer) error {
		b, err := epp.AppendFrame(nil, m)
		if err != nil {
			return err
		}
		return octets(b)(p)
	}
}

func greet(p *peer) error { return send(greeting())(p) }

// document sends a document in a frame.
func document(doc string) step {
	return func(p *peer) error {
		b, err := epp.AppendDataUnit(nil, []byte(doc))
		if err != nil {
			return err
		}
		return octets(b)(p)
	}
}

// octets sends what need not be a frame. A client that hangs up meanwhile is no
// error.
func octets(b []byte) step {
	return func(p *peer) error {
		_, err := p.conn.Write(b)
		if errors.Is(err, io.ErrClosedPipe) {
			return nil
		}
		return err
	}
}

// expect reads a command with the given verb.
func expect(verb string) step {
	return func(p *peer) error {
		m, err := p.next()
		if err != nil {
			return fmt.Errorf("%s is expected: %w", verb, err)
		}
		cmd, ok := m.(*epp.Command)
		if !ok || cmd.Verb != verb {
			return fmt.Errorf("%s is expected, and came %s", verb, m.XMLName())
		}
		p.asked = append(p.asked, cmd)
		return nil
	}
}

func expectHello(p *peer) error {
	m, err := p.next()
	if _, ok := m.(*epp.Hello); err == nil && !ok {
		err = fmt.Errorf("a hello is expected, and came %s", m.XMLName())
	}
	return err
}

func (p *peer) next() (epp.Message, error) {
	doc, err := p.in.Next()
	if err != nil {
		return nil, err
	}
	set, err := epp.NewSchema(domain.Extension())
	if err != nil {
		return nil, err
	}
	return set.ParseStrict(doc)
}

// reply answers the command that was read i commands before the others that still
// wait: 0 is the oldest.
func reply(i int, code epp.Code) step {
	return func(p *peer) error {
		cmd := p.asked[i]
		p.asked = append(p.asked[:i:i], p.asked[i+1:]...)
		return send(respond(cmd, code))(p)
	}
}

// respond makes the answer to a command; the one to a check is that its names are
// available.
func respond(cmd *epp.Command, code epp.Code) *epp.Response {
	r := result(code, cmd.ClTRID)
	if q, ok := cmd.Request.(*domain.Check); ok && code == epp.Success {
		chk := new(domain.ChkData)
		for _, name := range q.Names {
			chk.CD = append(chk.CD, domain.CD{Name: name, Avail: true})
		}
		r.ResData = []epp.Element{chk}
	}
	return r
}

func result(code epp.Code, clTRID string) *epp.Response {
	return &epp.Response{
		Results: []epp.Result{{Code: code, Msg: epp.Text{Text: code.Text()}}},
		TrID:    epp.TrID{ClTRID: clTRID, SvTRID: "SV-1"},
	}
}

// until waits for a channel that the test closes.
func until(ready <-chan struct{}) step {
	return func(*peer) error { <-ready; return nil }
}

// tell closes a channel that the test waits for.
func tell(done chan<- struct{}) step {
	return func(*peer) error { close(done); return nil }
}

// deaf reads nothing until the test is over.
func deaf(p *peer) error {
	<-p.halt
	return p.conn.Close()
}

func hangUp(p *peer) error { return p.conn.Close() }

// trickle sends a message one octet at a time.
func trickle(m epp.Message) step {
	return func(p *peer) error {
		b, err := epp.AppendFrame(nil, m)
		for i := range b {
			if err == nil {
				err = octets(b[i : i+1])(p)
			}
		}
		return err
	}
}

// header is a frame's header that claims n octets.
func header(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// check asks for one name, and requires that the answer is about it.
func check(name string) *domain.Check { return &domain.Check{Names: []string{name}} }

func requireName(t *testing.T, name string, chk *domain.ChkData, err error) {
	t.Helper()
	require.NoError(t, err)
	require.Len(t, chk.CD, 1)
	require.Equal(t, name, chk.CD[0].Name)
}

// outcome is the result of a call that runs beside the test.
type outcome struct {
	chk *domain.ChkData
	err error
}

// begin starts a check.
func begin(t *testing.T, s *client.Session, name string) <-chan outcome {
	done := make(chan outcome, 1)
	go func() {
		chk, err := client.Do(t.Context(), s, check(name))
		done <- outcome{chk, err}
	}()
	return done
}

// requireFate requires an error about a command and what it says of its fate.
func requireFate(t *testing.T, want client.Fate, err error) {
	t.Helper()
	var e *client.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, want, e.Fate, "%v", err)
	var field *epp.FieldError
	unwritable := errors.As(err, &field) && field.Line == 0
	require.Equal(t, want == client.NotSent && !unwritable, client.SafeToRetry(err))
	require.Equal(t, want == client.Unknown, client.OutcomeUnknown(err))
	if e.ClTRID != "" {
		require.Contains(t, err.Error(), "clTRID "+e.ClTRID+"): "+want.String())
	}
}
