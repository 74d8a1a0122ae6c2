package client_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// What of the caller's own panics leaves the pool as it was.
func TestPoolOutlivesPanics(t *testing.T) {
	panics := func(f func()) (what any) {
		defer func() { what = recover() }()
		f()
		return nil
	}
	var boom bool
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions = 1
		o.NewTRID = func() string {
			if boom {
				panic("boom")
			}
			return "C-1"
		}
	}, func(t *testing.T, w *world, p *client.Pool) {
		require.NoError(t, p.Ready(t.Context()))
		boom = true
		require.Equal(t, "boom", panics(func() { _ = asks(t.Context(), p, "a.example") }))
		boom = false
		require.Equal(t, "boom", panics(func() {
			_ = p.Hold(t.Context(), func(context.Context, *client.Session) error { panic("boom") })
		}))
		trace := &client.CommandTrace{GotSession: func(time.Duration, string) { panic("boom") }}
		require.Equal(t, "boom", panics(func() { _ = asks(client.WithTrace(t.Context(), trace), p, "a.example") }))
		require.Zero(t, p.Stats().Busy)
		require.NoError(t, asks(within(t, time.Millisecond), p, "a.example"))
		require.NoError(t, p.Shutdown(within(t, time.Second)))
	})
}

// A query that was sent, and could not be sent again, was sent.
func TestPoolSaysThatAQueryWasSent(t *testing.T) {
	inWorld(t, func(w *world, _ *client.PoolOptions) {
		w.answer = func(int, *epp.Command) *epp.Response {
			w.dial = func(context.Context, string) error { return errRefused }
			return nil
		}
	}, func(t *testing.T, w *world, p *client.Pool) {
		err := asks(within(t, time.Second), p, "a.example")
		require.True(t, client.OutcomeUnknown(err))
		require.False(t, client.SafeToRetry(err))
		n := p.Stats()
		require.EqualValues(t, 1, n.Unknown)
		require.Zero(t, n.NotSent)
	})
}

func TestPoolCountsCommandsAlone(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world, p *client.Pool) {
		require.NoError(t, p.Ready(t.Context()))
		require.NoError(t, p.Hold(t.Context(), func(context.Context, *client.Session) error { return nil }))
		require.NoError(t, asks(t.Context(), p, "a.example"))
		require.NoError(t, p.Shutdown(t.Context()))
		require.Error(t, p.Ready(t.Context()))
		require.Error(t, asks(t.Context(), p, "a.example"))
		n := p.Stats()
		require.EqualValues(t, []uint64{2, 1, 1}, []uint64{n.Commands, n.Answered, n.NotSent})
	})
}

// Who holds a session does not meet the pool's own hello there.
func TestPoolHoldsAfterAHello(t *testing.T) {
	inWorld(t, func(_ *world, o *client.PoolOptions) {
		o.MinSessions, o.MaxSessions, o.MaxIdle = 1, 1, -1
	}, func(t *testing.T, w *world, p *client.Pool) {
		require.NoError(t, p.Ready(t.Context()))
		w.with(func() { w.greet = func(*epp.Greeting) { time.Sleep(3 * time.Second) } })
		time.Sleep(61 * time.Second)
		start := time.Now()
		require.NoError(t, p.Hold(t.Context(), func(context.Context, *client.Session) error { return nil }))
		require.Equal(t, 2*time.Second, time.Since(start), "when it is answered")
		require.Zero(t, p.Stats().Lost)
	})
}

func TestPoolIsReconfigured(t *testing.T) {
	t.Run("not at all by an error", func(t *testing.T) {
		inWorld(t, nil, func(t *testing.T, w *world, p *client.Pool) {
			for _, change := range []func(o *client.PoolOptions){
				func(o *client.PoolOptions) { o.MaxSessions = -1 },
				func(o *client.PoolOptions) { o.Schema = nil },
			} {
				require.Error(t, p.Reconfigure(func(o *client.PoolOptions) {
					o.Credentials.PW, o.Addresses[0] = "wrong-Gate9", "wrong.example"
					_ = p.Stats()
					change(o)
				}))
			}
			require.NoError(t, asks(t.Context(), p, "a.example"))
			_, dialed, logins, _ := w.seen()
			require.Equal(t, []string{"epp.registry.example:700"}, dialed)
			require.EqualValues(t, "north-Gate9", logins[0].PW)
		})
	})
	t.Run("to fewer sessions", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			o.MaxSessions = 5
			w.delay = time.Second
		}, func(t *testing.T, w *world, p *client.Pool) {
			var all sync.WaitGroup
			for range 5 {
				all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
			}
			all.Wait()
			require.NoError(t, p.Reconfigure(func(o *client.PoolOptions) { o.MaxSessions = 1 }))
			time.Sleep(time.Hour)
			_, logins, _, _ := w.now()
			require.LessOrEqual(t, logins, 6, "one that takes the place of those that were used")
		})
	})
}

// A pool that is now and then idle remembers how many sessions there may be.
func TestPoolRemembersTheLimit(t *testing.T) {
	var e told
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions, o.MaxIdle = 4, 20*time.Second
		w.limit, w.delay = 2, time.Second
		e.on(o)
	}, func(t *testing.T, w *world, p *client.Pool) {
		for range 72 { // six hours
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
			}
			all.Wait()
			time.Sleep(5 * time.Minute)
		}
		require.Less(t, len(eventsOf[client.Limited](&e)), 40)
	})
}

func TestPoolShutsDownOnce(t *testing.T) {
	for range 20 { // what is ready at once is chosen at random
		inWorld(t, nil, func(t *testing.T, w *world, p *client.Pool) {
			require.NoError(t, p.Ready(t.Context()))
			require.NoError(t, p.Shutdown(t.Context()))
			require.NoError(t, p.Shutdown(t.Context()))
			over, cancel := context.WithCancelCause(t.Context())
			cancel(errors.New("late"))
			require.NoError(t, p.Shutdown(over))
		})
	}
}
