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
		t.Run(f[0], func(t *testing.T) { roundTrip(t, set, ns, in) })
	}
	require.NotZero(t, frames)
}

// Folders is [Corpus] for whole folders, such as "fred-docs", of which all that
// contains the namespace is valid.
func Folders(t *testing.T, set *epp.Schema, ns string, folders ...string) {
	t.Helper()
	const root = "../../../shared/corpus/"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the corpus is not beside this checkout:", root)
	}
	frames := 0
	for _, folder := range folders {
		names, err := filepath.Glob(root + folder + "/*.xml")
		require.NoError(t, err)
		for _, name := range names {
			in, err := os.ReadFile(name)
			require.NoError(t, err)
			if !strings.Contains(string(in), `"`+ns+`"`) {
				continue
			}
			frames++
			t.Run(folder+"/"+filepath.Base(name), func(t *testing.T) { roundTrip(t, set, ns, in) })
		}
	}
	require.NotZero(t, frames)
}

// roundTrip reads a frame, and requires that nothing of a namespace is left as Raw
// and that it is written as it was read.
func roundTrip(t *testing.T, set *epp.Schema, ns string, in []byte) {
	m, err := set.ParseStrict(in)
	require.NoError(t, err)
	require.Empty(t, rawsOf(ns, reflect.ValueOf(m)))
	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	SameInfoset(t, in, out)
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
