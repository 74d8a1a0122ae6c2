package httpserve

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// echo answers with what it got, and fails where the path says so.
func echo(lines io.Writer) *Server {
	text := func(status int, s string) *Answer {
		return &Answer{Status: status, ContentType: "text/plain", Header: http.Header{"X-Own": {"1"}}, Body: []byte(s)}
	}
	return &Server{
		MaxBody: 100,
		Answer: func(q *Request) *Answer {
			switch path := strings.Join(q.Segments, "|"); path {
			case "panic":
				panic("c0de")
			case "abort":
				panic(http.ErrAbortHandler)
			case "nil":
				panic(error(nil))
			case "204":
				return &Answer{Status: http.StatusNoContent}
			default:
				return text(http.StatusOK, fmt.Sprintf("%s %s %s", q.Method, path, q.Body))
			}
		},
		Bad: func(err error) *Answer {
			if errors.Is(err, ErrTooLarge) {
				return text(http.StatusRequestEntityTooLarge, "too large")
			}
			return text(http.StatusBadRequest, "bad")
		},
		Failed: func() *Answer { return text(http.StatusInternalServerError, "failed") },
		Log:    slog.New(slog.NewTextHandler(lines, nil)),
	}
}

// pipes is a listener without a network, for tests by the clock.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}
func (l *pipes) Close() error   { close(l.closed); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// half is a pipe that takes the end of one direction, as sockets do, and tells nobody.
type half struct{ net.Conn }

func (half) CloseWrite() error { return nil }

// listen serves echo, and returns what dials it.
func listen(t *testing.T) func() net.Conn {
	t.Helper()
	l := &pipes{make(chan net.Conn), make(chan struct{})}
	srv := &http.Server{Handler: echo(io.Discard), ErrorLog: log.New(io.Discard, "", 0)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l)
	}()
	t.Cleanup(func() {
		srv.Close()
		<-done
	})
	return func() net.Conn {
		near, far := net.Pipe()
		l.conns <- half{far}
		t.Cleanup(func() { near.Close() })
		return near
	}
}

// TestSegments takes slashes too many for none, and an escaped slash for a part of a name.
func TestSegments(t *testing.T) {
	for path, want := range map[string]string{
		"/":                           "",
		"//":                          "",
		"/a":                          "a",
		"/a/":                         "a",
		"//a///b//":                   "a|b",
		"/1.0//domain/x.example/info": "1.0|domain|x.example|info",
		"/a%2Fb/c":                    "a/b|c",
		"/a%2fb%2f/":                  "a/b/",
		"/%2F":                        "/",
		"/a%20b":                      "a b",
		"/a+b":                        "a+b",
		"/h%C3%A1%C4%8Dek":            "háček",
		"/a/../b/./c":                 "a|..|b|.|c",
		"/%2e%2e/a":                   "..|a",
		"/a%00b":                      "a\x00b",
		"/%FF":                        "\xff",
		"/%2541":                      "%41",
		"/a?b/c#d":                    "a",
	} {
		w := httptest.NewRecorder()
		echo(io.Discard).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		require.Equal(t, 200, w.Code)
		require.Equal(t, "GET "+want+" ", w.Body.String(), path)
	}
	dial := listen(t)
	for _, path := range []string{"/a%zz", "/%", "/a%2"} { // net/http's own answer
		require.Contains(t, exchange(t, dial(), "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"), "400 Bad Request")
	}
}

// exchange writes a request and reads all up to the end of the connection.
func exchange(t *testing.T, c net.Conn, request string) string {
	t.Helper()
	defer c.Close()
	go func() { _, _ = io.WriteString(c, request) }()
	b, err := io.ReadAll(c)
	require.NoError(t, err)
	return string(b)
}

