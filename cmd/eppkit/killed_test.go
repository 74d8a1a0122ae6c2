//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKilledMockKeeps loses no command whose answer was sent when the process is killed.
func TestKilledMockKeeps(t *testing.T) {
	dir, keep := t.TempDir(), t.TempDir()
	args := []string{"mock", "serve", "--registry", "gtld", "--dir", dir, "--keep", keep}
	for _, add := range []string{"clientHold", "clientRenewProhibited"} {
		p := start(t, args...)
		require.Contains(t, p.says(), "listens on")
		require.Equal(t, exitOK, asMember(t, dir, strings.Fields("domain update alpha.example --add-status "+add)...).status)
		require.NoError(t, p.Process.Kill())
		p.status()
	}
	p := start(t, args...)
	require.Contains(t, p.says(), "listens on")
	said := asMember(t, dir, "domain", "info", "alpha.example").out
	require.Contains(t, said, "clientHold")
	require.Contains(t, said, "clientRenewProhibited")
}
