package fault

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/mockserver/match"
)

// Options are those of a [Set].
type Options struct {
	// Seed is what probabilities are drawn from, together with the seed and
	// the ID of each fault: the same faults strike at the same of their
	// matches, whatever else goes on.
	Seed uint64
	// Now is the clock of the faults' lives; by default it is that of the
	// registry of the Server that the Set is given to.
	Now func() time.Time
}

// A Set holds the faults of a server. Its methods may be called by any number of
// goroutines.
type Set struct {
	seed  uint64
	count atomic.Int64 // of faults, to be asked without the lock

	mu     sync.Mutex
	now    func() time.Time
	faults []*entry
	added  int
	ctx    context.Context // ended by the next Reset
	end    context.CancelFunc
}

// entry is a fault in a Set.
type entry struct {
	Status
	matcher *match.Matcher
	point   Point
	rnd     *rand.Rand
	born    time.Time // by the Set's clock; zero before it has one
}

// A Status is a fault with what became of it.
type Status struct {
	Fault
	Matched int `json:"matched"` // how often it could have struck
	Fired   int `json:"fired"`   // how often it did
	// Expired is true when its life or its times are over.
	Expired bool `json:"expired"`
}

// NewSet makes a Set without faults.
func NewSet(o Options) *Set {
	s := &Set{seed: o.Seed, now: o.Now}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}

// UseClock gives a Set a clock, unless it has one. The lives of the faults that are
// there begin now.
func (s *Set) UseClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil {
		return
	}
	s.now = now
	for _, e := range s.faults {
		e.born = now()
	}
}

// Add adds a fault and returns its ID. The error is an [*Error].
func (s *Set) Add(f Fault) (id string, err error) {
	m, point, err := f.compile()
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.added++
	for n := s.added; f.ID == ""; n++ {
		if id := fmt.Sprintf("fault-%d", n); s.index(id) < 0 {
			f.ID = id
		}
	}
	if s.index(f.ID) >= 0 {
		return "", &Error{"id", fmt.Sprintf("there is a fault %q already", f.ID)}
	}
	e := &entry{Status: Status{Fault: f}, matcher: m, point: point}
	h := fnv.New64a()
	h.Write([]byte(f.ID))
	e.rnd = rand.New(rand.NewPCG(s.seed^h.Sum64(), f.Seed))
	if s.now != nil {
		e.born = s.now()
	}
	s.faults = append(s.faults, e)
	s.count.Store(int64(len(s.faults)))
	return f.ID, nil
}

// AddAll adds several faults, or none: the error is an [*Error] whose Field begins
// with the index of the fault, as in "[2].kind".
func (s *Set) AddAll(faults []Fault) error {
	var done []string
	for i, f := range faults {
		id, err := s.Add(f)
		if e, ok := err.(*Error); ok {
			for _, id := range done {
				s.Remove(id)
			}
			return &Error{fmt.Sprintf("[%d].%s", i, e.Field), e.Reason}
		}
		done = append(done, id)
	}
	return nil
}

func (s *Set) index(id string) int {
	return slices.IndexFunc(s.faults, func(e *entry) bool { return e.ID == id })
}

// Remove removes a fault; false when there is none of that ID. What it has begun, as a
// stall, goes on.
func (s *Set) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.index(id)
	if i >= 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
		s.count.Store(int64(len(s.faults)))
	}
	return i >= 0
}

// List returns the faults in the order in which they were added.
func (s *Set) List() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Status, len(s.faults))
	for i, e := range s.faults {
		out[i] = e.Status
		out[i].Expired = s.over(e)
	}
	return out
}

// Get returns one fault; false when there is none of that ID.
func (s *Set) Get(id string) (Status, bool) {
	all := s.List()
	i := slices.IndexFunc(all, func(f Status) bool { return f.ID == id })
	if i < 0 {
		return Status{}, false
	}
	return all[i], true
}

// Reset removes all faults and ends what they have begun: a delay is over, a stalled
// connection is closed, a slow one is as fast as any.
func (s *Set) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.added = nil, 0
	s.count.Store(0)
	s.end()
	s.ctx, s.end = context.WithCancel(context.Background())
}

// Active reports whether there are faults, at the cost of one atomic load.
func (s *Set) Active() bool { return s != nil && s.count.Load() > 0 }

// An Event is what a server asks about.
type Event struct {
	Point Point
	// Frame is what was read, with what is known of it; before there is a
	// command, its session and registrar alone.
	Frame      *match.Frame
	Connection int64
	Remote     string
}

// Strike returns the faults that strike at an event, in the order in which they were
// added, and counts them. What they begin ends with ctx: at the next Reset.
func (s *Set) Strike(ev Event) (ctx context.Context, struck []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.faults {
		if e.point == ev.Point && !s.over(e) && e.matches(ev) && e.strikes() {
			struck = append(struck, e.Fault)
		}
	}
	return s.ctx, struck
}

// over reports whether a fault strikes no more.
func (s *Set) over(e *entry) bool {
	return e.Times > 0 && e.Fired >= e.Times ||
		e.For > 0 && s.now != nil && !s.now().Before(e.born.Add(e.For))
}

func (e *entry) matches(ev Event) bool {
	m := &e.Match
	return (m.Connection == 0 || m.Connection == ev.Connection) &&
		(match.Glob(m.Remote, ev.Remote) || match.Glob(m.Remote, host(ev.Remote))) &&
		e.matcher.Matches(ev.Frame)
}

func host(remote string) string {
	if h, _, err := net.SplitHostPort(remote); err == nil {
		return h
	}
	return remote
}

// strikes counts a match, and decides whether the fault strikes.
func (e *entry) strikes() bool {
	e.Matched++
	if e.Matched < e.Nth || e.Probability > 0 && e.rnd.Float64() >= e.Probability {
		return false
	}
	e.Fired++
	return true
}
