package namespaces_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/namespaces"
)

// TestAll looks for the packages that have no line yet.
func TestAll(t *testing.T) {
	listed := make(map[string]bool)
	for _, e := range namespaces.All() {
		require.NotEmpty(t, e.Document, e.URI)
		listed[e.URI] = true
	}
	files, err := filepath.Glob("../*/*/*.go")
	require.NoError(t, err)
	declared := regexp.MustCompile(`(?m)^const NS = "(.*)"$`)
	found := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, ns := range declared.FindAllSubmatch(src, -1) {
			require.True(t, listed[string(ns[1])], "%s: the namespace of the package has no line in namespaces.go", file)
			found++
		}
	}
	require.Greater(t, found, 20)
}
