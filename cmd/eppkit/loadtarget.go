package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/load"
)

// A loadTarget is the server that a load is put on.
type loadTarget struct {
	*target
	app  *app
	kind string
	mock bool
	zone string // of the mock
	at   string // its addresses, for people

	authInfo string
	facts    map[string]bool // names of steps of which the answers are needed
	known    atomic.Pointer[client.Session]

	mu       sync.Mutex
	patterns map[*load.Step]*pattern
}

// newLoadTarget prepares the server of the profile, where it may be put a load on.
func (a *app) newLoadTarget(ctx context.Context, own string) (*loadTarget, error) {
	kind, err := a.kind()
	if err != nil {
		return nil, err
	}
	x := &loadTarget{app: a, kind: kind, mock: a.flags.mock, authInfo: newLoadAuthInfo(), patterns: make(map[*load.Step]*pattern)}
	if x.mock {
		m, err := a.startMock(kind, "")
		if err != nil {
			return nil, err
		}
		x.target, x.zone = m.target(a, true), m.reg.zones[0]
		fmt.Fprintf(a.err, "eppkit: no --profile; this is the mock registry inside eppkit (%s, on %s)\n", kind, m.Addr())
	} else if x.target, err = a.target(ctx, true); err != nil {
		return nil, err
	}
	x.opts.Trace = nil // it would cost time
	x.at = strings.Join(x.addrs, ", ")
	if err := x.guard(ctx, own); err != nil {
		x.close()
		return nil, err
	}
	return x, nil
}

// keepFacts notes of which commands the answers are needed.
func (x *loadTarget) keepFacts(s *load.Scenario) {
	x.facts = make(map[string]bool)
	for _, src := range s.Names {
		for _, step := range src.Made {
			x.facts[step] = true
		}
	}
	x.opts.Pipeline = s.Depth
	x.opts.Timeout = s.AnswerTime
	x.opts.StallTimeout = 2 * s.AnswerTime
}

// loginRefused is a login that was answered, but not as hoped.
type loginRefused struct {
	error
	code epp.Code
}

// LoginCode is the code of the answer.
func (e *loginRefused) LoginCode() int { return int(e.code) }

func (e *loginRefused) Unwrap() error { return e.error }

// Open opens a session and logs in.
func (x *loadTarget) Open(ctx context.Context) (load.Session, error) {
	s, err := x.dialOne(ctx)
	if err != nil {
		var re *epp.ResultError
		if errors.As(err, &re) && len(re.Results) > 0 {
			err = &loginRefused{err, re.Results[0].Code}
		}
		return nil, err
	}
	x.known.Store(s)
	return &loadSession{s, x}, nil
}

// dialOne dials without changing what others dial by.
func (x *loadTarget) dialOne(ctx context.Context) (*client.Session, error) {
	t := *x.target
	return t.dial(ctx)
}

// What is not a command of EPP.
type (
	aHello  struct{}
	aLogin  struct{}
	aFrame  []byte
	command struct {
		*epp.Command
		facts bool
	}
)

// Prepare makes the command of a step.
func (x *loadTarget) Prepare(step *load.Step, v load.Values) (load.Command, error) {
	if step.Frame != "" {
		doc, err := step.Document().Expand(v)
		return x.prepareFrame([]byte(doc)), err
	}
	words, err := expand(step.Words(), v)
	if err != nil {
		return load.Command{}, err
	}
	switch {
	case len(words) == 1 && words[0] == "hello":
		return load.Command{Name: "hello", Class: load.ClassSession, Payload: aHello{}}, nil
	case len(words) == 1 && words[0] == "login":
		return load.Command{Name: "login", Class: load.ClassSession, Payload: aLogin{}}, nil
	}
	schema := x.opts.Schema
	frame, err := x.pattern(step).fill(v, step.Values(), func() ([]byte, error) {
		cmd, err := x.app.commandOf(context.Background(), words, x.kind, x.known.Load(), x.authInfo)
		if err != nil {
			return nil, err
		}
		return schema.Append(nil, cmd)
	})
	if err != nil {
		return load.Command{}, err
	}
	m, err := schema.Parse(frame)
	if err != nil {
		return load.Command{}, err
	}
	cmd, ok := m.(*epp.Command)
	if !ok {
		return load.Command{}, fmt.Errorf("load: %s is no command", step.Run)
	}
	return load.Command{Name: nameOfCommand(cmd), Class: classOf(cmd), Payload: command{cmd, x.facts[step.Name]}}, nil
}

func (x *loadTarget) pattern(step *load.Step) *pattern {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := x.patterns[step]
	if p == nil {
		p = &pattern{}
		x.patterns[step] = p
	}
	return p
}

func (x *loadTarget) prepareFrame(doc []byte) load.Command {
	out := load.Command{Name: "raw", Class: load.ClassTransform, Payload: aFrame(doc)}
	if m, err := x.opts.Schema.Parse(doc); err == nil {
		switch m := m.(type) {
		case *epp.Hello:
			out.Name, out.Class = "hello", load.ClassSession
		case *epp.Command:
			out.Name, out.Class = nameOfCommand(m), classOf(m)
		}
	}
	return out
}

