package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// serve runs "mock serve" until the test ends and returns its directory.
func serve(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	_ = serveIn(t, dir, args...)
	return dir
}

// serveIn runs it in a directory, and returns what stops it: that returns what it
// wrote on standard error.
func serveIn(t *testing.T, dir string, args ...string) (stop func() string) {
	t.Helper()
	return background(t, append([]string{"mock", "serve", "--dir", dir}, args...)...)
}

// background runs what listens until it is stopped. That returns what it wrote on standard
// error.
func background(t *testing.T, args ...string) (stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, w := io.Pipe()
	done := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		defer w.Close()
		done <- run(ctx, args,
			stdio{in: strings.NewReader(""), out: w, err: &errs, getenv: func(string) string { return "" }})
	}()
	stop = sync.OnceValue(func() string {
		cancel()
		_, _ = io.Copy(io.Discard, out)
		require.Equal(t, exitOK, <-done, errs.String())
		return errs.String()
	})
	t.Cleanup(func() { stop() })
	first := make([]byte, 4096)
	n, err := out.Read(first)
	require.NoError(t, err, errs.String())
	require.Contains(t, string(first[:n]), "listens on")
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return stop
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

// What clients have of one run, they can use at the next one.
func TestMockServeStaysTrusted(t *testing.T) {
	home := t.TempDir()
	for _, row := range []struct {
		name string
		args []string
	}{
		{"with --dir", []string{"--dir", home}},
		{"with --keep, which comes first", []string{"--keep", home, "--dir"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			serveOnce := func() (dir string, stop func() string) {
				args := append([]string{"mock", "serve"}, row.args...)
				if dir = home; args[len(args)-1] == "--dir" {
					dir = t.TempDir()
					args = append(args, dir)
				}
				return dir, background(t, args...)
			}
			read := func(dir, name string) string {
				b, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				return string(b)
			}
			dir, stop := serveOnce()
			info, err := os.Stat(filepath.Join(home, "ca.key"))
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			old, conf, addr := t.TempDir(), read(dir, "eppkit.yaml"), strings.TrimSpace(read(dir, "addr"))
			for _, name := range []string{"ca.pem", "REG-MORAVA.pem", "REG-MORAVA.key", "REG-MORAVA.password"} {
				writeFile(t, old, name, read(dir, name))
			}
			stop()

			dir, stop = serveOnce()
			conf = writeFile(t, old, "eppkit.yaml", strings.ReplaceAll(conf, addr, strings.TrimSpace(read(dir, "addr"))))
			r := eppkit(t, nil, "", "--config", conf, "credit")
			require.Equal(t, exitOK, r.status, r.err)
			stop()
		})
	}
	name := writeFile(t, home, "ca.key", "wreck\n")
	r := eppkit(t, nil, "", "mock", "serve", "--dir", home)
	require.Equal(t, exitUsage, r.status)
	require.Contains(t, r.err, name+": ")
	require.Contains(t, r.err, "without this file there will be a new authority")
}

func TestMockServeAddr(t *testing.T) {
	dir := t.TempDir()
	addr := filepath.Join(dir, "addr")
	require.NoError(t, os.WriteFile(addr, []byte("127.0.0.1:1\n"), 0o644))

	r := eppkit(t, nil, "", "mock", "serve", "--dir", dir, "--listen", "192.0.2.1:0")
	require.Equal(t, exitConnection, r.status, r.err)
	require.NoFileExists(t, addr, "a stale address is gone before it listens")

	first := serveIn(t, dir)
	require.FileExists(t, addr)
	first()
	require.NoFileExists(t, addr)

	first = serveIn(t, dir)
	serveIn(t, dir)
	theirs, err := os.ReadFile(addr)
	require.NoError(t, err)
	first()
	still, err := os.ReadFile(addr)
	require.NoError(t, err, "the address of another run stays")
	require.Equal(t, theirs, still)
}

func TestMockServeOnAllAddresses(t *testing.T) {
	for _, args := range [][]string{{"--listen", "0.0.0.0:0"}, {"--listen", ":0"}, {"--listen", "0.0.0.0:0", "--host", "localhost"}} {
		dir := serve(t, args...)
		r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "hello")
		require.Equal(t, exitOK, r.status, r.err)
	}
}

