package mockserver_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
)

// Each fault has its test under its own name.
func TestFault(t *testing.T) {
	tests := make(map[fault.Kind]func(*testing.T))
	for _, some := range []map[fault.Kind]func(*testing.T){lineFaults, frameFaults, answerFaults, commitFaults} {
		for kind, test := range some {
			require.NotContains(t, tests, kind)
			tests[kind] = test
		}
	}
	require.Len(t, tests, len(fault.Kinds()))
	for _, k := range fault.Kinds() {
		require.Contains(t, tests, k.Kind)
		t.Run(string(k.Kind), tests[k.Kind])
	}
}

// A ledger is a toy whose other:check changes something.
type ledger struct {
	toy
	commits atomic.Int64
	stale   atomic.Int64 // of the latest
}

func newLedger() *ledger {
	r := &ledger{}
	r.routes = func(m *mockserver.Mux) {
		mockserver.Handle(m, func(x *mockserver.Exchange, _ *otherCheck) (*epp.NoData, error) {
			r.commits.Add(1)
			r.stale.Store(int64(x.Stale))
			return nil, nil
		})
	}
	return r
}

// onCheck matches domain:check.
var onCheck = fault.Match{Match: match.Match{Verb: "check", Namespace: "domain"}}

// onGreeting matches the greeting at the beginning.
var onGreeting = fault.Match{Match: match.Match{Verb: fault.VerbGreeting}}

// onAny matches any command.
var onAny = fault.Match{Match: match.Match{Verb: "*"}}

// struckPipe is a session over a net.Pipe, logged in, at which a fault strikes.
func struckPipe(t *testing.T, f fault.Fault) (*peer, *mockserver.Server, *ledger, <-chan error) {
	t.Helper()
	reg := newLedger()
	s := newServer(t, mockserver.Options{Registry: reg})
	p, ended := pipe(t, s)
	p.login("REG-A")
	add(t, s, f)
	return p, s, reg, ended
}

func add(t *testing.T, s *mockserver.Server, f fault.Fault) {
	t.Helper()
	_, err := s.Faults().Add(f)
	require.NoError(t, err)
}

// rawPipe serves a net.Pipe and reads nothing.
func rawPipe(t *testing.T, s *mockserver.Server) (*peer, <-chan error) {
	t.Helper()
	a, b := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- s.ServeConn(context.Background(), b) }()
	t.Cleanup(func() { a.Close() })
	return newPeer(t, a), done
}

// oneWrite is what the Server wrote at once: a net.Pipe keeps writes apart.
func (p *peer) oneWrite() []byte {
	p.t.Helper()
	b := make([]byte, 1<<20)
	n, err := p.c.Read(b)
	require.NoError(p.t, err)
	return b[:n]
}

// silent requires that nothing comes for so long. It is for a bubble of synctest.
func (p *peer) silent(d time.Duration) {
	p.t.Helper()
	require.NoError(p.t, p.c.SetReadDeadline(time.Now().Add(d)))
	_, err := p.in.R.Peek(1)
	require.ErrorContains(p.t, err, "timeout")
	require.NoError(p.t, p.c.SetDeadline(time.Now().Add(time.Hour)))
}

// sent is the document that the Server made last.
func sent(t *testing.T, s *mockserver.Server) string {
	t.Helper()
	e, ok := s.Journal().Last(mockserver.Sent)
	require.True(t, ok)
	return e.Frame()
}

func TestFaultsAreOffByDefault(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: newLedger()})
	require.False(t, s.Faults().Active())
	require.Empty(t, s.Faults().List())
	given := fault.NewSet(fault.Options{Seed: 3})
	require.Same(t, given, newServer(t, mockserver.Options{Registry: newLedger(), Faults: given}).Faults())
}

// A fault that strikes one of several pipelined commands leaves the others as they are.
func TestFaultsOfPipelinedCommands(t *testing.T) {
	pipelined := func() []byte {
		var all []byte
		for _, id := range []string{"PIPE-1", "PIPE-2", "PIPE-3", "PIPE-4"} {
			all = append(all, frame(commandDoc(checkXML("a.example"), id))...)
		}
		return all
	}
	on2 := fault.Match{Match: match.Match{ClTRID: "*-2"}}
	for _, row := range []struct {
		kind fault.Kind
		want string // the last digits of the clTRIDs that come
	}{
		{fault.OutOfOrder, "1324"},
		{fault.TwoFrames, "1234"},
		{fault.Duplicate, "12234"},
		{fault.NoAnswer, "134"},
		{fault.CommitTwice, "1234"},
		{fault.CommitThenDrop, "1"},
		{fault.DropBeforeCommit, "1"},
		{fault.CutHeader, "1"},
	} {
		t.Run(string(row.kind), func(t *testing.T) {
			p, s, _, _ := struckPipe(t, fault.Fault{Kind: row.kind, Match: on2})
			go func() { _, _ = p.c.Write(pipelined()) }()
			var got strings.Builder
			for range row.want {
				got.WriteByte(strings.TrimPrefix(p.answer().TrID.ClTRID, "PIPE-")[0])
			}
			require.Equal(t, row.want, got.String())
			if len(row.want) == 1 {
				_, err := p.in.Next()
				require.Error(t, err)
				require.Zero(t, s.Journal().Count(mockserver.And(mockserver.Received, func(e *mockserver.Entry) bool {
					return e.ClTRID == "PIPE-3"
				})), "not executed")
			}
		})
	}
}

