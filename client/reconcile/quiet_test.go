package reconcile_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/reconcile"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// A busy pool has commands on their way until a time.
type busy struct {
	until time.Time
	asked int
}

func (m *busy) Stats() client.PoolStats {
	m.asked++
	if time.Now().Before(m.until) {
		return client.PoolStats{Busy: 3}
	}
	return client.PoolStats{}
}

func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		p := &busy{until: start.Add(10 * time.Second)}
		require.NoError(t, reconcile.Quiet(t.Context(), p))
		require.Equal(t, 10*time.Second, time.Since(start))
		require.LessOrEqual(t, p.asked, 201)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.NoError(t, reconcile.Quiet(ctx, p), "nothing is to be waited for")

		p.until = time.Now().Add(time.Hour)
		ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start = time.Now()
		err := reconcile.Quiet(ctx, p)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "on their way (3)")
		require.Equal(t, time.Minute, time.Since(start))
	})
}

// A gate is a registry that carries updates out when it is opened.
type gate struct {
	world
	reached func()
	open    chan struct{}
}

func (m *gate) Routes(mux *mockserver.Mux) {
	m.world.Routes(mux)
	mux.Around(func(x *mockserver.Exchange, q epp.Element, next mockserver.Handler) (epp.Element, error) {
		if _, ok := q.(*domain.Update); ok {
			m.reached()
			<-m.open
		}
		return next(x, q)
	})
}

// TestQuietPool: a caller gives up, and the registry carries the command out after that.
func TestQuietPool(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g := &gate{world: newGTLD(t, 1), reached: cancel, open: make(chan struct{})}
	l := newLine(t, g)
	p, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema: g.schema(t), TLS: l.srv.ClientTLS(us), Credentials: &client.Credentials{ClID: us, PW: password},
		},
		Addresses: []string{l.srv.Addr()}, MaxSessions: 2,
	})
	require.NoError(t, err)
	t.Cleanup(func() { p.Close() })
	l.does(us, sauna)

	opts := reconcile.Options{ClID: us, Sent: g.Now(), Now: g.Now}
	cmd := of(&domain.Update{Name: "d0.sauna", Add: &domain.AddRem{Status: []epp.Status{{S: "clientHold"}}}})
	_, err = p.Exchange(ctx, cmd)
	require.True(t, client.OutcomeUnknown(err), "%v", err)
	early, err := reconcile.Reconcile(t.Context(), p, cmd, opts)
	require.NoError(t, err)
	require.Equal(t, reconcile.NotDone, early.Outcome, "%v", early)

	require.ErrorIs(t, reconcile.Quiet(ctx, p), context.Canceled)
	close(g.open)
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	require.NoError(t, reconcile.Quiet(ctx, p))
	v, err := reconcile.Reconcile(t.Context(), p, cmd, opts)
	require.NoError(t, err)
	require.Equal(t, reconcile.Done, v.Outcome, "%v", v)
}
