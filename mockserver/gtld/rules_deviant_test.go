package gtld_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// A deviation has a registry break a rule. It changes what the registry is made of, or
// what comes to it and goes from it; nothing in the registry knows of it.
type deviation func(*plan)

// A deviant is a registry that may differ from the honest one within it.
type deviant struct {
	*gtld.Registry
	around   func(x *mockserver.Exchange, q epp.Element, next mockserver.Handler) (epp.Element, error)
	login    func(x *mockserver.Exchange, q *epp.Login, next loginFunc) error
	finish   func(*mockserver.Exchange, *epp.Response)
	greeting func(*epp.Greeting)
	tamper   tamper
	faults   []fault.Fault
	line     *line
}

type loginFunc func(*mockserver.Exchange, *epp.Login) error

func (d *deviant) Routes(m *mockserver.Mux) {
	if d.Registry.Routes(m); d.around != nil {
		m.Around(d.around)
	}
}

func (d *deviant) Login(x *mockserver.Exchange, q *epp.Login) error {
	if d.login != nil {
		return d.login(x, q, d.Registry.Login)
	}
	return d.Registry.Login(x, q)
}

func (d *deviant) Finish(x *mockserver.Exchange, m *epp.Response) {
	if d.Registry.Finish(x, m); d.finish != nil {
		d.finish(x, m)
	}
}

func (d *deviant) Greeting() *epp.Greeting {
	g := d.Registry.Greeting()
	if d.greeting != nil {
		d.greeting(g)
	}
	return g
}

// around has commands whose payload is a Q carried out by f; next is the honest way.
func around[Q epp.Element](f func(x *mockserver.Exchange, q Q, next func() (epp.Element, error)) (epp.Element, error)) deviation {
	return func(p *plan) {
		p.deviant.around = func(x *mockserver.Exchange, e epp.Element, next mockserver.Handler) (epp.Element, error) {
			if q, ok := e.(Q); ok {
				return f(x, q, func() (epp.Element, error) { return next(x, e) })
			}
			return next(x, e)
		}
	}
}

// before has f change a command whose payload is a Q before it is carried out.
func before[Q epp.Element](f func(x *mockserver.Exchange, q Q)) deviation {
	return around(func(x *mockserver.Exchange, q Q, next func() (epp.Element, error)) (epp.Element, error) {
		f(x, q)
		return next()
	})
}

// result has f change the resData of an answer whose payload is an R.
func result[R epp.Element](f func(R)) deviation {
	return finish(func(_ *mockserver.Exchange, m *epp.Response) {
		for _, e := range m.ResData {
			if r, ok := e.(R); ok {
				f(r)
			}
		}
	})
}

// finish has f change answers.
func finish(f func(*mockserver.Exchange, *epp.Response)) deviation {
	return func(p *plan) { p.deviant.finish = f }
}

// lenient has commands whose payload is a Q succeed, without an effect, where they are
// refused with the code.
func lenient[Q epp.Element](code epp.Code) deviation {
	return around(func(_ *mockserver.Exchange, _ Q, next func() (epp.Element, error)) (epp.Element, error) {
		e, err := next()
		if errors.Is(err, code) {
			return nil, nil
		}
		return e, err
	})
}

// recode has every refusal with a code have another.
func recode(from, to epp.Code) deviation {
	return rewrite(fmt.Sprintf(`code="%d"`, from), fmt.Sprintf(`code="%d"`, to))
}

// faulty has something go wrong.
func faulty(list ...fault.Fault) deviation {
	return func(p *plan) { p.deviant.faults = append(p.deviant.faults, list...) }
}

// A tamper stands between the client and the registry: frame is what came, nil at a
// connection's beginning, and honest is what would be answered. It returns what is; nil
// ends the connection.
type tamper func(frame []byte, honest func(frame []byte) []byte) []byte

// tampering has what comes, or goes, be something else.
func tampering(f tamper) deviation { return func(p *plan) { p.deviant.tamper = f } }

// rewrite changes what the registry says.
func rewrite(pattern, replacement string) deviation {
	return rewriteTo("", pattern, replacement)
}