// TestBody reads a body up to the limit, however it is framed.
func TestBody(t *testing.T) {
	dial := listen(t)
	chunk := func(n int) string { return fmt.Sprintf("%x\r\n%s\r\n", n, strings.Repeat("x", n)) }
	for name, r := range map[string]struct{ rest, status string }{
		"none":                    {"\r\n", "200 OK"},
		"on a GET":                {"Content-Length: 2\r\n\r\n[]", "200 OK"},
		"as large as the limit":   {"Content-Length: 100\r\n\r\n" + strings.Repeat("x", 100), "200 OK"},
		"one more":                {"Content-Length: 101\r\n\r\n" + strings.Repeat("x", 101), "413 Request Entity Too Large"},
		"chunks up to the limit":  {"Transfer-Encoding: chunked\r\n\r\n" + chunk(60) + chunk(40) + "0\r\n\r\n", "200 OK"},
		"chunks above it":         {"Transfer-Encoding: chunked\r\n\r\n" + chunk(60) + chunk(41) + "0\r\n\r\n", "413 Request Entity Too Large"},
		"a wrong chunk":           {"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400 Bad Request"},
		"expected to continue":    {"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok", "100 Continue\r\n\r\nHTTP/1.1 200 OK"},
		"to be upgraded to HTTP2": {"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n", "200 OK"},
	} {
		t.Run(name, func(t *testing.T) {
			head := "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
			got := exchange(t, dial(), head+r.rest)
			require.True(t, strings.HasPrefix(got, "HTTP/1.1 "+r.status+"\r\n"), got)
		})
	}
	t.Run("that ends early", func(t *testing.T) {
		w := httptest.NewRecorder()
		echo(io.Discard).ServeHTTP(w, httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("x"), errReader{})))
		require.Equal(t, "bad", w.Body.String())
	})
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestGoesOn answers a client whose body is too large at once, and is rid of it in time
// whether it goes on sending or stops.
func TestGoesOn(t *testing.T) {
	for _, proto := range []string{"1.0", "1.1"} {
		for name, goOn := range map[string]func(net.Conn){
			"stops": func(net.Conn) {},
			"goes on": func(c net.Conn) {
				for _, err := c.Write(make([]byte, 100)); err == nil; _, err = c.Write(make([]byte, 100)) {
					time.Sleep(time.Second)
				}
			},
		} {
			t.Run(proto+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := listen(t)()
					start := time.Now()
					var sender sync.WaitGroup
					defer sender.Wait()
					defer c.Close()
					sender.Go(func() {
						_, _ = io.WriteString(c, "POST / HTTP/"+proto+"\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"+strings.Repeat("x", 200))
						goOn(c)
					})
					r := bufio.NewReader(c)
					resp, err := http.ReadResponse(r, nil)
					require.NoError(t, err)
					require.Equal(t, 413, resp.StatusCode)
					require.True(t, resp.Close)
					require.Zero(t, time.Since(start))
					_, err = io.Copy(io.Discard, r)
					require.NoError(t, err)
					require.LessOrEqual(t, time.Since(start), drainTimeout+time.Second)
				})
			})
		}
	}
	t.Run("more than sockets hold, over TCP", func(t *testing.T) {
		srv := httptest.NewServer(echo(io.Discard))
		defer srv.Close()
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		require.NoError(t, err)
		defer c.Close()
		_, err = io.WriteString(c, "POST / HTTP/1.0\r\nContent-Length: 10000000\r\n\r\n"+strings.Repeat("x", 10000000))
		require.NoError(t, err)
		b, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Contains(t, string(b), "413 Request Entity Too Large")
	})
}

// TestPanic answers for a handler that fails, and logs nothing of its words.
func TestPanic(t *testing.T) {
	for _, path := range []string{"/panic", "/abort", "/nil"} {
		var lines bytes.Buffer
		w := httptest.NewRecorder()
		echo(&lines).ServeHTTP(w, httptest.NewRequest("POST", path, strings.NewReader("c0de")))
		require.Equal(t, 500, w.Code)
		require.Equal(t, "failed", w.Body.String())
		require.Contains(t, lines.String(), "httpserve_test.go")
		require.NotContains(t, lines.String(), "c0de")
	}
}

// TestHTTP10 answers a client that speaks HTTP/1.0 as one wants that takes only HTTP/1.1:
// with a length, on a connection that is closed after it.
func TestHTTP10(t *testing.T) {
	plain := httptest.NewServer(echo(io.Discard))
	defer plain.Close()
	secure := httptest.NewTLSServer(echo(io.Discard))
	defer secure.Close()
	trust := secure.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.ServerName, trust.NextProtos = "example.com", nil
	for _, r := range []struct{ request, status, length, body string }{
		{"GET /a HTTP/1.0\r\n\r\n", "200 OK", "6", "GET a "},
		{"POST /a HTTP/1.0\r\nContent-Length: 3\r\n\r\n<a>", "200 OK", "10", "POST a <a>"},
		{"POST /a HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 3\r\n\r\n<a>", "200 OK", "10", "POST a <a>"},
		{"HEAD /a HTTP/1.0\r\n\r\n", "200 OK", "7", ""},
		{"DELETE /204 HTTP/1.0\r\n\r\n", "204 No Content", "", ""},
		{"GET /panic HTTP/1.0\r\n\r\n", "500 Internal Server Error", "6", "failed"},
	} {
		for _, srv := range []*httptest.Server{plain, secure} {
			var c net.Conn
			c, err := net.Dial("tcp", srv.Listener.Addr().String())
			require.NoError(t, err)
			if srv == secure {
				c = tls.Client(c, trust)
			}
			got := exchange(t, c, r.request)
			line, rest, _ := strings.Cut(got, "\r\n")
			require.Equal(t, "HTTP/1.1 "+r.status, line)
			resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), &http.Request{Method: r.request[:strings.Index(r.request, " ")]})
			require.NoError(t, err)
			require.True(t, resp.Close)
			require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
			_, body, _ := strings.Cut(rest, "\r\n\r\n")
			require.Equal(t, r.body, body)
			if r.length == "" {
				require.NotContains(t, got, "Content-Length")
			} else {
				require.Equal(t, r.length, resp.Header.Get("Content-Length"))
				require.Equal(t, "1", resp.Header.Get("X-Own"))
				require.Equal(t, "text/plain", resp.Header.Get("Content-Type"))
			}
		}
	}
}

