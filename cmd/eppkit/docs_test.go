package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/namespaces"
)

var update = flag.Bool("update", false, "write the generated pages of docs")

const docsDir = "../../docs"

// A library is what the pages are made of.
type library struct {
	t        *testing.T
	set      *epp.Schema
	schemas  *schemaSet
	packages map[string]*goPackage
	uses     map[string][]usageOf
	corpus   *corpus // nil where it is not there
}

// TestDocs makes the pages about namespaces from the code, and holds the files in docs to
// them.
func TestDocs(t *testing.T) {
	set, err := epp.NewSchema(namespaces.All()...)
	require.NoError(t, err)
	list := append([]epp.Extension{epp.Protocol()}, namespaces.All()...)
	x := &library{t: t, set: set, schemas: readSchemas(t, list), packages: map[string]*goPackage{}}
	x.corpus = readCorpus(t, set)
	pages := map[string]string{}
	for _, e := range list {
		x.packages[e.URI] = x.packageOf(e)
	}
	t.Run("command line", func(t *testing.T) { x.uses = commandLine(t, set) })
	for _, e := range list {
		pages["namespaces/"+x.fileOf(e.URI)] = x.page(e)
	}
	pages["namespaces.md"] = x.index(list)

	if *update {
		require.NoError(t, os.RemoveAll(docsDir+"/namespaces"))
		require.NoError(t, os.MkdirAll(docsDir+"/namespaces", 0o755))
	}
	have, err := filepath.Glob(docsDir + "/namespaces/*")
	require.NoError(t, err)
	for _, name := range have {
		require.NotEmpty(t, pages["namespaces/"+filepath.Base(name)], "%s is a page of no namespace", name)
	}
	for name, text := range pages {
		file := filepath.Join(docsDir, name)
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
			continue
		}
		old, err := os.ReadFile(file)
		require.NoError(t, err)
		have, want := strings.Split(string(old), "\n"), strings.Split(text, "\n")
		for i := range min(len(have), len(want)) {
			require.Equal(t, want[i], have[i], "%s:%d: go test ./cmd/eppkit -run TestDocs -update writes what is so", name, i+1)
		}
		require.Len(t, have, len(want), name)
	}
}

var constNS = regexp.MustCompile(`const NS = "(.*)"`)

// packageOf is the package of a namespace: that of its elements' types, or else the one
// that says so.
func (x *library) packageOf(e epp.Extension) *goPackage {
	if len(e.Elements) > 0 {
		return readPackage(x.t, reflect.TypeOf(e.Elements[0]()).Elem().PkgPath())
	}
	docs, err := filepath.Glob("../../epp/*/doc.go")
	require.NoError(x.t, err)
	for _, name := range docs {
		text, err := os.ReadFile(name)
		require.NoError(x.t, err)
		if m := constNS.FindSubmatch(text); m != nil && string(m[1]) == e.URI {
			return readPackage(x.t, modulePath+"/epp/"+filepath.Base(filepath.Dir(name)))
		}
	}
	return readPackage(x.t, modulePath+"/epp")
}

func (x *library) schemaOf(uri string) string { return x.schemas.files[uri] }

// title is a namespace as people call it, as in "secDNS-1.1".
func (x *library) title(uri string) string {
	if file := x.schemaOf(uri); file != "" {
		return strings.TrimSuffix(path.Base(file), ".xsd")
	}
	return uri[strings.LastIndexAny(uri, ":/")+1:]
}

func (x *library) fileOf(uri string) string { return x.title(uri) + ".md" }

var levels = map[epp.Level]string{
	epp.ObjectLevel:   "object, announced as objURI",
	epp.CommandLevel:  "commands and responses, announced as extURI",
	epp.ProtocolLevel: "protocol, announced as extURI",
}

