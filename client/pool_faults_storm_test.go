package client_test

import (
	"bytes"
	"context"
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
		o.Timeout, o.StallTimeout = 10*time.Second, 10*time.Second
		if row.stalls {
			o.Timeout = time.Second
		}
		if row.stalls && row.transforms != nil {
			o.StallTimeout = 300 * time.Millisecond
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
	began := time.Now()
	var all sync.WaitGroup
	if s.callers == nil {
		for i := range manyCallers {
			s.callers = append(s.callers, newCaller(i, faultSeed, s.doer))
		}
	}
	for _, c := range s.callers {
		all.Go(func() {
			for k := 0; k < least || time.Since(began) < patience && !enough(c); k++ {
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

// ask asks something of the pool, as a caller who waits as long as it takes.
func (s *storm) ask() error {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	_, err := client.Do(ctx, s.pool, check("alpha.example"))
	return err
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
