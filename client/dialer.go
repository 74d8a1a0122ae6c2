package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// A Dialer makes the connections below TLS, from addresses and through a proxy that its
// user chooses, for the option DialContext:
//
//	d := &client.Dialer{Source: []netip.Addr{mine}}
//	opts.DialContext = d.DialContext
//
// The zero value connects as a net.Dialer does. A Dialer must not be changed while it is
// used; any number of goroutines may use it at once.
type Dialer struct {
	// Source are the addresses to connect from, of each family one at most. Where one is
	// given, the other family is not used: a registry knows its clients by their
	// addresses.
	Source []netip.Addr
	// Proxy is the URL of a proxy that makes the connection. The scheme is socks5 (RFC
	// 1928; the name of the server is resolved here), socks5h (by the proxy), http or
	// https (CONNECT: RFC 9110, section 9.3.6; by the proxy). The user and password in it,
	// if any, are for the proxy (RFC 1929, RFC 7617). Without a port it is 1080, 80 or
	// 443. Source and FallbackDelay are then for the connection to the proxy.
	Proxy *url.URL
	// ProxyTLS is for a proxy by https. Without a ServerName the host of the URL is
	// verified.
	ProxyTLS *tls.Config
	// FallbackDelay is how long a host's IPv6 addresses may take before its IPv4
	// addresses are tried at the same time (RFC 8305); 300 ms. Negative is until they
	// have failed.
	FallbackDelay time.Duration
}

// Format leaves out the user and the password of the proxy.
func (d Dialer) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "client.Dialer(from %v, through %q)", d.Source, proxyName(d.Proxy))
}

// DialContext connects to an address, host and port. It ends with ctx at the latest. Why
// a host has no address is a [*net.DNSError] in the error; what a proxy says against it is a
// [*ProxyError].
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	switch err := d.Check(); {
	case err != nil:
		return nil, err
	case d.Proxy == nil:
		return d.direct(ctx, network, address)
	}
	conn, err := d.throughProxy(ctx, network, address)
	if err != nil {
		return nil, withCause(ctx, err)
	}
	return conn, nil
}

// Check returns why no connection could ever be made, or nil. It does no I/O. Its errors
// have a method Permanent that is true.
func (d *Dialer) Check() error {
	var has4, has6 bool
	for _, a := range d.Source {
		has := &has6
		if a.Unmap().Is4() {
			has = &has4
		}
		switch {
		case !a.IsValid():
			return unusable("an address in Source is empty")
		case *has:
			return unusable("Source has two addresses of one family")
		}
		*has = true
	}
	if d.Proxy == nil {
		return nil
	}
	switch {
	case defaultProxyPort[d.Proxy.Scheme] == "":
		return unusable(fmt.Sprintf("the scheme of the proxy is %q; it must be socks5, socks5h, http or https", d.Proxy.Scheme))
	case d.Proxy.Hostname() == "":
		return unusable("the URL of the proxy has no host")
	case d.Proxy.Path != "" && d.Proxy.Path != "/", d.Proxy.RawQuery != "", d.Proxy.Fragment != "":
		return unusable("the URL of the proxy has more than a host and a port")
	}
	return checkProxyLogin(d.Proxy)
}

// An unusable is why a Dialer can't do anything, now or later.
type unusable string

func (e unusable) Error() string { return "the dialer: " + string(e) }

// Permanent is true.
func (unusable) Permanent() bool { return true }

// direct connects without a proxy.
func (d *Dialer) direct(ctx context.Context, network, address string) (net.Conn, error) {
	from := d.Source
	if len(from) < 2 {
		return d.from(ctx, network, address, from...)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", address, err)
	}
	if i := slices.IndexFunc(from, func(a netip.Addr) bool { return !a.Unmap().Is4() }); i != 0 {
		from = []netip.Addr{from[1], from[0]} // IPv6 first
	}
	switch to, err := netip.ParseAddr(host); {
	case network == "tcp4", err == nil && to.Unmap().Is4():
		return d.from(ctx, network, address, from[1])
	case network == "tcp6", err == nil:
		return d.from(ctx, network, address, from[0])
	}
	// What a net.Dialer does with the two families of a host it can't do from an address for
	// each.
	conn, _, errs := race(ctx, len(from), cmp.Or(d.FallbackDelay, 300*time.Millisecond), func(ctx context.Context, i int) (net.Conn, error) {
		return d.from(ctx, familyOf(from[i]), address, from[i])
	})
	if conn == nil {
		return nil, telling(errs)
	}
	return conn, nil
}

// from connects from an address, where there is one; then only its family is used.
func (d *Dialer) from(ctx context.Context, network, address string, source ...netip.Addr) (net.Conn, error) {
	nd := &net.Dialer{FallbackDelay: d.FallbackDelay}
	if len(source) == 1 {
		nd.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(source[0].Unmap(), 0))
		if network == "tcp" {
			network = familyOf(source[0])
		}
	}
	conn, err := nd.DialContext(ctx, network, address)
	if err != nil && len(source) == 1 && lacksAddress(err) {
		family := "IPv6"
		if source[0].Unmap().Is4() {
			family = "IPv4"
		}
		return nil, fmt.Errorf("connecting from %v, for which %s needs an %s address: %w", source[0].Unmap(), address, family, err)
	}
	return conn, err
}

// lacksAddress reports whether a host has no address of the family that was wanted.
func lacksAddress(err error) bool {
	var none *net.AddrError
	var dns *net.DNSError
	return errors.As(err, &none) || errors.As(err, &dns) && dns.IsNotFound
}

func familyOf(a netip.Addr) string {
	if a.Unmap().Is4() {
		return "tcp4"
	}
	return "tcp6"
}

// telling is the error that says most: a family for which a host has no address is none of
// its troubles where the other has one.
func telling(errs []error) error {
	for _, err := range errs {
		if !lacksAddress(err) {
			return err
		}
	}
	return errs[0]
}
