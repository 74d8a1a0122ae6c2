package client_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// A testProxy is one: what it was asked for, and what it connects to.
type testProxy struct {
	t      *testing.T
	addr   string
	target string // what it connects to in place of what it is asked for

	mu    sync.Mutex
	asked []string
}

func (p *testProxy) note(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, address)
}

func (p *testProxy) last() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.asked) == 0 {
		return ""
	}
	return p.asked[len(p.asked)-1]
}

// connect passes on what the two sides say until one of them ends.
func (p *testProxy) connect(client net.Conn, from io.Reader) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(server, from)
		server.Close()
	}()
	_, _ = io.Copy(client, server)
	client.Close()
	<-done
}

// serve plays a proxy on each connection.
func (p *testProxy) serve(play func(net.Conn)) *testProxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(p.t, err)
	p.addr = l.Addr().String()
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
			wg.Go(func() { defer conn.Close(); play(conn) })
		}
	})
	p.t.Cleanup(func() { l.Close(); wg.Wait() })
	return p
}

// socksProxy is one of SOCKS (RFC 1928), with a user and a password (RFC 1929) where login
// is not "".
func socksProxy(t *testing.T, target, login string, reply byte) *testProxy {
	p := &testProxy{t: t, target: target}
	read := func(c net.Conn, n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(c, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	return p.serve(func(c net.Conn) {
		methods := read(c, int(read(c, 2)[1]))
		if login != "" {
			if !strings.Contains(string(methods), "\x02") {
				_, _ = c.Write([]byte{5, 0xff})
				return
			}
			_, _ = c.Write([]byte{5, 2})
			user := string(read(c, int(read(c, 2)[1])))
			pw := string(read(c, int(read(c, 1)[0])))
			if user+":"+pw != login {
				_, _ = c.Write([]byte{1, 1})
				return
			}
			_, _ = c.Write([]byte{1, 0})
		} else {
			_, _ = c.Write([]byte{5, 0})
		}
		q := read(c, 4)
		var host string
		switch q[3] {
		case 1:
			host = net.IP(read(c, 4)).String()
		case 3:
			host = string(read(c, int(read(c, 1)[0])))
		case 4:
			host = net.IP(read(c, 16)).String()
		}
		port := read(c, 2)
		p.note(net.JoinHostPort(host, fmt.Sprint(int(port[0])<<8|int(port[1]))))
		_, _ = c.Write([]byte{5, reply, 0, 1, 127, 0, 0, 1, 0, 9})
		if reply == 0 {
			p.connect(c, c)
		}
	})
}

// httpProxy is one of HTTP, by TLS where certs is not nil.
func httpProxy(t *testing.T, target, login string, secure bool) (p *testProxy, roots *x509.CertPool) {
	p = &testProxy{t: t, target: target}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := &http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
		user, pw, _ := given.BasicAuth()
		switch {
		case r.Method != http.MethodConnect:
			http.Error(w, "CONNECT only", http.StatusMethodNotAllowed)
			return
		case login != "" && user+":"+pw != login:
			w.Header().Set("Proxy-Authenticate", `Basic realm="x"`)
			http.Error(w, "no, not "+user+":"+pw, http.StatusProxyAuthRequired)
			return
		}
		p.note(r.Host)
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		p.connect(conn, rw)
	})
	srv := httptest.NewUnstartedServer(h)
	if secure {
		srv.StartTLS()
		roots = x509.NewCertPool()
		roots.AddCert(srv.Certificate())
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	p.addr = srv.Listener.Addr().String()
	return p, roots
}

func proxyURL(t *testing.T, s string) *url.URL {
	u, err := url.Parse(s)
	require.NoError(t, err)
	return u
}

const proxyLogin = "hugo:swordfish"

// A session goes through every kind of proxy, and TLS is with the server of the name.
func TestSessionThroughProxy(t *testing.T) {
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg, Hosts: []string{"sauna.example", "localhost"}})
	_, port, err := net.SplitHostPort(srv.Addr())
	require.NoError(t, err)
	for _, scheme := range []string{"socks5", "socks5h", "http", "https"} {
		for _, login := range []string{"", proxyLogin} {
			t.Run(scheme+" "+login, func(t *testing.T) {
				d := &client.Dialer{Source: addrs("127.0.0.5")}
				var p *testProxy
				if strings.HasPrefix(scheme, "socks") {
					p = socksProxy(t, srv.Addr(), login, 0)
				} else {
					var roots *x509.CertPool
					p, roots = httpProxy(t, srv.Addr(), login, scheme == "https")
					d.ProxyTLS = &tls.Config{RootCAs: roots}
				}
				d.Proxy = proxyURL(t, scheme+"://"+strings.TrimSuffix(login+"@"+p.addr, "@"))
				if login == "" {
					d.Proxy.User = nil
				}
				cfg := srv.ClientTLS("reg-north")
				cfg.ServerName = ""
				opts := client.Options{
					Schema: schema(t), TLS: cfg, DialContext: d.DialContext,
					Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
				}
				to, asked := "sauna.example", "sauna.example:700"
				if scheme == "socks5" { // resolved here
					to, asked = "localhost:"+port, "127.0.0.1:"+port
				}
				s, err := client.Dial(t.Context(), to, opts)
				require.NoError(t, err)
				defer s.Close()
				_, err = client.Do(t.Context(), s, check("alpha.example"))
				require.NoError(t, err)
				require.NoError(t, s.Logout(t.Context()))
				if got := p.last(); scheme != "socks5" || !strings.HasPrefix(got, "[::1]") {
					require.Equal(t, asked, got)
				}

				// The name is still verified at the far end.
				opts.DialContext = (&client.Dialer{Proxy: proxyURL(t, strings.Replace(d.Proxy.String(), "socks5:", "socks5h:", 1)), ProxyTLS: d.ProxyTLS}).DialContext
				_, err = client.Dial(t.Context(), "other.example", opts)
				require.ErrorContains(t, err, "other.example")
				var trouble *client.Error
				require.ErrorAs(t, err, &trouble)
				require.Equal(t, "tls", trouble.Op)
				var bad x509.HostnameError
				require.ErrorAs(t, err, &bad)
			})
		}
	}
}

