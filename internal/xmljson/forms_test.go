package xmljson

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/xmltree"
)

var write = flag.Bool("write", false, "write forms.txt")

// TestTable holds the table to the schemas.
func TestTable(t *testing.T) {
	want := makeTable(t, "../../schemas/xsd")
	if *write {
		require.NoError(t, os.WriteFile("forms.txt", []byte(want), 0o644))
	}
	require.Equal(t, want, table, "run go generate ./internal/xmljson")
}

func TestForms(t *testing.T) {
	const domain, epp = "urn:ietf:params:xml:ns:domain-1.0", "urn:ietf:params:xml:ns:epp-1.0"
	for _, row := range []struct {
		parent, child name
		is            form
		known         bool
	}{
		{name{domain, "check"}, name{domain, "name"}, form{many: true, text: true}, true},
		{name{domain, "info"}, name{domain, "name"}, form{}, true}, // it has hosts=
		{name{domain, "create"}, name{domain, "name"}, form{text: true}, true},
		{name{epp, "response"}, name{epp, "result"}, form{many: true}, true},
		{name{epp, "response"}, name{epp, "msgQ"}, form{}, true},
		{name{epp, "check"}, name{domain, "check"}, form{}, true},
		{name{epp, "check"}, name{"urn:x", "check"}, form{}, false},
		{name{"urn:x", "check"}, name{"urn:x", "name"}, form{many: true}, false},
		{name{"urn:x", "check"}, name{domain, "check"}, form{many: true}, true},
	} {
		is, known := schemaForms().of(row.parent, row.child)
		require.Equal(t, row.is, is, "%v", row)
		require.Equal(t, row.known, known, "%v", row)
	}
}

// A schemas reads XML schemas, as far as the table needs them.
type schemas struct {
	elements, types, groups map[name]node
	heads                   map[name][]name // what may stand in an element's place
	out                     forms
	seen                    map[string]bool
}

// A node is an element of a schema document.
type node struct {
	*xmltree.Tree
	i      int32
	target string
}

func makeTable(t *testing.T, dir string) string {
	s := &schemas{map[name]node{}, map[name]node{}, map[name]node{}, map[name][]name{}, forms{{}: {}}, map[string]bool{}}
	var roots []node
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xsd" {
			return err
		}
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		tree, err := xmltree.Parse(b, xmltree.Limits{})
		require.NoError(t, err)
		root := node{tree, xmltree.Root, ""}
		root.target = root.attr("targetNamespace")
		require.Equal(t, "qualified", root.attr("elementFormDefault"), path)
		roots = append(roots, root)
		return nil
	}))
	for _, root := range roots {
		for _, n := range root.children() {
			called := name{root.target, n.attr("name")}
			switch n.local() {
			case "element":
				s.elements[called] = n
				if head := n.attr("substitutionGroup"); head != "" {
					s.heads[n.name(head)] = append(s.heads[n.name(head)], called)
				}
			case "complexType", "simpleType":
				s.types[called] = n
			case "group":
				s.groups[called] = n
			}
		}
	}
	for called, n := range s.elements {
		s.note(name{}, called, n, 1)
	}
	return s.out.text()
}

func (n node) local() string { return n.Nodes[n.i].Local }

func (n node) attr(local string) string {
	for _, a := range n.AttrsOf(n.i) {
		if a.NS == xmltree.NoSpace && a.Local == local {
			return a.Value
		}
	}
	return ""
}

func (n node) children() (list []node) {
	for c := n.Nodes[n.i].Child; c != 0; c = n.Nodes[c].Next {
		list = append(list, node{n.Tree, c, n.target})
	}
	return list
}

// name resolves a name in an attribute.
func (n node) name(s string) name {
	prefix, local, ok := strings.Cut(s, ":")
	if !ok {
		prefix, local = "", s
	}
	for _, b := range n.Scope(n.i) {
		if b.Prefix == prefix {
			return name{b.URI, local}
		}
	}
	return name{"", local}
}

