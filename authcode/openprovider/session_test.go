package openprovider_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// within carries requests to a handler without a network.
type within struct{ http.Handler }

func (w within) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return rec.Result(), nil
}

// system is an Openprovider whose logins can be held up, and whose tokens can be ended.
type system struct {
	mu     sync.Mutex
	logins int
	good   string // the token that is accepted
	status int    // of an answer to another token
	bare   bool   // such an answer has no envelope

	hold  chan struct{} // a login waits for it; nil for none
	wrong bool          // logins are refused

	calls atomic.Int32 // with the good token
	bad   atomic.Int32 // with another
}

func (s *system) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v1beta/auth/login" {
		s.mu.Lock()
		s.logins++
		token, wrong := fmt.Sprintf("token-%d", s.logins), s.wrong
		s.mu.Unlock()
		if s.hold != nil {
			select {
			case <-s.hold:
			case <-r.Context().Done():
				return
			}
		}
		if wrong {
			says(500, `{"code":196,"desc":"no","data":""}`)(w, r)
			return
		}
		s.mu.Lock()
		s.good = token
		s.mu.Unlock()
		fmt.Fprintf(w, `{"code":0,"desc":"","data":{"token":%q,"reseller_id":"12"}}`, token)
		return
	}
	s.mu.Lock()
	ok := s.good != "" && r.Header.Get("Authorization") == "Bearer "+s.good
	status, bare := s.status, s.bare
	s.mu.Unlock()
	switch {
	case !ok:
		s.bad.Add(1)
		body := `{"code":196,"desc":"no","data":""}`
		if bare {
			body = ""
		}
		says(status, body)(w, r)
	case r.URL.Path == "/v1beta/domains":
		io.WriteString(w, found)
	default:
		s.calls.Add(1)
		io.WriteString(w, `{"code":0,"desc":"","data":{"auth_code":"c","success":true,"type":"external"}}`)
	}
}

func (s *system) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.good = "ended"
}

func (s *system) client(t *testing.T, with ...func(*openprovider.Options)) *openprovider.Client {
	with = append([]func(*openprovider.Options){byPassword, func(o *openprovider.Options) {
		o.Client = &http.Client{Transport: within{s}}
	}}, with...)
	return dial(t, "https://api.example/v1beta", with...)
}

func reset(ctx context.Context, c *openprovider.Client) error {
	_, err := c.ResetAuthCode(ctx, id, name, "")
	return err
}

func TestOneLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &system{hold: make(chan struct{})}
		c := s.client(t)
		errs := make(chan error, 64)
		for range 64 {
			go func() { errs <- reset(t.Context(), c) }()
		}
		synctest.Wait()
		require.Equal(t, 1, s.logins)

		// Who waits, waits as long as its own context lasts.
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(gone)
		err := reset(ctx, c)
		require.ErrorIs(t, err, gone)
		require.True(t, authcode.SafeToRetry(err))

		close(s.hold)
		for range 64 {
			require.NoError(t, <-errs)
		}
		require.Equal(t, 1, s.logins)
		require.EqualValues(t, 64, s.calls.Load())
	})
}

// TestLoginHandedOn: the one who logs in gives up, and another one goes on.
func TestLoginHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &system{hold: make(chan struct{})}
		c := s.client(t)
		ctx, cancel := context.WithCancel(t.Context())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { first <- reset(ctx, c) }()
		synctest.Wait()
		go func() { second <- reset(t.Context(), c) }()
		synctest.Wait()
		cancel()
		err := <-first
		require.True(t, authcode.SafeToRetry(err), "%v", err)
		synctest.Wait()
		require.Equal(t, 2, s.logins)
		close(s.hold)
		require.NoError(t, <-second)
	})
}

// TestLoginRefused: a wrong password is tried once for all who wait.
func TestLoginRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &system{hold: make(chan struct{}), wrong: true}
		c := s.client(t)
		errs := make(chan error, 8)
		for range 8 {
			go func() { errs <- reset(t.Context(), c) }()
		}
		synctest.Wait()
		close(s.hold)
		for range 8 {
			require.ErrorContains(t, <-errs, "196")
		}
		require.Equal(t, 1, s.logins)
		require.Zero(t, s.calls.Load()+s.bad.Load())

		out, err := c.HandOver(t.Context(), request(authcode.Retrieve, ""))
		require.NoError(t, err)
		require.Equal(t, authcode.Unauthorized, out.(authcode.Refused).Class)
	})
}

func TestRenewal(t *testing.T) {
	for _, row := range []struct {
		name   string
		status int
		bare   bool
	}{
		{"196 with 401", 401, false},
		{"196 with 500", 500, false},
		{"196 with 200", 200, false},
		{"401 without a body", 401, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := &system{status: row.status, bare: row.bare}
			c := s.client(t)
			require.NoError(t, reset(t.Context(), c))
			s.end()
			require.NoError(t, reset(t.Context(), c))
			require.Equal(t, 2, s.logins)
			require.EqualValues(t, 2, s.calls.Load())
			require.EqualValues(t, 1, s.bad.Load())
		})
	}
}

