package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// closedAddress is one at which nobody listens.
func closedAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// silentAddress is one that takes connections and never says anything.
func silentAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

func TestAddressesInOrder(t *testing.T) {
	p := newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		c.answer(c.next(), epp.EndingSession)
	})
	for _, row := range []struct {
		name   string
		addrs  []string
		status int
		says   string
	}{
		{"the first serves", []string{p.addr, closedAddress(t)}, exitOK, ""},
		{"the second serves", []string{closedAddress(t), p.addr}, exitOK, ""},
		{"the first is silent", []string{silentAddress(t), p.addr}, exitOK, ""},
		{"none", []string{closedAddress(t), "127.0.0.1:1"}, exitConnection, "127.0.0.1:1: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			conf := writeFile(t, t.TempDir(), "c.yaml", fmt.Sprintf(
				"profiles: {it: {addresses: [%s], clID: REG-ME, roots: %q, password: {env: PW}}}\n",
				strings.Join(row.addrs, ", "), strings.TrimSuffix(p.conf, "eppkit.yaml")+"ca.pem"))
			r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", conf, "--timeout", "3s", "login")
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.err, row.says)
			if row.status == exitOK {
				require.Contains(t, r.out, "can log in at "+p.addr)
			}
		})
	}
}

// A refused login counts against the account wherever it is tried.
func TestRefusedLoginIsTriedOnce(t *testing.T) {
	logins := make(chan struct{}, 5)
	p := newPeer(t, func(c *peerConn) {
		c.greet()
		if q := c.next(); q != nil {
			logins <- struct{}{}
			c.answer(q, epp.AuthenticationError)
		}
	})
	conf := writeFile(t, t.TempDir(), "c.yaml", fmt.Sprintf(
		"profiles: {it: {addresses: [%q, %[1]q], clID: REG-ME, roots: %q, password: {env: PW}}}\n",
		p.addr, strings.TrimSuffix(p.conf, "eppkit.yaml")+"ca.pem"))
	r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", conf, "login")
	require.Equal(t, exitAuthentication, r.status, r.err)
	require.Len(t, logins, 1)
}

func TestPoolOfAProfile(t *testing.T) {
	conf := writeFile(t, t.TempDir(), "c.yaml", `
profiles:
  it: {addresses: [one.example, "two.example:701"], registry: gtld, clID: REG-ME, password: {env: PW},
    sessions: {max: 5, min: 2, depth: 3, keepAlive: 90s, maxIdle: never, maxAge: 12h}}
  plain: {address: one.example, registry: gtld, clID: REG-ME, password: {env: PW}}
`)
	a := &app{stdio: stdio{getenv: func(string) string { return "sesame-42" }}}
	a.flags.config, a.flags.profile = conf, "it"
	tgt, err := a.target(context.Background(), true)
	require.NoError(t, err)
	o := tgt.pool()
	require.Equal(t, []string{"one.example", "two.example:701"}, o.Addresses)
	require.Equal(t, "REG-ME", o.Credentials.ClID)
	want := client.PoolOptions{MaxSessions: 5, MinSessions: 2, Depth: 3, KeepAlive: 90 * time.Second, MaxIdle: -1, MaxAge: 12 * time.Hour}
	want.Options, want.Addresses = o.Options, o.Addresses
	o.Options, want.Options = client.Options{}, client.Options{}
	require.Equal(t, want, o)

	a.flags.profile = "plain"
	tgt, err = a.target(context.Background(), true)
	require.NoError(t, err)
	o = tgt.pool()
	require.Equal(t, []string{"one.example"}, o.Addresses)
	require.Equal(t, defaultSessions, o.MaxSessions)
	require.Zero(t, o.KeepAlive, "the pool's own default")
}

func TestRouteErrors(t *testing.T) {
	for _, row := range []struct{ name, fields, says string }{
		{"address and addresses", "address: x, addresses: [y]", "address and addresses do not go together"},
		{"no addresses", "addresses: []", "address is missing"},
		{"an empty one", "addresses: [x, '']", "addresses: number 2 is empty"},
		{"more than the most", "address: x, sessions: {min: 5}", "sessions: min is 5, which is more than max, 4"},
		{"less than none", "address: x, sessions: {depth: -1}", "sessions: depth is -1"},
		{"no time", "address: x, sessions: {maxAge: soon}", `"soon" is no length of time, such as 90s or 12h, and not "never"`},
		{"time without a unit", "address: x, sessions: {maxAge: 0}", "no length of time"},
		{"an unknown field", "address: x, sessions: {most: 1}", "most"},
		{"another dialect", "dialect: opensrs, user: x, sessions: {max: 1}", "opensrs has no use for sessions"},
	} {
		t.Run(row.name, func(t *testing.T) {
			conf := writeFile(t, t.TempDir(), "c.yaml", "profiles: {it: {"+row.fields+", clID: REG-ME, password: {env: PW}}}\n")
			if strings.Contains(row.fields, "dialect") {
				conf = writeFile(t, t.TempDir(), "c.yaml", "profiles: {it: {"+row.fields+", password: {env: PW}}}\n")
			}
			r := eppkit(t, nil, "", "--config", conf, "hello")
			require.Equal(t, exitUsage, r.status, r.err)
			require.Contains(t, r.err, row.says)
		})
	}
}