// TestNoConnection answers where no connection can be taken over.
func TestNoConnection(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"httptest.ResponseRecorder": echo(io.Discard),
		"http.TimeoutHandler":       http.TimeoutHandler(echo(io.Discard), time.Minute, ""),
	} {
		t.Run(name, func(t *testing.T) {
			for method, body := range map[string]string{"GET": "GET a ", "HEAD": ""} {
				r := httptest.NewRequest(method, "/a", nil)
				r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.0", 1, 0
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				require.Equal(t, 200, w.Code)
				require.Equal(t, body, w.Body.String())
				require.Equal(t, fmt.Sprint(len(method+" a ")), w.Header().Get("Content-Length"))
			}
		})
	}
}

// TestHTTP2 answers over HTTP/2 as over HTTP/1.1, 204 without a length.
func TestHTTP2(t *testing.T) {
	srv := httptest.NewUnstartedServer(echo(io.Discard))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	for path, want := range map[string]string{"//a//b/": "200 POST a|b x", "/204": "204 ", "/panic": "500 failed"} {
		resp, err := srv.Client().Post(srv.URL+path, "", strings.NewReader("x"))
		require.NoError(t, err)
		b, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		require.Equal(t, 2, resp.ProtoMajor)
		require.Equal(t, want, fmt.Sprintf("%d %s", resp.StatusCode, b))
		require.Equal(t, path != "/204", resp.ContentLength > 0)
	}
	resp, err := srv.Client().Post(srv.URL, "", strings.NewReader(strings.Repeat("x", 1000)))
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, 413, resp.StatusCode)
}

// TestBearer takes a token in the spellings of real clients, and nothing else for one.
func TestBearer(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer abc":           "abc",
		"bearer abc":           "abc",
		"BEARER abc":           "abc",
		"bEaReR\tabc":          "abc",
		"Bearer  abc ":         "abc",
		",Bearer abc":          "abc", // a slip of Openprovider's document
		", Bearer abc":         "abc",
		"Bearer: abc":          "abc",
		"Bearer,abc":           "abc",
		"Bearer abc,":          "abc",
		"Bearer a=b+c/d~e.f-g": "a=b+c/d~e.f-g",
		"Bearer a b":           "a b",
		"Bearer Bearer abc":    "Bearer abc",
		"":                     "",
		"Bearer":               "",
		"Bearer ":              "",
		"Bearer ,:":            "",
		"Bearerabc":            "",
		"Bearer\u00a0abc":      "",
		"Bearer=abc":           "",
		"Beare abc":            "",
		"Basic abc":            "",
		"Basic Bearer abc":     "",
		"abc":                  "",
		"ＢＥＡＲＥＲ abc":           "",
	} {
		r := &http.Request{Header: http.Header{"Authorization": {header}}}
		require.Equal(t, want, Bearer(r), header)
	}
	require.Empty(t, Bearer(&http.Request{}))
}

// FuzzBearer: a token is part of the header, without what is dropped around it.
func FuzzBearer(f *testing.F) {
	for _, s := range []string{"Bearer x", ",bearer:\tx", "Bearer", "Bearer\xa0x", "beare\u0280 x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		token := Bearer(&http.Request{Header: http.Header{"Authorization": {header}}})
		require.Equal(t, strings.Trim(token, " \t,:"), token)
		require.Contains(t, header, token)
		if token != "" {
			require.Equal(t, token, Bearer(&http.Request{Header: http.Header{"Authorization": {"Bearer " + token}}}))
			require.Contains(t, strings.ToLower(header), "bearer")
		}
	})
}

// FuzzSegments: what a client of this module sends as names arrives as those names.
func FuzzSegments(f *testing.F) {
	f.Add("a/b", "..", "%2f")
	f.Add("é", "", " ?#")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var want []string
		for _, s := range []string{a, b, c} {
			if s != "" {
				want = append(want, s)
			}
		}
		u, err := url.ParseRequestURI(httpcall.Path(a, b, c))
		if strings.HasPrefix(httpcall.Path(a, b, c), "//") {
			return // that would be a host
		}
		require.NoError(t, err)
		require.Equal(t, want, segments(u.EscapedPath()))
	})
}
