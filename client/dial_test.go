package client_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// An authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	a := &authority{key: key, pool: x509.NewCertPool()}
	a.cert = a.sign(t, key, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Example CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	})
	a.pool.AddCert(a.cert)
	return a
}

// sign completes a template and signs it. Without dates, it is valid now.
func (a *authority) sign(t *testing.T, key *ecdsa.PrivateKey, template *x509.Certificate) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	template.SerialNumber = serial
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent := a.cert
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, a.key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert
}

func (a *authority) issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{a.sign(t, key, template).Raw}, PrivateKey: key}
}

// A gate is a TLS server that plays a script with one client.
type gate struct {
	addr  string
	state chan tls.ConnectionState // after a handshake that succeeded
	err   chan error               // of the handshake
}

func listen(t *testing.T, cfg *tls.Config, steps ...step) *gate {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g := &gate{addr: l.Addr().String(), state: make(chan tls.ConnectionState, 1), err: make(chan error, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		tc := tls.Server(conn, cfg)
		err = tc.Handshake()
		if g.err <- err; err != nil {
			tc.Close()
			return
		}
		g.state <- tc.ConnectionState()
		playOn(t, tc, steps...)
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return g
}

func TestDialVerifies(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	local := func(change func(*x509.Certificate)) tls.Certificate {
		c := &x509.Certificate{DNSNames: []string{"epp.registry.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
		if change != nil {
			change(c)
		}
		return ca.issue(t, c)
	}
	good := local(nil)
	for name, tt := range map[string]struct {
		server *tls.Config
		client *tls.Config
		err    string // "" is success
	}{
		"an address in the certificate": {
			server: &tls.Config{Certificates: []tls.Certificate{good}},
			client: &tls.Config{RootCAs: ca.pool},
		},
		"a name in the certificate": {
			server: &tls.Config{Certificates: []tls.Certificate{good}},
			client: &tls.Config{RootCAs: ca.pool, ServerName: "epp.registry.example"},
		},
		"another name": {
			server: &tls.Config{Certificates: []tls.Certificate{good}},
			client: &tls.Config{RootCAs: ca.pool, ServerName: "epp.elsewhere.example"},
			err:    "valid for epp.registry.example, not epp.elsewhere.example",
		},
		"another address": {
			server: &tls.Config{Certificates: []tls.Certificate{local(func(c *x509.Certificate) { c.IPAddresses = nil })}},
			client: &tls.Config{RootCAs: ca.pool},
			err:    "cannot validate certificate for 127.0.0.1",
		},
		"another authority": {
			server: &tls.Config{Certificates: []tls.Certificate{good}},
			client: &tls.Config{RootCAs: other.pool},
			err:    "certificate signed by unknown authority",
		},
		"the system's roots, where none are given": {
			server: &tls.Config{Certificates: []tls.Certificate{good}},
			err:    "x509: ",
		},
		"expired": {
			server: &tls.Config{Certificates: []tls.Certificate{local(func(c *x509.Certificate) {
				c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
			})}},
			client: &tls.Config{RootCAs: ca.pool},
			err:    "certificate has expired",
		},
		"TLS 1.2 alone": {
			server: &tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS12},
			client: &tls.Config{RootCAs: ca.pool},
		},
		"TLS 1.1 alone": {
			server: &tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
			client: &tls.Config{RootCAs: ca.pool},
			err:    "protocol version",
		},
		"a certificate is asked for and there is none": {
			server: &tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert},
			client: &tls.Config{RootCAs: ca.pool},
			err:    "handshake failure",
		},
	} {
		t.Run(name, func(t *testing.T) {
			script := []step{greet, expect("login"), reply(0, epp.Success)}
			g := listen(t, tt.server, script...)
			cred := credentials
			s, err := client.Dial(t.Context(), g.addr, client.Options{Schema: schema(t), TLS: tt.client, Credentials: &cred})
			if tt.err == "" {
				require.NoError(t, err)
				require.NoError(t, s.Close())
				return
			}
			require.Nil(t, s)
			requireFate(t, client.NotSent, err)
			require.ErrorContains(t, err, "client: tls: with "+g.addr+": ")
			require.ErrorContains(t, err, tt.err)
			require.Error(t, <-g.err, "the handshake did not succeed, so no frame was sent")
		})
	}
}

func TestDialPresentsCertificate(t *testing.T) {
	ca := newAuthority(t)
	server := ca.issue(t, &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	mine := ca.issue(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "REG-A"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	g := listen(t, &tls.Config{
		Certificates: []tls.Certificate{server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.pool,
	}, greet, expect("logout"), reply(0, epp.EndingSession))
	cfg := &tls.Config{RootCAs: ca.pool, Certificates: []tls.Certificate{mine}}
	s, err := client.Dial(t.Context(), g.addr, client.Options{TLS: cfg})
	require.NoError(t, err)
	require.Equal(t, "REG-A", (<-g.state).PeerCertificates[0].Subject.CommonName)
	require.NoError(t, s.Logout(t.Context()))
	require.Empty(t, cfg.ServerName, "the caller's configuration is not changed")
	require.Zero(t, cfg.MinVersion)
}

// In TLS 1.3 a server refuses a client's certificate only after the handshake, from
// the client's point of view.
func TestDialWithoutCertificate(t *testing.T) {
	ca := newAuthority(t)
	g := listen(t, &tls.Config{
		Certificates: []tls.Certificate{ca.issue(t, &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})},
		ClientAuth:   tls.RequireAnyClientCert,
	}, greet)
	_, err := client.Dial(t.Context(), g.addr, client.Options{TLS: &tls.Config{RootCAs: ca.pool}})
	requireFate(t, client.NotSent, err)
	require.ErrorContains(t, err, "certificate required")
	require.Error(t, <-g.err)
}

// A refused login or a bad greeting leaves no connection behind.
func TestDialGivesUp(t *testing.T) {
	ca := newAuthority(t)
	cfg := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})}}
	cred := credentials
	opts := client.Options{Schema: schema(t), TLS: &tls.Config{RootCAs: ca.pool}, Credentials: &cred}

	_, err := client.Dial(t.Context(), listen(t, cfg, greet, expect("login"), reply(0, epp.AuthenticationError)).addr, opts)
	var le *client.LoginError
	require.ErrorAs(t, err, &le)
	require.ErrorIs(t, err, epp.AuthenticationError)

	_, err = client.Dial(t.Context(), listen(t, cfg, document("<html/>")).addr, opts)
	require.ErrorIs(t, err, client.ErrInvalidAnswer)
	require.ErrorContains(t, err, "client: greeting: ")
}