// page is all there is to say of one namespace.
func (x *library) page(e epp.Extension) string {
	var b strings.Builder
	p := x.packages[e.URI]
	dir := strings.TrimPrefix(p.ImportPath, modulePath+"/")
	level := levels[e.Level]
	if e.Hidden {
		level, _, _ = strings.Cut(level, ",")
		level += ", not announced"
	}
	if e.URI == epp.NS {
		level = "EPP itself"
	}
	fmt.Fprintf(&b, "<!-- Generated: go test ./cmd/eppkit -run TestDocs -update -->\n# %s\n\n%s\n\n", x.title(e.URI), p.sentence(p.Doc))
	b.WriteString("| | |\n|---|---|\n")
	fmt.Fprintf(&b, "| URI | `%s` |\n| Document | %s |\n| Level | %s |\n", e.URI, e.Document, level)
	fmt.Fprintf(&b, "| Go package | [`%s`](../../%s) |\n", p.ImportPath, dir)
	if file := x.schemaOf(e.URI); file != "" {
		fmt.Fprintf(&b, "| Schema | [`%s`](../../%s) |\n", file, file)
	}
	if x.example(&b, e); e.URI == epp.NS || len(e.Elements) > 0 {
		b.WriteString("\n## Elements\n\nA row is an attribute or an element that may stand in it, in the order of the schema: how\noften, its type, and the Go field that holds it. Of those that say *either*, one is chosen.\n")
	}
	for _, el := range x.elements(e) {
		x.element(&b, p, el)
	}
	if uses := x.uses[e.URI]; len(uses) > 0 {
		b.WriteString("\n## On the command line\n\n| command | flags |\n|---|---|\n")
		for _, u := range uses {
			fmt.Fprintf(&b, "| `eppkit %s` | %s |\n", u.command, code(u.flags))
		}
	}
	if x.corpus != nil {
		b.WriteString(x.corpus.section(e.URI))
	} else {
		b.WriteString(oldSection(x.fileOf(e.URI)))
	}
	return b.String()
}

func code(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "`" + strings.Join(words, "`, `") + "`"
}

// example shows one that is compiled and run, and a frame: that which it prints, or one
// that is made for the page.
func (x *library) example(b *strings.Builder, e epp.Extension) {
	about, code, frame := x.packages[e.URI].example(x.t, e.URI)
	made := ""
	if frame == "" {
		made = x.made(e.URI)
	}
	if code == "" && made == "" {
		require.Empty(x.t, e.Elements, "%s has elements and no example", e.URI)
		return
	}
	b.WriteString("\n## Example\n\n")
	require.True(x.t, frame+made != "" || len(e.Elements) == 0, "%s has no example of a frame", e.URI)
	if made != "" {
		fmt.Fprintf(b, "```xml\n%s\n```\n", made)
		if code != "" {
			b.WriteString("\n")
		}
	}
	if about != "" {
		fmt.Fprintf(b, "%s\n", about)
	}
	if frame != "" {
		fmt.Fprintf(b, "```xml\n%s\n```\n\nis what this writes:\n\n", frame)
	}
	if code != "" {
		fmt.Fprintf(b, "```go\n%s\n```\n", code)
	}
}

// elements are those of a namespace that may stand alone.
func (x *library) elements(e epp.Extension) (out []epp.Element) {
	if e.URI == epp.NS {
		return []epp.Element{new(epp.Hello), new(epp.Greeting), new(epp.Command), new(epp.Response), new(epp.ExtensionMessage)}
	}
	for _, mk := range e.Elements {
		out = append(out, mk())
	}
	return out
}

// noField are parts of schemas that no field holds, and why.
var noField = map[string]string{
	"maintenance:info/list": "an info without ID asks for the list",
	"epp:hello/(text)":      "passed over",
	"epp:command/logout":    "a request of its own",
}

func prefixOf(uri string) string { return cmp.Or(epp.PrefixOf(uri), "epp") }

