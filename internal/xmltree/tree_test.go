package xmltree

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// corpus is where frames made by others are found, beside a checkout.
const corpus = "../../../shared/corpus"

func TestCorpusParses(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout")
	}
	n := 0
	require.NoError(t, filepath.WalkDir(corpus, func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xml" {
			return err
		}
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		tree, err := Parse(b, Limits{})
		if err != nil {
			t.Logf("%s: %v", path, err)
			return nil
		}
		require.Equal(t, "epp", tree.Nodes[Root].Local, path)
		n++
		return nil
	}))
	t.Log(n, "frames")
}

func BenchmarkParse(b *testing.B) {
	frame, err := os.ReadFile(corpus + "/fred-docs/CommandStructure_Info_InfoDomain-03-response.xml")
	if err != nil {
		b.Skip(err)
	}
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	var t Tree
	for b.Loop() {
		if err := t.Parse(frame, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
