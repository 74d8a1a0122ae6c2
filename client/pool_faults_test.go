package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const (
	manyCallers  = 64
	poolSessions = 5
	faultSeed    = 6
)

// fast is a back-off for tests.
var fast = client.Backoff{Min: 5 * time.Millisecond, Max: 50 * time.Millisecond, Limit: 50 * time.Millisecond}

// TestPoolUnderFaults runs each fault of the mock's catalogue against a pool that 64
// callers and a consumer of the message queue use. docs/pool.md says what they see.
func TestPoolUnderFaults(t *testing.T) {
	rows := make(chan *faultRow)
	var all sync.WaitGroup
	for range 8 { // most of what they do is to wait
		all.Go(func() {
			for row := range rows {
				t.Run(row.title(), func(t *testing.T) {
					pprof.Do(t.Context(), pprof.Labels("row", row.title()), func(context.Context) {
						newStorm(t, row).run()
					})
				})
			}
		})
	}
	for i := range faultRows {
		rows <- &faultRows[i]
	}
	close(rows)
	all.Wait()
}

// A storm is a pool with a registry at which a fault strikes.
type storm struct {
	t    *testing.T
	row  *faultRow
	reg  *gtld.Registry
	srv  *mockserver.Server
	pool *client.Pool
	doer client.Doer // of the callers

	began   time.Time
	callers []*caller
	box     *inbox
	queued  []string // ids of messages
	conns   atomic.Int64

	mu      sync.Mutex
	events  []client.Event
	changed chan struct{} // closed by the next event
}

func newStorm(t *testing.T, row *faultRow) *storm {
	t.Helper()
	s := &storm{t: t, row: row, changed: make(chan struct{}), began: time.Now()}
	var err error
	s.reg, err = gtld.New(gtld.Options{Options: registry.Options{HashIterations: 1}})
	require.NoError(t, err)
	s.queued = []string{"1", "2"} // of the fixtures
	for i := range 10 {
		s.queued = append(s.queued, s.reg.Queue.Add("reg-north", fmt.Sprint("note ", i), nil))
	}
	s.srv = mockserver.StartTest(t, mockserver.Options{
		Registry: s.reg, Unvalidated: true, JournalSize: 1 << 17,
		Faults: fault.NewSet(fault.Options{Seed: faultSeed}), Log: slog.New(slog.DiscardHandler),
	})
	s.box = &inbox{srv: s.srv, handled: map[string]int64{}}
	s.pool = poolOf(t, s.srv, func(o *client.PoolOptions) {
		o.MaxSessions, o.Depth, o.Backoff, o.MaxRepeats = poolSessions, 3, fast, 8
		o.Timeout, o.StallTimeout = 5*time.Second, 5*time.Second
		if row.stalls {
			o.Timeout, o.StallTimeout = time.Second, 300*time.Millisecond
		}
		if row.opening != untouched {
			o.MaxAge = 500 * time.Millisecond
		}
		if row.opening == stopped {
			o.MinSessions, o.MaxAge = poolSessions, -1
		}
		o.DialContext, o.OnEvent = s.dial, s.event
		o.Rand = rand.New(rand.NewPCG(faultSeed, 1)).Float64
	})
	s.doer = s.pool
	return s
}

// dial counts the connections that are open.
func (s *storm) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	s.conns.Add(1)
	return &stormConn{Conn: c, closed: sync.OnceFunc(func() { s.conns.Add(-1) })}, nil
}

type stormConn struct {
	net.Conn
	closed func()
}

func (c *stormConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

func (s *storm) event(e client.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
	close(s.changed)
	if _, stops := e.(client.Stopped); stops && s.row.resumes {
		s.pool.Resume()
	}
	s.changed = make(chan struct{})
}

// await waits until an event came for which is is true, after the first so many. It does
// before each wait what has to be done again and again.
func (s *storm) await(after int, is func(client.Event) bool, again ...func()) {
	s.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		s.mu.Lock()
		events, changed := s.events[after:], s.changed
		s.mu.Unlock()
		if slices.ContainsFunc(events, is) {
			return
		}
		for _, do := range again {
			do()
		}
		select {
		case <-changed:
		case <-limit.C:
			s.t.Fatalf("an event did not come; there were %v", events)
		}
	}
}

// heard is how many events there were.
func (s *storm) heard() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events)
}