// note notes an element in a parent, and its children.
func (s *schemas) note(parent, called name, decl node, times int) {
	typ, simple := s.typeOf(decl)
	if s.out[parent] == nil {
		s.out[parent] = map[name]form{}
	}
	was, there := s.out[parent][called]
	s.out[parent][called] = form{many: was.many || times > 1, text: simple && (was.text || !there)}
	if simple || typ.Tree == nil {
		if !simple && s.out[called] == nil {
			s.out[called] = map[name]form{}
		}
		return
	}
	key := fmt.Sprintf("%v %p %d", called, typ.Tree, typ.i)
	if s.seen[key] {
		return
	}
	s.seen[key] = true
	if s.out[called] == nil {
		s.out[called] = map[name]form{}
	}
	counts, decls := map[name]int{}, map[name]node{}
	s.count(typ, counts, decls)
	for child, n := range counts {
		s.note(called, child, decls[child], n)
	}
}

// typeOf is the type of an element, and whether it is a simple one. Without a type an
// element may hold anything.
func (s *schemas) typeOf(decl node) (typ node, simple bool) {
	if ref := decl.attr("type"); ref != "" {
		typ = s.types[decl.name(ref)]
		if typ.Tree == nil {
			return typ, !strings.HasSuffix(ref, ":anyType")
		}
		return typ, typ.local() == "simpleType"
	}
	for _, c := range decl.children() {
		if c.local() == "complexType" || c.local() == "simpleType" {
			return c, c.local() == "simpleType"
		}
	}
	return node{}, false
}

const many = 2 // as good as any number above 1

// count counts how often each child may occur in what n allows.
func (s *schemas) count(n node, counts map[name]int, decls map[name]node) {
	for _, c := range n.children() {
		part := map[name]int{}
		switch c.local() {
		case "element":
			called, decl := name{c.target, c.attr("name")}, c
			if ref := c.attr("ref"); ref != "" {
				called = c.name(ref)
				decl = s.elements[called]
			}
			part[called], decls[called] = 1, decl
			for _, member := range s.heads[called] {
				part[member], decls[member] = 1, s.elements[member]
			}
		case "group":
			s.count(s.groups[c.name(c.attr("ref"))], part, decls)
		case "extension", "restriction":
			if base := s.types[c.name(c.attr("base"))]; c.local() == "extension" && base.Tree != nil {
				s.count(base, part, decls)
			}
			s.count(c, part, decls)
		case "sequence", "choice", "all", "complexContent":
			s.count(c, part, decls)
		}
		most := c.attr("maxOccurs")
		for called, k := range part {
			if most != "" && most != "1" && most != "0" {
				k = many
			}
			if n.local() == "choice" {
				counts[called] = max(counts[called], k)
			} else {
				counts[called] += k
			}
		}
	}
}

func (f forms) text() string {
	var spaces []string
	bySpace := map[string][]name{}
	for parent := range f {
		if parent != (name{}) {
			bySpace[parent.space] = append(bySpace[parent.space], parent)
		}
	}
	for child := range f[name{}] {
		bySpace[child.space] = append(bySpace[child.space], name{})
	}
	spaces = slices.Sorted(maps.Keys(bySpace))
	compare := func(a, b name) int { return strings.Compare(a.space+"}"+a.local, b.space+"}"+b.local) }
	var out strings.Builder
	for _, space := range spaces {
		fmt.Fprintf(&out, "= %s\n", space)
		parents := bySpace[space]
		slices.SortFunc(parents, compare)
		for _, parent := range slices.Compact(parents) {
			line := []string{parent.local}
			if parent == (name{}) {
				line[0] = "."
			}
			for _, child := range slices.SortedFunc(maps.Keys(f[parent]), compare) {
				if parent == (name{}) && child.space != space {
					continue
				}
				word := child.local
				if child.space != space {
					word = "{" + child.space + "}" + word
				}
				if f[parent][child].text {
					word += "="
				}
				if f[parent][child].many {
					word += "+"
				}
				line = append(line, word)
			}
			fmt.Fprintln(&out, strings.Join(line, " "))
		}
	}
	return out.String()
}
