package epptest

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// Corpus reads those frames of a folder of the corpus of RFC examples, such as
// "rfc8543", that are valid and contain the namespace, and requires that nothing of
// the namespace is left as Raw and that each is written as it was read. It skips the
// test where the corpus is not there. The test's package is two folders below the root.
func Corpus(t *testing.T, set *epp.Schema, folder, ns string) {
	t.Helper()
	const root = "../../../shared/corpus/rfc-examples/"
	verdicts, err := os.ReadFile(root + "VALIDATION.tsv")
	if err != nil {
		t.Skip("the corpus is not beside this checkout:", root)
	}
	frames := 0
	for line := range strings.Lines(string(verdicts)) {
		f := strings.Split(line, "\t")
		if filepath.Dir(f[0]) != folder || f[1] != "ok" {
			continue
		}
		in, err := os.ReadFile(root + f[0])
		require.NoError(t, err)
		if !strings.Contains(string(in), `"`+ns+`"`) {
			continue
		}
		frames++
		t.Run(f[0], func(t *testing.T) {
			m, err := set.ParseStrict(in)
			require.NoError(t, err)
			require.Empty(t, rawsOf(ns, reflect.ValueOf(m)))
			out, err := epp.Append(nil, m)
			require.NoError(t, err)
			SameInfoset(t, in, out)
		})
	}
	require.NotZero(t, frames)
}

// rawsOf finds what a value holds of a namespace without a type.
func rawsOf(ns string, v reflect.Value) (names []epp.Name) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || !v.CanInterface() {
			return nil
		}
		if raw, ok := v.Interface().(*epp.Raw); ok {
			if raw.XMLName().Space == ns {
				names = append(names, raw.XMLName())
			}
			return names
		}
		return rawsOf(ns, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			names = append(names, rawsOf(ns, v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			names = append(names, rawsOf(ns, v.Index(i))...)
		}
	}
	return names
}