// What is held is let go when the connection ends.
func TestHeldAnswerAtTheEnd(t *testing.T) {
	for _, kind := range []fault.Kind{fault.OutOfOrder, fault.TwoFrames} {
		p, _, _, ended := struckPipe(t, fault.Fault{Kind: kind, Delay: time.Hour, Match: onCheck})
		go func() { _, _ = p.c.Write(append(frame(checkDoc("a.example")), frame(logoutDoc)...)) }()
		ids := []string{p.answer().TrID.ClTRID, p.answer().TrID.ClTRID}
		require.ElementsMatch(t, []string{"CHK-1", "OUT-1"}, ids)
		p.ended()
		require.NoError(t, <-ended)
	}
}

// Close does not wait for a fault, however long it would last.
func TestCloseCutsFaults(t *testing.T) {
	for _, kind := range []fault.Kind{
		fault.StallBeforeGreeting, fault.LateGreeting, fault.HalfOpen, fault.Slow, fault.Bandwidth, fault.OutOfOrder,
	} {
		for _, end := range []string{"close", "reset"} {
			t.Run(string(kind)+", "+end, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newServer(t, mockserver.Options{Registry: newLedger()})
					f := fault.Fault{Kind: kind, Delay: time.Hour}
					switch kind {
					case fault.Slow, fault.OutOfOrder:
						f.Match = onAny
					case fault.Bandwidth:
						f.Delay, f.Rate = 0, 1
					}
					add(t, s, f)
					p, ended := rawPipe(t, s)
					require.NoError(t, p.c.SetDeadline(time.Time{}))
					began := time.Now()
					go func() {
						if f.Match == onAny {
							p.recv()
							p.send(helloDoc)
						}
						_, _ = p.in.R.WriteTo(new(bytes.Buffer)) // reads to the end
					}()
					synctest.Wait()
					if end == "close" {
						require.NoError(t, s.Close())
						<-ended
						require.Less(t, time.Since(began), 10*time.Second)
						return
					}
					s.Faults().Reset()
					require.Empty(t, s.Faults().List())
					if kind == fault.OutOfOrder {
						return // the answer waits its time, and nothing is lost
					}
					synctest.Wait()
					if kind == fault.StallBeforeGreeting || kind == fault.HalfOpen {
						<-ended
					}
					require.Less(t, time.Since(began), 10*time.Second)
				})
			})
		}
	}
}

// The end of the client ends what waits.
func TestClientEndsFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _, ended := struckPipe(t, fault.Fault{Kind: fault.Slow, Delay: time.Hour, Match: onAny})
		began := time.Now()
		p.send(checkDoc("a.example"))
		synctest.Wait()
		require.NoError(t, p.c.Close())
		<-ended
		require.Zero(t, time.Since(began))
	})
}

// A client that goes on talking does not shorten a delay.
func TestSlowWhileTheClientTalks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.Slow, Delay: time.Minute, Match: fault.Match{Match: match.Match{ClTRID: "CHK-1"}}})
		began := time.Now()
		go func() { // more than the Server's buffer holds
			_, _ = p.c.Write(append(frame(checkDoc("a.example")), bytes.Repeat(frame(helloDoc), 300)...))
		}()
		require.NoError(t, p.c.SetDeadline(time.Time{}))
		require.Equal(t, "CHK-1", p.answer().TrID.ClTRID)
		require.Equal(t, time.Minute, time.Since(began))
		p.recv()
	})
}

// The lives of faults are by the registry's clock.
func TestFaultLife(t *testing.T) {
	now := atomic.Pointer[time.Time]{}
	now.Store(new(toyNow))
	reg := &clocked{toy: &newLedger().toy, now: &now}
	s := newServer(t, mockserver.Options{Registry: reg})
	p, _ := pipe(t, s)
	p.login("REG-A")
	add(t, s, fault.Fault{Kind: fault.Result, Code: 2400, For: time.Hour, Match: onCheck})
	require.Equal(t, epp.CommandFailed, p.ask(checkDoc("a.example")).Code())
	now.Store(new(toyNow.Add(time.Hour)))
	require.Equal(t, epp.Success, p.ask(checkDoc("a.example")).Code())
	require.True(t, s.Faults().List()[0].Expired)
}