func (x *library) element(b *strings.Builder, p *goPackage, e epp.Element) {
	name := e.XMLName()
	goName, says := p.about(x.t, e)
	fmt.Fprintf(b, "\n### `%s:%s`\n\n`%s.%s`: %s\n", prefixOf(name.Space), name.Local, p.Name, goName, says)
	if typ := answer(e); typ != nil && typ != reflect.TypeFor[epp.NoData]() {
		fmt.Fprintf(b, "\nAnswered with `%s`.\n", typ)
	}
	root := &schemaPart{}
	if name.Space == epp.NS {
		frame := x.schemas.element(x.schemas.globals["element"][epp.Name{Space: epp.NS, Local: "epp"}], name.Space, 0)
		root = frame.parts[slices.IndexFunc(frame.parts, func(p *schemaPart) bool { return p.name == name })]
	} else {
		decl := x.schemas.declaration(name)
		require.NotNil(x.t, decl, name)
		root = x.schemas.element(decl, name.Space, 0)
	}
	rows := fieldsOf(x.t, x.set, root)
	if len(rows) == 0 {
		b.WriteString("\nIt is empty.\n")
		return
	}
	b.WriteString("\n| XML | occurs | type | Go |\n|---|---|---|---|\n")
	for _, f := range rows {
		at := prefixOf(name.Space) + ":" + name.Local + "/" + f.xml
		held := noField[at]
		require.True(x.t, len(f.parts) > 0 || (f.field != "") != (held != ""), "%s is read into %q", at, f.field)
		if f.field != "" {
			held = "`" + strings.TrimSpace(f.field+" "+typeIn(f.typ, p.Name)) + "`"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", x.xml(f), f.occurs, f.schemaPart.typ, held)
	}
}

// xml names a row; an element of another namespace by its page.
func (x *library) xml(f fieldOf) string {
	if f.elsewhere && x.packages[f.name.Space] != nil {
		return fmt.Sprintf("[`%s`](%s)", f.xml, x.fileOf(f.name.Space))
	}
	return "`" + f.xml + "`"
}

// typeIn is how a type is written in its package.
func typeIn(typ reflect.Type, pkg string) string {
	if typ == nil {
		return ""
	}
	s := strings.ReplaceAll(typ.String(), "secret.Secret", "epp.Secret")
	return regexp.MustCompile(`\b`+pkg+`\.`).ReplaceAllString(s, "")
}

// index is the table of all namespaces.
func (x *library) index(list []epp.Extension) string {
	var b strings.Builder
	b.WriteString(`<!-- Generated: go test ./cmd/eppkit -run TestDocs -update -->
# Namespaces

What eppkit speaks. Each namespace has a page with its elements, Go types and fields, and an
example. The last columns say how many frames of the corpus of documents by others hold an
element of it that is read into its type: examples of the RFCs, of FRED's documentation,
what FRED's own client sends, and edge cases. The page says which.

| namespace | document | Go package | schema | on the command line | ` + strings.Join(corpusFolders, " | ") + " |\n" +
		"|---|---|---|---|---|" + strings.Repeat("--:|", len(corpusFolders)) + "\n")
	was := oldCounts()
	for _, e := range list {
		dir := strings.TrimPrefix(x.packages[e.URI].ImportPath, modulePath+"/")
		schema := "none: it has no elements"
		if file := x.schemaOf(e.URI); file != "" {
			schema = fmt.Sprintf("[%s](../%s)", path.Base(file), file)
		}
		counts := cmp.Or(was[e.URI], strings.Repeat(" |", len(corpusFolders)))
		if x.corpus != nil {
			counts = countCells(x.corpus.counts(e.URI))
		}
		fmt.Fprintf(&b, "| [%s](namespaces/%s)<br>`%s` | %s | [`%s`](../%s) | %s | %s |%s\n", x.title(e.URI), x.fileOf(e.URI),
			e.URI, e.Document, dir, dir, schema, x.usage(e), counts)
	}
	return b.String()
}

func countCells(n []int) (cells string) {
	for i := range corpusFolders {
		s := ""
		if n[i] > 0 {
			s = fmt.Sprintf(" %d", n[i])
		}
		cells += s + " |"
	}
	return cells
}

// oldCounts are the cells that say what the corpus covers, by URI, for where it is not.
func oldCounts() map[string]string {
	old, _ := os.ReadFile(docsDir + "/namespaces.md")
	out := map[string]string{}
	for line := range strings.Lines(string(old)) {
		if cells := strings.Split(line, "|"); len(cells) == len(corpusFolders)+7 {
			if _, uri, ok := strings.Cut(cells[1], "<br>`"); ok {
				out[strings.TrimSuffix(uri, "` ")] = strings.Join(cells[6:len(cells)-1], "|") + "|"
			}
		}
	}
	return out
}

// usage says in a word what the command line has of a namespace.
func (x *library) usage(e epp.Extension) string {
	var out []string
	for _, u := range x.uses[e.URI] {
		fields := strings.Fields(u.command)
		n := slices.IndexFunc(fields, func(s string) bool { return s == strings.ToUpper(s) || strings.HasPrefix(s, "[") })
		if n < 0 {
			n = len(fields)
		}
		what := []string{strings.Join(fields[:n], " ")}
		if e.Level == epp.CommandLevel {
			what = u.flags
		}
		for _, s := range what {
			if s = "`" + s + "`"; !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return strings.Join(out, ", ")
}
