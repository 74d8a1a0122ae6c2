package opensrs

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSocket holds the handler to requests that package net/http's client can't make, as
// real clients do.
func TestSocket(t *testing.T) {
	s := httptest.NewServer(handlerOf(t, options(t, newFake()), HandlerOptions{}))
	defer s.Close()
	body := string(doc(t, "send_authcode", Item{"domain_name", Text("alpha.example")}))
	signed := fmt.Sprintf("Host: x\r\nX-UserName: %s\r\nx-signature: %s\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n",
		user, Sign([]byte(body), key), len(body))
	empty := fmt.Sprintf("Host: x\r\nX-Username: %s\r\nX-Signature: %s\r\nConnection: close\r\n", user, Sign(nil, key))
	const closes = "Connection: close\r\n"
	for _, row := range []struct{ name, request, status, code string }{
		{"HTTP/1.0", "POST / HTTP/1.0\r\n" + signed + "\r\n" + body, "200 OK", "200"},
		{"HTTP/1.0 with keep-alive", "POST / HTTP/1.0\r\n" + signed + "Connection: Keep-Alive\r\n\r\n" + body, "200 OK", "200"},
		{"HTTP/1.1", "POST / HTTP/1.1\r\n" + signed + closes + "\r\n" + body, "200 OK", "200"},
		{"doubled slashes", "POST // HTTP/1.1\r\n" + signed + closes + "\r\n" + body, "200 OK", "200"},
		{"an absolute URL without a path", "POST http://x HTTP/1.1\r\n" + signed + closes + "\r\n" + body, "200 OK", "200"},
		{"a query", "POST /?x=%zz HTTP/1.1\r\n" + signed + closes + "\r\n" + body, "200 OK", "200"},
		{"upgrade to h2c", "POST / HTTP/1.1\r\n" + signed + "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n" + body, "200 OK", "200"},
		{"expects 100", "POST / HTTP/1.1\r\n" + signed + closes + "Expect: 100-continue\r\n\r\n" + body, "100 Continue", "200"},
		{"chunked", strings.Replace("POST / HTTP/1.1\r\n"+signed, fmt.Sprintf("Content-Length: %d", len(body)), "Transfer-Encoding: chunked", 1) + closes + fmt.Sprintf("\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body), "200 OK", "200"},
		{"another path", "POST /a%2Fb HTTP/1.1\r\n" + signed + closes + "\r\n" + body, "404 Not Found", "430"},
		{"GET with a body", "GET / HTTP/1.1\r\n" + signed + closes + "\r\n" + body, "405 Method Not Allowed", "430"},
		{"GET", "GET / HTTP/1.1\r\n" + empty + "\r\n", "405 Method Not Allowed", "430"},
		{"POST without a body", "POST / HTTP/1.1\r\n" + empty + "\r\n", "200 OK", "430"},
		{"the signature of another length", "POST / HTTP/1.1\r\n" + strings.Replace(signed, "x-signature: ", "x-signature: 00", 1) + closes + "\r\n" + body, "200 OK", "401"},
		{"a body that is cut off", "POST / HTTP/1.0\r\n" + strings.Replace(signed, "Content-Length: ", "Content-Length: 1", 1) + "\r\n" + body, "400 Bad Request", "430"},
	} {
		t.Run(row.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", s.Listener.Addr().String())
			require.NoError(t, err)
			defer conn.Close()
			require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
			_, err = io.WriteString(conn, row.request)
			require.NoError(t, err)
			require.NoError(t, conn.(*net.TCPConn).CloseWrite())
			b, err := io.ReadAll(conn) // the server closes
			require.NoError(t, err)
			head, rest, _ := strings.Cut(string(b), "\r\n\r\n")
			require.True(t, strings.HasPrefix(head, "HTTP/1.1 "+row.status), head)
			if strings.HasPrefix(rest, "HTTP/1.1 ") {
				head, rest, _ = strings.Cut(rest, "\r\n\r\n")
			}
			require.Contains(t, head+"\r\n", fmt.Sprintf("Content-Length: %d\r\n", len(rest)))
			require.Contains(t, head, "Content-Type: text/xml")
			a, err := readAnswer([]byte(rest))
			require.NoError(t, err, rest)
			require.Equal(t, row.code, a.ResponseCode)
		})
	}
}
