package netim_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/netim"
)

// A door is an upstream without a network: it lets in who has the token of the day.
type door struct {
	mu     sync.Mutex
	opened int
	closed bool          // nobody gets a session
	slow   chan struct{} // unless nil, a session opens when this is closed
	calls  map[string]int
}

func (d *door) token() string { return fmt.Sprintf("token-%d", d.opened) }

// change ends the session.
func (d *door) change() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened += 1000
}

func (d *door) RoundTrip(r *http.Request) (*http.Response, error) {
	what := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/1.0/")
	if what == "POST session/" && d.slow != nil {
		select {
		case <-d.slow:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.calls == nil {
		d.calls = map[string]int{}
	}
	d.calls[what]++
	answer := func(status int, body string) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	switch {
	case what == "POST session/" && d.closed:
		return answer(401, `{"message":"not you"}`)
	case what == "POST session/":
		d.opened++
		return answer(200, `{"access_token":"`+d.token()+`"}`)
	case r.Header.Get("Authorization") != "Bearer "+d.token():
		return answer(401, `{"message":"who?"}`)
	case what == info:
		return answer(200, `{"domain":"birch.example","authID":"new-Code-9"}`)
	case r.Method == http.MethodDelete:
		return answer(204, "")
	}
	return answer(200, `{"ID_OPE":5,"STATUS":"Done"}`)
}

func (d *door) client(t testing.TB) *netim.Client {
	return dial(t, "http://netim.example", netim.V1, func(o *netim.Options) { o.Client = &http.Client{Transport: d} })
}

var (
	reading = authcode.Request{Domain: "birch.example", Verb: authcode.Retrieve}
	sending = authcode.Request{Domain: "birch.example", Verb: authcode.Send, To: authcode.Registrant}
)

// TestOneSession: those who call at once share one session, and renew it once.
func TestOneSession(t *testing.T) {
	d := &door{slow: make(chan struct{})}
	c := d.client(t)
	all := func(r authcode.Request) {
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				out, err := c.HandOver(t.Context(), r)
				if err != nil || out.Kind() == authcode.KindRefused {
					t.Errorf("%v, %v", out, err)
				}
			})
		}
		wg.Wait()
	}
	go close(d.slow)
	all(reading)
	require.Equal(t, 1, d.opened)
	d.change()
	all(sending)
	require.Equal(t, 1002, d.opened, "renewed once")
	require.GreaterOrEqual(t, d.calls[authID], 30)
	require.LessOrEqual(t, d.calls[authID], 60, "each repeated once at most")
	require.NoError(t, c.Close(t.Context()))
	_, err := c.HandOver(t.Context(), reading)
	require.NoError(t, err)
	require.Equal(t, 1003, d.opened, "a call after Close opens another")
	d.change()
	require.NoError(t, c.Close(t.Context()), "Netim ended it before")
}

// TestRenewedOnce: of two calls in a session that has ended, the one that hears of it
// later uses what the other one opened.
func TestRenewedOnce(t *testing.T) {
	d := &door{}
	late, held := make(chan struct{}), make(chan struct{})
	c := dial(t, "http://netim.example", netim.V1, func(o *netim.Options) {
		var one atomic.Bool
		o.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := d.RoundTrip(r)
			if resp.StatusCode == http.StatusUnauthorized && one.CompareAndSwap(false, true) {
				close(held)
				<-late
			}
			return resp, err
		})}
	})
	_, err := c.HandOver(t.Context(), reading)
	require.NoError(t, err)
	d.change()
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := c.HandOver(t.Context(), sending)
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	_, err = c.HandOver(t.Context(), reading)
	require.NoError(t, err)
	require.Equal(t, 1002, d.opened)
	close(late)
	wg.Wait()
	require.Equal(t, 1002, d.opened)
	require.Equal(t, 2, d.calls[authID])
}

// TestWaiting: who waits for another's session gives up by its own context, and tries
// itself when the other one has given up.
func TestWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &door{slow: make(chan struct{})}
		c := d.client(t)
		first, leave := context.WithCancel(t.Context())
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var mu sync.Mutex
		ended := map[string]error{}
		results := func() map[string]error {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return maps.Clone(ended)
		}
		for name, ctx := range map[string]context.Context{"first": first, "hasty": hasty, "patient": t.Context()} {
			go func() {
				if name != "first" {
					time.Sleep(time.Millisecond) // after the first one
				}
				_, err := c.HandOver(ctx, sending)
				mu.Lock()
				defer mu.Unlock()
				ended[name] = err
			}()
		}
		require.Empty(t, results())

		time.Sleep(2 * time.Second)
		require.Len(t, results(), 1)
		require.ErrorIs(t, results()["hasty"], context.DeadlineExceeded)
		require.True(t, authcode.SafeToRetry(results()["hasty"]))

		leave()
		require.Len(t, results(), 2)
		require.ErrorIs(t, results()["first"], context.Canceled)
		require.True(t, authcode.SafeToRetry(results()["first"]))

		close(d.slow)
		require.Len(t, results(), 3)
		require.NoError(t, results()["patient"])
		require.Equal(t, 1, d.opened)
		require.Equal(t, 1, d.calls[authID])
	})
}

