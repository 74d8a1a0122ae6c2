package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// reachable are the addresses of a profile's registry.
func (p *profile) reachable() []string {
	if p.Address != "" {
		return []string{p.Address}
	}
	return p.Addresses
}

// checkRoute checks how the profile's registry is reached: that there is one address, or
// a list of some; from where, and through what.
func (p *profile) checkRoute() error {
	switch {
	case p.Address != "" && p.Addresses != nil:
		return errors.New("address and addresses do not go together; addresses is a list of all")
	case len(p.reachable()) == 0:
		return errors.New("address is missing")
	}
	for i, addr := range p.Addresses {
		if addr == "" {
			return fmt.Errorf("addresses: number %d is empty", i+1)
		}
	}
	_, err := p.dialer("")
	return err
}

// dialer makes the connections to the profile's registry. password is that for the proxy.
// Its errors don't quote what stands in the file: it may be the password.
func (p *profile) dialer(password epp.Secret) (*client.Dialer, error) {
	d := &client.Dialer{Source: p.Source}
	if p.Proxy == "" {
		if !p.ProxyPassword.isZero() {
			return nil, errors.New("proxyPassword is given, but no proxy")
		}
		return d, d.Check()
	}
	u, err := url.Parse(p.Proxy)
	if err != nil {
		return nil, errors.New("proxy is no URL, such as socks5h://proxy.example:1080")
	}
	switch _, inURL := u.User.Password(); {
	case inURL:
		return nil, errors.New("proxy holds a password; say with proxyPassword where it is: command, env or file")
	case !p.ProxyPassword.isZero() && u.User.Username() == "":
		return nil, errors.New("proxyPassword is given, but proxy has no user, as in socks5h://USER@proxy.example")
	}
	if password != "" {
		u.User = url.UserPassword(u.User.Username(), password.Reveal())
	}
	d.Proxy = u
	return d, d.Check()
}

// dialerWith is the dialer with the password for the proxy, which it fetches.
func (p *profile) dialerWith(ctx context.Context, getenv func(string) string) (*client.Dialer, error) {
	if p.ProxyPassword.isZero() {
		return p.dialer("")
	}
	pw, err := p.ProxyPassword.read(ctx, p, getenv)
	if err != nil {
		return nil, fmt.Errorf("proxyPassword: %w", err)
	}
	return p.dialer(pw)
}

// pool is how a pool talks to the registry.
func (t *target) pool() client.PoolOptions {
	o := t.sessions.options()
	o.Options, o.Addresses = t.opts, t.addrs
	return o
}

// dial connects to the first address at which the registry can be reached, and logs in
// where there are credentials.
func (t *target) dial(ctx context.Context) (*client.Session, error) {
	s, addr, err := client.DialAny(ctx, t.addrs, t.opts)
	if err != nil {
		return nil, err
	}
	t.addr = addr
	return s, nil
}

// sources are the addresses to connect from, of each family one at most: one, or a list.
type sources []netip.Addr

// UnmarshalYAML reads one or a list.
func (s *sources) UnmarshalYAML(n *yaml.Node) error {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	for _, n := range nodes {
		addr, err := netip.ParseAddr(n.Value)
		if err != nil {
			return fmt.Errorf("line %d: source: %q is no IP address", n.Line, n.Value)
		}
		*s = append(*s, addr)
	}
	return nil
}
