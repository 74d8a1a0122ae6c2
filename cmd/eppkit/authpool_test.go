package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// What stopped a gateway's pool is tried again after a rest, with the password of then.
func TestRegistryPoolMends(t *testing.T) {
	for name, row := range map[string]struct {
		stop error
		rest time.Duration
	}{
		"a login that is refused": {&client.LoginError{ClID: "reg-north", Err: epp.Refuse(epp.AuthenticationError)}, 15 * time.Minute},
		"no such name":            {&net.DNSError{Err: "no such host", IsNotFound: true}, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				a := &app{stdio: stdio{err: &oneAtATime{w: &log}}}
				p := new(provider)
				var mu sync.Mutex // what follows
				noRoute, unread := errors.New("no route"), errors.New("the file is gone")
				var with []epp.Secret // of the attempts
				pw, broken := epp.Secret("sesame-1"), false
				x := a.newRegistryPool(p, "north", func(context.Context) (client.PoolOptions, error) {
					mu.Lock()
					defer mu.Unlock()
					if broken {
						return client.PoolOptions{}, unread
					}
					now := pw
					return client.PoolOptions{
						Addresses: []string{"epp.registry.example"},
						Options: client.Options{
							Credentials: &client.Credentials{ClID: "reg-north", PW: now},
							DialContext: func(context.Context, string, string) (net.Conn, error) {
								mu.Lock()
								defer mu.Unlock()
								with = append(with, now)
								if now == "sesame-1" {
									return nil, row.stop
								}
								return nil, noRoute
							},
						},
					}, nil
				})
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan bool)
				go func() { x.mend(ctx); close(done) }()
				set := func(isBroken bool, now epp.Secret) {
					mu.Lock()
					defer mu.Unlock()
					broken, pw = isBroken, now
				}
				attempts := func(want ...epp.Secret) {
					t.Helper()
					mu.Lock()
					defer mu.Unlock()
					require.Equal(t, want, with)
				}
				ask := func(want error) {
					t.Helper()
					start := time.Now()
					_, err := client.Do(t.Context(), x, &domain.Check{Names: []string{"sauna.example"}})
					require.ErrorIs(t, err, want)
					require.True(t, client.SafeToRetry(err))
					require.Equal(t, start, time.Now(), "at once")
					require.Error(t, x.ready(t.Context()))
				}
				ask(client.ErrStopped)
				time.Sleep(row.rest - time.Nanosecond)
				ask(client.ErrStopped)
				attempts("sesame-1") // in the rest
				time.Sleep(time.Nanosecond)
				synctest.Wait()
				ask(client.ErrStopped)
				attempts("sesame-1", "sesame-1") // the password is the same

				t.Log("the password can't be read")
				set(true, "")
				time.Sleep(row.rest)
				synctest.Wait()
				ask(client.ErrStopped)
				attempts("sesame-1", "sesame-1")
				t.Log("there is another password")
				set(false, "sesame-2")
				time.Sleep(row.rest)
				synctest.Wait()
				ask(noRoute)
				attempts("sesame-1", "sesame-1", "sesame-2")

				cancel()
				<-done
				a.closeProvider(t.Context(), p, closeTimeout)
				require.Equal(t, 3, strings.Count(log.String(), "somebody has to look"), "%s", log.String())
				require.Contains(t, log.String(), "registry=north")
				require.Contains(t, log.String(), unread.Error())
				require.NotContains(t, log.String(), "sesame")
			})
		})
	}
}

// A command shows its error once; a gateway logs what happens.
func TestRegistryPoolTells(t *testing.T) {
	for _, level := range []slog.Level{slog.LevelInfo, slog.LevelWarn} {
		var log bytes.Buffer
		a := &app{stdio: stdio{err: &log}, logLevel: level}
		x := a.newRegistryPool(new(provider), "north", nil)
		x.told(client.OpenFailed{Err: errors.New("no route")})
		x.told(client.Stopped{Err: errors.New("refused")})
		x.told(client.ServicesChanged{Added: []string{"urn:example:lantern"}})
		require.Equal(t, level == slog.LevelInfo, strings.Contains(log.String(), "no route"))
		require.Equal(t, level == slog.LevelInfo, strings.Contains(log.String(), "refused"))
		require.Contains(t, log.String(), "urn:example:lantern")
	}
}

// serveOver is a gateway over a mock registry with the sessions of a profile.
func serveOver(t *testing.T, password, sessions string) (*served, *mockserver.Server) {
	t.Helper()
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	dir := t.TempDir()
	writeFile(t, dir, "ca.pem", string(srv.CAPEM()))
	writeFile(t, dir, "pw", password)
	accounts := writeFile(t, dir, "accounts.yaml", "accounts: [{name: n, key: k-1, domains: ['*']}]\n")
	conf := writeFile(t, dir, "eppkit.yaml", fmt.Sprintf(`profiles:
  north: {address: %q, registry: gtld, clID: reg-north, password: {file: pw}, roots: ca.pem, sessions: %s}
authcode: {state: state}
`, srv.Addr(), sessions))
	return serveFront(t, nil, "--config", conf, "authcode", "serve", "--upstream", "north", "--accounts", accounts), srv
}

func received(verb string) mockserver.Match {
	return mockserver.And(mockserver.Received, mockserver.Verb(verb))
}

// A gateway whose password is wrong says so, and logs in once.
func TestServeRefusedLogin(t *testing.T) {
	s, srv := serveOver(t, "wrong-Gate9", "{max: 2, min: 1}")
	for range 5 {
		status, body := s.get("/readyz")
		require.Equal(t, http.StatusServiceUnavailable, status)
		require.Equal(t, "a registry has to be looked at, as the log says\n", body)
		status, _ = s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", "k-1")
		require.GreaterOrEqual(t, status, http.StatusInternalServerError)
	}
	s.err.wait(t, "somebody has to look at the registry")
	require.Equal(t, exitOK, s.stop())
	require.Equal(t, 1, srv.Journal().Count(received("login")))
	require.NotContains(t, s.err.String(), "wrong-Gate9")
}

// The profile says how many sessions there are, and they are logged out.
func TestServeSessions(t *testing.T) {
	s, srv := serveOver(t, "north-Gate9", "{max: 2, min: 2}")
	require.NoError(t, srv.Journal().WaitFor(t.Context(), 2, received("login")))
	status, body := s.get("/readyz")
	require.Equal(t, http.StatusOK, status, body)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if status, _ := s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", "k-1"); status != http.StatusCreated {
				t.Error(status)
			}
		})
	}
	all.Wait()
	require.Equal(t, exitOK, s.stop())
	for _, verb := range []string{"login", "logout"} {
		require.Equal(t, 2, srv.Journal().Count(received(verb)), verb)
	}
}
