package registry

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// State is what every mock registry is built on: tables of records that change in one
// step or not at all, a clock by which things fall due, registrars, messages, mail. Its
// methods may be called by any number of goroutines.
//
// A command that reads asks for a [View], one that changes something runs in a [Tx] (see
// [Do]). Both see a registry in which everything has happened that was due by then.
type State struct {
	Clock    *Clock
	Hasher   *Hasher
	Accounts *Accounts
	Outbox   *Outbox
	Queue    *Queue

	// Kind is of the registry, such as gtld; whoever makes one sets it. A snapshot
	// of another kind can't be read.
	Kind string

	opts   Options
	schema *epp.Schema

	tables   []*table
	byName   map[string]*table
	counters *Table[*counter]

	commands atomic.Uint64
	epoch    uint64 // how often it was opened from disk
	current  atomic.Pointer[View]

	mu      sync.Mutex // of whoever changes something
	past    []*View    // those before current, newest last
	initial *View
	started time.Time
	pace    float64 // of the clock, then
	saved   map[string]*View
	keep    func(*keptCommit) error // writes a change to disk before it is seen
	compact func()                  // makes a journal on disk short again, where it is time
}

// pastViews is how many Views are kept for reads that are to be stale.
const pastViews = 64

// Options are what every mock registry lets its user choose.
type Options struct {
	// Clock is the registry's time; nil is the machine's.
	Clock *Clock
	// Seed decides all that is random. Two registries with the same seed,
	// fixtures, clock and commands give the same answers.
	Seed uint64
	// Log gets what goes wrong where no command can be told; nil discards it.
	Log *slog.Logger
	// HashIterations is how often passwords and authInfos are hashed; 0 means
	// DefaultIterations.
	HashIterations int
	// Extensions are namespaces that the registry speaks beside its own: it
	// announces them and understands what they hold.
	Extensions []epp.Extension
	// Routes, unless nil, binds handlers for the commands of Extensions. One
	// for a command that the registry has a handler for is an error (see
	// [mockserver.Handle]). The registry's own handlers take no notice of
	// command extensions that they don't know.
	Routes func(*mockserver.Mux)
}

// NewState makes the state of a registry that speaks these extensions and the
// options'. Its tables are added (see [NewTable]) before it is begun.
func NewState(o Options, exts []epp.Extension) (*State, error) {
	if o.Clock == nil {
		o.Clock = SystemClock()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &State{Clock: o.Clock, opts: o, byName: make(map[string]*table), saved: make(map[string]*View)}
	s.Hasher = &Hasher{Rand: NewRand(o.Seed), Iterations: o.HashIterations}
	var err error
	if s.schema, err = epp.NewSchema(slices.Concat(exts, o.Extensions)...); err != nil {
		return nil, err
	}
	s.current.Store(&View{state: s, links: newTree(linkLess), due: newTree(dueLess)})
	s.counters = NewTable[*counter](s, "counter", nil)
	s.counters.own = true
	s.Accounts = newAccounts(s)
	s.Queue = newQueue(s)
	s.Outbox = newOutbox(s)
	return s, nil
}

func (s *State) addTable(t *table) {
	if s.initial != nil {
		panic(fmt.Sprintf("registry: table %q comes after the beginning", t.name))
	}
	if t.n == 255 {
		panic("registry: too many tables")
	}
	s.tables = append(s.tables, t)
	s.byName[t.name] = t
	v := *s.current.Load()
	v.tables = append(slices.Clone(v.tables), newRecords())
	s.current.Store(&v)
}

// Begin fills the tables for the first time. What they hold then is what [State.Reset]
// comes back to.
func (s *State) Begin(f func(*Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started, s.pace = s.Clock.Now(), s.Clock.Scale()
	tx := s.begin(s.started)
	if err := f(tx); err != nil {
		return err
	}
	if err := s.commit(tx); err != nil {
		return err
	}
	s.initial, s.past = s.current.Load(), nil
	return nil
}

// View is the registry as it is now. x may be nil; where it asks for a stale read (see
// [mockserver.Exchange]), the View is one from before the latest changes.
func (s *State) View(x *mockserver.Exchange) *View {
	now := s.Clock.Now()
	v := s.current.Load()
	if d, ok := v.due.Min(); ok && d.at <= nanos(now) {
		s.Settle()
		v = s.current.Load()
	}
	if x != nil && x.Stale > 0 {
		v = s.before(x.Stale)
	}
	fresh := *v
	fresh.now = now
	return &fresh
}

// before is the View from n changes ago, or the oldest that is kept.
func (s *State) before(n int) *View {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.past) == 0 {
		return s.current.Load()
	}
	return s.past[max(len(s.past)-n, 0)]
}

// Settle lets everything happen that is due by now. Whatever reads or changes the
// registry does so first; it is for those who wait for what a change brings, such as
// mail.
func (s *State) Settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.Clock.Now())
}

