package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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
		{"less than none", "address: x, sessions: {min: -1}", "sessions: min is -1"},
		{"no sessions", "address: x, sessions: {max: 0}", "sessions: max is 0; it must be 1 or more"},
		{"no commands at once", "address: x, sessions: {depth: 0}", "sessions: depth is 0; it must be 1 or more"},
		{"no time", "address: x, sessions: {maxAge: soon}", `"soon" is no length of time, such as 90s or 12h, and not "never"`},
		{"time without a unit", "address: x, sessions: {maxAge: 0}", "no length of time"},
		{"an unknown field", "address: x, sessions: {most: 1}", "most"},
		{"two sources of a family", "address: x, source: [192.0.2.1, 192.0.2.2]", "Source has two addresses of one family"},
		{"a source that is none", "address: x, source: eth0", `source: "eth0" is no IP address`},
		{"a password in the proxy", "address: x, proxy: 'socks5://hugo:swordfish@proxy.example'", "proxy holds a password; say with proxyPassword where it is"},
		{"a proxy that is no URL", "address: x, proxy: 'socks5://hugo:sword fish@proxy example'", "proxy is no URL"},
		{"a proxy of no scheme", "address: x, proxy: 'proxy.example:3128'", "it must be socks5, socks5h, http or https"},
		{"a password without a proxy", "address: x, proxyPassword: {env: PW}", "proxyPassword is given, but no proxy"},
		{"a password without a user", "address: x, proxy: 'http://proxy.example', proxyPassword: {env: PW}", "proxy has no user"},
		{"the password itself", "address: x, proxy: 'http://hugo@proxy.example', proxyPassword: swordfish", "password does not hold the password"},
		{"no password for the proxy", "address: x, proxy: 'http://hugo@proxy.example', proxyPassword: {env: NONE}", "proxyPassword: the environment variable NONE gives no password"},
		{"another dialect", "dialect: opensrs, user: x, proxy: 'http://proxy.example'", "opensrs has no use for proxy"},
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
			require.NotContains(t, r.err, "swordfish")
			require.NotContains(t, r.err, "sword fish")
		})
	}
}

// A proxy that wants a login gets it, and nobody else does.
func TestThroughAProxy(t *testing.T) {
	p := newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		c.answer(c.next(), epp.EndingSession)
	})
	asked := make(chan string, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		given := &http.Request{Header: http.Header{"Authorization": q.Header["Proxy-Authorization"]}}
		if user, pw, _ := given.BasicAuth(); user != "hugo" || pw != "swordfish" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		asked <- q.Host + " from " + strings.Split(q.RemoteAddr, ":")[0]
		conn, in, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		server, err := net.Dial("tcp", q.Host)
		if err != nil {
			return
		}
		defer server.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		done := make(chan struct{})
		go func() { defer close(done); _, _ = io.Copy(server, in); server.Close() }()
		_, _ = io.Copy(conn, server)
		conn.Close()
		<-done
	}))
	t.Cleanup(srv.Close)
	addr := srv.Listener.Addr().String()
	for _, row := range []struct {
		name, command string
		env           string
		status        int
		says          string
	}{
		{"login", "-v login", "swordfish", exitOK, "can log in at"},
		{"a wrong password", "login", "swordtail", exitConnection, "the proxy http://" + addr + ": it does not take the login"},
	} {
		t.Run(row.name, func(t *testing.T) {
			conf := writeFile(t, t.TempDir(), "c.yaml", fmt.Sprintf(
				"profiles: {it: {address: %q, clID: REG-ME, roots: %q, password: {env: PW}, source: 127.0.0.5, proxy: 'http://hugo@%s', proxyPassword: {env: PROXY}}}\n",
				p.addr, strings.TrimSuffix(p.conf, "eppkit.yaml")+"ca.pem", addr))
			r := eppkit(t, map[string]string{"PW": "sesame-42", "PROXY": row.env}, "", append([]string{"--config", conf}, split(row.command)...)...)
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.out+r.err, row.says)
			require.NotContains(t, r.out+r.err, "sword")
			if row.status == exitOK {
				require.Equal(t, p.addr+" from 127.0.0.5", <-asked)
			}
		})
	}
	require.Zero(t, len(asked))
}

// What the help shows is a profile, and its sessions are those of a profile without any.
func TestHelpShowsAProfile(t *testing.T) {
	_, text, _ := strings.Cut(about, "directory:\n\n")
	text, _, _ = strings.Cut(text, "\n\nPaths")
	cfg, err := readConfig([]byte(text))
	require.NoError(t, err, text)
	cfg.path = "/etc/eppkit.yaml"
	p, err := cfg.profile("cz", "")
	require.NoError(t, err)
	require.Len(t, p.Source, 2)
	require.Equal(t, sessions{
		Max: new(4), Depth: new(1), KeepAlive: stretch(time.Minute), MaxIdle: stretch(10 * time.Minute), MaxAge: stretch(12 * time.Hour),
	}, p.Sessions)
}

// RFC 8807, section 4.1: a profile says what software uses it.
func TestUserAgentOfAProfile(t *testing.T) {
	for says, app := range map[string]*string{"office 2.1": new("office 2.1"), "none": nil} {
		p := profile{UserAgent: says}
		require.Equal(t, app, p.userAgent().App)
		require.Equal(t, says == "none", p.userAgent().OS == nil)
	}
	require.Nil(t, new(profile).userAgent(), "package client has the default")
}
