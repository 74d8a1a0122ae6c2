package mijndomeinreseller_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// say writes a request over a bare connection and returns all that comes back. Where
// the request does not close the connection, it is half closed.
func say(t *testing.T, srv *httptest.Server, request string) string {
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n"))
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	all, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(all)
}

// php is a request as curl in PHP makes it of an empty CURLOPT_POSTFIELDS.
func php(path, key, further string) string {
	return "POST " + path + " HTTP/1.1\nHost: gateway.example\nAccept: */*\nAuthorization: Bearer " + key + "\n" + further + "\n"
}

// TestRaw takes requests as they come over the wire from clients that are not Go's.
func TestRaw(t *testing.T) {
	const form = "Content-Type: application/x-www-form-urlencoded\n"
	auth := "Host: gateway.example\nAuthorization: Bearer " + key.Reveal() + "\n"
	for _, r := range []struct {
		name, request string
		status        int
		closes        bool
	}{
		{"PHP", php(path, key.Reveal(), "Content-Length: 0\n"+form), 201, false},
		{"PHP, older", php(path, key.Reveal(), "Content-Length: 0\nExpect: 100-continue\n"+form), 201, false},
		{"PHP, -1 as length", php(path, key.Reveal(), "Content-Length: -1\n"+form), 400, true},
		{"no length", "POST " + path + " HTTP/1.1\n" + auth + "\n", 201, false},
		{"an empty chunked body", "POST " + path + " HTTP/1.1\n" + auth + "Transfer-Encoding: chunked\n\n0\n\n", 201, false},
		{"a chunked body", "POST " + path + " HTTP/1.1\n" + auth + "Transfer-Encoding: chunked\n\n2\n{}\n0\n\n", 201, false},
		{"a body that breaks off", "POST " + path + " HTTP/1.1\n" + auth + "Content-Length: 9\n\n{", 400, false},
		{"a chunked body that is none", "POST " + path + " HTTP/1.1\n" + auth + "Transfer-Encoding: chunked\n\nzz\n", 400, true},
		{"Upgrade: h2c", "POST " + path + " HTTP/1.1\n" + auth + "Connection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQBAAAAAAIAAAAA\nContent-Length: 0\n\n", 201, false},
		{"doubled slashes", "POST //v2//domains//alpha.example//auth_code/ HTTP/1.1\n" + auth + "Content-Length: 0\n\n", 201, false},
		{"an absolute URL", "POST http://gateway.example" + path + " HTTP/1.1\n" + auth + "Content-Length: 0\n\n", 201, false},
		{"dots", "POST /v2/domains/../domains/alpha.example/auth_code HTTP/1.1\n" + auth + "Content-Length: 0\n\n", 404, false},
		{"HTTP/1.0", "POST " + path + " HTTP/1.0\n" + auth + "Content-Length: 0\n\n", 201, true},
		{"HTTP/1.0, keep-alive", "POST " + path + " HTTP/1.0\n" + auth + "Connection: keep-alive\nContent-Length: 0\n\n", 201, true},
		{"HTTP/1.0, no such path", "POST / HTTP/1.0\n" + auth + "\n", 404, true},
		{"GET with a body", "GET " + path + " HTTP/1.1\n" + auth + "Content-Length: 2\n\n[]", 405, false},
		{"DELETE with a body", "DELETE " + path + " HTTP/1.1\n" + auth + "Content-Length: 2\n\n{}", 405, false},
		{"HEAD", "HEAD " + path + " HTTP/1.1\n" + auth + "\n", 405, false},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\n" + auth + "\n", 200, false}, // the answer is net/http's
		{"too large", "POST " + path + " HTTP/1.1\n" + auth + "Content-Length: 66560\n\n" + strings.Repeat(" ", 66560), 413, true},
		{"a wrong escape", "POST /v2/domains/%zz/auth_code HTTP/1.1\n" + auth + "Content-Length: 0\n\n", 400, true},
	} {
		t.Run(r.name, func(t *testing.T) {
			p := gives(authcode.Code{Value: "a-1"}, nil)
			srv := httptest.NewServer(handler(t, options(t, p)))
			defer srv.Close()
			got := say(t, srv, r.request)
			require.True(t, strings.HasPrefix(got, fmt.Sprintf("HTTP/1.1 %d ", r.status)), got)
			method, _, _ := strings.Cut(r.request, " ")
			resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), &http.Request{Method: method})
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Equal(t, r.closes, resp.Close, got)
			if r.status == 201 {
				require.Equal(t, `{"auth_code":"a-1"}`, string(body))
				require.EqualValues(t, len(body), resp.ContentLength)
				require.Equal(t, []authcode.Request{regenerate}, p.got)
			} else {
				require.Empty(t, p.got)
			}
		})
	}
	t.Run("204", func(t *testing.T) {
		for _, version := range []string{"1.0", "1.1"} {
			srv := httptest.NewServer(handler(t, options(t, gives(authcode.Sent{To: registrant}, nil))))
			got := say(t, srv, "POST "+path+" HTTP/"+version+"\n"+auth+"Content-Length: 0\n\n")
			srv.Close()
			require.True(t, strings.HasPrefix(got, "HTTP/1.1 204 No Content\r\n"), got)
			require.True(t, strings.HasSuffix(got, "\r\n\r\n"), got)
			require.NotContains(t, got, "Content-Type")
			require.NotContains(t, got, "Content-Length")
		}
	})
}
