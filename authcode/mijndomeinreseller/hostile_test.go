package mijndomeinreseller_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
)

// TestHostile meets servers that misbehave. The outcome is unknown, and the request is
// made once.
func TestHostile(t *testing.T) {
	const head = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
	for name, serve := range map[string]func(net.Conn, context.CancelFunc){
		"closes before the answer": func(net.Conn, context.CancelFunc) {},
		"closes in the head":       func(c net.Conn, _ context.CancelFunc) { io.WriteString(c, head) },
		"closes in the body": func(c net.Conn, _ context.CancelFunc) {
			io.WriteString(c, head+"Content-Length: 99\r\n\r\n{\"auth_code\":\"c0de")
		},
		"closes in a chunk": func(c net.Conn, _ context.CancelFunc) {
			io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n20\r\n{\"auth_code\":\"c0de")
		},
		"speaks no HTTP":                 func(c net.Conn, _ context.CancelFunc) { io.WriteString(c, "c0de\r\n\r\n") },
		"hangs before the answer":        hang(""),
		"hangs in the head":              hang(head),
		"hangs in the body":              hang(head + "Content-Length: 99\r\n\r\n{\"auth_code\":\"c0de"),
		"goes on without end":            func(c net.Conn, _ context.CancelFunc) { endless(c, head+"\r\n") },
		"goes on in the head":            func(c net.Conn, _ context.CancelFunc) { endless(c, "HTTP/1.1 201 Created\r\nX: ") },
		"goes on after the code, padded": func(c net.Conn, _ context.CancelFunc) { endless(c, head+"\r\n{\"auth_code\":\"c0de\"}") },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			base, requests := listen(t, func(c net.Conn) { serve(c, cancel) })
			c, err := mijndomeinreseller.New(mijndomeinreseller.Options{
				HTTP: authcode.HTTP{Base: base, MaxBody: 1 << 16, Backoff: time.Nanosecond}, Key: key,
			})
			require.NoError(t, err)
			_, err = c.HandOver(ctx, regenerate)
			require.True(t, authcode.OutcomeUnknown(err), "%v", err)
			require.False(t, authcode.SafeToRetry(err))
			require.NotContains(t, err.Error(), "c0de")
			require.EqualValues(t, 1, requests.Load())
			var e *authcode.Error
			require.ErrorAs(t, err, &e)
			require.LessOrEqual(t, len(e.Body), 1<<16)
		})
	}
}

// hang says a part of an answer, has the client give up, and waits for it to go.
func hang(part string) func(net.Conn, context.CancelFunc) {
	return func(c net.Conn, giveUp context.CancelFunc) {
		_, _ = io.WriteString(c, part)
		giveUp()
		_, _ = io.Copy(io.Discard, c)
	}
}

// endless writes until the client goes.
func endless(c net.Conn, head string) {
	_, err := io.WriteString(c, head)
	for junk := bytes.Repeat([]byte(" "), 1<<12); err == nil; {
		_, err = c.Write(junk)
	}
}

// listen is a server that reads requests and has serve answer them. It counts them.
func listen(t *testing.T, serve func(net.Conn)) (base string, requests *atomic.Int32) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	requests = new(atomic.Int32)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				requests.Add(1)
				serve(conn)
			}
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return "http://" + l.Addr().String(), requests
}

// silent is a RoundTripper to a system that does not answer.
type silent struct{ requests int }

func (s *silent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.requests++
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestTimeout bounds a call by the client's own limit.
func TestTimeout(t *testing.T) {
	for _, limit := range []time.Duration{0, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := &silent{}
			c, err := mijndomeinreseller.New(mijndomeinreseller.Options{
				HTTP: authcode.HTTP{Client: &http.Client{Transport: s}, Timeout: limit}, Key: key,
			})
			require.NoError(t, err)
			begin := time.Now()
			_, err = c.HandOver(t.Context(), regenerate)
			require.Equal(t, cmp.Or(limit, 30*time.Second), time.Since(begin))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, authcode.OutcomeUnknown(err))
			require.Equal(t, 1, s.requests)
		})
	}
}

// TestUnreachable is a call that never got out.
func TestUnreachable(t *testing.T) {
	srv := httptest.NewServer(nil)
	srv.Close()
	c, err := mijndomeinreseller.New(mijndomeinreseller.Options{
		HTTP: authcode.HTTP{Base: srv.URL, Backoff: time.Nanosecond}, Key: key,
	})
	require.NoError(t, err)
	_, err = c.HandOver(t.Context(), regenerate)
	require.True(t, authcode.SafeToRetry(err), "%v", err)
}

// TestRedirect keeps the key where it belongs: a POST is sent nowhere else, not even on
// the same host.
func TestRedirect(t *testing.T) {
	var elsewhere atomic.Int32
	away := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer away.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{away.URL, "/v2/domains/alpha.example/auth_code"} {
			calls := 0
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls++
				http.Redirect(w, r, to, status)
			}))
			c, err := mijndomeinreseller.New(mijndomeinreseller.Options{HTTP: authcode.HTTP{Base: srv.URL}, Key: key})
			require.NoError(t, err)
			_, err = c.HandOver(t.Context(), regenerate)
			srv.Close()
			require.Equal(t, status < 307, authcode.OutcomeUnknown(err), "it may be the answer to what was done")
			require.Equal(t, status >= 307, authcode.SafeToRetry(err))
			require.Equal(t, 1, calls)
		}
	}
	require.Zero(t, elsewhere.Load())
}
