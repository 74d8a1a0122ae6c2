//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMain makes the test binary the program itself where a test asks for it.
func TestMain(m *testing.M) {
	if os.Getenv("EPPKIT_TEST_PROCESS") != "" {
		main()
	}
	os.Exit(m.Run())
}

// process is a run of the program as a process of its own.
type process struct {
	*exec.Cmd
	t     *testing.T
	stdin io.Closer
	out   *os.File // its standard output
	err   bytes.Buffer
	done  chan error
}

// start runs the program with a standard input that stays open.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args...), t: t, done: make(chan error, 1)}
	p.Env = append(os.Environ(), "EPPKIT_TEST_PROCESS=1", "XDG_CONFIG_HOME="+t.TempDir(), "EPPKIT_CONFIG=", "EPPKIT_PROFILE=")
	in, err := p.StdinPipe()
	require.NoError(t, err)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	p.stdin, p.out, p.Stdout, p.Stderr = in, r, w, &p.err
	require.NoError(t, p.Start())
	w.Close()
	go func() { p.done <- p.Wait() }()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		in.Close()
		r.Close()
	})
	return p
}

// status waits for the end and returns the exit status.
func (p *process) status() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		require.Fail(p.t, "the process does not end")
	}
	return p.ProcessState.ExitCode()
}

// says waits for the first words of its standard output.
func (p *process) says() string {
	p.t.Helper()
	require.NoError(p.t, p.out.SetReadDeadline(time.Now().Add(20*time.Second)))
	b := make([]byte, 4096)
	n, err := p.out.Read(b)
	require.NoError(p.t, err)
	return string(b[:n])
}

func TestStandardInputCanBeStopped(t *testing.T) {
	for name, args := range map[string][]string{
		"raw":             {"raw", "-", "--timeout", "300ms"},
		"--authinfo-file": {"contact", "info", "CID-MYOWN", "--authinfo-file", "-", "--timeout", "300ms"},
	} {
		t.Run(name+" by its timeout", func(t *testing.T) {
			t.Parallel()
			p := start(t, args...)
			require.Equal(t, exitTimeout, p.status(), p.err.String())
			require.Contains(t, p.err.String(), "reading standard input")
		})
	}
}

func TestSignals(t *testing.T) {
	for name, sig := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP} {
		t.Run(name+" ends mock serve in good order", func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := start(t, "mock", "serve", "--dir", dir)
			require.Contains(t, p.says(), "listens on")
			require.FileExists(t, filepath.Join(dir, "addr"))
			require.NoError(t, p.Process.Signal(sig))
			require.Equal(t, exitOK, p.status(), p.err.String())
			require.NoFileExists(t, filepath.Join(dir, "addr"))
		})
		t.Run(name+" ends a command that waits", func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ready := filepath.Join(dir, "ready")
			require.NoError(t, syscall.Mkfifo(ready, 0o600))
			conf := filepath.Join(dir, "c.yaml")
			require.NoError(t, os.WriteFile(conf, []byte(
				"profiles: {p: {address: 127.0.0.1, clID: REG-ME, password: {command: [sh, -c, 'echo >ready; exec sleep 20']}}}\n"), 0o600))
			p := start(t, "--config", conf, "poll")
			_, err := os.ReadFile(ready) // once it waits for the password
			require.NoError(t, err)
			require.NoError(t, p.Process.Signal(sig))
			require.Equal(t, exitTimeout, p.status(), p.err.String())
		})
	}
}

// startFront starts "authcode serve" and returns its address.
func startFront(t *testing.T, args ...string) (p *process, addr string) {
	t.Helper()
	p = start(t, append([]string{"authcode", "serve", "--dialect", "mijndomeinreseller"}, args...)...)
	said := p.says()
	require.Contains(t, said, "Stop it with Ctrl-C.\n", "all of it at once")
	_, err := fmt.Sscanf(said, "eppkit offers on %s", &addr)
	require.NoError(t, err)
	return p, strings.TrimSuffix(addr, ":")
}

// Servers go on when nobody reads their standard output any more, as under "| head -1".
func TestServersOutliveTheirReaders(t *testing.T) {
	t.Run("authcode serve", func(t *testing.T) {
		t.Parallel()
		p, addr := startFront(t)
		p.out.Close()
		for range 2 { // each writes a line of the audit
			require.Contains(t, aRequest(t, addr)(), "201 Created")
		}
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		require.Equal(t, exitOK, p.status(), p.err.String())
		require.Contains(t, p.err.String(), "a line is missing in the audit")
	})
	t.Run("mock serve", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		p := start(t, "mock", "serve", "--dir", dir)
		require.Contains(t, p.says(), "listens on")
		p.out.Close()
		require.NoError(t, p.Process.Signal(syscall.SIGTERM)) // it says that it stops
		require.Equal(t, exitOK, p.status(), p.err.String())
		require.NoFileExists(t, filepath.Join(dir, "addr"))
	})
}

func TestSignalsEndAuthcodeServe(t *testing.T) {
	for name, sig := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP} {
		t.Run(name+" lets a request finish", func(t *testing.T) {
			t.Parallel()
			p, addr := startFront(t)
			goOn := aRequest(t, addr)
			require.NoError(t, p.Process.Signal(sig))
			require.Equal(t, "stopping\n", p.says())
			require.Contains(t, goOn(), "201 Created")
			require.Contains(t, p.says(), `"outcome":"code"`)
			require.Equal(t, exitOK, p.status(), p.err.String())
		})
	}
	t.Run("a third one ends it at once", func(t *testing.T) {
		t.Parallel()
		p, addr := startFront(t)
		aRequest(t, addr)
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		require.Equal(t, "stopping\n", p.says())
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		require.Equal(t, "cutting off what is in progress\n", p.says())
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		require.Equal(t, -1, p.status(), "ended by the signal")
	})
	t.Run("a second one cuts off what is under way", func(t *testing.T) {
		t.Parallel()
		asked := make(chan struct{}, 1)
		upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- struct{}{}
			hang(w, r)
		}))
		defer upstream.Close()
		conf := authcodeConfigFile(t, "{dialect: mijndomeinreseller, base: "+upstream.URL+", password: {file: pw}}", "")
		dir := t.TempDir()
		audit := filepath.Join(dir, "audit")
		accounts := writeFile(t, dir, "accounts.yaml", "accounts: [{name: n, key: k-1, domains: ['*']}]\n")
		p, addr := startFront(t, "--config", conf, "--upstream", "p", "--accounts", accounts, "--audit", audit)
		answered := make(chan string, 1)
		go func() {
			req, _ := http.NewRequest(http.MethodPost, "http://"+addr+"/v2/domains/a.be/auth_code", nil)
			req.Header.Set("Authorization", "Bearer k-1")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				answered <- err.Error()
				return
			}
			resp.Body.Close()
			answered <- resp.Status
		}()
		<-asked
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		require.Equal(t, "stopping\n", p.says())
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		require.Equal(t, exitTimeout, p.status(), p.err.String())
		require.Contains(t, p.err.String(), "requests were cut off")
		require.Contains(t, <-answered, "504")
		entries := audited(t, audit)
		require.Len(t, entries, 1)
		require.Equal(t, "unknown", entries[0]["outcome"])
	})
}
