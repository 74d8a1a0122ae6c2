package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

const corpusDir = "../../../shared/corpus"

var corpusFolders = []string{"rfc-examples", "fred-docs", "fred-commands", "edge"}

// A corpus is the frames by others and what they cover.
type corpus struct {
	// frames are the names of those in each directory, as "rfc-examples/rfc5910": without
	// their extension and, in an RFC's, what follows their number.
	frames map[string][]string
	// covers are by namespace those that hold an element of it that was read into its type.
	covers map[string]map[string][]string
}

// readCorpus returns nil where the corpus is not there.
func readCorpus(t *testing.T, set *epp.Schema) *corpus {
	if _, err := os.Stat(corpusDir); err != nil {
		return nil
	}
	c := &corpus{map[string][]string{}, map[string]map[string][]string{}}
	for _, folder := range corpusFolders {
		require.NoError(t, filepath.WalkDir(filepath.Join(corpusDir, folder), func(file string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(file) != ".xml" {
				return err
			}
			frame, err := os.ReadFile(file)
			require.NoError(t, err)
			rel, err := filepath.Rel(corpusDir, file)
			require.NoError(t, err)
			dir, name := path.Split(filepath.ToSlash(rel))
			dir, name = path.Clean(dir), strings.TrimSuffix(name, ".xml")
			if folder == "rfc-examples" {
				name, _, _ = strings.Cut(name, "-")
			}
			c.frames[dir] = append(c.frames[dir], name)
			m, err := set.Parse(frame)
			if err != nil {
				return nil // the corpus has templates, and documents that nobody should accept
			}
			for _, uri := range spacesIn(m) {
				if c.covers[uri] == nil {
					c.covers[uri] = map[string][]string{}
				}
				c.covers[uri][dir] = append(c.covers[uri][dir], name)
			}
			return nil
		}))
	}
	return c
}

// counts are how many frames of each of corpusFolders cover a namespace.
func (c *corpus) counts(uri string) []int {
	n := make([]int, len(corpusFolders))
	for dir, names := range c.covers[uri] {
		folder, _, _ := strings.Cut(dir, "/")
		n[slices.Index(corpusFolders, folder)] += len(names)
	}
	return n
}

const corpusTitle = "\n## Frames of the corpus\n"

// section says which frames cover a namespace, a line for each directory: all, those that
// do, or those that do not, whatever is less to read.
func (c *corpus) section(uri string) string {
	var b strings.Builder
	b.WriteString(corpusTitle)
	if len(c.covers[uri]) == 0 {
		b.WriteString("\nNone of the corpus of documents by others holds an element of it.\n")
		return b.String()
	}
	b.WriteString("\nDocuments by others that hold an element of it, which is read into its type.\n\n| directory | frames | which |\n|---|---|---|\n")
	for _, folder := range corpusFolders {
		for _, dir := range c.dirs(folder) {
			names, all := c.covers[uri][dir], c.frames[dir]
			others := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(names, name) })
			which := "`" + strings.Join(names, "`, `") + "`"
			switch {
			case len(names) == 0:
				continue
			case len(others) == 0:
				which = "all"
			case len(others) < len(names):
				which = "all but `" + strings.Join(others, "`, `") + "`"
			}
			fmt.Fprintf(&b, "| %s | %d of %d | %s |\n", dir, len(names), len(all), which)
		}
	}
	return b.String()
}

// dirs are those of a folder, in order.
func (c *corpus) dirs(folder string) (out []string) {
	for dir := range c.frames {
		if dir == folder || strings.HasPrefix(dir, folder+"/") {
			out = append(out, dir)
		}
	}
	slices.Sort(out)
	return out
}

// oldSection is the section in a page as it is, for where there is no corpus.
func oldSection(file string) string {
	old, _ := os.ReadFile(docsDir + "/namespaces/" + file)
	_, after, ok := strings.Cut(string(old), corpusTitle)
	if !ok {
		return ""
	}
	return corpusTitle + after
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