// An IPv6 address is written as each kind of proxy has it.
func TestProxyIPv6(t *testing.T) {
	target, _ := listenAt(t, "127.0.0.1:0")
	socks := socksProxy(t, target, "", 0)
	connect, _ := httpProxy(t, target, "", false)
	for scheme, p := range map[string]*testProxy{"socks5": socks, "socks5h": socks, "http": connect} {
		d := &client.Dialer{Proxy: proxyURL(t, scheme+"://"+p.addr)}
		conn, err := d.DialContext(within(t, 5*time.Second), "tcp", "[2001:db8::7]:700")
		require.NoError(t, err, scheme)
		conn.Close()
		require.Equal(t, "[2001:db8::7]:700", p.last())
	}
}

// What a proxy says against a connection is told, but not in its own words.
func TestProxyRefuses(t *testing.T) {
	says := func(answer string) func(t *testing.T) string {
		return func(t *testing.T) string {
			return (&testProxy{t: t}).serve(func(c net.Conn) {
				_, _ = http.ReadRequest(bufio.NewReader(c))
				_, _ = io.WriteString(c, answer)
			}).addr
		}
	}
	speaks := func(answers ...string) func(t *testing.T) string {
		return func(t *testing.T) string {
			return (&testProxy{t: t}).serve(func(c net.Conn) {
				for _, a := range answers {
					if _, err := c.Read(make([]byte, 512)); err != nil {
						return
					}
					_, _ = io.WriteString(c, a)
				}
			}).addr
		}
	}
	replies := func(login string, reply byte) func(t *testing.T) string {
		return func(t *testing.T) string { return socksProxy(t, "127.0.0.1:1", login, reply).addr }
	}
	for _, tt := range []struct {
		name, scheme string
		proxy        func(*testing.T) string
		status       int
		permanent    bool
		err          string
	}{
		{"403", "http", says("HTTP/1.1 403 swordfish\r\nContent-Length: 0\r\n\r\n"), 403, true, "refused: 403 Forbidden"},
		{"407", "http", func(t *testing.T) string { p, _ := httpProxy(t, "", "hugo:other", false); return p.addr }, 407, true, "it does not take the login: refused: 407"},
		{"501", "http", says("HTTP/1.1 501 No\r\n\r\n"), 501, true, "501"},
		{"502", "http", says("HTTP/1.1 502 Bad Gateway\r\n\r\n<p>swordfish"), 502, false, "refused: 502 Bad Gateway"},
		{"503 of HTTP/1.0", "http", says("HTTP/1.0 503 x\r\n\r\n"), 503, false, "refused: 503"},
		{"an unknown status", "http", says("HTTP/1.1 799 swordfish\r\n\r\n"), 799, false, "refused: 799"},
		{"101", "http", says("HTTP/1.1 101 Switching Protocols\r\n\r\n"), 101, false, "refused: 101"},
		{"100 for ever", "http", says(strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 2000)), 0, false, "more than 16384 octets"},
		{"a long header", "http", says("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n"), 0, false, "more than 16384 octets"},
		{"not HTTP", "http", says("SSH-2.0-swordfish\r\n"), 0, false, "none of a proxy's"},
		{"no status", "http", says("HTTP/1.1 swordfish OK\r\n\r\n"), 0, false, "none of a proxy's"},
		{"a broken header", "http", says("HTTP/1.1 200 OK\r\nswordfish\r\n\r\n"), 0, false, "none of a proxy's"},
		{"half a header", "http", says("HTTP/1.1 200 OK\r\nX: y"), 0, false, "closed the connection"},
		{"no answer", "http", says(""), 0, false, "closed the connection"},
		{"no TLS", "https", says("HTTP/1.1 200 OK\r\n\r\n"), 0, false, "tls: "},
		{"a certificate of nobody", "https", func(t *testing.T) string { p, _ := httpProxy(t, "", "", true); return p.addr }, 0, true, "certificate"},

		{"3: no method is left", "socks5h", speaks("\x05\xff"), 0, true, "does not take the login"},
		{"RFC 1929: wrong", "socks5h", replies("hugo:other", 0), 0, true, "does not take the login"},
		{"6: failure", "socks5h", replies("", 1), 1, false, "refused: general failure"},
		{"6: rules", "socks5h", replies(proxyLogin, 2), 2, true, "refused: its rules do not allow"},
		{"6: rules, of an address", "socks5", replies(proxyLogin, 2), 2, true, "refused: its rules do not allow"},
		{"6: host", "socks5h", replies("", 4), 4, false, "refused: host unreachable"},
		{"6: connection", "socks5", replies("", 5), 5, false, "refused: connection refused"},
		{"6: command", "socks5h", replies("", 7), 7, true, "refused: command not"},
		{"6: another", "socks5h", replies("", 77), 77, false, "refused: reply 77"},
		{"SOCKS 4", "socks5h", speaks("\x00\x5a\x00\x00\x00\x00\x00\x00"), 0, false, "none of a proxy's"},
		{"garbage after the method", "socks5h", speaks("\x05\x00", "swordfish\r\n"), 0, false, "none of a proxy's"},
		{"an address of no type", "socks5h", speaks("\x05\x00", "\x05\x00\x00\x09aaaaaa"), 0, false, "none of a proxy's"},
		{"a method that nobody asked for", "socks5h", speaks("\x05\x01"), 0, false, "none of a proxy's"},
		{"closed after the method", "socks5h", speaks("\x05\x00", ""), 0, false, "closed the connection"},
		{"closed within the login", "socks5h", speaks("\x05\x02", "\x01"), 0, false, "closed the connection"},
		{"closed within the address", "socks5h", speaks("\x05\x00", "\x05\x00\x00\x01\x7f"), 0, false, "closed the connection"},
		{"closed at once", "socks5h", speaks(), 0, false, ""},
	} {
		t.Run(tt.scheme+" "+tt.name, func(t *testing.T) {
			d := &client.Dialer{Proxy: proxyURL(t, tt.scheme+"://"+proxyLogin+"@"+tt.proxy(t))}
			_, err := client.Dial(within(t, 10*time.Second), "192.0.2.1", client.Options{DialContext: d.DialContext})
			var trouble *client.Error
			require.ErrorAs(t, err, &trouble)
			require.Equal(t, "dial", trouble.Op)
			require.True(t, client.SafeToRetry(err))
			var refused *client.ProxyError
			require.ErrorAs(t, err, &refused)
			require.ErrorContains(t, err, tt.err)
			require.Equal(t, tt.status, refused.Status, err)
			require.Equal(t, tt.permanent, refused.Permanent(), err)
			require.Contains(t, err.Error(), "the proxy "+tt.scheme+"://127.0.0.1:")
			for _, shown := range []string{err.Error(), fmt.Sprintf("%+v %#v", refused, refused.Err)} {
				require.NotContains(t, shown, "swordfish")
				require.NotContains(t, shown, "aHVnbzpzd29yZGZpc2g", "in Base64")
			}
		})
	}
}

