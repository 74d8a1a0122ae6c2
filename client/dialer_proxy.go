package client

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/proxy"

	"github.com/eppkit/eppkit/internal/cause"
)

// A ProxyError is a proxy that did not make a connection. What the proxy itself had to say
// is left out of it, for that may quote the password.
type ProxyError struct {
	// Proxy is the proxy, as in "socks5://proxy.example:1080".
	Proxy string
	// Status is that of a proxy by HTTP, as in 407, or the reply of one by SOCKS (RFC
	// 1928, section 6), as in 2. It is 0 where the proxy said nothing of the kind.
	Status int
	Err    error
}

func (e *ProxyError) Error() string { return "the proxy " + e.Proxy + ": " + e.Err.Error() }

func (e *ProxyError) Unwrap() error { return e.Err }

// Permanent reports whether the same would happen again until somebody has changed
// something: the proxy does not take the login, or does not let the client through; its
// name does not exist, its certificate does not do.
func (e *ProxyError) Permanent() bool {
	var name *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(e.Err, errProxyLogin), errors.As(e.Err, &cert):
		return true
	case errors.As(e.Err, &name):
		return name.IsNotFound
	}
	if strings.HasPrefix(e.Proxy, "socks") {
		return slices.Contains([]int{2, 7, 8}, e.Status)
	}
	return slices.Contains([]int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusProxyAuthRequired, http.StatusNotImplemented,
	}, e.Status)
}

var (
	errProxyLogin   = errors.New("it does not take the login")
	errProxyGarbage = errors.New("its answer is none of a proxy's")
	errProxyGone    = errors.New("it closed the connection without an answer")
)

var defaultProxyPort = map[string]string{"socks5": "1080", "socks5h": "1080", "http": "80", "https": "443"}

// proxyAddress is the host and the port of a proxy.
func proxyAddress(u *url.URL) string {
	return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), defaultProxyPort[u.Scheme]))
}

// proxyName is a proxy without the login.
func proxyName(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.Scheme + "://" + proxyAddress(u)
}

// checkProxyLogin refuses a user and a password that can't be written.
func checkProxyLogin(u *url.URL) error {
	if u.User == nil {
		return nil
	}
	user := u.User.Username()
	pw, _ := u.User.Password()
	socks := strings.HasPrefix(u.Scheme, "socks")
	switch {
	case socks && (user == "" || len(user) > 255 || len(pw) > 255):
		return unusable("the user of the proxy must have 1 to 255 octets, and the password 255 at most (RFC 1929)")
	case !socks && strings.Contains(user, ":"):
		return unusable("the user of the proxy can't have a colon (RFC 7617)")
	}
	return nil
}

// throughProxy connects by the proxy.
func (d *Dialer) throughProxy(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	switch {
	case err != nil:
		return nil, fmt.Errorf("address %q: %w", address, err)
	case strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return nil, unusable(fmt.Sprintf("the address %q has white space in it", address))
	}
	switch d.Proxy.Scheme {
	case "http", "https":
		return d.tunnel(ctx, address)
	case "socks5h":
		return d.socks(ctx, address)
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, strings.Replace(network, "tcp", "ip", 1), host)
	if err != nil {
		return nil, err
	}
	var failed error
	for i, addr := range addrs {
		conn, err := d.socksTo(ctx, net.JoinHostPort(addr.Unmap().String(), port), len(addrs)-i)
		if err == nil {
			return conn, nil
		}
		if failed == nil { // as net.Dialer has it, the first is what counts
			failed = err
		}
		var refused *ProxyError
		if ctx.Err() != nil || errors.As(err, &refused) && refused.Permanent() {
			return nil, err
		}
	}
	return nil, failed
}

// socksTo connects to one of some addresses that are left to be tried, in its share of the
// time.
func (d *Dialer) socksTo(ctx context.Context, address string, left int) (net.Conn, error) {
	ctx, cancel := share(ctx, left)
	defer cancel()
	return d.socks(ctx, address)
}

// toProxy connects to the proxy.
func (d *Dialer) toProxy(ctx context.Context) (net.Conn, error) {
	return d.direct(ctx, "tcp", proxyAddress(d.Proxy))
}

func (d *Dialer) proxyError(status int, err error) error {
	return &ProxyError{Proxy: proxyName(d.Proxy), Status: status, Err: err}
}

// socks has a SOCKS proxy connect.
func (d *Dialer) socks(ctx context.Context, address string) (net.Conn, error) {
	var auth *proxy.Auth
	if u := d.Proxy.User; u != nil {
		pw, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: pw}
	}
	h := &heard{dial: d.toProxy}
	through, err := proxy.SOCKS5("tcp", proxyAddress(d.Proxy), auth, h)
	if err != nil {
		return nil, d.proxyError(0, err)
	}
	if _, err := through.(proxy.ContextDialer).DialContext(ctx, "tcp", address); err != nil {
		status, err := h.why(err)
		if errors.Is(err, os.ErrDeadlineExceeded) { // it is that of ctx, which may be about to end
			err = cmp.Or(ctx.Err(), context.DeadlineExceeded)
		}
		return nil, d.proxyError(status, err)
	}
	return h.Conn, nil
}

// A heard makes the connection to a SOCKS proxy, and keeps what the proxy says in
// answer: package proxy tells that in words alone.
type heard struct {
	net.Conn // once there is one
	dial     func(context.Context) (net.Conn, error)
	failed   error // of dial
	said     []byte
}

