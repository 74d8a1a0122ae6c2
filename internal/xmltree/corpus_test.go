package xmltree

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// corpus is where frames made by others are found, beside a checkout.
const corpus = "../../../shared/corpus"

func corpusFiles(t *testing.T) []string {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout")
	}
	var files []string
	require.NoError(t, filepath.WalkDir(corpus, func(path string, _ os.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".xml" {
			files = append(files, path)
		}
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

// What xmllint finds well-formed, with its namespaces, parses; the rest is refused.
func TestCorpus(t *testing.T) {
	files := corpusFiles(t)
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed")
	}
	// xmllint names the file at the beginning of each complaint.
	out, _ := exec.Command("xmllint", append([]string{"--noout", "--nonet"}, files...)...).CombinedOutput()
	refused := 0
	for _, path := range files {
		frame, err := os.ReadFile(path)
		require.NoError(t, err)
		tree, err := Parse(frame, Limits{})
		if strings.Contains(string(out), path+":") {
			require.Error(t, err, path)
			refused++
			continue
		}
		require.NoError(t, err, path)
		want, err := standardOutline(tree.Doc)
		require.NoError(t, err, path)
		require.Equal(t, want, likeness(tree), path)
	}
	t.Logf("%d frames, %d of them refused", len(files), refused)
}