// A proxy that can't be reached is said to be it.
func TestProxyAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := l.Addr().String()
	require.NoError(t, l.Close())
	for _, scheme := range []string{"socks5", "socks5h", "http", "https"} {
		d := &client.Dialer{Proxy: proxyURL(t, scheme+"://"+proxyLogin+"@"+closed)}
		_, err := d.DialContext(within(t, 5*time.Second), "tcp", "127.0.0.1:700")
		require.ErrorContains(t, err, "the proxy "+scheme+"://"+closed+": ")
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		var away *client.ProxyError
		require.ErrorAs(t, err, &away)
		require.False(t, away.Permanent())

		d.Proxy.Host = "nowhere.invalid"
		_, err = d.DialContext(within(t, 5*time.Second), "tcp", "127.0.0.1:700")
		var name *net.DNSError
		require.ErrorAs(t, err, &name)
		require.ErrorAs(t, err, &away)
		require.Equal(t, name.IsNotFound, away.Permanent())
	}
}

// Every wait ends with the context, and leaves no connection open.
func TestProxySilent(t *testing.T) {
	for _, tt := range []struct {
		scheme string
		says   []string
	}{
		{"http", nil},
		{"http", []string{"HTTP/1.1 200 OK\r\n"}},
		{"http", []string{"HTTP/1.1 100 Continue\r\n\r\n"}},
		{"https", nil},
		{"socks5", nil},
		{"socks5h", []string{"\x05\x02"}},
		{"socks5h", []string{"\x05\x00", "\x05\x00\x00"}},
		{"socks5h", []string{"\x05\x00", "\x05\x00\x00\x01\x7f"}},
	} {
		t.Run(fmt.Sprintf("%s %q", tt.scheme, tt.says), func(t *testing.T) {
			gone := make(chan error, 1)
			p := (&testProxy{t: t}).serve(func(c net.Conn) {
				for _, a := range tt.says {
					_, _ = c.Read(make([]byte, 512))
					_, _ = io.WriteString(c, a)
				}
				_, err := io.Copy(io.Discard, c)
				gone <- err
			})
			d := &client.Dialer{Proxy: proxyURL(t, tt.scheme+"://"+proxyLogin+"@"+p.addr)}
			began := time.Now()
			_, err := client.Dial(within(t, 200*time.Millisecond), "192.0.2.1", client.Options{DialContext: d.DialContext})
			require.Error(t, err)
			require.ErrorContains(t, err, "deadline exceeded")
			require.Less(t, time.Since(began), 10*time.Second)
			var refused *client.ProxyError
			require.ErrorAs(t, err, &refused)
			require.False(t, refused.Permanent())
			var reset *net.OpError
			if err := <-gone; err != nil && !errors.As(err, &reset) {
				t.Fatal(err)
			}
		})
	}
}

