package client_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
)

// The registry allows a registrar five sessions, of which somebody else holds first all,
// then three, then none, while connections are lost. 64 callers use a pool that would have
// forty.
func TestPoolSharesTheLimitOfSessions(t *testing.T) {
	const limit, others = 5, 3
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{
		Registry: &limited{reg, limit}, Unvalidated: true, JournalSize: 1 << 17,
		Faults: fault.NewSet(fault.Options{Seed: faultSeed}), Log: slog.New(slog.DiscardHandler),
	})
	var held []*client.Session
	for range limit {
		s, err := client.Dial(t.Context(), srv.Addr(), client.Options{
			Schema: schema(t), TLS: srv.ClientTLS("reg-north"),
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		})
		require.NoError(t, err)
		held = append(held, s)
	}
	_, err = srv.Faults().Add(fault.Fault{
		Kind: fault.CommitThenDrop, Probability: 0.02, Match: fault.Match{Match: match.Match{Namespace: "domain"}},
	})
	require.NoError(t, err)

	opened := make(chan int, 10_000) // sessions that are open then
	p := poolOf(t, srv, func(o *client.PoolOptions) {
		o.MaxSessions, o.Backoff, o.MaxRepeats = 40, fast, 8
		o.OnEvent = func(e client.Event) {
			if e, ok := e.(client.Opened); ok {
				opened <- e.Sessions
			}
		}
	})
	refusals := mockserver.And(mockserver.Sent, mockserver.Verb("login"), mockserver.Code(epp.SessionLimitExceeded))

	// Nothing is left for the pool: callers time out, and attempts become rare.
	began := time.Now()
	var all sync.WaitGroup
	for range manyCallers {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			_, err := client.Do(ctx, p, check("alpha.example"))
			if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, epp.SessionLimitExceeded) || !client.SafeToRetry(err) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.LessOrEqual(t, srv.Journal().Count(refusals), attempts(time.Since(began), fast.Min/2, fast.Max/2))
	require.Positive(t, srv.Journal().Count(refusals))

	var asked, most atomic.Int64
	over := make(chan struct{})
	for range manyCallers {
		all.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				_, err := client.Do(ctx, p, check("alpha.example"))
				cancel()
				if err != nil {
					t.Error(err)
				}
				asked.Add(1)
				for n := int64(srv.Sessions("reg-north")); n > most.Load(); {
					most.Store(n)
				}
			}
		})
	}
	// until waits until the pool has so many sessions, and never more.
	until := func(n int) {
		limit := time.NewTimer(patience)
		defer limit.Stop()
		for {
			select {
			case got := <-opened:
				if got > n {
					t.Errorf("%d sessions are open, %d are left for the pool", got, n)
				}
				if got == n {
					return
				}
			case <-limit.C:
				t.Fatalf("the pool did not get %d sessions: %+v", n, p.Stats())
			}
		}
	}
	for _, s := range held[others:] {
		require.NoError(t, s.Logout(t.Context()))
	}
	until(limit - others)
	for _, s := range held[:others] {
		require.NoError(t, s.Logout(t.Context()))
	}
	until(limit)
	close(over)
	all.Wait()
	require.LessOrEqual(t, most.Load(), int64(limit))
	n := p.Stats()
	require.LessOrEqual(t, n.Open, limit)
	require.EqualValues(t, asked.Load(), n.Answered)
	// While it has sessions, a refusal keeps it from asking for another one for Limit.
	require.LessOrEqual(t, srv.Journal().Count(refusals), attempts(time.Since(began), fast.Min/2, fast.Max/2))
	require.NoError(t, p.Shutdown(t.Context()))
	require.Empty(t, srv.SessionCounts())
}