type clocked struct {
	*toy
	now *atomic.Pointer[time.Time]
}

func (r *clocked) Now() time.Time { return *r.now.Load() }

// A registrar is known by its certificate before it logs in, and its login by what it
// says.
func TestFaultOfRegistrar(t *testing.T) {
	ofA := fault.Match{Match: match.Match{ClID: "REG-A"}}
	s, _ := struckServer(t, fault.Fault{Kind: fault.MissingGreeting, Match: ofA, Times: 1})
	dial(t, s, "REG-B")
	_, c, err := shake(t, s) // REG-A
	require.NoError(t, err)
	newPeer(t, c).login("REG-A")

	ofA.Verb = "login"
	add(t, s, fault.Fault{Kind: fault.Result, Code: epp.SessionLimitExceeded, Match: ofA})
	dial(t, s, "").login("REG-B")
	require.Equal(t, epp.SessionLimitExceeded, dial(t, s, "").ask(loginDoc("REG-A", password)).Code())
}

// The journal holds the answer, and what became of it.
func TestFaultInTheJournal(t *testing.T) {
	p, s, _, _ := struckPipe(t, fault.Fault{Kind: fault.CommitThenDrop, Match: onCheck})
	p.send(checkDoc("a.example"))
	p.ended()
	e, ok := s.Journal().Last(mockserver.Sent)
	require.True(t, ok)
	require.Equal(t, "commit-then-drop", e.Fault)
	require.Equal(t, epp.Success, e.Code)
	require.Contains(t, e.Frame(), "a.example")
}

// The journal says at the command, too, that it was not executed as others are.
func TestFaultInTheJournalAtTheCommand(t *testing.T) {
	for _, row := range []struct {
		fault    fault.Fault
		received bool
		sent     bool
	}{
		{fault.Fault{Kind: fault.CommitThenDrop}, true, true},
		{fault.Fault{Kind: fault.DropBeforeCommit}, true, false},
		{fault.Fault{Kind: fault.Reset}, true, false},
		{fault.Fault{Kind: fault.CommitTwice}, true, true},
		{fault.Fault{Kind: fault.StaleRead}, true, true},
		{fault.Fault{Kind: fault.Result, Code: 2400}, true, true},
		{fault.Fault{Kind: fault.Result, Code: 2400, Commit: true}, false, true},
		{fault.Fault{Kind: fault.Duplicate}, false, true},
	} {
		t.Run(string(row.fault.Kind), func(t *testing.T) {
			row.fault.Match = onCheck
			p, s, _, ended := struckPipe(t, row.fault)
			p.send(checkDoc("a.example"))
			_, _ = p.in.Next() // an answer, or the end
			p.c.Close()
			<-ended
			list, err := s.Journal().Search(mockserver.Query{Fault: mockserver.AnyFault})
			require.NoError(t, err)
			var got [2]bool
			for _, e := range list {
				require.Equal(t, string(row.fault.Kind), e.Fault)
				require.Equal(t, "check", e.Verb)
				if e.Sent {
					got[1] = true
				} else {
					got[0] = true
				}
			}
			require.Equal(t, [2]bool{row.received, row.sent}, got)
			_, misses := s.Journal().Nearest(mockserver.Query{Fault: mockserver.AnyFault, Match: match.Match{Verb: "login"}})
			require.NotEmpty(t, misses)
		})
	}
}

// An answer that a fault ate was not sent.
func TestFaultAndOnSent(t *testing.T) {
	for kind, want := range map[fault.Kind]bool{
		fault.NoAnswer: false, fault.CommitThenDrop: false, fault.CutBody: false, fault.CutHeader: false,
		fault.Garbage: false, fault.Duplicate: true, fault.Slow: true, fault.OutOfOrder: true,
	} {
		t.Run(string(kind), func(t *testing.T) {
			told := make(chan bool, 1)
			reg := &toy{routes: func(m *mockserver.Mux) {
				mockserver.Handle(m, func(x *mockserver.Exchange, _ *otherCheck) (*epp.NoData, error) {
					x.OnSent(func(sent bool) { told <- sent })
					return nil, nil
				})
			}}
			s := newServer(t, mockserver.Options{Registry: reg})
			p, _ := pipe(t, s)
			p.login("REG-A")
			f := fault.Fault{Kind: kind, Match: fault.Match{Match: match.Match{Namespace: otherNS}}}
			if kind == fault.Slow || kind == fault.OutOfOrder {
				f.Delay = time.Millisecond
			}
			add(t, s, f)
			go func() { _, _ = p.in.R.WriteTo(new(bytes.Buffer)) }()
			p.send(gateDoc)
			require.Equal(t, want, <-told)
		})
	}
}

// header is what a frame claims to be long.
func header(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
