package main

import (
	"bytes"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// This file reads the comments and examples of the packages for the documentation.

const modulePath = "github.com/eppkit/eppkit"

// A goPackage is one package of the module.
type goPackage struct {
	*doc.Package
	fset *token.FileSet
}

// dirOf is the folder of a package.
func dirOf(path string) string {
	return filepath.Join("../..", strings.TrimPrefix(path, modulePath))
}

func readPackage(t *testing.T, path string) *goPackage {
	t.Helper()
	p := &goPackage{fset: token.NewFileSet()}
	var files []*ast.File
	names, err := filepath.Glob(dirOf(path) + "/*.go")
	require.NoError(t, err)
	for _, name := range names {
		f, err := parser.ParseFile(p.fset, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, f)
	}
	p.Package, err = doc.NewFromFiles(p.fset, files, path)
	require.NoError(t, err)
	return p
}

// links are references to other names, as doc comments have them.
var links = regexp.MustCompile(`\[(\*?[A-Za-z][A-Za-z0-9_.]*)\]`)

// sentence is the first one of a comment.
func (p *goPackage) sentence(comment string) string {
	return strings.ReplaceAll(links.ReplaceAllString(p.Synopsis(comment), "`$1`"), "<", "&lt;")
}

// about is what the comment of an element's type says; of a type that is not exported,
// of the function called like the element, which makes it.
func (p *goPackage) about(t *testing.T, e epp.Element) (name, says string) {
	name = reflect.TypeOf(e).Elem().Name()
	if !token.IsExported(name) {
		name = strings.ToUpper(e.XMLName().Local[:1]) + e.XMLName().Local[1:]
	}
	for _, typ := range p.Types {
		if typ.Name == name {
			return name, p.sentence(typ.Doc)
		}
	}
	for _, f := range p.Funcs {
		if f.Name == name {
			return name, p.sentence(f.Doc)
		}
	}
	t.Errorf("%s has no %s", p.ImportPath, name)
	return name, ""
}

// answer is the type of what answers a request, or nil.
func answer(e epp.Element) reflect.Type {
	m, ok := reflect.TypeOf(e).MethodByName("Answer")
	if !ok {
		return nil
	}
	return m.Type.Out(0).Elem()
}

// example is the first example whose output tells of a namespace: what it is about, its
// code, and the elements that it prints.
func (p *goPackage) example(t *testing.T, uri string) (about, code, frame string) {
	list := p.Examples
	for _, typ := range p.Types {
		list = append(list, typ.Examples...)
	}
	for _, f := range p.Funcs {
		list = append(list, f.Examples...)
	}
	slices.SortStableFunc(list, func(a, b *doc.Example) int { return a.Order - b.Order })
	for _, ex := range list {
		var b bytes.Buffer
		require.NoError(t, format.Node(&b, p.fset, &printer.CommentedNode{Node: ex.Code, Comments: ex.Comments}))
		code := outdent(b.String())
		if strings.Contains(ex.Output, `"`+uri+`"`) || strings.Contains(code, `"`+uri+`"`) {
			return ex.Doc, code, layOut(ex.Output)
		}
	}
	return "", "", ""
}

// outdent takes the braces off a block.
func outdent(block string) string {
	block = strings.TrimSuffix(strings.TrimPrefix(block, "{\n"), "\n}")
	var lines []string
	for line := range strings.Lines(block) {
		lines = append(lines, strings.TrimPrefix(line, "\t"))
	}
	code, _, _ := strings.Cut(strings.Join(lines, ""), "// Output:")
	return strings.TrimRight(code, "\n\t ")
}

// layOut lays out elements that are printed each on a line, until one ends that began
// elsewhere. It is "" for what is not XML.
func layOut(output string) string {
	if !strings.HasPrefix(output, "<") {
		if _, after, ok := strings.Cut(output, "\n<"); ok {
			return layOut("<" + after)
		}
		return ""
	}
	var b strings.Builder
	depth := 0
	for line := range strings.Lines(output) {
		closing := strings.HasPrefix(line, "</")
		if closing {
			depth--
		}
		if depth < 0 {
			break
		}
		b.WriteString(strings.Repeat("  ", depth) + line)
		if !closing && !strings.Contains(line, "</") && !strings.Contains(line, "/>") && !strings.HasPrefix(line, "<?") {
			depth++
		}
	}
	return strings.TrimSpace(b.String())
}
