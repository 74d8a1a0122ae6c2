package eppkit_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/reconcile"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// README: begin
func backEnd(ctx context.Context, opts client.PoolOptions, orders <-chan string, report func(name string, err error)) error {
	pool, err := client.NewPool(opts)
	if err != nil {
		return err
	}
	register := func(name string) error {
		for {
			q, sent := &domain.Create{Name: name, Registrant: "jr-1", AuthInfo: &epp.AuthInfo{}}, time.Now()
			_, err := client.Do(ctx, pool, q)
			if !client.OutcomeUnknown(err) {
				return err // it is done, or was refused, or was never sent
			}
			switch was, err := reconcile.Reconcile(ctx, pool, &epp.Command{Request: q}, reconcile.Options{ClID: opts.Credentials.ClID, Sent: sent}); was.Outcome {
			case reconcile.Done:
				return nil
			case reconcile.CantTell: // somebody has to look
				return errors.Join(errors.New(was.String()), err)
			} // it was not done, and is sent again
		}
	}
	var workers sync.WaitGroup
	for range 64 {
		workers.Go(func() {
			for name := range orders {
				report(name, register(name))
			}
		})
	}
	workers.Wait()
	return pool.Shutdown(ctx)
}

// README: end

// README: begin
func registryPool(schema *epp.Schema, tc *tls.Config, password epp.Secret) client.PoolOptions {
	return client.PoolOptions{
		Options: client.Options{
			Schema: schema, TLS: tc, // roots, and the certificate of the registrar
			Credentials: &client.Credentials{ClID: "REG-EXAMPLE", PW: password, Extend: loginsec.Extend},
			Log:         slog.Default(), // what happens to the pool; at the debug level frames, without secrets
		},
		Addresses:   []string{"epp1.registry.example", "epp2.registry.example"},
		MaxSessions: 5,
	}
}

// README: end

func TestREADMEPoolOptions(t *testing.T) {
	p, err := client.NewPool(registryPool(nil, nil, "metronome-3"))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
}

// The registry is restarted while the back end is at work, again and again, the harder
// way: its connections break off, and its state comes back from its journal on disk. And
// some answers are lost on the way, of commands that were executed and of others.
func TestBackEndSurvivesRestarts(t *testing.T) {
	const domains, restarts = 1200, 6
	ca, err := mockserver.NewAuthority()
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "registry")
	start := func(addr string) (*gtld.Registry, *mockserver.Server, func()) {
		reg, err := gtld.New(gtld.Options{Options: registry.Options{HashIterations: 10}, SecureAuthInfo: true})
		require.NoError(t, err)
		kept, err := reg.KeepIn(dir, registry.KeepOptions{})
		require.NoError(t, err)
		srv, err := mockserver.New(mockserver.Options{
			Registry: reg, Listen: addr, Authority: ca,
			Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return srv.Start() == nil }, 10*time.Second, 5*time.Millisecond)
		for _, kind := range []fault.Kind{fault.CommitThenDrop, fault.DropBeforeCommit} {
			_, err := srv.Faults().Add(fault.Fault{Kind: kind, Match: fault.Match{Match: match.Match{Verb: "create"}}, Times: 5})
			require.NoError(t, err)
		}
		return reg, srv, func() {
			require.NoError(t, srv.Drop(context.Background()))
			require.NoError(t, srv.Close())
			require.NoError(t, kept.Close())
		}
	}
	reg, srv, stop := start("")
	opts := client.PoolOptions{
		Options: client.Options{
			Schema: reg.Schema(), TLS: srv.ClientTLS("reg-north"),
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		},
		Addresses: []string{srv.Addr()}, MaxSessions: 5, Depth: 4,
		Backoff: client.Backoff{Min: 10 * time.Millisecond, Max: 100 * time.Millisecond},
	}
	orders := make(chan string)
	var mu sync.Mutex
	outcomes := map[string]error{}
	var running sync.WaitGroup
	running.Go(func() {
		err := backEnd(t.Context(), opts, orders, func(name string, err error) {
			mu.Lock()
			defer mu.Unlock()
			outcomes[name] = err
		})
		if err != nil {
			t.Error(err)
		}
	})
	random := rand.New(rand.NewPCG(6, 6))
	next := 0
	for range restarts {
		for range domains/restarts/2 + random.IntN(domains/restarts/2) {
			orders <- fmt.Sprintf("order-%d.example", next)
			next++
		}
		addr := srv.Addr()
		stop()
		reg, srv, stop = start(addr)
	}
	for ; next < domains; next++ {
		orders <- fmt.Sprintf("order-%d.example", next)
	}
	close(orders)
	running.Wait()
	require.Len(t, outcomes, domains)
	for name, err := range outcomes {
		require.NoError(t, err, name)
		d, there := reg.Domain(name)
		require.True(t, there, name)
		require.Equal(t, "reg-north", d.ClID)
	}
	stop()
}
