package mockserver_test

import (
	"crypto/tls"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
)

// TestAddr holds Addr to what clients need: an address that they can dial, under a
// name that the certificate has.
func TestAddr(t *testing.T) {
	for _, tt := range []struct {
		name, listen string
		hosts        []string
		want         string
	}{
		{"the default", "", nil, "127.0.0.1"},
		{"the default with further names", "", []string{"epp.example"}, "127.0.0.1"},
		{"IPv6", "[::1]:0", nil, "::1"},
		{"all IPv4", "0.0.0.0:0", nil, "127.0.0.1"},
		{"all IPv6", "[::]:0", nil, "::1"},
		{"all", ":0", nil, "127.0.0.1"},
		{"all, with a name for clients", "0.0.0.0:0", []string{"localhost", "epp.example"}, "localhost"},
		{"all, with an address for clients", ":0", []string{"::1"}, "::1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if l, err := net.Listen("tcp", "[::1]:0"); err == nil {
				l.Close()
			} else if tt.want == "::1" {
				t.Skip("there is no IPv6 here: ", err)
			}
			s := mockserver.StartTest(t, mockserver.Options{
				Registry: &toy{}, Listen: tt.listen, Hosts: tt.hosts, Log: quiet,
			})
			host, _, err := net.SplitHostPort(s.Addr())
			require.NoError(t, err)
			require.Equal(t, tt.want, host)

			c, err := tls.Dial("tcp", s.Addr(), s.ClientTLS("REG-A"))
			require.NoError(t, err)
			require.NoError(t, c.Close())
			cfg := s.ClientTLS("REG-A")
			cfg.ServerName = host
			c, err = tls.Dial("tcp", s.Addr(), cfg)
			require.NoError(t, err, "the address is a name of the certificate")
			for _, ip := range c.ConnectionState().PeerCertificates[0].IPAddresses {
				require.False(t, ip.IsUnspecified())
			}
			require.NoError(t, c.Close())
		})
	}
}
