package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
)

// listenAt answers at an address until the test is over, and tells where each connection
// comes from. It skips the test where the machine does not have the address.
func listenAt(t *testing.T, address string) (addr string, from <-chan netip.Addr) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("this machine has no address for %s: %v", address, err)
	}
	peers := make(chan netip.Addr, 10)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			peers <- conn.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap()
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String(), peers
}

func addrs(s ...string) (out []netip.Addr) {
	for _, a := range s {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// The address that a connection comes from is the one of its family.
func TestDialerSource(t *testing.T) {
	v4, from4 := listenAt(t, "127.0.0.1:0")
	_, port, err := net.SplitHostPort(v4)
	require.NoError(t, err)
	v6, from6 := listenAt(t, "[::1]:"+port)
	for _, tt := range []struct {
		name   string
		source []netip.Addr
		to     string
		want   string // where it comes from
		err    string
	}{
		{"none", nil, v4, "127.0.0.1", ""},
		{"IPv4", addrs("127.0.0.5"), v4, "127.0.0.5", ""},
		{"IPv4 as IPv6 has it", addrs("::ffff:127.0.0.5"), v4, "127.0.0.5", ""},
		{"IPv6", addrs("::1"), v6, "::1", ""},
		{"two, to IPv4", addrs("127.0.0.5", "::1"), v4, "127.0.0.5", ""},
		{"two, to IPv6", addrs("127.0.0.5", "::1"), v6, "::1", ""},
		{"IPv4 to a name", addrs("127.0.0.5"), "localhost:" + port, "127.0.0.5", ""},
		{"IPv4 to IPv6", addrs("127.0.0.5"), v6, "", "from 127.0.0.5, for which " + v6 + " needs an IPv4 address: dial tcp4"},
		{"IPv6 to IPv4", addrs("::1"), v4, "", "from ::1, for which " + v4 + " needs an IPv6 address: dial tcp6"},
		{"IPv6 to a name that has none", addrs("::1"), "nowhere.invalid:700", "", "from ::1, for which nowhere.invalid:700 needs an IPv6 address: "},
		{"not of this machine", addrs("192.0.2.1"), v4, "", "bind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &client.Dialer{Source: tt.source}
			conn, err := d.DialContext(within(t, 5*time.Second), "tcp", tt.to)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			conn.Close()
			select {
			case got := <-from4:
				require.Equal(t, tt.want, got.String())
			case got := <-from6:
				require.Equal(t, tt.want, got.String())
			}
		})
	}
	t.Run("two, to a name", func(t *testing.T) {
		names, err := net.DefaultResolver.LookupNetIP(t.Context(), "ip", "localhost")
		require.NoError(t, err)
		d := &client.Dialer{Source: addrs("127.0.0.5", "::1")}
		conn, err := d.DialContext(within(t, 5*time.Second), "tcp", "localhost:"+port)
		require.NoError(t, err)
		defer conn.Close()
		six := false
		for _, a := range names {
			six = six || a.Is6() && !a.Is4In6()
		}
		if six {
			require.Equal(t, "::1", (<-from6).String(), "IPv6 has a start")
		} else {
			require.Equal(t, "127.0.0.5", (<-from4).String())
		}
	})
}

// RFC 8305, section 5: the family that can't be reached is none of the other's troubles.
func TestDialerFallsBack(t *testing.T) {
	v4, from4 := listenAt(t, "127.0.0.1:0")
	_, port, err := net.SplitHostPort(v4)
	require.NoError(t, err)
	for _, delay := range []time.Duration{0, -1} {
		d := &client.Dialer{Source: addrs("127.0.0.5", "::1"), FallbackDelay: delay}
		conn, err := d.DialContext(within(t, 5*time.Second), "tcp", "localhost:"+port)
		require.NoError(t, err)
		conn.Close()
		require.Equal(t, "127.0.0.5", (<-from4).String())
	}
}

// What the pool reads of an error is still in it.
func TestDialerErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := l.Addr().String()
	require.NoError(t, l.Close())
	_, port, err := net.SplitHostPort(closed)
	require.NoError(t, err)
	both := addrs("127.0.0.5", "::1")
	for _, d := range []*client.Dialer{{}, {Source: both[:1]}, {Source: both}, {Source: both, FallbackDelay: -1}} {
		t.Run(fmt.Sprint(*d, d.FallbackDelay), func(t *testing.T) {
			_, err := d.DialContext(within(t, 5*time.Second), "tcp", "localhost:"+port)
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
			var name *net.DNSError
			require.False(t, errors.As(err, &name) && name.IsNotFound, err)

			_, err = d.DialContext(within(t, 5*time.Second), "tcp", "nowhere.invalid:700")
			require.ErrorAs(t, err, &name)

			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err = d.DialContext(ctx, "tcp", "localhost:"+port)
			require.Error(t, err)
			_, err = d.DialContext(t.Context(), "tcp", "no port")
			require.Error(t, err)
		})
	}
}

