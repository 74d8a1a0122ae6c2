package httpcall_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// tripper is a RoundTripper that tells nobody of its connections.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func do(t *testing.T, ctx context.Context, o authcode.HTTP) error {
	o.Backoff = time.Nanosecond
	c, err := httpcall.New("test", "https://api.example", o)
	require.NoError(t, err)
	_, err = c.Do(ctx, httpcall.Call{Op: "POST it", Method: http.MethodPost, Path: "/it"})
	return err
}

// TestUnknown holds a call that changes something to one request, and to Unknown unless
// it is certain that nothing left.
func TestUnknown(t *testing.T) {
	t.Run("a RoundTripper of the caller's own", func(t *testing.T) {
		calls := 0
		err := do(t, t.Context(), authcode.HTTP{Client: &http.Client{Transport: tripper(func(*http.Request) (*http.Response, error) {
			calls++
			return nil, io.ErrUnexpectedEOF
		})}})
		require.True(t, authcode.OutcomeUnknown(err))
		require.Equal(t, 1, calls)
	})
	t.Run("no connection", func(t *testing.T) {
		calls := 0
		err := do(t, t.Context(), authcode.HTTP{Client: &http.Client{Transport: &http.Transport{
			DialContext: func(context.Context, string, string) (net.Conn, error) {
				calls++
				return nil, errors.New("refused")
			},
		}}})
		require.True(t, authcode.SafeToRetry(err))
		require.Equal(t, 3, calls)
	})
	t.Run("given up before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := do(t, ctx, authcode.HTTP{})
		require.ErrorIs(t, err, context.Canceled)
		require.True(t, authcode.SafeToRetry(err))
	})
	for status, unknown := range map[int]bool{301: true, 302: true, 303: true, 307: false, 308: false} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			srv := httptest.NewServer(http.RedirectHandler("https://other.example/", status))
			defer srv.Close()
			require.Equal(t, unknown, authcode.OutcomeUnknown(do(t, t.Context(), authcode.HTTP{Base: srv.URL})))
		})
	}
	t.Run("what can't be read is not quoted", func(t *testing.T) {
		for _, answer := range []string{
			"c0de-9W*\r\n\r\n", "HTTP/1.1 201 Created\r\nContent-Length: c0de-9W*\r\n\r\n",
			"HTTP/1.1 201 Created\r\nTransfer-Encoding: c0de-9W*\r\n\r\n", "HTTP/1.1 307 Moved\r\nLocation: :c0de-9W*\r\n\r\n",
		} {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err == nil {
					_, _ = io.WriteString(conn, answer)
					conn.Close()
				}
			}))
			err := do(t, t.Context(), authcode.HTTP{Base: srv.URL})
			srv.Close()
			require.Error(t, err)
			require.NotContains(t, err.Error(), "c0de")
		}
	})
}
