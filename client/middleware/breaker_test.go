package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
)

// A circuit is a Breaker, what it told, and a registry that a test switches.
type circuit struct {
	*middleware.Breaker
	d     client.Doer
	inner *doer
	step  client.Doer
	told  []string
}

func newCircuit(opts middleware.BreakerOptions) *circuit {
	c := &circuit{step: answering(epp.Success)}
	opts.OnChange = func(from, to middleware.State) {
		if s := c.Stats().State; s != to {
			panic(fmt.Sprint(s, " is not what was told, ", to))
		}
		c.told = append(c.told, fmt.Sprint(from, " > ", to))
	}
	c.Breaker = middleware.NewBreaker(opts)
	c.inner = &doer{f: func(ctx context.Context, cmd *epp.Command) (*epp.Response, error) { return c.step.Exchange(ctx, cmd) }}
	c.d = middleware.Wrap(c.inner, c.Breaker)
	return c
}

func (c *circuit) send(n int, step client.Doer) (err error) {
	c.step = step
	for range n {
		_, err = c.d.Exchange(context.Background(), create())
	}
	return err
}

func TestBreaker(t *testing.T) {
	lost, ok := failing(fate(client.Unknown)), answering(epp.Success)
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit(middleware.BreakerOptions{MinCommands: 10, OpenFor: 10 * time.Second, Probes: 2})
		require.NoError(t, c.send(6, ok))
		require.Error(t, c.send(3, lost))
		require.Equal(t, middleware.BreakerStats{Commands: 9, Failures: 3}, c.Stats())
		require.Error(t, c.send(3, lost))
		require.Equal(t, middleware.Open, c.Stats().State, "6 of 12 failed")

		start := time.Now()
		err := c.send(1, ok)
		require.ErrorIs(t, err, middleware.ErrOpen)
		require.True(t, client.SafeToRetry(err))
		var open *middleware.OpenError
		require.ErrorAs(t, err, &open)
		require.Equal(t, 10*time.Second, open.Until.Sub(start))
		require.EqualValues(t, 12, c.inner.calls.Load())
		require.Equal(t, open.Until, c.Stats().Until)

		time.Sleep(10 * time.Second)
		require.NotErrorIs(t, c.send(1, lost), middleware.ErrOpen, "a probe")
		require.ErrorIs(t, c.send(1, ok), middleware.ErrOpen, "it failed")
		time.Sleep(10 * time.Second)
		require.NoError(t, c.send(1, ok))
		require.Equal(t, middleware.HalfOpen, c.Stats().State)
		require.NoError(t, c.send(1, ok))
		require.Equal(t, middleware.BreakerStats{Opened: 2, Refused: 2}, c.Stats(), "and it begins to count anew")
		require.Equal(t, []string{
			"closed > open", "open > half-open", "half-open > open", "open > half-open", "half-open > closed",
		}, c.told)
	})
}

// Half open, no more than the probes are on their way, and their places are given back.
func TestBreakerProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit(middleware.BreakerOptions{MinCommands: 1, Probes: 2})
		_ = c.send(1, failing(fate(client.Unknown)))
		time.Sleep(10 * time.Second)
		before := c.inner.calls.Load()
		c.step = taking(time.Second, answering(epp.Success))
		var callers sync.WaitGroup
		refused := make(chan error, 10)
		for range 10 {
			callers.Go(func() {
				if _, err := c.d.Exchange(t.Context(), create()); err != nil {
					refused <- err
				}
			})
		}
		synctest.Wait()
		require.EqualValues(t, 2, c.inner.calls.Load()-before)
		require.Len(t, refused, 8)
		callers.Wait()
		require.Equal(t, middleware.Closed, c.Stats().State)

		_ = c.send(1, failing(fate(client.Unknown)))
		time.Sleep(10 * time.Second)
		for range 5 { // that say nothing
			require.ErrorIs(t, c.send(1, failing(&client.Error{Fate: client.Unknown, Err: context.Canceled})), context.Canceled)
		}
		require.Panics(t, func() {
			_ = c.send(1, &doer{f: func(context.Context, *epp.Command) (*epp.Response, error) { panic("of a Doer") }})
		})
		require.Equal(t, middleware.HalfOpen, c.Stats().State)
		require.NoError(t, c.send(2, answering(epp.Success)))
		require.Equal(t, middleware.Closed, c.Stats().State)
	})
}

func TestBreakerForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit(middleware.BreakerOptions{MinCommands: 10, Window: 10 * time.Second})
		lost := failing(fate(client.Unknown))
		for range 3 { // 9 failures within any window
			_ = c.send(9, lost)
			time.Sleep(10*time.Second + time.Millisecond)
		}
		require.Equal(t, middleware.BreakerStats{}, c.Stats())
		for range 40 { // one a second, 10 or 9 in 10 s: all of them failures
			_ = c.send(1, lost)
			time.Sleep(1200 * time.Millisecond)
		}
		require.Equal(t, middleware.Closed, c.Stats().State)
		for range 10 {
			_ = c.send(1, lost)
			time.Sleep(900 * time.Millisecond)
		}
		require.Equal(t, middleware.Open, c.Stats().State)
	})
}

// What a command that began before a change says comes too late.
func TestBreakerLateOutcomes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit(middleware.BreakerOptions{MinCommands: 5, Probes: 1})
		c.step = taking(20*time.Second, failing(fate(client.Unknown)))
		var late sync.WaitGroup
		for range 20 {
			late.Go(func() { _, _ = c.d.Exchange(t.Context(), create()) })
		}
		synctest.Wait()
		_ = c.send(5, failing(fate(client.Unknown)))
		time.Sleep(15 * time.Second)
		require.NoError(t, c.send(1, answering(epp.Success)))
		late.Wait()
		require.Equal(t, middleware.BreakerStats{Opened: 1}, c.Stats(), "closed, and without their failures")
	})
}

func TestBreakerFailures(t *testing.T) {
	broken := errors.New("connection reset")
	for name, c := range map[string]struct {
		step     client.Doer
		commands int
		failures int
	}{
		"1000":               {answering(epp.Success), 1, 0},
		"2001":               {answering(epp.CommandSyntaxError), 1, 0},
		"2201":               {answering(epp.AuthorizationError), 1, 0},
		"2308":               {answering(epp.DataManagementPolicyViolated), 1, 0},
		"2400":               {answering(epp.CommandFailed), 1, 1},
		"2500":               {answering(epp.CommandFailedClosing), 1, 1},
		"2502":               {answering(epp.SessionLimitExceeded), 1, 1},
		"lost":               {failing(fate(client.Unknown)), 1, 1},
		"no connection":      {failing(fate(client.NotSent)), 1, 1},
		"timed out":          {failing(&client.Error{Fate: client.Unknown, Err: context.DeadlineExceeded}), 1, 1},
		"another's":          {failing(broken), 1, 1},
		"answer not valid":   {failing(fate(client.Answered)), 1, 0},
		"cancelled":          {failing(&client.Error{Fate: client.Unknown, Err: context.Canceled}), 0, 0},
		"limited here":       {failing(&client.Error{Err: middleware.ErrLimited}), 0, 0},
		"queue full here":    {failing(&client.Error{Err: client.ErrQueueFull}), 0, 0},
		"another's breaker":  {failing(&client.Error{Err: &middleware.OpenError{}}), 0, 0},
		"can't be written":   {failing(&client.Error{Err: &epp.FieldError{Path: "/epp"}}), 0, 0},
		"no answer, no fail": {failing(nil), 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			k := newCircuit(middleware.BreakerOptions{})
			_ = k.send(1, c.step)
			s := k.Stats()
			require.Equal(t, c.commands, s.Commands)
			require.Equal(t, c.failures, s.Failures)
		})
	}
}

func TestBreakerUnderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var told []middleware.State
		last := middleware.Closed
		b := middleware.NewBreaker(middleware.BreakerOptions{Window: 4 * time.Second, OpenFor: time.Second, OnChange: func(from, to middleware.State) {
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, last, from, "in order")
			last = to
			told = append(told, to)
		}})
		start := time.Now()
		up := func() bool { return time.Since(start)/(10*time.Second)%2 == 0 }
		ok, lost := answering(epp.Success), failing(fate(client.Unknown))
		d := middleware.Wrap(&doer{f: func(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
			if up() {
				return ok.Exchange(ctx, cmd)
			}
			return lost.Exchange(ctx, cmd)
		}}, b)
		var callers sync.WaitGroup
		for i := range 64 {
			callers.Go(func() {
				random := rand.New(rand.NewPCG(4, uint64(i)))
				for time.Since(start) < time.Minute {
					_, _ = d.Exchange(t.Context(), create())
					time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
				}
			})
		}
		callers.Wait()
		s := b.Stats()
		require.GreaterOrEqual(t, s.Opened, uint64(3))
		require.Positive(t, s.Refused)
		require.Greater(t, len(told), 8)
		require.Less(t, lost.calls.Load(), int64(s.Refused)/4, "most were spared")
	})
}
