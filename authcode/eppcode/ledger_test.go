package eppcode_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
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
	a2 := eppcode.Entry{Domain: "a.example", Due: noon.Add(time.Hour)}
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
