package script

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/match"
)

const (
	verbHello = "hello"
	verbLogin = "login"
)

// A Set is the stubs of a server and the states of their scenarios. The zero Set has
// none. Any number of goroutines may use it.
type Set struct {
	mu        sync.Mutex
	stubs     []*stub // in the order in which they are asked
	scenarios map[string]*scenario
	lastID    int
	pending   int           // answers on their way
	quiet     chan struct{} // closed when there is none any more
	some      atomic.Bool   // whether there are stubs
}

// A stub is a Stub in a Set.
type stub struct {
	Stub
	match  *match.Matcher
	answer *answer

	matched, answered, sent int
}

// A scenario is a state, and the answers on their way that will move it.
type scenario struct {
	state   string
	pending int
	session int64         // whose answers they are
	settled chan struct{} // closed when none is on its way any more
}

func compile(s Stub) (*stub, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	m, err := s.Match.Compile()
	if e, ok := err.(*match.Error); ok {
		return nil, wrong(e.Reason, "match", e.Criterion)
	} else if err != nil {
		return nil, wrong(err.Error(), "match")
	}
	a, err := s.Answer.compile()
	if err != nil {
		return nil, err
	}
	return &stub{Stub: s, match: m, answer: a}, nil
}

// Add adds stubs, all or none, and returns their IDs. The error is an *Error, whose
// Field begins with "stubs" and the index of the stub that can't be, or has an ID that
// is taken.
func (s *Set) Add(stubs ...Stub) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, last := slices.Clone(s.stubs), s.lastID
	taken := func(id string) bool {
		return slices.ContainsFunc(all, func(e *stub) bool { return e.ID == id })
	}
	var ids []string
	for i, one := range stubs {
		e, err := compile(one)
		if err != nil {
			return nil, err.(*Error).in("stubs", i)
		}
		for e.ID == "" || one.ID == "" && taken(e.ID) {
			last++
			e.ID = fmt.Sprintf("stub-%d", last)
		}
		if taken(e.ID) {
			return nil, wrong("another stub has this one", "id").in("stubs", i)
		}
		all = append(all, e)
		ids = append(ids, e.ID)
	}
	slices.SortStableFunc(all, func(a, b *stub) int { return cmp.Compare(b.Priority, a.Priority) })
	s.stubs, s.lastID = all, last
	s.some.Store(len(all) > 0)
	return ids, nil
}

// Remove removes a stub; false when there is none of that ID. The state of its scenario
// stays.
func (s *Set) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.stubs)
	s.stubs = slices.DeleteFunc(slices.Clone(s.stubs), func(e *stub) bool { return e.ID == id })
	s.some.Store(len(s.stubs) > 0)
	return len(s.stubs) < n
}

// Empty reports whether there is no stub. It costs next to nothing.
func (s *Set) Empty() bool { return !s.some.Load() }

// Reset removes all stubs and forgets the states of the scenarios. An answer that is
// on its way moves nothing any more.
func (s *Set) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stubs, s.scenarios = nil, nil
	s.some.Store(false)
}

// Rewind takes the counts of all stubs back to 0 and all scenarios to [Start].
func (s *Set) Rewind() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, e := range s.stubs { // what is on its way counts for nothing any more
		s.stubs[i] = &stub{Stub: e.Stub, match: e.match, answer: e.answer}
	}
	s.scenarios = nil
}

// A Status is a stub with its counts.
type Status struct {
	Stub
	// Matched is how often the stub was asked and its match and state fit.
	Matched int `json:"matched"`
	// Answered is how often it answered then, and Sent how many of these
	// answers were written to a connection.
	Answered int `json:"answered"`
	Sent     int `json:"sent"`
}

// Settled waits until no answer is on its way: a client may have read one before the
// server knows that it was written. Then [Set.List] and [Set.States] have the last word.
// The error is the context's.
func (s *Set) Settled(ctx context.Context) error {
	for {
		s.mu.Lock()
		wait := s.quiet
		if s.pending == 0 {
			wait = nil
		}
		s.mu.Unlock()
		if wait == nil {
			return nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return fmt.Errorf("script: waiting for answers on their way: %w", ctx.Err())
		}
	}
}

