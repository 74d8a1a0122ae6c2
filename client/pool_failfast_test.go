package client_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// Callers who do not wait get the error of an attempt, and cause no more attempts than
// those who do.
func TestPoolFailsFast(t *testing.T) {
	for name, reason := range map[string]error{
		"no connection":     errRefused,
		"2502":              &client.LoginError{ClID: "reg-north", Err: epp.Refuse(epp.SessionLimitExceeded)},
		"2500 to the login": &client.LoginError{ClID: "reg-north", Err: epp.Refuse(epp.CommandFailedClosing)},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world, o *client.PoolOptions) {
				o.FailFast, o.Rand = true, func() float64 { return 1 }
				w.dial = func(context.Context, string) error { return reason }
			}, func(t *testing.T, w *world, p *client.Pool) {
				storm := func() {
					start := time.Now()
					var all sync.WaitGroup
					for range 64 {
						all.Go(func() {
							err := asks(t.Context(), p, "a.example")
							require.ErrorIs(t, err, reason)
							require.True(t, client.SafeToRetry(err), "%v", err)
							require.NotErrorIs(t, err, client.ErrStopped)
						})
					}
					all.Wait()
					require.Equal(t, start, time.Now(), "at once")
				}
				for i, rest := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
					storm()
					require.ErrorIs(t, p.Ready(t.Context()), reason)
					time.Sleep(rest*time.Second - time.Nanosecond)
					storm()
					dials, _, _, _ := w.seen()
					require.Len(t, dials, i+1, "in the rest")
					time.Sleep(time.Nanosecond)
				}
				w.with(func() { w.dial = nil })
				require.NoError(t, asks(t.Context(), p, "a.example"))
			})
		})
	}
}

// While a session is open, or one is being opened, callers wait for it.
func TestPoolFailsFastOnlyWithoutASession(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.FailFast, o.MaxSessions = true, 2
		w.delay = time.Second
	}, func(t *testing.T, w *world, p *client.Pool) {
		w.with(func() {
			w.dial = func(context.Context, string) error { time.Sleep(3 * time.Second); return nil }
		})
		require.NoError(t, asks(t.Context(), p, "a.example"), "it waits for the dial")
		w.with(func() { w.dial = func(context.Context, string) error { return errRefused } })
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
		}
		all.Wait()
		dials, _, _, _ := w.seen()
		require.Greater(t, len(dials), 1, "another session was tried")

		t.Log("the session is lost with an attempt that failed a moment ago")
		go func() { _ = asks(t.Context(), p, "a.example") }()
		synctest.Wait()
		w.drop()
		require.ErrorIs(t, asks(t.Context(), p, "a.example"), errRefused)
	})
}
