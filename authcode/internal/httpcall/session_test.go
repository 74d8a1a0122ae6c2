package httpcall_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// guarded is a system that lets in who has its token.
type guarded struct {
	token string
	seen  []string // tokens, in order
}

func (g *guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	g.seen = append(g.seen, token)
	status := 200
	if token != g.token {
		status = 401
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

func (g *guarded) caller(t *testing.T, now func() time.Time) *httpcall.Caller {
	c, err := httpcall.New("test", "https://api.example", authcode.HTTP{Client: &http.Client{Transport: g}, Now: now})
	require.NoError(t, err)
	return c
}

func unauthorized(r *httpcall.Reply) bool { return r.Status == 401 }

// TestSession renews a token that is old before it is used, and one that is not taken once.
func TestSession(t *testing.T) {
	now := time.Date(2031, 2, 3, 0, 0, 0, 0, time.UTC)
	g := &guarded{token: "t1"}
	n := 0
	c := g.caller(t, func() time.Time { return now })
	s := httpcall.NewSession(c, func(context.Context) (authcode.Secret, time.Time, error) {
		n++
		return authcode.Secret(fmt.Sprintf("t%d", n)), now.Add(time.Hour), nil
	})
	do := func(status int, seen ...string) {
		t.Helper()
		g.seen = nil
		r, err := s.Do(t.Context(), unsafe, unauthorized)
		require.NoError(t, err)
		require.Equal(t, status, r.Status)
		require.Equal(t, seen, g.seen)
	}
	do(200, "t1")
	now = now.Add(time.Hour - 1)
	do(200, "t1")
	now, g.token = now.Add(1), "t2"
	do(200, "t2")
	g.token = "t3"
	do(200, "t2", "t3")
	g.token = "nobody's"
	do(401, "t3", "t4")
	require.Equal(t, authcode.Secret("t4"), s.Take())
	require.Empty(t, s.Take())
	g.token = "t5"
	do(200, "t5")

	s = httpcall.GivenSession(c, "mine")
	do(401, "mine")
	require.Nil(t, unsafe.Header, "the caller's header is left as it was")
	require.NotContains(t, fmt.Sprintf("%+v", struct{ s *httpcall.Session }{s}), "mine")
}

// TestSessionShared: who waits for the opening gets its result, but for that of one who
// gave up.
func TestSessionShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &guarded{token: "t"}
		n, release := 0, make(chan error)
		s := httpcall.NewSession(g.caller(t, nil), func(ctx context.Context) (authcode.Secret, time.Time, error) {
			n++
			select {
			case err := <-release:
				return "", time.Time{}, err
			case <-ctx.Done():
				return "", time.Time{}, context.Cause(ctx)
			}
		})
		start := func(ctx context.Context) chan error {
			done := make(chan error, 1)
			go func() {
				_, err := s.Do(ctx, unsafe, unauthorized)
				done <- err
			}()
			synctest.Wait()
			return done
		}
		gone := errors.New("gone")
		ctx, leave := context.WithCancelCause(t.Context())
		first, second := start(ctx), start(t.Context())
		third := start(ctx)
		leave(gone)
		require.ErrorIs(t, <-first, gone)
		err := <-third
		require.ErrorIs(t, err, gone)
		require.True(t, authcode.SafeToRetry(err))
		synctest.Wait()
		fourth := start(t.Context())
		require.Equal(t, 2, n, "another one goes on")
		wrong := errors.New("wrong password")
		release <- wrong
		require.Equal(t, wrong, <-second)
		require.Equal(t, wrong, <-fourth)
		require.Equal(t, 2, n)
		require.Empty(t, g.seen)
	})
}
