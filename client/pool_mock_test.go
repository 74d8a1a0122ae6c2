package client_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// These tests run a pool against a mock registry over TLS.

// limited is a registry with a limit of sessions.
type limited struct {
	*gtld.Registry
	limit int
}

func (r *limited) SessionLimit(string) int { return r.limit }

// mockPool is a pool of reg-north's sessions with a registry that allows as many as
// limit, or its default for 0.
func mockPool(t *testing.T, limit int, change func(*client.PoolOptions)) (*client.Pool, *mockserver.Server) {
	t.Helper()
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: &limited{reg, limit}})
	return poolOf(t, srv, change), srv
}

func poolOf(t *testing.T, srv *mockserver.Server, change func(*client.PoolOptions)) *client.Pool {
	t.Helper()
	opts := client.PoolOptions{
		Options: client.Options{
			Schema: schema(t), TLS: srv.ClientTLS("reg-north"),
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		},
		Addresses: []string{srv.Addr()},
	}
	if change != nil {
		change(&opts)
	}
	p, err := client.NewPool(opts)
	require.NoError(t, err)
	t.Cleanup(func() { p.Close() })
	return p
}

func TestPoolServesManyCallers(t *testing.T) {
	p, srv := mockPool(t, 0, func(o *client.PoolOptions) { o.MaxSessions = 3 })
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			for k := range 10 {
				name := fmt.Sprintf("n%d-%d.example", i, k)
				chk, err := client.Do(t.Context(), p, &domain.Check{Names: []string{name}})
				if err != nil || chk.CD[0].Name != name {
					t.Error(name, chk, err)
				}
			}
		})
	}
	all.Wait()
	n := p.Stats()
	require.EqualValues(t, 640, n.Commands)
	require.EqualValues(t, 640, n.Answered)
	require.LessOrEqual(t, n.Open, 3)
	require.NoError(t, p.Shutdown(t.Context()))
	require.Equal(t, n.Open, srv.Journal().Count(mockserver.And(mockserver.Received, mockserver.Verb("logout"))))
	n = p.Stats()
	require.Zero(t, n.Open)
	require.Zero(t, n.Busy+n.Waiting+n.Opening)
	_, err := client.Do(t.Context(), p, check("late.example"))
	require.ErrorIs(t, err, client.ErrClosed)
	require.True(t, client.SafeToRetry(err))
}

// The registry allows five sessions; the pool wants many more, and 64 callers use it.
func TestPoolKeepsToTheLimitOfSessions(t *testing.T) {
	var mu sync.Mutex
	var refused int
	p, srv := mockPool(t, 5, func(o *client.PoolOptions) {
		o.MaxSessions = 40
		o.OnEvent = func(e client.Event) {
			if _, ok := e.(client.Limited); ok {
				mu.Lock()
				refused++
				mu.Unlock()
			}
		}
	})
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 20 {
				_, err := client.Do(t.Context(), p, check("a.example"))
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	n := p.Stats()
	require.Equal(t, 5, n.Open)
	require.Equal(t, 5, n.Limit)
	require.EqualValues(t, 5, n.Opened)
	require.EqualValues(t, 1, n.Limited, "one login found out, and there was no storm")
	require.Equal(t, 6, srv.Journal().Count(mockserver.And(mockserver.Received, mockserver.Verb("login"))))
	require.NoError(t, p.Shutdown(t.Context()))
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, 1, refused)
}

func TestPoolStopsBeforeTheAccountIsLocked(t *testing.T) {
	events := make(chan client.Event, 100)
	p, srv := mockPool(t, 0, func(o *client.PoolOptions) {
		o.Credentials = &client.Credentials{ClID: "reg-north", PW: "wrong-Gate9"}
		o.OnEvent = func(e client.Event) { events <- e }
	})
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			_, err := client.Do(t.Context(), p, check("a.example"))
			require.ErrorIs(t, err, client.ErrStopped)
			require.ErrorIs(t, err, epp.AuthenticationError)
			require.True(t, client.SafeToRetry(err))
		})
	}
	all.Wait()
	require.Equal(t, 1, srv.Journal().Count(mockserver.And(mockserver.Received, mockserver.Verb("login"))))
	require.IsType(t, client.Stopped{}, <-events)
	require.NoError(t, p.Reconfigure(func(o *client.PoolOptions) {
		o.Credentials = &client.Credentials{ClID: "reg-north", PW: "north-Gate9"}
	}))
	require.IsType(t, client.Resumed{}, <-events)
	_, err := client.Do(t.Context(), p, check("a.example"))
	require.NoError(t, err)
}

func TestPoolHolds(t *testing.T) {
	p, _ := mockPool(t, 0, func(o *client.PoolOptions) { o.MaxSessions, o.Depth = 2, 8 })
	var all sync.WaitGroup
	stop := make(chan struct{})
	for range 16 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := client.Do(t.Context(), p, check("a.example")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 20 {
		require.NoError(t, p.Hold(t.Context(), func(ctx context.Context, s *client.Session) error {
			for range 3 {
				if _, err := client.Do(ctx, s, check("b.example")); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	close(stop)
	all.Wait()
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestPoolChangesThePassword(t *testing.T) {
	p, srv := mockPool(t, 1, func(o *client.PoolOptions) { o.MaxSessions = 1 })
	require.NoError(t, p.Ready(t.Context()))
	require.NoError(t, p.ChangePassword(t.Context(), "north-Gate10"))
	require.NoError(t, p.Ready(t.Context()))
	p2 := poolOf(t, srv, nil)
	require.NoError(t, p.Shutdown(t.Context()))
	require.ErrorIs(t, p2.Ready(t.Context()), epp.AuthenticationError)
}
