package schemas_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/xmltree"
	"github.com/eppkit/eppkit/schemas"
)

// FuzzValidate has any octets judged: without a panic, in the same way twice, with
// syntax errors where the scanner has them and there alone, and with places that are
// in the frame.
func FuzzValidate(f *testing.F) {
	for _, pattern := range []string{"edge/*.xml", "rfc-examples/*/*.xml", "fred-docs/*.xml"} {
		names, err := filepath.Glob("../../shared/corpus/" + pattern)
		require.NoError(f, err)
		for _, name := range names {
			frame, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add(frame)
		}
	}
	f.Add([]byte(command(`<poll op="x"> <a/></poll>`)))
	v := newValidator(f, schemas.Options{})
	f.Fuzz(func(t *testing.T, frame []byte) {
		err := v.Validate(t.Context(), frame)
		require.Equal(t, err, v.Validate(t.Context(), frame))
		tree, syntax := xmltree.Parse(frame, xmltree.Limits{})
		var invalid *schemas.Error
		if !errors.As(err, &invalid) {
			require.NoError(t, err)
			require.NoError(t, syntax)
			return
		}
		require.NotEmpty(t, invalid.Violations)
		require.Equal(t, syntax != nil, invalid.Violations[0].Code == schemas.Syntax)
		if syntax != nil {
			return
		}
		lines := strings.Count(tree.Doc, "\n") + 1
		for _, v := range invalid.Violations {
			require.NotEmpty(t, v.Message)
			require.NotEmpty(t, v.Path, v.Message)
			require.Positive(t, v.Column, v)
			require.LessOrEqual(t, v.Line, lines, v)
		}
	})
}