// TestNoSession: credentials that are wrong are tried once for all who wait, and not
// taken for the answer to the call.
func TestNoSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &door{slow: make(chan struct{}), closed: true}
		c := d.client(t)
		var refused atomic.Int32
		for range 5 {
			go func() {
				out, err := c.HandOver(t.Context(), sending)
				if no, ok := out.(authcode.Refused); err == nil && ok && no.Class == authcode.Unauthorized && no.Text == "not you" {
					refused.Add(1)
				}
			}()
		}
		synctest.Wait()
		close(d.slow)
		synctest.Wait()
		require.Equal(t, int32(5), refused.Load())
		require.Equal(t, 1, d.calls["POST session/"])
		require.Zero(t, d.calls[authID])
	})
}

// TestOpening holds the answers to the opening of a session: none makes a call Unknown,
// and none is asked for twice.
func TestOpening(t *testing.T) {
	for name, row := range map[string]struct {
		answer  http.HandlerFunc
		refused authcode.Class
	}{
		"wrong secret":    {says(401, `{"message":"no"}`), authcode.Unauthorized},
		"quota":           {says(429, `{"message":"no"}`), authcode.RateLimited},
		"out of service":  {says(503, `{"message":"no"}`), authcode.Unavailable},
		"403":             {says(403, `{"message":"no"}`), authcode.Unauthorized},
		"404":             {says(404, `{"message":"no"}`), ""},
		"404, a page":     {says(404, `<html>`), ""},
		"400":             {says(400, `{"message":"no"}`), ""},
		"a proxy":         {says(503, `<html>`), ""},
		"broken down":     {says(500, `{"message":"no"}`), ""},
		"a page":          {says(200, `<html>`), ""},
		"no token":        {says(200, `{}`), ""},
		"nothing":         {says(200, ``), ""},
		"another kind":    {says(200, `{"access_token":7}`), ""},
		"closed too soon": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, map[string]http.HandlerFunc{"POST session/": row.answer})
			out, err := dial(t, u.URL, netim.V1).HandOver(t.Context(), sending)
			require.Equal(t, 1, u.requests("POST session/"))
			require.Len(t, u.seen, 1)
			if row.refused != "" {
				require.NoError(t, err)
				require.Equal(t, row.refused, out.(authcode.Refused).Class)
				return
			}
			require.True(t, authcode.SafeToRetry(err), "%v", err)
		})
	}
}

// TestClose takes what there is.
func TestClose(t *testing.T) {
	for name, row := range map[string]struct {
		answer http.HandlerFunc
		ok     bool
	}{
		"a body": {says(200, `{"message":"bye"}`), true}, "no content": {says(204, ""), true}, "empty": {says(200, ""), true},
		"ended before": {says(401, `{"message":"who?"}`), true}, "refused": {says(403, `{"message":"no"}`), false}, "broken": {says(500, ""), false},
	} {
		u := newUpstream(t, map[string]http.HandlerFunc{"DELETE session/": row.answer, authID: says(200, `{"ID_OPE":5,"STATUS":"Done"}`)})
		c := dial(t, u.URL, netim.V1)
		_, err := c.HandOver(t.Context(), sending)
		require.NoError(t, err)
		require.Equal(t, row.ok, c.Close(t.Context()) == nil, name)
		require.Equal(t, 1, u.requests("DELETE session/"), name)
	}
}

// TestExpiry: the session of our own handler ends, and the client goes on.
func TestExpiry(t *testing.T) {
	var now atomic.Int64
	p := newFake()
	srv := serve(t, p, gateway.Options{Now: func() time.Time { return noon.Add(time.Duration(now.Load())) }}, netim.HandlerOptions{KeepCode: true})
	c := dial(t, srv.URL, netim.V1)
	for range 3 {
		out, err := c.HandOver(t.Context(), sending)
		require.NoError(t, err)
		require.Equal(t, authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}, out)
		require.Equal(t, []string{"send to registrant birch.example"}, p.took())
		now.Add(int64(time.Hour))
	}
}
