package httpcall_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// TestDeadline holds each wait to the time-out, by the clock: repetitions of a safe
// call are within it.
func TestDeadline(t *testing.T) {
	const timeout = 5 * time.Second
	for name, p := range map[string]*peer{
		"does not read":         {serve: func(c net.Conn) { time.Sleep(time.Hour) }},
		"reads and is silent":   saying(""),
		"in the status line":    saying("HTTP/1.1 20"),
		"in the header":         saying("HTTP/1.1 200 OK\r\nContent-Le"),
		"after the header":      saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"),
		"in the body":           saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"),
		"in a chunk":            saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\no"),
		"a body up to the end":  saying("HTTP/1.1 200 OK\r\n\r\nok"),
		"only continues":        saying("HTTP/1.1 100 Continue\r\n\r\n"),
		"an octet every second": {serve: drip},
	} {
		for _, q := range []httpcall.Call{safe, unsafe} {
			t.Run(name+"/"+q.Method, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := caller(t, p.client(t), authcode.HTTP{Timeout: timeout})
					start := time.Now()
					_, err := c.Do(t.Context(), q)
					require.Equal(t, timeout, time.Since(start))
					require.ErrorIs(t, err, context.DeadlineExceeded)
					require.Equal(t, !q.Safe, authcode.OutcomeUnknown(err))
				})
			})
		}
	}
	t.Run("no connection", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			over := make(chan struct{})
			defer close(over)
			c := caller(t, &http.Client{Transport: &http.Transport{
				DialContext: func(context.Context, string, string) (net.Conn, error) {
					<-over // net/http goes on dialling for the next call
					return nil, net.ErrClosed
				},
			}}, authcode.HTTP{Timeout: timeout})
			start := time.Now()
			_, err := c.Do(t.Context(), unsafe)
			require.Equal(t, timeout, time.Since(start))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, authcode.SafeToRetry(err))
		})
	})
	t.Run("the caller's own", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			cause := errors.New("the customer has gone")
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
			defer cancel()
			_, err := caller(t, saying("").client(t), authcode.HTTP{}).Do(ctx, unsafe)
			require.ErrorIs(t, err, cause)
			require.True(t, authcode.OutcomeUnknown(err))
		})
	})
	t.Run("the http.Client's own", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client := saying("").client(t)
			client.Timeout = time.Second
			_, err := caller(t, client, authcode.HTTP{}).Do(t.Context(), unsafe)
			require.EqualError(t, errors.Unwrap(err), "i/o timeout")
			require.True(t, authcode.OutcomeUnknown(err))
		})
	})
	t.Run("another protocol, which has no deadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client := saying("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n").client(t)
			_, err := caller(t, client, authcode.HTTP{}).Do(t.Context(), unsafe)
			require.True(t, authcode.OutcomeUnknown(err))
		})
	})
}

func drip(c net.Conn) {
	_, _ = http.ReadRequest(bufio.NewReader(c))
	for _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n"); err == nil; _, err = c.Write([]byte("x")) {
		time.Sleep(time.Second)
	}
}

// TestMaxBody reads no more of an answer than the limit, whatever its length says.
func TestMaxBody(t *testing.T) {
	const limit = 1000
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 1<<20))
	require.NoError(t, z.Close())

	for name, header := range map[string]string{
		"of no length":      "",
		"of a great length": "Content-Length: 1073741824\r\n",
		"compressed":        "Content-Encoding: gzip\r\n",
	} {
		for _, q := range []httpcall.Call{safe, unsafe} {
			t.Run(name+"/"+q.Method, func(t *testing.T) {
				var written atomic.Int64
				p := &peer{}
				p.serve = func(c net.Conn) {
					p.read(bufio.NewReader(c))
					_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n"+header+"\r\n")
					part := bytes.Repeat([]byte("x"), 100)
					if name == "compressed" {
						part = bomb.Bytes()
					}
					for n := 0; err == nil; {
						n, err = c.Write(part)
						written.Add(int64(n))
					}
				}
				_, err := caller(t, p.client(t), authcode.HTTP{MaxBody: limit}).Do(t.Context(), q)
				require.ErrorContains(t, err, "larger than the limit")
				require.Equal(t, !q.Safe, authcode.OutcomeUnknown(err))
				e, _ := errors.AsType[*authcode.Error](err)
				require.Equal(t, http.StatusOK, e.HTTPStatus)
				require.Len(t, e.Body, limit)
				require.Equal(t, 1, p.count(), "a large answer does not become smaller")
				require.Less(t, written.Load(), int64(limit+8<<10), "what net/http buffers")
			})
		}
	}
	t.Run("as large as the limit", func(t *testing.T) {
		p := answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("x", limit))
		r, err := caller(t, p.client(t), authcode.HTTP{MaxBody: limit}).Do(t.Context(), safe)
		require.NoError(t, err)
		require.Len(t, r.Body, limit)
	})
	t.Run("an endless header", func(t *testing.T) {
		p := &peer{}
		p.serve = func(c net.Conn) {
			p.read(bufio.NewReader(c))
			for _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n"); err == nil; {
				_, err = io.WriteString(c, "X: "+strings.Repeat("x", 1000)+"\r\n")
			}
		}
		_, err := caller(t, p.client(t), authcode.HTTP{}).Do(t.Context(), unsafe)
		require.True(t, authcode.OutcomeUnknown(err))
	})
	for _, most := range []int64{-1, 1<<63 - 1} {
		r, err := caller(t, answering(ok).client(t), authcode.HTTP{MaxBody: most}).Do(t.Context(), safe)
		require.NoError(t, err)
		require.Equal(t, "ok", string(r.Body))
	}
}
