package httpcall_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// TestRepeat says which answers have a safe call made again, how often, and when.
func TestRepeat(t *testing.T) {
	const busy = "HTTP/1.1 503 Service Unavailable" + empty
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of the bubble
	for name, r := range map[string]struct {
		answers  []string
		opts     authcode.HTTP
		call     httpcall.Call
		requests int
		after    time.Duration
		status   int // 0 for an error
	}{
		"a good answer":              {[]string{ok}, authcode.HTTP{}, safe, 1, 0, 200},
		"not found":                  {[]string{"HTTP/1.1 404 Not Found" + empty}, authcode.HTTP{}, safe, 1, 0, 404},
		"a server error":             {[]string{"HTTP/1.1 500 Oops" + empty}, authcode.HTTP{}, safe, 1, 0, 500},
		"429":                        {[]string{"HTTP/1.1 429 Slow" + empty, ok}, authcode.HTTP{}, safe, 2, 250 * time.Millisecond, 200},
		"502":                        {[]string{"HTTP/1.1 502 Bad" + empty, ok}, authcode.HTTP{}, safe, 2, 250 * time.Millisecond, 200},
		"503, 504":                   {[]string{busy, "HTTP/1.1 504 Late" + empty, ok}, authcode.HTTP{}, safe, 3, 750 * time.Millisecond, 200},
		"to the end":                 {[]string{busy}, authcode.HTTP{}, safe, 3, 750 * time.Millisecond, 503},
		"Retries":                    {[]string{busy}, authcode.HTTP{Retries: 3, Backoff: time.Second}, safe, 4, 7 * time.Second, 503},
		"no Retries":                 {[]string{busy}, authcode.HTTP{Retries: -1}, safe, 1, 0, 503},
		"closed":                     {[]string{"", ok}, authcode.HTTP{}, safe, 2, 250 * time.Millisecond, 200},
		"closed to the end":          {[]string{""}, authcode.HTTP{}, safe, 3, 750 * time.Millisecond, 0},
		"garbage":                    {[]string{"garbage\r\n\r\n", ok}, authcode.HTTP{}, safe, 2, 250 * time.Millisecond, 200},
		"Retry-After in seconds":     {[]string{"HTTP/1.1 503 Busy\r\nRetry-After: 7" + empty, ok}, authcode.HTTP{}, safe, 2, 7 * time.Second, 200},
		"Retry-After as a date":      {[]string{"HTTP/1.1 503 Busy\r\nRetry-After: Sat, 01 Jan 2000 00:00:09 GMT" + empty, ok}, authcode.HTTP{}, safe, 2, 9 * time.Second, 200},
		"Retry-After before backoff": {[]string{"HTTP/1.1 503 Busy\r\nRetry-After: Sat, 01 Jan 2000 00:00:00 GMT" + empty, ok}, authcode.HTTP{}, safe, 2, 250 * time.Millisecond, 200},
		"Retry-After, nonsense":      {[]string{"HTTP/1.1 503 Busy\r\nRetry-After: -7" + empty, ok}, authcode.HTTP{}, safe, 2, 250 * time.Millisecond, 200},
		"Retry-After, too long":      {[]string{"HTTP/1.1 503 Busy\r\nRetry-After: 31" + empty, ok}, authcode.HTTP{}, safe, 1, 0, 503},
		"Retry-After, more than ns":  {[]string{"HTTP/1.1 503 Busy\r\nRetry-After: 18446744074" + empty, ok}, authcode.HTTP{}, safe, 1, 0, 503},
		"Retry-After, more than int": {[]string{"HTTP/1.1 503 Busy\r\nRetry-After: 99999999999999999999" + empty, ok}, authcode.HTTP{}, safe, 1, 0, 503},
		"unsafe, 503":                {[]string{busy, ok}, authcode.HTTP{}, unsafe, 1, 0, 503},
		"unsafe, closed":             {[]string{"", ok}, authcode.HTTP{}, unsafe, 1, 0, 0},
		"unsafe, garbage":            {[]string{"garbage\r\n\r\n", ok}, authcode.HTTP{}, unsafe, 1, 0, 0},
		"unsafe, closed in the body": {[]string{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nok", ok}, authcode.HTTP{}, unsafe, 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := answering(r.answers...)
				if name == "unsafe, closed in the body" {
					p.serve = func(c net.Conn) {
						p.read(bufio.NewReader(c))
						_, _ = io.WriteString(c, r.answers[0])
					}
				}
				got, err := caller(t, p.client(t), r.opts).Do(t.Context(), r.call)
				require.Equal(t, r.requests, p.count())
				require.Equal(t, r.after, time.Since(start))
				if r.status == 0 {
					require.Equal(t, !r.call.Safe, authcode.OutcomeUnknown(err))
					require.Error(t, err)
					return
				}
				require.NoError(t, err)
				require.Equal(t, r.status, got.Status)
			})
		})
	}
}

