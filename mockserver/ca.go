package mockserver

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// An Authority is a certificate authority of its own, as each [Server] has one, for what
// listens without being a Server. Its methods may be called by any number of goroutines.
type Authority struct{ ca *authority }

// NewAuthority makes an Authority.
func NewAuthority() (*Authority, error) {
	ca, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("mockserver: making a certificate authority: %w", err)
	}
	return &Authority{ca}, nil
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