// arm has the row's fault strike, with these probabilities: where the row says, or at
// commands, and at the beginning of connections, where it can.
func (s *storm) arm(atCommands, atOpenings float64) {
	login := fault.Match{Match: match.Match{Verb: "login"}}
	anyCommand := fault.Match{Match: match.Match{Verb: "*"}}
	places := map[fault.Match]float64{s.row.fault.Match: atCommands}
	switch s.row.fault.Match {
	case fault.Match{}:
		places = map[fault.Match]float64{anyCommand: atCommands, s.row.beginning(): atOpenings}
	case login:
		places[login] = atOpenings
	}
	for place, probability := range places {
		f := s.row.fault
		f.Kind, f.Match, f.Probability = s.row.kind, place, probability
		if probability == 0 || f.Validate() != nil { // it can't strike there
			continue
		}
		_, err := s.srv.Faults().Add(f)
		require.NoError(s.t, err)
	}
	require.True(s.t, s.srv.Faults().Active())
}

// fired is how often faults have struck.
func (s *storm) fired() (n int) {
	for _, f := range s.srv.Faults().List() {
		n += f.Fired
	}
	return n
}

// load has the callers send commands: each as many as least, and then until enough is
// true, and the consumer take messages meanwhile.
func (s *storm) load(least int, enough func(*caller) bool) {
	var all sync.WaitGroup
	if s.callers == nil {
		for i := range manyCallers {
			s.callers = append(s.callers, newCaller(i, faultSeed, s.doer))
		}
	}
	for _, c := range s.callers {
		all.Go(func() {
			for k := 0; k < least || k < 40*least && !enough(c); k++ {
				c.step(s.t.Context())
			}
		})
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	consumed := make(chan struct{})
	go func() {
		defer close(consumed)
		q := s.messages()
		for ctx.Err() == nil {
			if _, err := q.Drain(ctx, s.box.handle); err == nil {
				return
			}
		}
	}()
	all.Wait()
	cancel()
	<-consumed
}

func (s *storm) messages() *client.Messages {
	return client.NewMessages(s.pool, client.MessagesOptions{Backoff: fast})
}

func (s *storm) run() {
	if s.row.opening == stopped {
		s.runStopped()
	} else {
		s.runOn()
	}
}

// runOn is run for a fault with which the pool goes on.
func (s *storm) runOn() {
	t, row := s.t, s.row
	const least, strikes = 3, 4
	atOpenings := 0.0
	if row.opening != untouched {
		atOpenings = 0.5
	}
	s.arm(0.04, atOpenings)
	seen := newSeen(row.transforms)
	s.load(least, func(c *caller) bool {
		seen.add(c)
		return s.fired() >= strikes && seen.all()
	})
	require.GreaterOrEqual(t, s.fired(), strikes, "the fault has to strike")
	require.True(t, seen.all(), "the callers did not see what the table says: %v", row.transforms)
	fired, n := s.fired(), s.pool.Stats()
	if row.opening == waits || row.opening == passes {
		require.LessOrEqual(t, failures(n), fired, "an attempt to open a session failed without a reason: %v", s.failed())
	}
	require.LessOrEqual(t, failures(n), attempts(time.Since(s.began), fast.Min/2, fast.Min/2))
	s.heal()
	if row.opening == waits {
		s.outage()
	}
	s.end()
}

// ask asks something of the pool, as a caller who waits as long as it takes.
func (s *storm) ask() error {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	_, err := client.Do(ctx, s.pool, check("alpha.example"))
	return err
}

// failures is how many attempts to open a session failed.
func failures(n client.PoolStats) int { return int(n.Dials-n.Opened) - n.Opening }

// failed are the events of attempts that failed.
func (s *storm) failed() []client.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.events), func(e client.Event) bool { _, ok := e.(client.OpenFailed); return !ok })
}

// attempts is how many there may be within a time, where the wait after the first is least,
// and doubles with each up to most.
func attempts(within, least, most time.Duration) int {
	n := 1
	for wait := least; within > 0; wait = min(2*wait, most) {
		within -= wait
		n++
	}
	return n
}

// heal ends the faults, and sees that the pool is well again within the bound of its
// back-off.
func (s *storm) heal() {
	t := s.t
	s.srv.Faults().Reset()
	before, began := failures(s.pool.Stats()), time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, s.pool.Ready(ctx))
	var all sync.WaitGroup
	for range manyCallers {
		all.Go(func() {
			if err := s.ask(); err != nil {
				t.Error("after the faults:", err)
			}
		})
	}
	all.Wait()
	// One attempt may have been under way, and sessions that were struck end.
	require.LessOrEqual(t, failures(s.pool.Stats())-before, 1)
	const slack = 10 * time.Second // for a machine with other things to do
	require.Less(t, time.Since(began), max(fast.Max, fast.Limit)+slack)
}

