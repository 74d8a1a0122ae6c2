package durable

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "log")
	require.NoError(t, WriteFile(name, []byte("birch")))
	holds := func(content string, mode os.FileMode) {
		t.Helper()
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, content, string(b))
		info, err := os.Stat(name)
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			require.Equal(t, mode, info.Mode().Perm())
		}
		list, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, list, 1, "nothing half written is left")
	}
	holds("birch", 0o600)

	full := errors.New("the shed is full")
	require.ErrorIs(t, Replace(name, 0o644, func(f *os.File) error {
		_, err := f.WriteString("pi")
		return errors.Join(err, full)
	}), full)
	holds("birch", 0o600)

	require.NoError(t, Replace(name, 0o644, func(f *os.File) error {
		_, err := f.WriteString("pine")
		return err
	}))
	holds("pine", 0o644)
	require.NoError(t, SyncDir(dir))
	require.ErrorIs(t, SyncDir(name+"-gone"), os.ErrNotExist)
}
