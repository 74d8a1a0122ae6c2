package schemas

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

//go:embed all:xsd
var embedded embed.FS

// An Origin says where the schema of a namespace comes from.
type Origin struct {
	File      string // below this package's folder, as in "xsd/domain-1.0.xsd"
	Namespace string
	Document  string // that it is written from, as in "RFC 5731"
}

// Embedded lists the schemas that this package carries, in the order of their
// file names.
func Embedded() []Origin {
	files, err := embeddedFiles()
	if err != nil {
		panic(err) // a test reads them all
	}
	out := make([]Origin, len(files))
	for i, f := range files {
		out[i] = Origin{File: f.name, Namespace: f.target, Document: f.document()}
	}
	return out
}

// A file is one schema document.
type file struct {
	name    string
	data    []byte
	target  string   // its targetNamespace
	imports []string // the namespaces it refers to
}

func embeddedFiles() ([]file, error) { return readDir(embedded, "xsd", "") }

// readDir reads the schemas in a directory and those below it. Prefix is for their
// names.
func readDir(fsys fs.FS, dir, prefix string) ([]file, error) {
	var files []file
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".xsd" {
			return err
		}
		if info, err := fs.Stat(fsys, name); err != nil || !info.Mode().IsRegular() {
			return err // a pipe may have no end
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		f, err := newFile(prefix+name, data)
		files = append(files, f)
		return err
	})
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return files, err
}

const xsdNS = "http://www.w3.org/2001/XMLSchema"

// newFile reads the head of a schema document.
func newFile(name string, data []byte) (file, error) {
	data, declared := withoutDoctype(data)
	f := file{name: name, data: data}
	t, err := xmltree.Parse(data, xmltree.Limits{})
	switch {
	case err != nil && declared:
		return f, fmt.Errorf("schemas: %s: %w; its DOCTYPE is not read, nor the entities in there", name, err)
	case err != nil:
		return f, fmt.Errorf("schemas: %s: %w", name, err)
	}
	root := &t.Nodes[xmltree.Root]
	if t.SpaceURI(root.NS) != xsdNS || root.Local != "schema" {
		return f, fmt.Errorf("schemas: %s: the root element is not xs:schema", name)
	}
	f.target = attr(t, xmltree.Root, "targetNamespace")
	for c := root.Child; c != 0; c = t.Nodes[c].Next {
		if t.Nodes[c].Local == "import" {
			f.imports = append(f.imports, attr(t, c, "namespace"))
		}
	}
	return f, nil
}

func attr(t *xmltree.Tree, i int32, local string) string {
	for _, a := range t.AttrsOf(i) {
		if a.NS == xmltree.NoSpace && a.Local == local {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// document is the first line of the first comment, which says what the schema is
// written from.
func (f *file) document() string {
	_, rest, _ := strings.Cut(string(f.data), "<!--")
	comment, _, _ := strings.Cut(rest, "-->")
	line, _, _ := strings.Cut(strings.TrimSpace(comment), "\n")
	return strings.TrimSpace(line)
}