// outage has no session open for a while: callers wait, and attempts become rare.
func (s *storm) outage() {
	t := s.t
	after, began, before := s.heard(), time.Now(), s.pool.Stats().Dials
	s.arm(0, 1)
	in := 6
	if s.row.stalls {
		in = 3
	}
	failed := func(e client.Event) bool {
		f, ok := e.(client.OpenFailed)
		return ok && f.Failures >= in
	}
	var all sync.WaitGroup
	over := make(chan struct{})
	for range manyCallers {
		all.Go(func() {
			for waits := true; waits; {
				if err := s.ask(); err != nil {
					t.Error("a caller who waited:", err)
				}
				select {
				case <-over:
					waits = false
				default:
				}
			}
		})
	}
	// A connection may have begun before the fault: it is dropped too.
	s.await(after, failed, func() { require.NoError(t, s.srv.Drop(t.Context())) })
	close(over)
	dials := int(s.pool.Stats().Dials - before)
	// One may have begun before, and one may have been just in time.
	require.LessOrEqual(t, dials, attempts(time.Since(began), fast.Min/2, fast.Max/2)+2, "a storm")
	s.heal()
	all.Wait()
}

// runStopped is run for a fault that stops the pool by design.
func (s *storm) runStopped() {
	t := s.t
	isStopped := func(e client.Event) bool { _, ok := e.(client.Stopped); return ok }
	s.await(0, func(e client.Event) bool { o, ok := e.(client.Opened); return ok && o.Sessions == poolSessions })
	// One session is lost, and none takes its place.
	s.arm(0, 1)
	_, err := s.srv.Faults().Add(fault.Fault{Kind: fault.Reset, Match: fault.Match{Match: match.Match{Verb: "*"}}, Times: 1})
	require.NoError(t, err)
	s.load(4, func(*caller) bool { return s.fired() >= 2 })
	s.await(0, isStopped)
	n := s.pool.Stats()
	require.Error(t, n.Stopped)
	require.Equal(t, poolSessions-1, n.Open, "sessions that are open go on")
	require.Equal(t, 1, failures(n), "one attempt is enough")
	// The others are lost too.
	require.NoError(t, s.srv.Drop(t.Context()))
	s.await(0, func(e client.Event) bool { c, ok := e.(client.Closed); return ok && c.Sessions == 0 })
	var all sync.WaitGroup
	for range manyCallers {
		all.Go(func() {
			err := s.ask()
			if !errors.Is(err, client.ErrStopped) || !client.SafeToRetry(err) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.srv.Faults().Reset()
	require.ErrorIs(t, s.ask(), client.ErrStopped, "it can't know that the fault is over")
	require.Equal(t, n.Dials, s.pool.Stats().Dials, "no further attempt")
	s.pool.Resume()
	s.heal()
	require.NoError(t, s.pool.Stats().Stopped)
	s.end()
}

// end ends the pool in order, and holds what there was against the journal.
func (s *storm) end() {
	t := s.t
	_, err := s.messages().Drain(t.Context(), s.box.handle)
	require.NoError(t, err)
	require.NoError(t, s.pool.Shutdown(t.Context()))
	n := s.pool.Stats()
	require.Zero(t, n.Open+n.Opening+n.Retiring+n.Busy+n.Waiting)
	require.Equal(t, n.Opened, n.Lost+n.LoggedOut)
	require.Zero(t, s.conns.Load(), "a connection is open")
	require.NoError(t, s.srv.Close())
	require.Empty(t, s.srv.SessionCounts())
	for _, wrong := range s.audit() {
		t.Error(wrong)
	}
	requireNoGoroutines(t, s.row.title())
}

// audit holds what the callers were told against the journal.
func (s *storm) audit() []string {
	a := &audit{srv: s.srv, reg: s.reg, row: s.row}
	a.run(s.callers)
	a.messages(s.box, s.queued)
	return a.wrong
}

// requireNoGoroutines waits until of those that a row has started only its own is left.
func requireNoGoroutines(t *testing.T, row string) {
	t.Helper()
	limit := time.Now().Add(patience)
	for {
		var profile bytes.Buffer
		require.NoError(t, pprof.Lookup("goroutine").WriteTo(&profile, 1))
		var left []string
		for stack := range strings.SplitSeq(profile.String(), "\n\n") {
			if strings.Contains(stack, fmt.Sprintf(`{"row":%q}`, row)) && !strings.Contains(stack, "requireNoGoroutines") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("goroutines are left:\n%s", strings.Join(left, "\n\n"))
		}
		runtime.Gosched()
	}
}

// seen is what callers have been told of transforms.
type seen struct {
	mu   sync.Mutex
	left []heard
}

func newSeen(want []heard) *seen { return &seen{left: slices.Clone(want)} }

// add notes what a caller was told last.
func (s *seen) add(c *caller) {
	d := c.deeds[len(c.deeds)-1]
	s.mu.Lock()
	defer s.mu.Unlock()
	if !d.query {
		s.left = slices.DeleteFunc(s.left, func(t heard) bool { return t == d.heard })
	}
}

func (s *seen) all() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.left) == 0
}