// nameOfCommand is as in domain:check.
func nameOfCommand(cmd *epp.Command) string {
	if cmd.Request == nil {
		return "command"
	}
	if raw, ok := cmd.Request.(*epp.Raw); ok && cmd.Verb != "" {
		return epp.PrefixOf(raw.XMLName().Space) + ":" + cmd.Verb
	}
	return cmd.Request.XMLName().Qualified()
}

// classOf is the class of a command, as ICANN's service levels have it.
func classOf(cmd *epp.Command) load.Class {
	return load.Class(middleware.ClassOf(cmd)) // their words are the same
}

// A loadSession is a session under load.
type loadSession struct {
	*client.Session
	x *loadTarget
}

// Do carries out a command.
func (s *loadSession) Do(ctx context.Context, cmd load.Command) load.Outcome {
	switch q := cmd.Payload.(type) {
	case command:
		r, err := s.Exchange(ctx, q.Command)
		o := outcomeOf(r, err)
		if q.facts && err == nil && r.Code().OK() {
			o.Facts = factsOf(r)
		}
		return o
	case aHello:
		_, err := s.Hello(ctx)
		return outcomeOf(nil, err)
	case aLogin:
		return s.x.cycle(ctx)
	case aFrame:
		m, err := s.SendRaw(ctx, q)
		r, _ := m.(*epp.Response)
		return outcomeOf(r, err)
	}
	return load.Outcome{Fate: load.NotSent, Err: errors.New("there is no such command")}
}

// cycle opens a session of its own, logs in, and logs out.
func (x *loadTarget) cycle(ctx context.Context) load.Outcome {
	start := time.Now()
	s, err := x.dialOne(ctx)
	opened := time.Now()
	if err != nil {
		o := outcomeOf(nil, err)
		var re *epp.ResultError
		if errors.As(err, &re) && len(re.Results) > 0 {
			o = load.Outcome{Code: int(re.Results[0].Code), Err: re.Results[0].Code}
		}
		o.Parts = []load.Part{{Name: "login", Took: opened.Sub(start), Outcome: o}}
		return o
	}
	o := outcomeOf(nil, nil)
	o.Code = int(epp.Success)
	out := logoutOf(ctx, s)
	end := out
	end.Parts = []load.Part{
		{Name: "login", Took: opened.Sub(start), Outcome: o},
		{Name: "logout", Took: time.Since(opened), Outcome: out},
	}
	return end
}

// Close logs out.
func (s *loadSession) Close(ctx context.Context) load.Outcome { return logoutOf(ctx, s.Session) }

func logoutOf(ctx context.Context, s *client.Session) load.Outcome {
	if err := s.Err(); err != nil {
		s.Close()
		return outcomeOf(nil, err)
	}
	err := s.Logout(ctx)
	o := outcomeOf(nil, err)
	if err == nil {
		o.Code = int(epp.EndingSession)
	}
	return o
}

// outcomeOf says what became of a command. The text of a refusal is that of its code: a
// registry may quote a secret in its own.
func outcomeOf(r *epp.Response, err error) load.Outcome {
	var trouble *client.Error
	switch {
	case err == nil && r == nil:
		return load.Outcome{}
	case err == nil:
		o := load.Outcome{Code: int(r.Code())}
		if !r.Code().OK() {
			o.Err = r.Code()
		}
		return o
	case errors.As(err, &trouble):
		o := load.Outcome{Fate: load.NotSent, Err: trouble.Err}
		switch trouble.Fate {
		case client.Unknown:
			o.Fate = load.Unknown
		case client.Answered:
			o.Fate = load.Invalid
		}
		return o
	}
	return load.Outcome{Fate: load.NotSent, Err: err}
}

// factsOf are what later commands may use of an answer.
func factsOf(r *epp.Response) map[string]string {
	facts := make(map[string]string)
	for _, e := range r.ResData {
		for _, f := range dataOf(e) {
			if s, ok := f.value.(string); ok {
				facts[f.name] = s
			}
		}
	}
	if day, _, ok := strings.Cut(facts["exDate"], "T"); ok {
		facts["exDate"] = day
	}
	if r.MsgQ != nil {
		facts["msgID"] = r.MsgQ.ID
	}
	return facts
}

// environment is what else the figures depend on.
func (x *loadTarget) environment() []load.Fact {
	facts := []load.Fact{
		{Name: "server", Value: x.at},
		{Name: "registry", Value: x.kind},
	}
	if x.mock {
		facts[0].Value += " (the mock inside eppkit)"
	}
	if s := x.known.Load(); s != nil {
		facts = append(facts, load.Fact{Name: "greeting of", Value: oneLine(s.Greeting().SvID)})
	}
	version, goVersion := built()
	return append(facts,
		load.Fact{Name: "eppkit", Value: version},
		load.Fact{Name: "Go", Value: goVersion},
		load.Fact{Name: "this machine", Value: fmt.Sprintf("%s/%s, %d CPUs for %d threads", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.GOMAXPROCS(0))},
	)
}
