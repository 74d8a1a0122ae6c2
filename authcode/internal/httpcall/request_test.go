package httpcall_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// TestPath sends each segment as one segment, below the base.
func TestPath(t *testing.T) {
	for _, r := range []struct {
		base     string
		segments []string
		want     string // "" where nothing is sent
	}{
		{"http://api.example", nil, "/"},
		{"http://api.example/", []string{"session", ""}, "/session/"},
		{"http://api.example/1.0", []string{"domain", "alpha.example", "authid", ""}, "/1.0/domain/alpha.example/authid/"},
		{"http://api.example/1.0//", []string{"a"}, "/1.0/a"},
		{"http://api.example/a%2Fb", []string{"c"}, "/a%2Fb/c"},
		{"http://api.example/a b", []string{"c"}, "/a%20b/c"},
		{"http://api.example", []string{"a/b"}, "/a%2Fb"},
		{"http://api.example", []string{"%2f"}, "/%252f"},
		{"http://api.example", []string{"a?b=c#d"}, "/a%3Fb=c%23d"},
		{"http://api.example", []string{"háček"}, "/h%C3%A1%C4%8Dek"},
		{"http://api.example", []string{"a\r\nb\x00\xff"}, "/a%0D%0Ab%00%FF"},
		{"http://api.example", []string{"..."}, "/..."},
		{"http://api.example", []string{"%2e%2e"}, "/%252e%252e"},
		{"http://api.example", []string{"..", "a"}, ""},
		{"http://api.example", []string{"a", "."}, ""},
		{"http://api.example", []string{"domain", "", "info"}, ""},
		{"http://api.example", []string{"", "info"}, ""},
	} {
		t.Run(fmt.Sprintf("%s %q", r.base, r.segments), func(t *testing.T) {
			p := answering(ok)
			q := safe
			q.Path = httpcall.Path(r.segments...)
			q.Query = url.Values{"n": {"a&b"}}
			_, err := caller(t, p.client(t), authcode.HTTP{Base: r.base, Retries: -1}).Do(t.Context(), q)
			if r.want == "" {
				require.True(t, authcode.SafeToRetry(err))
				require.Empty(t, p.dialled)
				return
			}
			require.NoError(t, err)
			require.Equal(t, r.want+"?n=a%26b", p.requests[0].RequestURI)
		})
	}
}

// TestHeader sends the headers of the call, and leaves them as they are.
func TestHeader(t *testing.T) {
	p := answering(ok)
	c := caller(t, p.client(t), authcode.HTTP{})
	h := http.Header{"X-Signature": {"abc"}}
	q := unsafe
	q.Header = h
	_, err := c.Do(t.Context(), q)
	require.NoError(t, err)
	q.Header = http.Header{"User-Agent": {"mine"}}
	_, err = c.Do(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, http.Header{"X-Signature": {"abc"}}, h)
	require.Equal(t, "abc", p.requests[0].Header.Get("X-Signature"))
	require.Equal(t, "eppkit", p.requests[0].UserAgent())
	require.Equal(t, "mine", p.requests[1].UserAgent())
	require.Equal(t, "api.example", p.requests[0].Host)
}

// TestBase refuses what is no address, without quoting what may be a secret in it.
func TestBase(t *testing.T) {
	for _, base := range []string{
		"api.example", "ftp://api.example", "http://", "http:///v2", "/v2", "http://user:s3cret@api.example",
		"http://s3cret@api.example", "http://api.example/?key=s3cret", "http://api.example/%zz?s3cret", "http://s3cret\x7f",
	} {
		_, err := httpcall.New("test", "https://api.example/v2", authcode.HTTP{Base: base})
		require.ErrorContains(t, err, "test: the base", base)
		require.NotContains(t, err.Error(), "s3cret")
	}
	_, err := httpcall.New("test", "https://api.example/v2", authcode.HTTP{})
	require.NoError(t, err)
}

// TestQuoted has an answer that can't be read hold a code in each place that package
// net/http quotes, and finds nothing of it, nor of the request, in errors and logs.
func TestQuoted(t *testing.T) {
	for name, answer := range map[string]string{
		"no HTTP":                  "c0de\r\n\r\n",
		"protocol":                 "HTTP/c0de 200 OK\r\n\r\n",
		"status line":              "HTTP/1.1 c0de OK\r\n\r\n",
		"status":                   "HTTP/1.1 -c0 de\r\n\r\n",
		"header without colon":     "HTTP/1.1 200 OK\r\nc0de\r\n\r\n",
		"first header continued":   "HTTP/1.1 200 OK\r\n c0de: 1\r\n\r\n",
		"empty header's name":      "HTTP/1.1 200 OK\r\n: c0de\r\n\r\n",
		"header's value":           "HTTP/1.1 200 OK\r\nX: c0de\x00\r\n\r\n",
		"Content-Length":           "HTTP/1.1 200 OK\r\nContent-Length: c0de\r\n\r\n",
		"Content-Length, negative": "HTTP/1.1 200 OK\r\nContent-Length: -1 c0de\r\n\r\n",
		"Content-Length, two":      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: c0de\r\n\r\n",
		"Transfer-Encoding":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: c0de\r\n\r\n",
		"Trailer":                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length, c0de\r\n\r\n",
		"chunk":                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc0dex\r\n\r\n",
		"chunk's end":              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxc0de\r\n\r\n",
		"trailer":                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nc0de\r\n\r\n",
		"gzip":                     "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nc0de",
		"too short":                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nc0de",
		"Location":                 "HTTP/1.1 302 Go\r\nLocation: http://c0de%zz/\r\nContent-Length: 0\r\n\r\n",
		"Location of a redirect":   "HTTP/1.1 302 Go\r\nLocation: http://c0de.example/\r\nContent-Length: 0\r\n\r\n",
		"text of a redirect":       "HTTP/1.1 399 c0de\r\nContent-Length: 4\r\n\r\nc0de",
	} {
		for _, q := range []httpcall.Call{safe, unsafe} {
			t.Run(name+"/"+q.Method, func(t *testing.T) {
				var lines bytes.Buffer
				p := answering(answer)
				p.serve = closing(p.serve)
				q.Query = url.Values{"key": {"s3cret-query"}}
				q.Header = http.Header{"Authorization": {"Bearer s3cret-header"}}
				if !q.Safe {
					q.Body = []byte("s3cret-body")
				}
				_, err := caller(t, p.client(t), authcode.HTTP{
					Retries: -1,
					Log:     slog.New(slog.NewJSONHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug})),
				}).Do(t.Context(), q)
				require.Error(t, err)
				require.Contains(t, lines.String(), `"path":"/it"`)
				for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), lines.String()} {
					require.NotContains(t, text, "c0de")
					require.NotContains(t, text, "s3cret")
				}
			})
		}
	}
}
