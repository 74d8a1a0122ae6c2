package client_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// got is what a trace was told.
type got struct {
	waited time.Duration
	addr   string
}

func traced(ctx context.Context, list *[]got) context.Context {
	return client.WithTrace(ctx, &client.CommandTrace{GotSession: func(waited time.Duration, addr string) {
		*list = append(*list, got{waited, addr})
	}})
}

func TestPoolTellsTheTrace(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) { o.MaxSessions = 1 }, func(t *testing.T, w *world, p *client.Pool) {
		const addr = "epp.registry.example:700"
		w.with(func() {
			w.dial = func(context.Context, string) error { time.Sleep(2 * time.Second); return nil }
			w.delay = 5 * time.Second
		})
		var first, second []got
		require.NoError(t, asks(traced(t.Context(), &first), p, "a.example"))
		require.Equal(t, []got{{2 * time.Second, addr}}, first, "it waited for the dial")

		done := make(chan error)
		go func() { done <- asks(t.Context(), p, "a.example") }()
		synctest.Wait()
		require.NoError(t, asks(traced(t.Context(), &second), p, "a.example"))
		require.NoError(t, <-done)
		require.Equal(t, []got{{5 * time.Second, addr}}, second, "it waited for the session")

		t.Log("a query that is repeated has another session")
		first = nil
		w.with(func() {
			w.answer = func(int, *epp.Command) *epp.Response { w.answer = nil; return nil }
		})
		require.NoError(t, asks(traced(t.Context(), &first), p, "a.example"))
		require.Equal(t, []got{{0, addr}, {2 * time.Second, addr}}, first)

		t.Log("each of several traces is told; one that wants nothing is no harm")
		first, second = nil, nil
		ctx := client.WithTrace(traced(traced(t.Context(), &first), &second), &client.CommandTrace{})
		require.NoError(t, p.Ready(ctx))
		require.NoError(t, p.Hold(ctx, func(context.Context, *client.Session) error { return nil }))
		require.Equal(t, []got{{0, addr}, {0, addr}}, first)
		require.Equal(t, first, second)

		t.Log("who got no session is not told")
		p.Close()
		require.Error(t, asks(ctx, p, "a.example"))
		require.Len(t, first, 2)
	})
}
