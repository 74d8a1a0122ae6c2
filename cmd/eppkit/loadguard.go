package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// guard refuses a server that is not on this machine, unless it is the user's own.
func (x *loadTarget) guard(ctx context.Context, own string) error {
	foreign := false
	for _, addr := range x.addrs {
		host := hostOf(addr)
		if own != "" && strings.EqualFold(host, own) {
			continue
		}
		if !isLoopback(ctx, host) {
			return usage("%s is not on this machine. A load can do harm: where the server is yours, or its owner has agreed, say --i-own-this-target %s", addr, host)
		}
		foreign = true
	}
	if own != "" && foreign && len(x.addrs) == 1 {
		return usage("--i-own-this-target is %q, but the host of the profile is %q", own, hostOf(x.addrs[0]))
	}
	if !foreign {
		return nil
	}
	if p, err := x.app.chosenProfile(); err != nil || p != nil && p.Proxy != "" {
		return usage("a load that goes through a proxy needs --i-own-this-target")
	}
	dial := x.opts.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	// A name may lead elsewhere by the time of the dial.
	x.opts.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if to, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !to.IP.IsLoopback() {
			conn.Close()
			return nil, fmt.Errorf("%s led to %s, which is not on this machine", address, conn.RemoteAddr())
		}
		return conn, nil
	}
	return nil
}

func hostOf(addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return strings.Trim(addr, "[]")
}

// isLoopback reports whether a host is this machine alone.
func isLoopback(ctx context.Context, host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil || len(addrs) == 0 {
		return false
	}
	for _, a := range addrs {
		if !a.IP.IsLoopback() {
			return false
		}
	}
	return true
}