func (h *heard) Dial(string, string) (net.Conn, error) { return nil, errors.ErrUnsupported }

func (h *heard) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if h.Conn, h.failed = h.dial(ctx); h.failed != nil {
		return nil, h.failed
	}
	return h, nil
}

func (h *heard) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	h.said = append(h.said, b[:n]...)
	return n, err
}

// why says what went wrong, and the proxy's reply or 0 (RFC 1928, sections 3 and 6; RFC
// 1929, section 2).
func (h *heard) why(err error) (status int, _ error) {
	const version, userPassword, none = 5, 2, 0xff
	said := h.said
	switch {
	case h.failed != nil:
		return 0, h.failed
	case len(said) > 0 && said[0] != version:
		return 0, errProxyGarbage
	case len(said) > 1 && said[1] == none:
		return 0, errProxyLogin
	}
	if len(said) > 1 && said[1] == userPassword {
		if len(said) > 3 && said[3] != 0 {
			return 0, errProxyLogin
		}
		said = said[min(2, len(said)):]
	}
	err = errors.Unwrap(err) // a *net.OpError about both ends
	var broken net.Error
	switch said = said[min(2, len(said)):]; {
	case len(said) > 1 && said[0] == version && said[1] != 0:
		return int(said[1]), fmt.Errorf("refused: %s", cmp.Or(socksReplies[said[1]], "reply "+strconv.Itoa(int(said[1]))))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return 0, errProxyGone
	case errors.As(err, &broken), errors.Is(err, context.Canceled):
		return 0, err
	}
	return 0, errProxyGarbage
}

// socksReplies are those of RFC 1928, section 6.
var socksReplies = map[byte]string{
	1: "general failure", 2: "its rules do not allow the connection", 3: "network unreachable", 4: "host unreachable",
	5: "connection refused", 6: "TTL expired", 7: "command not supported", 8: "address type not supported",
}

// maxProxyHeader is the most octets of a proxy's answer.
const maxProxyHeader = 16 << 10

// tunnel has a proxy by HTTP connect.
func (d *Dialer) tunnel(ctx context.Context, address string) (net.Conn, error) {
	conn, err := d.toProxy(ctx)
	if err != nil {
		return nil, d.proxyError(0, err)
	}
	if d.Proxy.Scheme == "https" {
		cfg, err := tlsConfig(proxyAddress(d.Proxy), d.ProxyTLS)
		if err != nil {
			conn.Close()
			return nil, d.proxyError(0, err)
		}
		tc := tls.Client(conn, cfg)
		if err := tc.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, d.proxyError(0, err)
		}
		conn = tc
	}
	stop := interrupt(ctx, conn.SetDeadline)
	through, status, err := d.ask(conn, address)
	if stop() && err == nil {
		err = cause.Of(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, d.proxyError(status, err)
	}
	return through, nil
}

// ask sends a CONNECT and reads the answer. What follows the answer belongs to the
// connection.
func (d *Dialer) ask(conn net.Conn, address string) (_ net.Conn, status int, _ error) {
	var q bytes.Buffer
	fmt.Fprintf(&q, "CONNECT %s HTTP/1.1\r\nHost: %[1]s\r\n", address)
	if u := d.Proxy.User; u != nil {
		pw, _ := u.Password()
		r := http.Request{Header: http.Header{}}
		r.SetBasicAuth(u.Username(), pw)
		fmt.Fprintf(&q, "Proxy-Authorization: %s\r\n", r.Header.Get("Authorization"))
	}
	q.WriteString("\r\n")
	if _, err := conn.Write(q.Bytes()); err != nil {
		return nil, 0, err
	}
	limited := &io.LimitedReader{R: conn, N: maxProxyHeader}
	in := bufio.NewReader(limited)
	for {
		resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
		var broken net.Error
		switch {
		case err != nil && limited.N == 0:
			return nil, 0, fmt.Errorf("%w: it has more than %d octets", errProxyGarbage, maxProxyHeader)
		case errors.As(err, &broken):
			return nil, 0, err
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, 0, errProxyGone
		case err != nil: // its text quotes the proxy's
			return nil, 0, errProxyGarbage
		case resp.StatusCode/100 == 2:
			if in.Buffered() == 0 {
				return conn, resp.StatusCode, nil
			}
			early := make([]byte, in.Buffered())
			_, _ = in.Read(early)
			return &readAhead{conn, io.MultiReader(bytes.NewReader(early), conn)}, resp.StatusCode, nil
		case resp.StatusCode/100 != 1 || resp.StatusCode == http.StatusSwitchingProtocols:
			return nil, resp.StatusCode, refusedBy(resp.StatusCode)
		}
	}
}

// refusedBy says a status in words that are not the proxy's.
func refusedBy(status int) error {
	err := fmt.Errorf("refused: %s", strings.TrimSpace(strconv.Itoa(status)+" "+http.StatusText(status)))
	if status == http.StatusProxyAuthRequired {
		return fmt.Errorf("%w: %w", errProxyLogin, err)
	}
	return err
}

// A readAhead is a connection of which something has been read already.
type readAhead struct {
	net.Conn
	rest io.Reader // then the connection
}

func (c *readAhead) Read(b []byte) (int, error) { return c.rest.Read(b) }
