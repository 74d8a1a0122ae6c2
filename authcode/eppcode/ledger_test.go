package eppcode_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode/eppcode"
)

func requireEntries(t *testing.T, l eppcode.Ledger, want ...eppcode.Entry) {
	t.Helper()
	list, err := l.Entries(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, want, list)
}

func TestDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "ledger")
	l := eppcode.Dir{Path: dir}
	ctx := t.Context()
	requireEntries(t, l)
	a1 := eppcode.Entry{Domain: "a.example", Due: noon.Add(time.Nanosecond)}
	a2 := eppcode.Entry{Domain: "a.example", Due: noon.Add(time.Hour), Untold: true}
	b := eppcode.Entry{Domain: "b.example", Due: noon}
	for _, e := range []eppcode.Entry{a2, a1, b, a1} {
		e.Due = e.Due.In(time.FixedZone("", 3600))
		require.NoError(t, l.Add(ctx, e))
	}
	requireEntries(t, l, b, a1, a2)
	list, err := l.Entries(ctx, "a.example")
	require.NoError(t, err)
	require.Equal(t, []eppcode.Entry{a1, a2}, list)

	t.Run("nobody else can read it", func(t *testing.T) {
		require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			require.NoError(t, err)
			info, err := d.Info()
			require.NoError(t, err)
			if d.IsDir() {
				require.Equal(t, fs.FileMode(0o700), info.Mode().Perm(), path)
			} else {
				require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), path)
				require.Zero(t, info.Size(), path)
			}
			return nil
		}))
	})
	t.Run("what is no entry", func(t *testing.T) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "README"), nil, 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600), "which is a domain's name, too")
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a.example", "notes"), nil, 0o600))
		require.NoError(t, os.Mkdir(filepath.Join(dir, "lost+found"), 0o700))
		requireEntries(t, l, b, a1, a2)
		require.NoError(t, os.Remove(filepath.Join(dir, "a.example", "notes")))
	})
	require.NoError(t, l.Remove(ctx, a1))
	require.NoError(t, l.Remove(ctx, a1))
	requireEntries(t, l, b, a2)
	require.NoError(t, l.Remove(ctx, a2))
	require.NoDirExists(t, filepath.Join(dir, "a.example"))

	t.Run("only a domain becomes a path", func(t *testing.T) {
		for _, name := range []string{"../x.example", "/etc.d", "A.example", "a/b.example", "..", ".", "example"} {
			e := eppcode.Entry{Domain: name, Due: noon}
			require.Error(t, l.Add(ctx, e), name)
			require.Error(t, l.Remove(ctx, e), name)
			_, err := l.Entries(ctx, name)
			require.Error(t, err, name)
		}
		require.Error(t, l.Add(ctx, eppcode.Entry{Due: noon}))
	})
}

// Processes that share a directory are as goroutines that share no memory.
func TestDirIsShared(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			l := eppcode.Dir{Path: dir}
			for k := range 25 {
				e := eppcode.Entry{Domain: "a.example", Due: noon.Add(time.Duration(i*1000 + k))}
				if err := l.Add(t.Context(), e); err != nil {
					t.Error(err)
				}
				if err := l.Remove(t.Context(), e); err != nil {
					t.Error(err)
				}
			}
			if err := l.Add(t.Context(), eppcode.Entry{Domain: "a.example", Due: noon.Add(time.Duration(i) * time.Hour)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := eppcode.Dir{Path: dir}.Entries(t.Context(), "a.example")
	require.NoError(t, err)
	require.Len(t, list, 8)
}

func TestDirLock(t *testing.T) {
	l := eppcode.Dir{Path: filepath.Join(t.TempDir(), "ledger")}
	_, err := l.Lock(t.Context(), "../x.example")
	require.Error(t, err)

	t.Run("one at a time", func(t *testing.T) {
		var inside atomic.Int32
		over, cancel := context.WithCancel(t.Context())
		cancel()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 2000 {
					unlock, err := eppcode.Dir{Path: l.Path}.Lock(over, "a.example") // it looks once
					if errors.Is(err, context.Canceled) {
						continue
					}
					if err != nil {
						t.Error(err)
						return
					}
					if inside.Add(1) != 1 {
						t.Error("two have the lock")
					}
					runtime.Gosched()
					inside.Add(-1)
					unlock()
				}
			})
		}
		all.Wait()
	})
	t.Run("of one domain", func(t *testing.T) {
		unlock, err := l.Lock(t.Context(), "a.example")
		require.NoError(t, err)
		other, err := l.Lock(t.Context(), "b.example")
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		_, err = l.Lock(ctx, "a.example")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		requireEntries(t, l)
		unlock()
		other()
		requireEntries(t, l)
	})
	t.Run("a process that dies leaves none", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), holdsLock+"="+l.Path)
		in, err := cmd.StdinPipe() // open, so that it stays
		require.NoError(t, err)
		defer in.Close()
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		line, err := bufio.NewReader(out).ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "locked\n", line)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err = l.Lock(ctx, "a.example")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait())
		unlock, err := l.Lock(t.Context(), "a.example")
		require.NoError(t, err)
		unlock()
	})
}

// holdsLock is the environment variable that makes the test binary a process that holds
// the lock of a domain in the ledger that it names.
const holdsLock = "EPPKIT_TEST_HOLDS_LOCK"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdsLock); dir != "" {
		if _, err := (eppcode.Dir{Path: dir}).Lock(context.Background(), "a.example"); err != nil {
			panic(err)
		}
		fmt.Println("locked")
		_, _ = io.Copy(io.Discard, os.Stdin)
		return
	}
	os.Exit(m.Run())
}
