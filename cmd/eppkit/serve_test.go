package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// serve runs "mock serve" until the test ends and returns its directory.
func serve(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	out, w := io.Pipe()
	done := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		defer w.Close()
		done <- run(ctx, append([]string{"mock", "serve", "--dir", dir}, args...),
			stdio{in: strings.NewReader(""), out: w, err: &errs, getenv: func(string) string { return "" }})
	}()
	t.Cleanup(func() {
		cancel()
		_, _ = io.Copy(io.Discard, out)
		require.Equal(t, exitOK, <-done, errs.String())
	})
	first := make([]byte, 4096)
	n, err := out.Read(first)
	require.NoError(t, err, errs.String())
	require.Contains(t, string(first[:n]), "listens on")
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return dir
}

func TestMockServe(t *testing.T) {
	dir := serve(t, "--disclose-emails")
	addr, err := os.ReadFile(filepath.Join(dir, "addr"))
	require.NoError(t, err)
	require.Regexp(t, `^127\.0\.0\.1:\d+\n$`, string(addr))
	for name, mode := range map[string]os.FileMode{
		"ca.pem": 0o644, "REG-MORAVA.pem": 0o644, "REG-MORAVA.key": 0o600, "REG-MORAVA.password": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
	r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "contact", "send-authinfo", "CID-MYOWN")
	require.Equal(t, exitOK, r.status, r.err)
	require.NotContains(t, r.err, "mock")
	require.Contains(t, r.out, "@")
}

func TestMockServeStopsAndCleansUp(t *testing.T) {
	var dir string
	t.Run("while it runs", func(t *testing.T) {
		dir = serve(t)
		require.FileExists(t, filepath.Join(dir, "addr"))
	})
	require.NoFileExists(t, filepath.Join(dir, "addr"))
}