func TestMockServeShowsFrames(t *testing.T) {
	dir := t.TempDir()
	stop := serveIn(t, dir, "-v")
	pw, err := os.ReadFile(filepath.Join(dir, "REG-MORAVA.password"))
	require.NoError(t, err)
	r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "domain", "info", "mydomain.cz", "--authinfo", "Sesame42")
	require.Equal(t, exitRefused, r.status)
	shown := stop()
	require.Contains(t, shown, "1 S: <?xml")
	require.Contains(t, shown, "1 C: <?xml")
	require.Contains(t, shown, "<pw>[redacted]</pw>")
	require.Contains(t, shown, `<result code="2202">`)
	require.Equal(t, 1, strings.Count(shown, "<greeting>"), "each frame once")
	require.NotContains(t, shown, strings.TrimSpace(string(pw)))
	require.NotContains(t, shown, "Sesame42")
}

func TestMockServeFixtures(t *testing.T) {
	write := func(yaml string) string {
		file := filepath.Join(t.TempDir(), "own.yaml")
		require.NoError(t, os.WriteFile(file, []byte(yaml), 0o600))
		return file
	}
	t.Run("own", func(t *testing.T) {
		dir := serve(t, "--registry", "gtld", "--fixtures", write(`
zones: [example]
registrars: [{clID: reg-own, password: "own:pass1"}]
messages: [{clID: reg-own, text: "a note"}, {clID: reg-own, text: "one more"}]
`))
		eppkit := func(args ...string) result {
			return eppkit(t, nil, "", append([]string{"--config", filepath.Join(dir, "eppkit.yaml")}, args...)...)
		}
		r := eppkit("domain", "check", "alpha.example")
		require.Equal(t, exitOK, r.status, r.err)
		require.Equal(t, "alpha.example  available\n", strings.SplitAfterN(r.out, "\n", 2)[1])

		r = eppkit("poll")
		require.Equal(t, exitOK, r.status, r.err)
		require.Regexp(t, `^1301 .*\n2 in the queue, id 1, of \S+Z\na note\n$`, r.out)
		r = eppkit("poll", "ack", "1", "-o", "json")
		require.Equal(t, exitOK, r.status, r.err)
		require.Contains(t, r.out, `"count": 1`)
		require.Contains(t, eppkit("poll").out, "one more")
	})
	for _, row := range []struct{ name, yaml, says string }{
		{"a clID that leaves the directory", `{zones: [cz], registrars: [{clID: ../../AA, password: secret-7}]}`, "no file name"},
		{"a clID with a directory", `{zones: [cz], registrars: [{clID: sub/AA, password: secret-7}]}`, "no file name"},
		{"no registrar", `zones: [cz]`, "registrar"},
		{"a line", "zones: [cz]\nfrobs: []\n", "own.yaml:2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			parent := t.TempDir()
			r := eppkit(t, nil, "", "mock", "serve", "--dir", filepath.Join(parent, "a", "b"), "--fixtures", write(row.yaml))
			require.Equal(t, exitUsage, r.status, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "--help")
			require.NotContains(t, r.err, "secret-7")
			left, err := os.ReadDir(parent)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func TestMockServeQuotesNames(t *testing.T) {
	file := filepath.Join(t.TempDir(), "own.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`{zones: [cz], registrars: [{clID: "a: b", password: secret-7}]}`), 0o600))
	dir := serve(t, "--fixtures", file)
	r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "poll")
	require.Equal(t, exitOK, r.status, r.err)
}

func TestMockServeTrouble(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	r := eppkit(t, nil, "", "mock", "serve", "--listen", busy.Addr().String(), "--dir", t.TempDir())
	require.Equal(t, exitConnection, r.status, r.err)

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	r = eppkit(t, nil, "", "mock", "serve", "--dir", file)
	require.Equal(t, exitUsage, r.status, r.err)
	require.NotContains(t, r.err, "--help", "the command line is right")
}
