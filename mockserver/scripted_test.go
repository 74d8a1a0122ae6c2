package mockserver_test

import (
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/script"
)

// scripts is a set made of a file's text.
func scripts(t *testing.T, yaml string) *script.Set {
	stubs, err := script.Parse("test.yaml", []byte(yaml))
	require.NoError(t, err)
	set := new(script.Set)
	_, err = set.Add(stubs...)
	require.NoError(t, err)
	return set
}

func TestScripted(t *testing.T) {
	set := scripts(t, `
stubs:
  - {id: greet, match: {verb: hello}, answer: {document: "<greeting now='${now}'/>"}}
  - {id: in, match: {verb: login, clID: "", text: REG-Z}, answer: {code: 2400, msg: "Not today, ${clTRID}"}}
  - {id: close, match: {object: closing.example}, answer: {document: "<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'><response><result code='2500'><msg>x</msg></result><trID><svTRID>S-1</svTRID></trID></response></epp>"}}
  - {id: bad, match: {object: unsound.example}, answer: {code: 1000, resData: ["<d:chkData xmlns:d='urn:ietf:params:xml:ns:domain-1.0'/>"]}}
  - {id: unknown, match: {object: secret.example}, answer: {document: "<any>thing ${svTRID}</any>"}}
  - {id: out, match: {verb: logout, clID: REG-B}, answer: {code: 2306}}
  - id: free
    match: {name: "domain:check", object: "*.free.example"}
    answer:
      code: 1000
      resData: ["<d:chkData xmlns:d='urn:ietf:params:xml:ns:domain-1.0'><d:cd><d:name avail='1'>${//domain:name}</d:name></d:cd></d:chkData>"]
`)
	s := newServer(t, mockserver.Options{Registry: &toy{}, Scripts: set})
	require.Same(t, set, s.Scripts())
	p, ended := pipe(t, s)

	p.send(helloDoc)
	doc, err := p.in.Next()
	require.NoError(t, err)
	require.Equal(t, "<greeting now='2031-05-04T03:02:01Z'/>", string(doc))
	e, ok := s.Journal().Last(mockserver.Verb("greeting"))
	require.True(t, ok)
	require.Equal(t, "greet", e.Stub)
	require.EqualValues(t, 2, e.Answers)

	require.Equal(t, epp.CommandUseError, p.ask(checkDoc("a.free.example")).Code(), "not logged in")
	r := p.ask(loginDoc("REG-Z", "whatever 1"))
	require.Equal(t, "Not today, LOG-1", r.Results[0].Msg.Text)
	require.Zero(t, s.Sessions("REG-Z"))
	p.login("REG-A")

	r = p.ask(checkDoc("a.free.example"))
	require.Equal(t, epp.TrID{ClTRID: "CHK-1", SvTRID: r.TrID.SvTRID}, r.TrID)
	require.Regexp(t, "^TOY-", r.TrID.SvTRID)
	require.Equal(t, "a.free.example", r.ResData[0].(*domain.ChkData).CD[0].Name)
	e, _ = s.Journal().Last(mockserver.Code(1000))
	require.Equal(t, "free", e.Stub)

	require.Equal(t, epp.CommandFailed, p.ask(checkDoc("unsound.example")).Code(), "an answer with a code is valid, or 2400")
	require.True(t, p.ask(checkDoc("other.example")).Code().OK(), "the registry's")

	p.send(checkDoc("secret.example"))
	doc, err = p.in.Next()
	require.NoError(t, err)
	require.Regexp(t, `^<any>thing TOY-\d+</any>$`, string(doc), "nobody looks at a document")

	require.Equal(t, epp.SessionLimitExceeded-2, p.ask(checkDoc("closing.example")).Code(), "2500")
	p.ended()
	require.NoError(t, <-ended)
	require.Zero(t, s.Sessions("REG-A"))

	b, _ := pipe(t, s)
	b.login("REG-B")
	require.Equal(t, epp.ParameterPolicyError, b.ask(logoutDoc).Code())
	require.True(t, b.ask(checkDoc("other.example")).Code().OK(), "the session goes on")
	require.NoError(t, set.Settled(t.Context()))
	for _, st := range set.List() {
		require.Equal(t, 1, st.Sent, st.ID)
	}

	set.Reset()
	require.Equal(t, epp.EndingSession, b.ask(logoutDoc).Code())
}

// A command without a handler comes to the stubs as well.
func TestScriptedWithoutHandler(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}, Scripts: scripts(t, `stubs: [{match: {verb: info}, answer: {code: 2303}}]`)})
	p, _ := pipe(t, s)
	p.login("REG-A")
	info := commandDoc(`<info><d:info xmlns:d="`+domain.NS+`"><d:name>a.example</d:name></d:info></info>`, "INF-1")
	require.Equal(t, epp.ObjectDoesNotExist, p.ask(info).Code())
	s.Scripts().Reset()
	require.Equal(t, epp.UnimplementedCommand, p.ask(info).Code())
}

