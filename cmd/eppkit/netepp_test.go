package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNetEPP lets a client by others, Perl's Net::EPP, talk to the mock registry
// with verified TLS.
func TestNetEPP(t *testing.T) { perl(t, "testdata/netepp.pl", serve(t, "--registry", "gtld")) }

// TestHostilePerl lets a client that looks names up by their namespaces talk to a hostile
// registry, with the XML parser of others.
func TestHostilePerl(t *testing.T) {
	for _, seed := range []string{"1", "2", "3", "4", "5", "6"} {
		t.Run(seed, func(t *testing.T) { perl(t, "testdata/hostile.pl", serve(t, "--registry", "gtld", "--hostile="+seed)) })
	}
}

// perl runs a script of Perl's Net::EPP with what a mock in a directory wants of a client.
func perl(t *testing.T, script, dir string) {
	t.Helper()
	if err := exec.Command("perl", "-MNet::EPP::Simple", "-e", "1").Run(); err != nil {
		t.Skip("Perl's Net::EPP is not installed (Debian's libnet-epp-perl)")
	}
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return strings.TrimSpace(string(b))
	}
	host, port, err := net.SplitHostPort(read("addr"))
	require.NoError(t, err)
	out, err := exec.CommandContext(t.Context(), "perl", script, host, port, "reg-north", read("reg-north.password"),
		filepath.Join(dir, "ca.pem"), filepath.Join(dir, "reg-north.pem"), filepath.Join(dir, "reg-north.key")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.True(t, strings.HasSuffix(string(out), "logout\n"), "%s", out)
	t.Logf("%s", out)
}
