package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"mime/quotedprintable"
	"net"
	"net/http"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// served is an "authcode serve" that runs until the test ends.
type served struct {
	t        *testing.T
	base     string // its URL
	out, err *lineLog
	stop     func() int // ends it in good order, and returns the exit status
}

// serveFront runs it on a free port.
func serveFront(t *testing.T, env map[string]string, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &served{t: t, out: newLineLog(), err: newLineLog()}
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, args, stdio{
			in: strings.NewReader(""), out: s.out, err: s.err,
			getenv: func(name string) string { return env[name] },
		})
		s.out.Close()
		s.err.Close()
	}()
	s.stop = sync.OnceValue(func() int { cancel(); return <-done })
	t.Cleanup(func() { s.stop() })
	first := s.out.wait(t, "eppkit offers on ")
	_, err := fmt.Sscanf(s.out.wait(t, "://"), "%s %s", new(string), &s.base)
	require.NoError(t, err)
	scheme, rest, _ := strings.Cut(s.base, "://")
	host, _, _ := strings.Cut(rest, "/")
	_, port, err := net.SplitHostPort(host)
	require.NoError(t, err)
	require.Contains(t, first, port)
	s.base = scheme + "://" + host
	s.out.wait(t, "Stop it with Ctrl-C.")
	return s
}

func (s *served) get(path string) (status int, body string) {
	s.t.Helper()
	return s.do(http.MethodGet, path, "")
}

// do makes a request with a bearer token; "" is none.
func (s *served) do(method, path, token string) (status int, body string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, nil)
	require.NoError(s.t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp.StatusCode, string(b)
}

// A lineLog is a Writer whose lines can be waited for.
type lineLog struct {
	mu   sync.Mutex
	all  strings.Builder
	seen int
	more chan struct{} // closed when there is more
	end  bool
}

func newLineLog() *lineLog { return &lineLog{more: make(chan struct{})} }

func (l *lineLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.more)
	l.more = make(chan struct{})
	return l.all.Write(b)
}

func (l *lineLog) Close() {
	_, _ = l.Write(nil)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end = true
	close(l.more)
	l.more = make(chan struct{})
}

func (l *lineLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// wait returns the next line that contains what, of those that no wait has passed.
func (l *lineLog) wait(t *testing.T, what string) string {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		l.mu.Lock()
		rest, more, end := l.all.String()[l.seen:], l.more, l.end
		for {
			line, after, ok := strings.Cut(rest, "\n")
			if !ok {
				break
			}
			l.seen += len(line) + 1
			rest = after
			if strings.Contains(line, what) {
				l.mu.Unlock()
				return line
			}
		}
		l.mu.Unlock()
		require.False(t, end, "it ended without %q: %s", what, l)
		select {
		case <-more:
		case <-late:
			require.Fail(t, "too late", "no %q in %s", what, l)
		}
	}
}

// writeFile writes a file that its owner alone can read, and returns its path.
func writeFile(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// resellerProfiles writes a configuration with a profile for each dialect, whose base is
// a server, as the account with these credentials.
func resellerProfiles(t *testing.T, base, user, secret, key, more string) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, dir, "secret", secret+"\n")
	writeFile(t, dir, "key", key+"\n")
	return writeFile(t, dir, "c.yaml", strings.NewReplacer("BASE", base, "USER", user, "MORE", more).Replace(`
profiles:
  nt1: {dialect: netim, base: "BASE/1.0", user: USER, password: {file: secret}MORE}
  nt3: {dialect: netim, version: "3.0", base: "BASE/3.0", user: USER, password: {file: secret}MORE}
  md: {dialect: mijndomeinreseller, base: BASE, password: {file: key}MORE}
  op: {dialect: openprovider, base: BASE/v1beta, user: USER, password: {file: secret}MORE}
  os: {dialect: opensrs, base: BASE, user: USER, password: {file: secret}MORE}
`))
}

func demoProfiles(t *testing.T, s *served) string {
	t.Helper()
	demo := demoAccount()
	return resellerProfiles(t, s.base, demo.User, demo.Secret.Reveal(), demo.Key.Reveal(), "")
}

// audited returns the entries that are in an audit file, as JSON objects.
func audited(t *testing.T, file string) []map[string]any {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	var list []map[string]any
	for line := range strings.Lines(string(b)) {
		var l struct {
			Msg   string
			Entry map[string]any
		}
		require.NoError(t, json.Unmarshal([]byte(line), &l), line)
		require.Equal(t, "hand-over", l.Msg)
		list = append(list, l.Entry)
	}
	return list
}

// mailed returns the letters in an outbox's directory: their recipients and texts.
func mailed(t *testing.T, dir string) (to, texts []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name())
		r, err := os.Open(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		m, err := netmail.ReadMessage(r)
		require.NoError(t, err)
		text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		require.NoError(t, err)
		r.Close()
		to, texts = append(to, m.Header.Get("To")), append(texts, string(text))
	}
	return to, texts
}

// selfSigned makes a certificate for this machine, which is its own authority.
func selfSigned(t *testing.T) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, k.Public(), k)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

// aRequest begins a request that a server has in progress until go on is called, which
// returns the status line of the answer.
func aRequest(t *testing.T, addr string) (goOn func() string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = fmt.Fprintf(conn, "POST /v2/domains/alpha.example/auth_code HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"+
		"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", demoAccount().Key.Reveal())
	require.NoError(t, err)
	r := bufio.NewReader(conn)
	line, err := r.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "100 Continue", "it reads the body")
	return func() string {
		_, err := conn.Write([]byte("{}"))
		require.NoError(t, err)
		_, err = r.ReadString('\n')
		require.NoError(t, err)
		line, err := r.ReadString('\n')
		require.NoError(t, err)
		return line
	}
}