// Change runs f in a Tx. Where f returns an error, nothing has changed, and Change
// returns it.
func (s *State) Change(f func(*Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock.Now()
	s.settle(now)
	tx := s.begin(now)
	if err := f(tx); err != nil {
		return err
	}
	return s.commit(tx)
}

// commit makes what a Tx has changed the registry's state.
func (s *State) commit(tx *Tx) error {
	if len(tx.changed) == 0 && !tx.dropped {
		return tx.fault
	}
	if err := tx.check(); err != nil {
		return err
	}
	tx.commit++
	if s.keep != nil {
		if err := s.keep(s.keepable(&tx.View, tx.changes())); err != nil {
			return &keepError{err}
		}
	}
	s.publish(&tx.View)
	if s.compact != nil {
		s.compact()
	}
	return nil
}

// publish makes a View the current one.
func (s *State) publish(v *View) {
	if len(s.past) >= pastViews {
		s.past = slices.Delete(s.past, 0, 1)
	}
	s.past = append(s.past, s.current.Load())
	s.current.Store(v)
}

// Do carries out a command that changes something: f runs in a Tx, and what it has
// changed is kept where it returns no error.
//
//	func (r *Registry) hostDelete(x *mockserver.Exchange, q *host.Delete) (*epp.NoData, error) {
//		return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) { … })
//	}
func Do[R any](s *State, f func(*Tx) (R, error)) (R, error) {
	var r R
	err := s.Change(func(tx *Tx) (err error) {
		r, err = f(tx)
		return err
	})
	if err != nil {
		var none R
		return none, err
	}
	return r, nil
}

// Advance moves the clock, and lets happen what falls due on the way: each thing in
// order, and at its own time.
func (s *State) Advance(d time.Duration) {
	s.Clock.Advance(d)
	s.Settle()
	s.keepTime()
}

// SetTime moves the clock to a time, as [State.Advance] does. One in the past makes
// nothing undone.
func (s *State) SetTime(t time.Time) {
	s.Clock.Set(t)
	s.Settle()
	s.keepTime()
}

// Schema is what the registry speaks.
func (s *State) Schema() *epp.Schema { return s.schema }

// Routes binds the handlers that all registries share, and those of Options.Routes.
func (s *State) Routes(m *mockserver.Mux) {
	mockserver.Handle(m, s.Queue.Poll)
	if s.opts.Routes != nil {
		s.opts.Routes(m)
	}
}

// Now is the time by the registry's clock.
func (s *State) Now() time.Time { return s.Clock.Now() }

// SessionLimit is how many sessions a registrar may have open, or 0 where that is
// left to the registry's profile (see [mockserver.SessionLimiter]).
func (s *State) SessionLimit(clID string) int { return s.Accounts.SessionLimit(clID) }

// NextCommand counts commands, from 1. It is for transaction identifiers.
func (s *State) NextCommand() uint64 { return s.commands.Add(1) }
