package mockserver

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/eppkit/eppkit/mockserver/fault"
)

// An authority is the certificate authority of an [Authority], and of a Server.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey

	mu     sync.Mutex
	issued map[string]tls.Certificate // by clID
	hosts  []string                   // of the server's certificate
	faulty map[fault.Kind]tls.Certificate
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	tmpl := template("eppkit mock registry CA")
	tmpl.IsCA, tmpl.BasicConstraintsValid = true, true
	tmpl.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return authorityOf(cert, key), err
}

func authorityOf(cert *x509.Certificate, key *ecdsa.PrivateKey) *authority {
	return &authority{
		cert: cert, key: key,
		issued: make(map[string]tls.Certificate), faulty: make(map[fault.Kind]tls.Certificate),
	}
}

// template is what all the certificates share. They are valid so long that no
// machine's clock matters. Their serial numbers are random: an authority that was read
// again does not know which it has given.
func template(name string) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		Subject:   pkix.Name{Organization: []string{"eppkit"}, CommonName: name},
		NotBefore: now.AddDate(-5, 0, 0),
		NotAfter:  now.AddDate(10, 0, 0),
		KeyUsage:  x509.KeyUsageDigitalSignature,
	}
}

// issue makes a key and signs a certificate for it.
func (a *authority) issue(tmpl *x509.Certificate) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, key.Public(), a.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// server issues the server's certificate, for loopback and the hosts given.
func (a *authority) server(hosts []string) (tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hosts = hosts
	return a.issue(serverTemplate(hosts))
}

func serverTemplate(hosts []string) *x509.Certificate {
	tmpl := template("eppkit mock registry")
	tmpl.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	tmpl.DNSNames = []string{"localhost"}
	tmpl.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			tmpl.IPAddresses = append(tmpl.IPAddresses, ip)
		} else if !slices.Contains(tmpl.DNSNames, h) {
			tmpl.DNSNames = append(tmpl.DNSNames, h)
		}
	}
	return tmpl
}

// bad issues the server's certificate as a fault has it, the first time.
func (a *authority) bad(kind fault.Kind) (tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.faulty[kind]; ok {
		return c, nil
	}
	issuer, tmpl := a, serverTemplate(a.hosts)
	var err error
	switch now := time.Now(); kind {
	case fault.ExpiredCertificate:
		tmpl.NotAfter = now.AddDate(0, 0, -1)
	case fault.EarlyCertificate:
		tmpl.NotBefore = now.AddDate(0, 0, 1)
	case fault.WrongNameCertificate:
		tmpl.DNSNames, tmpl.IPAddresses = []string{"elsewhere.example"}, nil
	case fault.UntrustedCertificate:
		issuer, err = newAuthority()
	case fault.IncompleteCertificate:
		issuer, err = a.intermediate()
	default:
		err = fmt.Errorf("mockserver: no certificate for the fault %s", kind)
	}
	if err != nil {
		return tls.Certificate{}, err
	}
	c, err := issuer.issue(tmpl)
	if err == nil {
		a.faulty[kind] = c
	}
	return c, err
}

// intermediate makes an authority that this one vouches for.
func (a *authority) intermediate() (*authority, error) {
	tmpl := template("eppkit mock registry intermediate CA")
	tmpl.IsCA, tmpl.BasicConstraintsValid = true, true
	tmpl.KeyUsage = x509.KeyUsageCertSign
	c, err := a.issue(tmpl)
	if err != nil {
		return nil, err
	}
	return &authority{cert: c.Leaf, key: c.PrivateKey.(*ecdsa.PrivateKey)}, nil
}

// client returns a registrar's certificate, which is issued the first time.
func (a *authority) client(clID string) (tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.issued[clID]; ok {
		return c, nil
	}
	tmpl := template(clID)
	tmpl.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	c, err := a.issue(tmpl)
	if err != nil {
		return c, fmt.Errorf("mockserver: a certificate for %q: %w", clID, err)
	}
	a.issued[clID] = c
	return c, nil
}

// issuedFor returns the registrar that a certificate was issued for, perhaps by an earlier
// process with the same authority; "" where that was another authority.
func (a *authority) issuedFor(c *x509.Certificate) string {
	if !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) || c.CheckSignatureFrom(a.cert) != nil {
		return ""
	}
	return c.Subject.CommonName
}

// Fingerprint is the SHA-256 of a certificate, as OpenSSL prints it: pairs of
// upper-case hexadecimal digits with colons between them.
func Fingerprint(c *x509.Certificate) string {
	const digits = "0123456789ABCDEF"
	sum := sha256.Sum256(c.Raw)
	out := make([]byte, 0, 3*len(sum))
	for _, b := range sum {
		out = append(out, digits[b>>4], digits[b&15], ':')
	}
	return string(out[:len(out)-1])
}

// CA is the certificate authority of this Server; see [Options], Authority.
func (s *Server) CA() *x509.Certificate { return s.ca.cert }

// CAPEM is the authority's certificate as PEM.
func (s *Server) CAPEM() []byte { return s.ca.pem() }

// ClientCert is the certificate of a registrar, with its key. It is made the
// first time it is asked for; its subject's common name is the clID.
func (s *Server) ClientCert(clID string) (tls.Certificate, error) { return s.ca.client(clID) }

// ClientPEM is [Server.ClientCert] as PEM: the certificate, and the key as PKCS #8.
func (s *Server) ClientPEM(clID string) (cert, key []byte, err error) {
	c, err := s.ca.client(clID)
	if err != nil {
		return nil, nil, err
	}
	key, err = keyPEM(c.PrivateKey)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}), key, err
}

// keyPEM is a private key as PKCS #8 (RFC 5958).
func keyPEM(key crypto.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// ClientTLS is what a client needs to connect: the Server's root, a name that its
// certificate has, and the registrar's certificate unless clID is "".
func (s *Server) ClientTLS(clID string) *tls.Config { return s.ca.clientTLS(clID) }

// serverTLS is the Server's own side.
func (s *Server) serverTLS() (*tls.Config, error) {
	hosts := s.opts.Hosts
	h, _, err := net.SplitHostPort(s.opts.Listen)
	if err == nil && h != "" && !net.ParseIP(h).IsUnspecified() {
		hosts = append([]string{h}, hosts...)
	}
	cert, err := s.ca.server(hosts)
	if err != nil {
		return nil, err
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}}
	switch {
	case s.opts.AnyClientCert && s.opts.RequireClientCert:
		cfg.ClientAuth = tls.RequireAnyClientCert
	case s.opts.AnyClientCert:
		cfg.ClientAuth = tls.RequestClientCert
	case s.opts.RequireClientCert:
		cfg.ClientAuth = tls.RequireAndVerifyClientCert
	default:
		cfg.ClientAuth = tls.VerifyClientCertIfGiven
	}
	if s.opts.AnyClientCert {
		return cfg, nil // naming authorities, it would get none of others
	}
	clients := x509.NewCertPool()
	if s.opts.ClientCAs != nil {
		clients = s.opts.ClientCAs.Clone()
	}
	clients.AddCert(s.ca.cert)
	cfg.ClientCAs = clients
	return cfg, nil
}