// rewriteTo changes what the registry says to frames that are like a pattern.
func rewriteTo(frame, pattern, replacement string) deviation {
	asked, said := regexp.MustCompile(frame), regexp.MustCompile(`(?s)`+pattern)
	return tampering(func(frame []byte, honest func([]byte) []byte) []byte {
		answer := honest(frame)
		if asked.Match(frame) {
			answer = said.ReplaceAll(answer, []byte(replacement))
		}
		return answer
	})
}

// misread changes what the registry is told.
func misread(pattern, replacement string) deviation {
	said := regexp.MustCompile(`(?s)` + pattern)
	return tampering(func(frame []byte, honest func([]byte) []byte) []byte {
		return honest(said.ReplaceAll(frame, []byte(replacement)))
	})
}

// A relay is a registry that has another answer, and tampers.
type relay struct {
	mockserver.Registry
	behind *mockserver.Server
	tamper tamper
}

func (r *relay) Play(*mockserver.Session) mockserver.Play {
	near, far := net.Pipe()
	go r.behind.ServeConn(context.Background(), far) // ends with the Server
	p := &relayed{conn: near, tamper: r.tamper}
	p.in.R = bufio.NewReader(near)
	return p
}

// A relayed is one connection of a relay.
type relayed struct {
	conn   net.Conn
	in     epp.FrameReader
	tamper tamper
}

func (p *relayed) Greeting() []byte {
	return p.tamper(nil, func([]byte) []byte { return p.next() })
}

func (p *relayed) Answer(frame []byte) []byte { return p.tamper(frame, p.honest) }

func (p *relayed) honest(frame []byte) []byte {
	unit, err := epp.AppendDataUnit(nil, frame)
	if err != nil {
		return nil
	}
	p.conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := p.conn.Write(unit); err != nil {
		return nil
	}
	return p.next()
}

func (p *relayed) next() []byte {
	p.conn.SetDeadline(time.Now().Add(10 * time.Second))
	doc, err := p.in.Next()
	if err != nil {
		return nil
	}
	return bytes.Clone(doc)
}

// A recorder is a test of which it is seen whether it fails, by a test that does not.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failed   bool
	said     strings.Builder
	cleanups []func()
}

// run runs f, and what it wants cleaned up, in a goroutine that FailNow may end.
func (r *recorder) run(f func()) {
	var wg sync.WaitGroup
	wg.Go(func() {
		defer r.cleanUp()
		f()
	})
	wg.Wait()
}

func (r *recorder) cleanUp() {
	if n := len(r.cleanups); n > 0 {
		last := r.cleanups[n-1]
		r.cleanups = r.cleanups[:n-1]
		defer r.cleanUp() // last may end the goroutine
		last()
	}
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Fail()            { r.note(true, "") }
func (r *recorder) FailNow()         { r.Fail(); runtime.Goexit() }

func (r *recorder) Log(args ...any)                 { r.note(false, fmt.Sprintln(args...)) }
func (r *recorder) Logf(format string, args ...any) { r.note(false, fmt.Sprintf(format+"\n", args...)) }
func (r *recorder) Error(args ...any)               { r.note(true, fmt.Sprintln(args...)) }
func (r *recorder) Errorf(format string, args ...any) {
	r.note(true, fmt.Sprintf(format+"\n", args...))
}
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); runtime.Goexit() }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }

func (r *recorder) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

func (r *recorder) note(failed bool, s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = r.failed || failed
	r.said.WriteString(s)
}

// answering refuses frames that are like a pattern, unheard.
func answering(pattern string, code epp.Code) deviation {
	asked := regexp.MustCompile(pattern)
	return tampering(func(frame []byte, honest func([]byte) []byte) []byte {
		if asked.Match(frame) {
			return []byte(refusal(code, string(clTRIDOf.Find(frame))))
		}
		return honest(frame)
	})
}

var clTRIDOf = regexp.MustCompile(`<(\w+:)?clTRID>[^<]*`)

// refusal is an answer with a code, to a command with the beginning of a clTRID element.
func refusal(code epp.Code, clTRID string) string {
	if clTRID != "" {
		clTRID = "<clTRID>" + clTRID[strings.IndexByte(clTRID, '>')+1:] + "</clTRID>"
	}
	return fmt.Sprintf(`<epp xmlns=%q><response><result code="%d"><msg>%s</msg></result><trID>%s<svTRID>deviant-1</svTRID></trID></response></epp>`,
		epp.NS, code, code.Text(), clTRID)
}
