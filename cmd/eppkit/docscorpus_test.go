package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

const corpusDir = "../../../shared/corpus"

var corpusFolders = []string{"rfc-examples", "fred-docs", "fred-commands", "edge"}

// covered is how many frames of each folder of the corpus hold an element of each
// namespace that was read into its type; nil where the corpus is not there.
func covered(t *testing.T, set *epp.Schema) map[string][]int {
	if _, err := os.Stat(corpusDir); err != nil {
		return nil
	}
	n := map[string][]int{}
	for i, folder := range corpusFolders {
		require.NoError(t, filepath.WalkDir(filepath.Join(corpusDir, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".xml" {
				return err
			}
			frame, err := os.ReadFile(path)
			require.NoError(t, err)
			m, err := set.Parse(frame)
			if err != nil {
				return nil // the corpus has templates, and documents that nobody should accept
			}
			for _, uri := range spacesIn(m) {
				if n[uri] == nil {
					n[uri] = make([]int, len(corpusFolders))
				}
				n[uri][i]++
			}
			return nil
		}))
	}
	return n
}

// spacesIn are the namespaces of the elements in a message that have a type.
func spacesIn(m epp.Message) (uris []string) {
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if v.IsNil() || !v.CanInterface() {
				return
			}
			if e, ok := v.Interface().(epp.Element); ok && v.Kind() == reflect.Pointer {
				if _, raw := e.(*epp.Raw); raw {
					return
				}
				if uri := e.XMLName().Space; !slices.Contains(uris, uri) {
					uris = append(uris, uri)
				}
			}
			walk(v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		}
	}
	walk(reflect.ValueOf(m))
	return uris
}