// TestNeverOut repeats a call that changes something as long as it had no connection.
func TestNeverOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := answering(ok)
		client, dials := p.client(t), 0
		tr := client.Transport.(*http.Transport)
		good := tr.DialContext
		tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials++; dials < 3 {
				return nil, errors.New("no route")
			}
			return good(ctx, network, addr)
		}
		r, err := caller(t, client, authcode.HTTP{}).Do(t.Context(), unsafe)
		require.NoError(t, err)
		require.Equal(t, 200, r.Status)
		require.Equal(t, 3, dials)
		require.Equal(t, 1, p.count())
	})
	t.Run("TLS fails", func(t *testing.T) {
		srv := httptest.NewUnstartedServer(http.NotFoundHandler())
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.StartTLS()
		defer srv.Close()
		_, err := caller(t, nil, authcode.HTTP{Base: srv.URL, Retries: -1}).Do(t.Context(), unsafe)
		require.ErrorContains(t, err, "certificate")
		require.True(t, authcode.SafeToRetry(err))
	})
	t.Run("closed in the handshake", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := &peer{serve: func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }}
			q := unsafe
			q.Query = url.Values{"key": {"s3cret"}}
			_, err := caller(t, p.client(t), authcode.HTTP{Base: "https://api.example"}).Do(t.Context(), q)
			require.True(t, authcode.SafeToRetry(err))
			require.Len(t, p.dialled, 3)
			require.NotContains(t, err.Error(), "s3cret")
		})
	})
	t.Run("a header that can't be sent", func(t *testing.T) {
		p := answering(ok)
		q := unsafe
		q.Header = http.Header{"Authorization": {"Bearer s3cret\nX"}}
		_, err := caller(t, p.client(t), authcode.HTTP{Backoff: time.Nanosecond}).Do(t.Context(), q)
		require.True(t, authcode.SafeToRetry(err))
		require.NotContains(t, err.Error(), "s3cret")
		require.Empty(t, p.dialled)
	})
}

// TestKeptConnection makes a second call on a connection that the system closes. Package
// net/http repeats some requests by itself; those that change something it must not,
// once they are written.
func TestKeptConnection(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		for _, body := range []string{"", "x"} {
			for _, isSafe := range []bool{false, true} {
				q := httpcall.Call{Op: "it", Method: method, Path: "/it", Body: []byte(body), Safe: isSafe}
				name := method + body
				if isSafe {
					name += " safe"
				}
				t.Run(name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						p := answering("HTTP/1.1 200 OK"+empty, "", "HTTP/1.1 200 OK"+empty)
						c := caller(t, p.client(t), authcode.HTTP{})
						_, err := c.Do(t.Context(), q)
						require.NoError(t, err)
						synctest.Wait() // the connection is put back
						_, err = c.Do(t.Context(), q)
						if isSafe {
							require.NoError(t, err)
							require.Equal(t, 3, p.count())
							return
						}
						require.True(t, authcode.OutcomeUnknown(err))
						require.Equal(t, 2, p.count())
						require.Len(t, p.dialled, 1)
						for _, r := range p.requests {
							require.Equal(t, int64(len(body)), r.ContentLength)
							require.Empty(t, r.TransferEncoding)
						}
					})
				})
			}
		}
	}
	t.Run("closed between two calls", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := &peer{}
			p.serve = func(c net.Conn) {
				p.read(bufio.NewReader(c))
				_, _ = io.WriteString(c, ok)
			}
			c := caller(t, p.client(t), authcode.HTTP{})
			for range 2 {
				_, err := c.Do(t.Context(), unsafe)
				require.NoError(t, err)
				synctest.Wait()
			}
			require.Equal(t, 2, p.count())
			require.Len(t, p.dialled, 2)
		})
	})
}

// TestResetStream has a server of HTTP/2 reset a request. Package net/http takes that for
// a reason to repeat it, also where the server may have carried it out.
func TestResetStream(t *testing.T) {
	for _, code := range []http2.ErrCode{http2.ErrCodeProtocol, http2.ErrCodeRefusedStream} {
		t.Run(code.String(), func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			var requests atomic.Int32
			over, cancel := context.WithCancel(t.Context())
			var server sync.WaitGroup
			server.Go(func() {
				c, err := l.Accept()
				if err != nil {
					return
				}
				defer context.AfterFunc(over, func() { c.Close() })()
				if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
					return
				}
				f := http2.NewFramer(c, c)
				for err := f.WriteSettings(); err == nil; {
					var frame http2.Frame
					if frame, err = f.ReadFrame(); err != nil {
						return
					}
					if h, is := frame.(*http2.HeadersFrame); is {
						requests.Add(1)
						err = f.WriteRSTStream(h.StreamID, code)
					}
				}
			})
			defer func() {
				l.Close()
				cancel()
				server.Wait()
			}()
			tr := &http.Transport{Protocols: new(http.Protocols)}
			tr.Protocols.SetUnencryptedHTTP2(true)
			c := caller(t, &http.Client{Transport: tr}, authcode.HTTP{Base: "http://" + l.Addr().String(), Timeout: 2 * time.Second})
			_, err = c.Do(t.Context(), httpcall.Call{Op: "POST it", Method: "POST", Path: "/it"})
			require.True(t, authcode.OutcomeUnknown(err))
			require.EqualValues(t, 1, requests.Load())
		})
	}
}