// TestRenewalOnce: a system that takes no token at all is not asked for ever.
func TestRenewalOnce(t *testing.T) {
	s := &system{status: 401}
	c := s.client(t, func(o *openprovider.Options) {
		o.Client = &http.Client{Transport: within{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.ServeHTTP(w, r)
			s.end()
		})}}
	})
	err := reset(t.Context(), c)
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.Unauthorized})
	require.Equal(t, 2, s.logins)
	require.EqualValues(t, 2, s.bad.Load())
}

// TestRenewalShared: many find the token ended at once, and one gets the next.
func TestRenewalShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &system{status: 401}
		c := s.client(t)
		require.NoError(t, reset(t.Context(), c))
		s.end()
		s.hold = make(chan struct{})
		errs := make(chan error, 32)
		for range 32 {
			go func() { errs <- reset(t.Context(), c) }()
		}
		synctest.Wait()
		close(s.hold)
		for range 32 {
			require.NoError(t, <-errs)
		}
		require.Equal(t, 2, s.logins)
		require.EqualValues(t, 33, s.calls.Load())
	})
}

// TestRenewalLate: who hears late that the old token has ended does not end the new one.
func TestRenewalLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &system{status: 401}
		late := make(chan struct{})
		var held atomic.Bool
		c := s.client(t, func(o *openprovider.Options) {
			o.Client = &http.Client{Transport: within{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				s.ServeHTTP(w, r)
				if s.bad.Load() == 1 && held.CompareAndSwap(false, true) {
					<-late
				}
			})}}
		})
		require.NoError(t, reset(t.Context(), c))
		s.end()
		first := make(chan error, 1)
		go func() { first <- reset(t.Context(), c) }()
		synctest.Wait()
		require.NoError(t, reset(t.Context(), c))
		close(late)
		require.NoError(t, <-first)
		require.Equal(t, 2, s.logins)
	})
}

func TestTokenTTL(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &system{status: 401}
	c := s.client(t, func(o *openprovider.Options) { o.Now = func() time.Time { return now } })
	for _, step := range []struct {
		after  time.Duration
		logins int
	}{{0, 1}, {47*time.Hour - 1, 1}, {1, 2}, {46 * time.Hour, 2}, {time.Hour, 3}} {
		now = now.Add(step.after)
		require.NoError(t, reset(t.Context(), c))
		require.Equal(t, step.logins, s.logins)
	}
	require.Zero(t, s.bad.Load())
}

// TestReadyToken: somebody else's token is used as it is, and not renewed.
func TestReadyToken(t *testing.T) {
	s := &system{status: 401}
	c := s.client(t, func(o *openprovider.Options) { o.Username, o.Password, o.Token = "", "", "mine" })
	s.good = "mine"
	require.NoError(t, reset(t.Context(), c))
	s.end()
	no, _ := authcode.AsRefused(reset(t.Context(), c))
	require.Equal(t, authcode.Unauthorized, no.Class)
	require.Zero(t, s.logins)
	require.EqualValues(t, 1, s.bad.Load())
	_, err := c.Login(t.Context())
	no, _ = authcode.AsRefused(err)
	require.Equal(t, authcode.Unauthorized, no.Class)
	require.Zero(t, s.logins)
}

func TestLogin(t *testing.T) {
	s := &system{}
	l, err := s.client(t).Login(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, "token-1", l.Token)
	require.EqualValues(t, 12, l.ResellerID)
	// No answer to a login is one about a domain.
	for _, row := range []struct {
		status int
		body   string
		class  authcode.Class // "" for an error
	}{
		{404, "<html>", ""},
		{400, "", ""},
		{500, `{"code":353,"desc":"none","data":""}`, ""},
		{400, `{"code":300,"desc":"no","data":""}`, ""},
		{500, `{"code":320,"desc":"no","data":""}`, authcode.Unauthorized},
		{403, "<html>", authcode.Unauthorized},
	} {
		srv := newHostile(t, says(row.status, row.body))
		out, err := dial(t, srv.URL, byPassword).HandOver(t.Context(), request(authcode.Retrieve, ""))
		no, _ := out.(authcode.Refused)
		require.Equal(t, row.class, no.Class, row.body)
		require.Equal(t, row.class == "", authcode.SafeToRetry(err), row.body)
	}
	for body, class := range map[string]authcode.Class{
		`{"code":0,"desc":"","data":{"reseller_id":1}}`: "",
		`{"code":0,"desc":"","data":"token"}`:           "",
		`<html>`:                                        "",
		`{"code":50,"desc":"limit","data":""}`:          authcode.RateLimited,
	} {
		srv := httptest.NewServer(says(500, body))
		if class == "" {
			srv.Config.Handler = says(200, body)
		}
		t.Cleanup(srv.Close)
		_, err := dial(t, srv.URL, byPassword).Login(t.Context())
		if class == "" {
			require.True(t, authcode.SafeToRetry(err), "%v", err)
			continue
		}
		no, _ := authcode.AsRefused(err)
		require.Equal(t, class, no.Class)
	}
}

func TestNew(t *testing.T) {
	for _, o := range []openprovider.Options{
		{},
		{Username: "u"},
		{Password: "p"},
		{Username: "u", Password: "p", Token: "t"},
		{Username: "u", Token: "t"},
		{Password: "p", Token: "t"},
		{Token: "t", HTTP: authcode.HTTP{Base: "ftp://x"}},
	} {
		_, err := openprovider.New(o)
		require.Error(t, err, "%+v", o)
	}
}
