package netim_test

import (
	"bufio"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/netim"
)

// listen answers each connection's first request on the bare socket, and closes it. It
// returns the address.
func listen(t testing.TB, answer func(net.Conn, *http.Request)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				req, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				answer(conn, req)
			})
		}
	})
	t.Cleanup(wg.Wait)
	t.Cleanup(func() { l.Close() })
	return "http://" + l.Addr().String()
}

// raw sends octets as they are, and returns all that comes back. The connection is left
// to the server to close, or closed after one answer.
func raw(t testing.TB, srv *httptest.Server, request string) (head string, resp *http.Response, body string) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	var all strings.Builder
	in := bufio.NewReader(io.TeeReader(conn, &all))
	method, _, _ := strings.Cut(request, " ")
	resp, err = http.ReadResponse(in, &http.Request{Method: method})
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if strings.Contains(request, " HTTP/1.0\r\n") {
		_, err := in.ReadByte()
		require.ErrorIs(t, err, io.EOF, "the connection is closed")
	}
	head, _, _ = strings.Cut(all.String(), "\r\n\r\n")
	return head, resp, string(b)
}

// lines are a request: its lines, "", and its body.
func lines(list ...string) string { return strings.Join(list, "\r\n") }

// TestRealClients imitates what the clients of others send, the document's samples
// among them.
func TestRealClients(t *testing.T) {
	const (
		php    = "Authorization: Bearer " + tokenBirch
		flag   = `{"sendtoregistrant":1}`
		length = "Content-Length: 22"
	)
	basic := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("BIRCH:"+secretBirch))
	done := operationAt(firstID, "Done", "the code was sent to registrant", "domainAuthID", "")
	session := `^\{"access_token":"[0-9a-f]{32}"\}$`
	info := `^\{"domain":"birch.example",.*"authID":"old-Code-1"\}$`
	for name, row := range map[string]struct {
		request string
		status  int
		answer  string // a pattern when it begins with ^
	}{
		"the sample in PHP": {
			request: lines("PATCH /1.0/domain/birch.example/authid/ HTTP/1.1", "Host: rest.netim.example", "Accept: */*",
				php, "Content-type: application/json", length, "", flag),
			status: 200, answer: done,
		},
		"the sample in Python": {
			request: lines("PATCH /1.0/domain/birch.example/authid/ HTTP/1.1", "Host: rest.netim.example", "User-Agent: python-requests/2.32.3",
				"Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive", php, "Content-Type: application/json",
				"Content-Length: 23", "", `{"sendtoregistrant": 1}`),
			status: 200, answer: done,
		},
		"the sample in Java, with its comma": {
			request: lines("PATCH /1.0/domain/birch.example/authid/ HTTP/1.1", "Connection: Upgrade, HTTP2-Settings", "Content-Length: 23",
				"Host: rest.netim.example", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA", "Upgrade: h2c",
				"User-Agent: Java-http-client/21.0.4", "Accept-Language: EN", php, "Content-Type: application/json", "", `{"sendtoregistrant":1,}`),
			status: 200, answer: done,
		},
		"a string for the flag, and no slash at the end": {
			request: lines("PATCH /1.0//domain/birch.example/authid HTTP/1.1", "Host: h", php, "Content-type: application/json",
				"Content-Length: 24", "", `{"sendtoregistrant":"1"}`),
			status: 200, answer: done,
		},
		"chunks": {
			request: lines("PATCH /1.0/domain/birch.example/authid/ HTTP/1.1", "Host: h", php, "Transfer-Encoding: chunked", "",
				"5", flag[:5], "11", flag[5:], "0", "", ""),
			status: 200, answer: done,
		},
		"a session by PHP": {
			request: lines("POST /1.0/session/ HTTP/1.1", "Host: h", "Accept: */*", "Accept-Language: EN", basic,
				"Content-Type: application/json", "Content-Length: 2", "", "[]"),
			status: 200, answer: session,
		},
		"a session by Python": {
			request: lines("POST /1.0//session HTTP/1.1", "Host: h", "Accept: */*", "Accept-Language: EN", basic,
				"Content-Type: application/json", "Content-Length: 0", "", ""),
			status: 200, answer: session,
		},
		"a session by Java": {
			request: lines("POST /1.0/session/ HTTP/1.1", "Connection: Upgrade, HTTP2-Settings", "Content-Length: 0", "Host: h",
				"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA", "Upgrade: h2c", "Accept-Language: EN", basic,
				"Content-Type: application/json", "", ""),
			status: 200, answer: session,
		},
		"a session with an empty form": {
			request: lines("POST //3.0//session// HTTP/1.1", "Host: h", basic, "Content-Type: application/x-www-form-urlencoded",
				"Content-Length: 0", "", ""),
			status: 200, answer: session,
		},
		"a session with preferences": {
			request: lines("POST /3.0/session/ HTTP/1.1", "Host: h", basic, "Content-Type: application/json", "Content-Length: 27", "",
				`{"preferences":{"sync":1},}`),
			status: 200, answer: session,
		},
		"info with a body": {
			request: lines("GET /1.0//domain/birch.example/info/ HTTP/1.1", "Host: h", php, "Content-type: application/json",
				"Content-Length: 2", "", "{}"),
			status: 200, answer: info,
		},
		"info, an escape in the name": {
			request: lines("GET /1.0/domain/BIRCH%2Eexample/info HTTP/1.1", "Host: h", php, "", ""), status: 200, answer: info,
		},
		"the end of a session, with a body": {
			request: lines("DELETE /1.0//session HTTP/1.1", "Host: h", php, "Content-type: application/json", "Content-Length: 2", "", "{}"),
			status:  200, answer: `{"message":"the session is closed"}`,
		},
		"HTTP/1.0": {
			request: lines("GET /1.0/domain/birch.example/info/ HTTP/1.0", php, "", ""), status: 200, answer: info,
		},
		"HTTP/1.0, refused": {
			request: lines("GET /1.0/domain/alder.example/info/ HTTP/1.0", php, "Connection: keep-alive", "", ""),
			status:  403, answer: `{"message":"the domain is not in this account"}`,
		},
		"bearer in small letters": {
			request: lines("GET /1.0/domain/birch.example/info/ HTTP/1.1", "Host: h", "authorization: bearer "+tokenBirch, "", ""),
			status:  200, answer: info,
		},
		"bearer with a comma and tabs": {
			request: lines("GET /1.0/domain/birch.example/info/ HTTP/1.1", "Host: h", "Authorization: ,BEARER:\t "+tokenBirch+" ,", "", ""),
			status:  200, answer: info,
		},
		"a token without a scheme": {
			request: lines("GET /1.0/domain/birch.example/info/ HTTP/1.1", "Host: h", "Authorization: "+tokenBirch, "", ""),
			status:  401, answer: `{"message":"there is no such session"}`,
		},
		"the identifier where a session is wanted": {
			request: lines("GET /1.0/domain/birch.example/info/ HTTP/1.1", "Host: h", basic, "", ""),
			status:  401, answer: `{"message":"there is no such session"}`,
		},
		"dots for another account's domain": {
			request: lines("GET /1.0/domain/birch.example/../alder.example/info/ HTTP/1.1", "Host: h", php, "", ""),
			status:  404, answer: `{"message":"there is nothing at this path"}`,
		},
		"HEAD": {
			request: lines("HEAD /1.0/domain/birch.example/info/ HTTP/1.1", "Host: h", php, "", ""), status: 405,
		},
		"a body that does not come in whole": {
			request: lines("PATCH /1.0/domain/birch.example/authid/ HTTP/1.1", "Host: h", php, "Transfer-Encoding: chunked", "", "zz", ""),
			status:  400, answer: `{"message":"the request can't be read"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := serve(t, newFake(), gateway.Options{}, netim.HandlerOptions{KeepCode: true})
			head, resp, body := raw(t, srv, row.request)
			require.True(t, strings.HasPrefix(head, "HTTP/1.1 "), head)
			require.Equal(t, row.status, resp.StatusCode)
			if strings.HasPrefix(row.answer, "^") {
				require.Regexp(t, row.answer, body)
			} else {
				require.Equal(t, row.answer, body)
			}
			require.Equal(t, "application/json", resp.Header.Get("Content-Type"))
			require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
			if !strings.HasPrefix(row.request, "HEAD") {
				require.Equal(t, strconv.Itoa(len(body)), resp.Header.Get("Content-Length"))
			}
		})
	}
}

// TestStrangersOctets: to a wrong session the answers about a domain that is there and
// one that is not are the same, octet by octet.
func TestStrangersOctets(t *testing.T) {
	srv := serve(t, newFake(), gateway.Options{}, netim.HandlerOptions{})
	var first string
	for _, domain := range []string{"birch.example", "elsewhere.example"} {
		head, _, body := raw(t, srv, lines("PATCH /1.0/domain/"+domain+"/authid/ HTTP/1.1", "Host: h",
			"Authorization: Bearer "+strings.Repeat("0", 32), "Content-Length: 22", "", `{"sendtoregistrant":1}`))
		got := regexp.MustCompile(`\r\nDate: [^\r]*`).ReplaceAllString(head, "") + body
		if first == "" {
			first = got
		}
		require.Equal(t, first, got)
	}
}