// List returns the stubs in the order in which they are asked.
func (s *Set) List() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Status, len(s.stubs))
	for i, e := range s.stubs {
		out[i] = Status{e.Stub, e.matched, e.answered, e.sent}
	}
	return out
}

// States returns the state of each scenario that a stub has or that was set.
func (s *Set) States() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]string)
	for _, e := range s.stubs {
		if e.Scenario != "" {
			out[e.Scenario] = Start
		}
	}
	for name, sc := range s.scenarios {
		out[name] = sc.state
	}
	return out
}

// SetState puts a scenario into a state. An answer that is on its way moves it on
// all the same.
func (s *Set) SetState(name, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scenario(name).state = state
}

func (s *Set) scenario(name string) *scenario {
	sc := s.scenarios[name]
	if sc == nil {
		sc = &scenario{state: Start}
		if s.scenarios == nil {
			s.scenarios = make(map[string]*scenario)
		}
		s.scenarios[name] = sc
	}
	return sc
}

// A Command is what a Set is asked about.
type Command struct {
	Frame *match.Frame
	Now   time.Time
	// SvTRID makes an identifier for the answer; it is called for one alone.
	SvTRID func() string
}

// A Reply is the answer of a stub: a Document or a Response.
type Reply struct {
	Stub     string // its ID
	Document []byte
	Response *epp.Response
	// Settle is to be called, once, as soon as it is known whether the answer
	// was written.
	Settle func(sent bool)
}

// Answer returns the answer of the first stub that has one; nil for none. It waits
// while another session's answer may change which that is, as long as the context
// lasts. The error is the context's, or tells that an answer can't be made.
func (s *Set) Answer(ctx context.Context, c *Command) (*Reply, error) {
	for {
		e, sc, wait := s.choose(c)
		switch {
		case wait != nil:
			select {
			case <-wait:
				continue
			case <-ctx.Done():
				return nil, fmt.Errorf("script: waiting for another session's answer: %w", ctx.Err())
			}
		case e == nil:
			return nil, nil
		}
		r, err := e.answer.render(c)
		if err != nil {
			s.settle(e, sc, false)
			return nil, fmt.Errorf("script: the answer of %s: %w", e.ID, err)
		}
		r.Stub = e.ID
		r.Settle = func(sent bool) { s.settle(e, sc, sent) }
		return r, nil
	}
}

// choose finds the stub that answers and the scenario that its answer moves, or what
// is to be waited for.
func (s *Set) choose(c *Command) (answers *stub, moves *scenario, wait <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var matched []*stub
	for _, e := range s.stubs {
		if !e.sees(c.Frame.Verb) || !e.match.Matches(c.Frame) {
			continue
		}
		var sc *scenario
		if e.Scenario != "" {
			sc = s.scenario(e.Scenario)
			if sc.pending > 0 && sc.session != c.Frame.Session {
				return nil, nil, sc.settled
			}
			if e.State != "" && e.State != sc.state {
				continue
			}
		}
		matched = append(matched, e)
		if n := e.matched + 1; n < e.Nth || e.Times > 0 && e.answered >= e.Times {
			continue
		}
		answers = e
		if e.Next != "" {
			moves = sc
			sc.move(c.Frame.Session)
		}
		break
	}
	for _, e := range matched {
		e.matched++
	}
	if answers != nil {
		answers.answered++
		if s.pending == 0 {
			s.quiet = make(chan struct{})
		}
		s.pending++
	}
	return answers, moves, nil
}

// sees reports whether a stub is shown commands of a verb.
func (e *stub) sees(verb string) bool {
	return verb != verbHello && verb != verbLogin || e.Match.Verb == verb
}

// move notes that an answer is on its way.
func (sc *scenario) move(session int64) {
	if sc.pending == 0 {
		sc.settled = make(chan struct{})
	}
	sc.pending++
	sc.session = session
}

// settle ends what choose began.
func (s *Set) settle(e *stub, sc *scenario, sent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending--; s.pending == 0 {
		defer close(s.quiet)
	}
	if sent {
		e.sent++
	}
	if sc == nil {
		return
	}
	if sent {
		sc.state = e.Next
	}
	if sc.pending--; sc.pending == 0 {
		close(sc.settled)
	}
}