// What the server says at once may come together with the proxy's answer.
func TestProxyAnswerAndMore(t *testing.T) {
	for _, header := range []string{
		"HTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 299 Fine\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", // RFC 9110, section 9.3.6: both to be ignored
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 16<<10-28) + "\r\n\r\n",
	} {
		for _, more := range []int{0, 1, 100, 50_000} {
			t.Run(fmt.Sprintf("%.30q %d", header, more), func(t *testing.T) {
				want := strings.Repeat("sauna ", more)
				p := (&testProxy{t: t}).serve(func(c net.Conn) {
					_, _ = http.ReadRequest(bufio.NewReader(c))
					_, _ = io.WriteString(c, header+want[:len(want)/2])
					_, _ = io.WriteString(c, want[len(want)/2:])
				})
				d := &client.Dialer{Proxy: proxyURL(t, "http://"+p.addr)}
				conn, err := d.DialContext(within(t, 10*time.Second), "tcp", "sauna.example:700")
				require.NoError(t, err)
				defer conn.Close()
				got, err := io.ReadAll(conn)
				require.NoError(t, err)
				require.Equal(t, want, string(got))
			})
		}
	}
}

// A name that would end the request's line is not sent.
func TestProxyAddress(t *testing.T) {
	p, _ := httpProxy(t, "", "", false)
	d := &client.Dialer{Proxy: proxyURL(t, "http://"+p.addr)}
	for _, addr := range []string{"a.example:700\r\nX: y", "a example:700", "no-port"} {
		_, err := d.DialContext(t.Context(), "tcp", addr)
		require.Error(t, err, addr)
	}
	require.Empty(t, p.last())
}

// A pool stops where the proxy would refuse again, and goes on where it may not.
func TestPoolReadsProxyError(t *testing.T) {
	for login, stops := range map[string]bool{"hugo:other": true, proxyLogin: false} {
		p := socksProxy(t, "127.0.0.1:1", login, 4)
		d := &client.Dialer{Proxy: proxyURL(t, "socks5h://"+proxyLogin+"@"+p.addr)}
		told := make(chan client.Event, 10)
		pool, err := client.NewPool(client.PoolOptions{
			Options:   client.Options{Schema: schema(t), DialContext: d.DialContext},
			Addresses: []string{"sauna.example"}, MinSessions: 1, OnEvent: func(e client.Event) { told <- e },
		})
		require.NoError(t, err)
		defer pool.Close()
		select {
		case e := <-told:
			_, stopped := e.(client.Stopped)
			require.Equal(t, stops, stopped, e.String())
			require.NotContains(t, e.String(), "swordfish")
		case <-time.After(10 * time.Second):
			t.Fatal("nothing happened")
		}
	}
}