func TestDialerCheck(t *testing.T) {
	parse := func(s string) *url.URL {
		u, err := url.Parse(s)
		require.NoError(t, err)
		return u
	}
	for _, tt := range []struct {
		d   client.Dialer
		err string // "" is none
	}{
		{client.Dialer{}, ""},
		{client.Dialer{Source: addrs("192.0.2.1", "2001:db8::1")}, ""},
		{client.Dialer{Source: addrs("192.0.2.1", "::ffff:192.0.2.2")}, "two addresses of one family"},
		{client.Dialer{Source: addrs("2001:db8::1", "192.0.2.1", "2001:db8::2")}, "two addresses of one family"},
		{client.Dialer{Source: []netip.Addr{{}}}, "is empty"},
		{client.Dialer{Proxy: parse("socks5://hugo:swordfish@proxy.example")}, ""},
		{client.Dialer{Proxy: parse("HTTPS://proxy.example:3128/")}, ""},
		{client.Dialer{Proxy: parse("ftp://hugo:swordfish@proxy.example")}, `the scheme of the proxy is "ftp"`},
		{client.Dialer{Proxy: parse("proxy.example")}, `the scheme of the proxy is ""`},
		{client.Dialer{Proxy: parse("http://:3128")}, "has no host"},
		{client.Dialer{Proxy: parse("http://proxy.example/swordfish")}, "more than a host and a port"},
		{client.Dialer{Proxy: parse("http://proxy.example?swordfish")}, "more than a host and a port"},
		{client.Dialer{Proxy: parse("socks5://:swordfish@proxy.example")}, "RFC 1929"},
		{client.Dialer{Proxy: parse("socks5h://" + strings.Repeat("x", 256) + ":swordfish@proxy.example")}, "RFC 1929"},
		{client.Dialer{Proxy: parse("http://hu%3Ago:swordfish@proxy.example")}, "RFC 7617"},
	} {
		err := tt.d.Check()
		if tt.err == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, tt.err)
		_, dialed := tt.d.DialContext(t.Context(), "tcp", "127.0.0.1:1")
		require.Equal(t, err, dialed)
		require.NotContains(t, err.Error(), "swordfish")
		var p interface{ Permanent() bool }
		require.ErrorAs(t, err, &p)
		require.True(t, p.Permanent())
	}
}

func TestDialerIsPrintedWithoutItsPassword(t *testing.T) {
	u, err := url.Parse("socks5://hugo:swordfish@proxy.example")
	require.NoError(t, err)
	d := client.Dialer{Proxy: u, Source: addrs("192.0.2.1")}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb, d, &d, struct{ D client.Dialer }{d})
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("dialing", "dialer", d, "pointer", &d)
	}
	require.Contains(t, out.String(), "socks5://proxy.example:1080")
	require.Contains(t, out.String(), "192.0.2.1")
	require.NotContains(t, out.String(), "swordfish")
	require.NotContains(t, out.String(), "73776f7264", "in hexadecimal")
}