func TestDialOptions(t *testing.T) {
	stop := errors.New("no further")
	var dialled string
	dial := func(_ context.Context, network, addr string) (net.Conn, error) {
		dialled = network + " " + addr
		return nil, stop
	}
	for addr, want := range map[string]string{
		"epp.registry.example":       "tcp epp.registry.example:700",
		"epp.registry.example:":      "tcp epp.registry.example:700",
		"epp.registry.example:3121":  "tcp epp.registry.example:3121",
		"epp.registry.example:https": "tcp epp.registry.example:https",
		"192.0.2.1":                  "tcp 192.0.2.1:700",
		"192.0.2.1:701":              "tcp 192.0.2.1:701",
		"2001:db8::1":                "tcp [2001:db8::1]:700",
		"[2001:db8::1]":              "tcp [2001:db8::1]:700",
		"[2001:db8::1]:701":          "tcp [2001:db8::1]:701",
		"::1":                        "tcp [::1]:700",
	} {
		_, err := client.Dial(t.Context(), addr, client.Options{DialContext: dial})
		requireFate(t, client.NotSent, err)
		require.ErrorIs(t, err, stop)
		require.ErrorContains(t, err, "client: dial: ")
		require.Equal(t, want, dialled, addr)
	}
	for name, tt := range map[string]struct {
		addr, err string
		opts      client.Options
	}{
		"no address":         {"", "there is no host in it", client.Options{}},
		"a port alone":       {":700", "there is no host in it", client.Options{}},
		"TLS 1.0":            {"a.example", "versions before TLS 1.2 are not supported", client.Options{TLS: &tls.Config{MinVersion: tls.VersionTLS10}}},
		"TLS 1.1":            {"a.example", "versions before TLS 1.2 are not supported", client.Options{TLS: &tls.Config{MinVersion: tls.VersionTLS11}}},
		"TLS 1.1 at most":    {"a.example", "versions before TLS 1.2 are not supported", client.Options{TLS: &tls.Config{MaxVersion: tls.VersionTLS11}}},
		"a prefix too long":  {"a.example", "TRIDPrefix has 33 characters; at most 32", client.Options{TRIDPrefix: "123456789012345678901234567890123"}},
		"a prefix of one é":  {"a.example", "no further", client.Options{TRIDPrefix: "é"}},
		"a prefix that fits": {"a.example", "no further", client.Options{TRIDPrefix: "12345678901234567890123456789012"}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.opts.DialContext = dial
			_, err := client.Dial(t.Context(), tt.addr, tt.opts)
			requireFate(t, client.NotSent, err)
			require.ErrorContains(t, err, tt.err)
		})
	}
}

func TestDialRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	l.Close()
	_, err = client.Dial(t.Context(), addr, client.Options{})
	requireFate(t, client.NotSent, err)
	require.ErrorContains(t, err, "client: dial: dial tcp "+addr)
}

// Each step of a Dial ends at the deadline.
func TestDialDeadline(t *testing.T) {
	for name, tt := range map[string]struct {
		op   string
		dial func(t *testing.T) func(context.Context, string, string) (net.Conn, error)
	}{
		"connecting": {"dial", func(*testing.T) func(context.Context, string, string) (net.Conn, error) {
			return func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
		}},
		"the handshake": {"tls", func(t *testing.T) func(context.Context, string, string) (net.Conn, error) {
			return func(context.Context, string, string) (net.Conn, error) { return play(t, deaf), nil }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := client.Dial(t.Context(), "epp.registry.example", client.Options{DialContext: tt.dial(t)})
				require.Equal(t, 30*time.Second, time.Since(start))
				requireFate(t, client.NotSent, err)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.ErrorContains(t, err, "client: "+tt.op+": ")

				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start = time.Now()
				_, err = client.Dial(ctx, "epp.registry.example", client.Options{DialContext: tt.dial(t)})
				require.Equal(t, time.Second, time.Since(start))
				require.ErrorIs(t, err, context.DeadlineExceeded)

				cause := errors.New("the customer went away")
				because, end := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { end(cause) })
				_, err = client.Dial(because, "epp.registry.example", client.Options{DialContext: tt.dial(t)})
				requireFate(t, client.NotSent, err)
				require.ErrorIs(t, err, cause)
				require.ErrorIs(t, err, context.Canceled)
			})
		})
	}
}

func TestDialErrorSaysItOnce(t *testing.T) {
	cause := &client.Error{Op: "dial", Err: errors.New("nobody there")}
	require.EqualError(t, &client.Error{Op: "dial", Err: cause}, "client: dial: nobody there")
	require.EqualError(t, &client.Error{Op: "check", Err: cause}, "client: check: client: dial: nobody there")
}
