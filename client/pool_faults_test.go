package client_test

import (
	"context"
	"errors"
	"runtime/pprof"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
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
		if !testing.Short() || i%5 == 0 {
			rows <- &faultRows[i]
		}
	}
	close(rows)
	all.Wait()
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
	if !row.stalls { // a slow machine has strikes of its own
		require.LessOrEqual(t, failures(n), fired, "an attempt to open a session failed without a reason: %v", s.failed())
	}
	require.LessOrEqual(t, failures(n), attempts(time.Since(s.began), fast.Min/2, fast.Min/2))
	s.heal()
	if row.opening == waits {
		s.outage()
	}
	s.end()
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

// While one session serves all callers, attempts to open another become rare all the same.
func TestPoolBacksOffBesideASession(t *testing.T) {
	s := newStorm(t, &faultRow{kind: fault.Refuse, opening: waits})
	require.NoError(t, s.pool.Ready(t.Context()))
	s.arm(0, 1)
	over := make(chan struct{})
	var all sync.WaitGroup
	for range manyCallers {
		all.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				if err := s.ask(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	s.await(0, func(e client.Event) bool {
		f, ok := e.(client.OpenFailed)
		return ok && f.Failures >= 6
	})
	close(over)
	all.Wait()
	s.heal()
	require.NoError(t, s.pool.Shutdown(t.Context()))
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
