//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A named pipe into which nobody writes is not waited for, but a link to a file is followed.
func TestValidatePassesPipes(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe.xml"), 0o600))
	require.NoError(t, os.Symlink("pipe.xml", filepath.Join(dir, "link-to-pipe.xml")))
	file := writeFile(t, t.TempDir(), "good.xml", goodFrame)
	require.NoError(t, os.Symlink(file, filepath.Join(dir, "link-to-file.xml")))
	r := eppkit(t, nil, "", "validate", dir, file)
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, "2 documents are valid\n", r.out)

	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "broken.xml")))
	r = eppkit(t, nil, "", "validate", dir)
	require.Equal(t, exitUsage, r.status)
	require.Contains(t, r.err, "broken.xml")
}
