package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAuthInfo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "code")
	require.NoError(t, os.WriteFile(file, []byte("Sesame42\r\nsecond line\n"), 0o600))
	for _, row := range []struct {
		name, stdin string
		args        []string
		has         string
	}{
		{"a file's first line", "", []string{"contact", "info", "CID-A", "--authinfo-file", file}, ":authInfo>Sesame42<"},
		{"standard input", "Sesame43", []string{"contact", "info", "CID-A", "--authinfo-file", "-"}, ":authInfo>Sesame43<"},
		{"RFC 5731", "", []string{"domain", "info", "a.example", "--registry", "gtld", "--authinfo-file", file}, ":pw>Sesame42<"},
		{"RFC 5731: of a contact", "", []string{"domain", "info", "a.example", "--registry", "gtld", "--authinfo-file", file, "--authinfo-roid", "C1-X"}, `:pw roid="C1-X">Sesame42<`},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := eppkit(t, nil, row.stdin, append(row.args, "--dry-run")...)
			require.Equal(t, exitOK, r.status, r.err)
			require.Contains(t, r.out, row.has)
			require.NotContains(t, r.out, "second line")
		})
	}
	t.Run("empty", func(t *testing.T) {
		r := eppkit(t, nil, "\n", "contact", "info", "CID-A", "--authinfo-file", "-")
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, "standard input holds no authInfo")
		require.NotContains(t, r.err, "--help")
	})
	t.Run("it opens what is closed", func(t *testing.T) {
		r := eppkit(t, nil, "jil-Secret7\n", "contact", "info", "jr-1", "--registry", "gtld", "--authinfo-file", "-")
		require.Equal(t, exitOK, r.status, r.err)
	})
}
