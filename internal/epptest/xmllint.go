package epptest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// XMLLint requires that frames are valid by an official schema, in the judgement of
// xmllint. It skips the test where that program or the schema is not there.
func XMLLint(t *testing.T, schema string, frames [][]byte) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed; Debian has it in libxml2-utils")
	}
	if _, err := os.Stat(schema); err != nil {
		t.Skip("the official schemas are not beside this checkout:", schema)
	}
	require.NotEmpty(t, frames)
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", schema}
	for i, frame := range frames {
		file := filepath.Join(dir, fmt.Sprintf("%02d.xml", i))
		require.NoError(t, os.WriteFile(file, frame, 0o600))
		args = append(args, file)
	}
	out, err := exec.CommandContext(t.Context(), "xmllint", args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
