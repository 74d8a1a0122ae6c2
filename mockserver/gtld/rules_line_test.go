package gtld_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
)

// A line is how a deviant handles connections, in place of a Server: wrap, unless nil,
// what is within TLS, and which certificates it wants of clients.
type line struct {
	wrap func(*tls.Conn) net.Conn
	auth tls.ClientAuthType
	tune func(*tls.Config)
}

func lined(l line) deviation { return func(p *plan) { p.deviant.line = &l } }

// listen serves a Server's sessions on a socket of its own.
func listen(t testing.TB, s *mockserver.Server, l *line) (addr string, client func(clID string) *tls.Config) {
	own := newAuthority(t)
	cfg := &tls.Config{
		Certificates: []tls.Certificate{own.issue(t, "front", time.Now().Add(time.Hour))},
		ClientAuth:   l.auth,
	}
	if l.tune != nil {
		l.tune(cfg)
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := socket.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				c := tls.Server(c, cfg)
				if c.HandshakeContext(ctx) != nil {
					return
				}
				nc := net.Conn(c)
				if l.wrap != nil {
					nc = l.wrap(c)
				}
				s.ServeConn(ctx, nc)
			})
		}
	})
	t.Cleanup(func() {
		socket.Close()
		stop()
		open.Wait()
	})
	return socket.Addr().String(), func(clID string) *tls.Config {
		c := s.ClientTLS(clID)
		c.RootCAs = own.pool()
		return c
	}
}

// A certAuthority signs certificates that a Server's own authority would not.
type certAuthority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) *certAuthority {
	a := new(certAuthority)
	c := a.issue(t, "authority", time.Now().Add(time.Hour))
	a.cert, a.key = c.Leaf, c.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

func (a *certAuthority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// issue makes a certificate that ends at a time; the first is the authority's own.
func (a *certAuthority) issue(t testing.TB, name string, until time.Time) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: until.AddDate(-1, 0, 0), NotAfter: until,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true, IsCA: a.cert == nil,
	}
	issuer, signer := a.cert, a.key
	if issuer == nil {
		issuer, signer = tmpl, key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, issuer, key.Public(), signer)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// perRecord is a connection of which a TLS record must hold exactly one frame.
type perRecord struct{ *tls.Conn }

var errNotOne = errors.New("a record that is not a frame")

func (c perRecord) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == nil && (n < 4 || binary.BigEndian.Uint32(p) != uint32(n)) {
		return 0, errNotOne
	}
	return n, err
}

// forgiving is a connection on which a header that no frame can have means hello.
type forgiving struct {
	*tls.Conn
	unit *bytes.Buffer // what is left of the one in hand
}

func (c forgiving) Read(p []byte) (int, error) {
	if c.unit.Len() == 0 {
		header := make([]byte, 4)
		if _, err := io.ReadFull(c.Conn, header); err != nil {
			return 0, err
		}
		n := binary.BigEndian.Uint32(header)
		if n <= 4 || n > 1<<20 {
			c.unit.Write(frameOf(whole(hello)))
			return c.unit.Read(p)
		}
		c.unit.Write(header)
		if _, err := io.CopyN(c.unit, c.Conn, int64(n)-4); err != nil {
			return 0, err
		}
	}
	return c.unit.Read(p)
}

// abrupt is a connection that ends without TLS's good-bye.
type abrupt struct {
	net.Conn // TLS
	raw      net.Conn
}

func (c abrupt) Close() error { return c.raw.Close() }

// records is a connection of which is kept what comes, in the records of TLS.
type records struct {
	net.Conn
	came []byte
}

func (c *records) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.came = append(c.came, p[:n]...)
	return n, err
}

// last is the type of the last record.
func (c *records) last(t testing.TB) (kind byte) {
	for rest := c.came; len(rest) > 0; {
		const header = 5
		require.GreaterOrEqual(t, len(rest), header)
		kind = rest[0]
		n := header + int(binary.BigEndian.Uint16(rest[3:]))
		require.GreaterOrEqual(t, len(rest), n)
		rest = rest[n:]
	}
	return kind
}
