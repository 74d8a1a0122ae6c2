package mockserver_test

import (
	"crypto/tls"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
)

// An authority that was written and read is the same to the clients of both, and to the
// servers: a certificate counts for its registrar, whichever issued it.
func TestAuthorityIsReadAgain(t *testing.T) {
	first, err := mockserver.NewAuthority()
	require.NoError(t, err)
	doc, err := first.KeyPEM()
	require.NoError(t, err)
	second, err := mockserver.ParseAuthority(doc)
	require.NoError(t, err)
	require.Equal(t, first.PEM(), second.PEM())
	again, err := second.KeyPEM()
	require.NoError(t, err)
	require.Equal(t, doc, again)

	needy := func(a *mockserver.Authority) *mockserver.Server {
		return mockserver.StartTest(t, mockserver.Options{Registry: &toy{needCert: true}, Authority: a, RequireClientCert: true})
	}
	old, restarted := needy(first), needy(second)
	client := old.ClientTLS("REG-A")
	conn, err := tls.Dial("tcp", restarted.Addr(), client)
	require.NoError(t, err)
	defer conn.Close()
	p := newPeer(t, conn)
	p.recv()
	p.login("REG-A")

	before, err := old.ClientCert("REG-A")
	require.NoError(t, err)
	after, err := restarted.ClientCert("REG-A")
	require.NoError(t, err)
	require.NotEqual(t, before.Leaf.SerialNumber, after.Leaf.SerialNumber, "RFC 5280, section 4.1.2.2")
}

func TestParseAuthorityRefuses(t *testing.T) {
	a, err := mockserver.NewAuthority()
	require.NoError(t, err)
	doc, err := a.KeyPEM()
	require.NoError(t, err)
	other, err := mockserver.NewAuthority()
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, Authority: a})
	cert, key, err := srv.ClientPEM("REG-A")
	require.NoError(t, err)
	_, itsKey := pem.Decode(doc)
	for name, doc := range map[string][]byte{
		"nothing":         nil,
		"no key":          a.PEM(),
		"another's key":   append(other.PEM(), itsKey...),
		"a client's":      append(cert, key...),
		"half of the key": doc[:len(doc)-40],
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mockserver.ParseAuthority(doc)
			require.ErrorContains(t, err, "mockserver: reading a certificate authority: ")
		})
	}
}
