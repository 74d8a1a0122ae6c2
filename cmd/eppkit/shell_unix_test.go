//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
)

// A screen is somebody at a terminal in which the shell runs.
type screen struct {
	t    *testing.T
	cmd  *exec.Cmd
	tty  *os.File
	over chan struct{} // closed when all was read

	mu    sync.Mutex
	shown []byte        // all that was
	read  int           // as far as it was expected
	more  chan struct{} // closed when there is more
}

// patience is how long anything may take to show.
const patience = 30 * time.Second

func newScreen(t *testing.T, state string, env []string, args ...string) *screen {
	t.Helper()
	s := &screen{t: t, cmd: exec.Command(os.Args[0], args...), over: make(chan struct{}), more: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), "EPPKIT_TEST_PROCESS=1", "XDG_CONFIG_HOME="+t.TempDir(), "EPPKIT_CONFIG=", "EPPKIT_PROFILE=",
		"XDG_STATE_HOME="+state, "TERM=xterm")
	s.cmd.Env = append(s.cmd.Env, env...)
	var err error
	s.tty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 50, Cols: 132})
	require.NoError(t, err)
	go s.watch()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		s.tty.Close()
		<-s.over
	})
	return s
}

// escapes are what moves the cursor, and the like.
var escapes = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]|[\a\r]`)

func (s *screen) watch() {
	defer close(s.over)
	b := make([]byte, 4096)
	for {
		n, err := s.tty.Read(b)
		s.mu.Lock()
		s.shown = append(s.shown, b[:n]...)
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// types types.
func (s *screen) types(text string) {
	s.t.Helper()
	_, err := s.tty.WriteString(text)
	require.NoError(s.t, err)
}

// shows waits for some words after those that it waited for before, and returns what was
// shown in between.
func (s *screen) shows(words string) string {
	s.t.Helper()
	late := time.After(patience)
	for {
		s.mu.Lock()
		text, more := escapes.ReplaceAllString(string(s.shown), ""), s.more
		i := strings.Index(text[s.read:], words)
		if i >= 0 {
			between := text[s.read : s.read+i]
			s.read += i + len(words)
			s.mu.Unlock()
			return between
		}
		s.mu.Unlock()
		select {
		case <-more:
		case <-late:
			require.Fail(s.t, "it never showed "+words, text[s.read:])
		case <-s.over:
			s.mu.Lock()
			text = escapes.ReplaceAllString(string(s.shown), "")
			s.mu.Unlock()
			if !strings.Contains(text[s.read:], words) {
				require.Fail(s.t, "it ended without "+words, text[s.read:])
			}
		}
	}
}

// waits waits for something else than what is shown.
func (s *screen) waits(something <-chan struct{}) {
	s.t.Helper()
	select {
	case <-something:
	case <-time.After(patience):
		require.Fail(s.t, "it never came", string(s.shown))
	}
}

// status waits for the end.
func (s *screen) status() int {
	s.t.Helper()
	done := make(chan struct{})
	go func() { _ = s.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		require.Fail(s.t, "the shell does not end", string(s.shown))
	}
	return s.cmd.ProcessState.ExitCode()
}

func (s *screen) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return escapes.ReplaceAllString(string(s.shown), "")
}

const (
	up, ctrlC, ctrlD, ctrlR, backspace = "\x1b[A", "\x03", "\x04", "\x12", "\x7f"

	atMock = "mock fred/REG-MORAVA> "
	atCZ   = "cz/REG-MORAVA> "
)

func TestScreenPromptAndEnd(t *testing.T) {
	t.Parallel()
	reg := newRegistry(t, "")
	s := newScreen(t, t.TempDir(), nil, "shell", "--config", reg.config)
	s.shows(atCZ)
	s.types("check_domain sauna.cz\r")
	s.shows("sauna.cz  available")
	s.shows(atCZ)
	s.types("frobnicate\r")
	s.shows(`there is no command "frobnicate"`)
	s.shows(atCZ)
	s.types(ctrlD)
	require.Equal(t, exitOK, s.status(), s.all())
	require.NoError(t, reg.Journal().Expect(1, hasVerb("logout")))

	s = newScreen(t, t.TempDir(), nil, "shell", "--mock", "--registry", "gtld")
	s.shows("mock gtld/")
	s.types("quit\r")
	require.Equal(t, exitOK, s.status(), s.all())
}

func TestScreenCompletion(t *testing.T) {
	t.Parallel()
	s := newScreen(t, t.TempDir(), nil, "shell", "--mock")
	s.shows(atMock)
	s.types("sendauthinfo_c\tCID-MYOWN\r")
	s.shows("mailed a new authInfo of contact CID-MYOWN")
	s.shows(atMock)
	s.types("info_d\tmydomain.cz\r")
	s.shows("infData")
	s.shows(atMock)
	s.types("check_domain myd\t\r")
	s.shows("mydomain.cz  not available")
	s.shows(atMock)
	s.types("contact \t")
	s.shows("send-authinfo")
	s.types("in\tCID-MY\t-o j\t\r")
	s.shows(`"element": "contact:infData"`)
	s.shows(atMock)
}

func TestScreenHistory(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	file := filepath.Join(state, "eppkit", "history")
	s := newScreen(t, state, nil, "shell", "--mock")
	s.shows(atMock)
	for _, line := range []string{
		"check_domain first.cz", "info_domain mydomain.cz canary-One1", "domain info mydomain.cz --authinfo canary-Two2",
		"info_domian mydomain.cz canary-Three3", "transfer_contact CID-MYOWN canary-Four4",
		"<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'><command><login><clID>a</clID><pw>canary-Five5</pw></login></command></epp>",
		"version # canary-Six6", "check_domain second.cz",
	} {
		s.types(line + "\r")
		s.shows(atMock)
	}
	// Asked for, it is not shown either.
	s.types("info_domain mydomain.cz -\r")
	s.shows("authInfo (not shown): ")
	s.types("canary-Seven7\r")
	s.shows("2202")
	s.shows(atMock)
	s.types(up + up + "\r") // the last but one
	s.shows("second.cz  available")
	s.shows(atMock)
	s.types("exit\r")
	require.Equal(t, exitOK, s.status(), s.all())
	require.NotContains(t, s.all(), "canary-Seven7")

	b, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "check_domain first.cz\nversion\ncheck_domain second.cz\ninfo_domain mydomain.cz -\ncheck_domain second.cz\nexit\n", string(b))
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	found := 0
	require.NoError(t, filepath.WalkDir(state, func(path string, d os.DirEntry, err error) error {
		if b, _ := os.ReadFile(path); bytes.Contains(b, []byte("canary")) {
			found++
		}
		return err
	}))
	require.Zero(t, found)

	s = newScreen(t, state, nil, "shell", "--mock")
	s.shows(atMock)
	s.types(up + up + "\r")
	s.shows("second.cz  available")
	s.shows(atMock)
	s.types(ctrlR + "first")
	s.shows("first")
	s.types("\r")
	s.shows("first.cz  available")
	s.shows(atMock)

	other := filepath.Join(t.TempDir(), "mine")
	s = newScreen(t, t.TempDir(), nil, "shell", "--mock", "--history", other)
	s.shows(atMock)
	s.types("version\r")
	s.shows(atMock)
	s.types(ctrlD)
	s.status()
	require.FileExists(t, other)
	none := t.TempDir()
	s = newScreen(t, none, nil, "shell", "--mock", "--no-history")
	s.shows(atMock)
	s.types(ctrlD)
	s.status()
	require.NoDirExists(t, filepath.Join(none, "eppkit"))
}

func TestScreenKeepAlive(t *testing.T) {
	t.Parallel()
	reg := newRegistry(t, ", sessions: {keepAlive: 50ms}")
	s := newScreen(t, t.TempDir(), nil, "shell", "--config", reg.config, "-v")
	s.shows(atCZ)
	s.types("vers")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, err := reg.Journal().Wait(ctx, 3, hasVerb("hello"))
	require.NoError(t, err)
	s.types("ion\r")
	s.shows("eppkit (devel)")
	s.shows(atCZ)
	require.NotContains(t, s.all(), "<hello", "not even with -v")

	quiet := newRegistry(t, ", sessions: {keepAlive: 50ms}")
	s = newScreen(t, t.TempDir(), nil, "shell", "--config", quiet.config, "--keep-alive", "0")
	s.shows(atCZ)
	_, err = reg.Journal().Wait(ctx, 8, hasVerb("hello"))
	require.NoError(t, err)
	require.NoError(t, quiet.Journal().Expect(0, hasVerb("hello")))
}

func TestScreenReconnects(t *testing.T) {
	t.Parallel()
	reg := newRegistry(t, "")
	s := newScreen(t, t.TempDir(), nil, "shell", "--config", reg.config)
	s.shows(atCZ)
	require.NoError(t, reg.Drop(t.Context()))
	s.types("check_domain one.cz\r") // which may go into what is broken
	s.shows("> ")
	s.types("check_domain two.cz\r")
	s.shows("two.cz  available")
	s.shows(atCZ)
	require.Contains(t, s.all(), "the session was lost")
	require.Contains(t, s.all(), "connecting again")
	require.NoError(t, reg.Journal().Expect(2, hasVerb("login")))
	q := hasVerb("check")
	q.Text = "one.cz"
	sent, err := reg.Journal().Search(q)
	require.NoError(t, err)
	require.LessOrEqual(t, len(sent), 1)

	reg.Close()
	s.types("check_domain three.cz\r")
	s.shows("> ")
	s.types("check_domain three.cz\r")
	s.shows("connection refused")
	s.shows("cz/REG-MORAVA (not connected)> ")
	for range 5 { // each failure makes the wait longer
		if strings.Contains(s.all(), "before another try") {
			break
		}
		s.types("check_domain three.cz\r")
		s.shows("connection refused")
		s.shows("(not connected)> ")
	}
	require.Contains(t, s.all(), "before another try")
	s.types(ctrlD)
	require.Equal(t, exitOK, s.status(), s.all())
}

func TestScreenWideCharacters(t *testing.T) {
	t.Parallel()
	s := newScreen(t, t.TempDir(), nil, "shell", "--mock")
	s.shows(atMock)
	s.types("version漢字ž" + strings.Repeat(backspace, 3) + "\r")
	s.shows("eppkit (devel)")
	s.shows(atMock)
	s.types("domain check žluť漢字.cz --dry-run\r")
	s.shows("<domain:name>žluť漢字.cz</domain:name>")
	s.shows(atMock)
}

func TestScreenEdit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	editor := writeFile(t, dir, "editor", `cp "$1" `+dir+`/was
sed -i 's/first\.cz/second.cz/; s/canary-One1/[redacted]/' "$1"
`)
	s := newScreen(t, t.TempDir(), []string{"VISUAL=sh " + editor, "TMPDIR=" + t.TempDir()}, "shell", "--mock")
	s.shows(atMock)
	s.types("check_domain first.cz\r")
	s.shows("first.cz  available")
	s.shows(atMock)
	s.types("edit\r")
	s.shows("second.cz")
	s.shows(atMock)
	s.types("info_domain first.cz canary-One1\r")
	s.shows(atMock)
	s.types("edit\r")
	s.shows("[redacted] in place of a secret, and was not sent")
	s.shows(atMock)
	b, err := os.ReadFile(filepath.Join(dir, "was"))
	require.NoError(t, err)
	require.NotContains(t, string(b), "canary")
	s.types("check_domain third.cz\r")
	s.shows(atMock)
	s.types("edit\r")
	s.shows("nothing was changed, and nothing sent")
	s.shows(atMock)
}
