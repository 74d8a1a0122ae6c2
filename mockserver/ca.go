package mockserver

import (
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// An Authority is a certificate authority of its own, as each [Server] has one: for Servers
// that share it or come one after another, and for what listens without being a Server. Its
// methods may be called by any number of goroutines.
type Authority struct{ ca *authority }

// NewAuthority makes an Authority.
func NewAuthority() (*Authority, error) {
	ca, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("mockserver: making a certificate authority: %w", err)
	}
	return &Authority{ca}, nil
}

// ParseAuthority reads what [Authority.KeyPEM] wrote. Whom that Authority certified, this
// one certifies too.
func ParseAuthority(doc []byte) (*Authority, error) {
	pair, err := tls.X509KeyPair(doc, doc)
	if err != nil {
		return nil, fmt.Errorf("mockserver: reading a certificate authority: %w", err)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New("mockserver: reading a certificate authority: it is the certificate or the key of something else")
	}
	return &Authority{authorityOf(pair.Leaf, key)}, nil
}

// KeyPEM is all that makes the Authority, for [ParseAuthority]: its certificate and its
// private key (PKCS #8). Whoever has it can issue what the Authority's clients trust.
func (a *Authority) KeyPEM() ([]byte, error) {
	key, err := keyPEM(a.ca.key)
	if err != nil {
		return nil, fmt.Errorf("mockserver: writing a certificate authority: %w", err)
	}
	return append(a.ca.pem(), key...), nil
}

// ServerTLS is what a server needs, with a certificate for loopback and the hosts. It
// asks for no certificate of the client.
func (a *Authority) ServerTLS(hosts ...string) (*tls.Config, error) {
	cert, err := a.ca.server(hosts)
	if err != nil {
		return nil, fmt.Errorf("mockserver: making a server's certificate: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}}, nil
}

// ClientTLS is what a client needs to connect.
func (a *Authority) ClientTLS() *tls.Config { return a.ca.clientTLS("") }

// PEM is the authority's certificate.
func (a *Authority) PEM() []byte { return a.ca.pem() }

func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// clientTLS is what a registrar's client needs, or any where clID is "".
func (a *authority) clientTLS(clID string) *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: "localhost"}
	if clID != "" {
		cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			c, err := a.client(clID)
			return &c, err
		}
	}
	return cfg
}