// failing is a connection whose writes fail as soon as it is told to.
type failing struct {
	net.Conn
	fail atomic.Bool
}

func (c *failing) Write(b []byte) (int, error) {
	if c.fail.Load() {
		return 0, errors.New("the wire is cut")
	}
	return c.Conn.Write(b)
}

const payment = `
stubs:
  - {id: order, match: {verb: check}, scenario: pay, state: start, next: ordered, answer: {code: 2104}}
  - {id: paid, match: {verb: check}, scenario: pay, state: ordered, next: start, answer: {code: 1000}}
`

// A state moves when the answer was sent, and not when its write failed.
func TestScenarioMovesWhenSent(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}, Scripts: scripts(t, payment)})
	state := func() string { return s.Scripts().States()["pay"] }

	a, b := net.Pipe()
	wire := &failing{Conn: b}
	ended := make(chan error, 1)
	go func() { ended <- s.ServeConn(t.Context(), wire) }()
	p := newPeer(t, a)
	p.recv()
	p.login("REG-A")
	wire.fail.Store(true)
	p.send(checkDoc("a.example"))
	require.Error(t, <-ended)
	require.Equal(t, script.Start, state())
	require.Equal(t, []int{1, 0}, []int{s.Scripts().List()[0].Answered, s.Scripts().List()[0].Sent})
	require.Equal(t, 1, s.Journal().Count(mockserver.Code(epp.BillingFailure)), "the journal has what was to be said")

	p, _ = pipe(t, s)
	p.login("REG-A")
	require.Equal(t, epp.BillingFailure, p.ask(checkDoc("a.example")).Code())
	q, _ := pipe(t, s) // at once on another connection
	q.login("REG-A")
	require.Equal(t, epp.Success, q.ask(checkDoc("a.example")).Code())
	require.NoError(t, s.Scripts().Settled(t.Context()))
	require.Equal(t, script.Start, state())
}

// A fault that takes the answer leaves the state as it is.
func TestScenarioUnderFaults(t *testing.T) {
	for _, kind := range []fault.Kind{fault.CommitThenDrop, fault.NoAnswer, fault.DropBeforeCommit, fault.CutBody, fault.Garbage, fault.CommitTwice, fault.Duplicate} {
		t.Run(string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				faults := fault.NewSet(fault.Options{})
				_, err := faults.Add(fault.Fault{Kind: kind, Match: fault.Match{Match: match.Match{Verb: "check"}}, Times: 1})
				require.NoError(t, err)
				s := newServer(t, mockserver.Options{Registry: &toy{}, Scripts: scripts(t, payment), Faults: faults})
				p, _ := pipe(t, s)
				p.login("REG-A")
				p.send(checkDoc("a.example"))
				want := script.Start
				if kind == fault.CommitTwice || kind == fault.Duplicate {
					p.answer()
					want = "ordered" // the client was told, once
				}
				if kind == fault.Duplicate {
					p.answer()
				}
				go p.in.Next() //nolint:errcheck // whatever comes, or nothing
				synctest.Wait()
				require.Equal(t, want, s.Scripts().States()["pay"])
				require.NoError(t, p.c.Close())
			})
		})
	}
}

// Pipelined commands see the state that the answers before them made.
func TestScenarioPipelined(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, Scripts: scripts(t, payment)})
	p := dial(t, s, "").login("REG-A")
	var frames []byte
	for range 6 {
		frames = append(frames, frame(checkDoc("a.example"))...)
	}
	_, err := p.c.Write(frames)
	require.NoError(t, err)
	for range 3 {
		require.Equal(t, epp.BillingFailure, p.answer().Code())
		require.Equal(t, epp.Success, p.answer().Code())
	}
}

// One connection's next command comes after the other's answer has arrived, and so
// never meets the state of before.
func TestScenarioAcrossConnections(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, Scripts: scripts(t, payment)})
	a, b := dial(t, s, "").login("REG-A"), dial(t, s, "").login("REG-A")
	for range 300 {
		require.Equal(t, epp.BillingFailure, a.ask(checkDoc("a.example")).Code())
		require.Equal(t, epp.Success, b.ask(checkDoc("a.example")).Code())
	}
}

// A handler, too, learns whether its answer left.
func TestOnSent(t *testing.T) {
	sent := make(chan bool, 1)
	reg := &toy{routes: func(m *mockserver.Mux) {
		mockserver.Handle(m, func(x *mockserver.Exchange, q *otherCheck) (*epp.NoData, error) {
			x.OnSent(func(ok bool) { sent <- ok })
			return nil, nil
		})
	}}
	s := newServer(t, mockserver.Options{Registry: reg, WriteTimeout: time.Second})
	p, _ := pipe(t, s)
	p.login("REG-A")
	p.ask(gateDoc)
	require.True(t, <-sent)
	p.send(gateDoc) // and never reads
	require.False(t, <-sent)
}
