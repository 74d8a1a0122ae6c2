package xmljson

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// prefixes are what names are written with.
type prefixes struct {
	elements, attributes map[string]label // by namespace
	declared             map[int32][]xmltree.Binding
}

// A label is what stands before the local part of a name.
type label string

func (l label) before(local string) string { return string(l) + local }

func labelOf(prefix string) label {
	if prefix == "" {
		return ""
	}
	return label(prefix + ":")
}

// usual are prefixes that do not follow from the namespace.
var usual = map[string]string{
	xmltree.XMLSpaceURI:                         "xml",
	"http://www.w3.org/2001/XMLSchema-instance": "xsi",
	dsigSpace: "ds",
}

// prefixesOf chooses the prefixes for a document.
func prefixesOf(t *xmltree.Tree, o Options) *prefixes {
	s := survey{tree: t, open: o.OpenSigned}
	s.element(xmltree.Root)
	p := &prefixes{
		elements: map[string]label{"": ":"}, attributes: map[string]label{"": ""},
		declared: map[int32][]xmltree.Binding{},
	}
	taken := s.values(p)
	taken["xml"] = xmltree.XMLSpaceURI
	var others []xmltree.Binding
	bind := func(uri, want string) label {
		for n := 1; ; n++ {
			prefix := number(want, n)
			if was, ok := taken[prefix]; ok && was != uri {
				continue
			}
			taken[prefix] = uri
			b := xmltree.Binding{Prefix: prefix, URI: uri}
			if prefix != "xml" && !slices.Contains(others, b) {
				others = append(others, b)
			}
			return labelOf(prefix)
		}
	}
	bare := ""
	for _, uri := range s.elements {
		want := o.want(uri)
		if want == "" && (bare == "" || bare == uri) {
			bare = uri
			p.elements[uri] = ""
			continue
		}
		p.elements[uri] = bind(uri, orNS(want))
		p.attributes[uri] = p.elements[uri]
	}
	for _, uri := range s.attributes {
		if _, ok := p.attributes[uri]; !ok {
			want := o.want(uri)
			if want == "" {
				want = "epp"
			}
			p.attributes[uri] = bind(uri, want)
		}
	}
	if bare != "" {
		p.declared[xmltree.Root] = slices.Insert(p.declared[xmltree.Root], 0, xmltree.Binding{URI: bare})
	}
	for _, b := range others {
		if !slices.Contains(p.declared[xmltree.Root], b) {
			p.declared[xmltree.Root] = append(p.declared[xmltree.Root], b)
		}
	}
	return p
}

func (o Options) want(uri string) string {
	if prefix := usual[uri]; prefix != "" {
		return prefix
	}
	if o.Prefix == nil {
		return "ns"
	}
	return o.Prefix(uri)
}

func orNS(prefix string) string {
	if prefix == "" {
		return "ns"
	}
	return prefix
}

// A survey finds the namespaces of a document, in the order in which they are met, and
// the prefixes in values.
type survey struct {
	tree                 *xmltree.Tree
	open                 bool // signed elements are as others
	elements, attributes []string
	scope                []xmltree.Binding
	used                 []usedPrefix
}

// A usedPrefix is one that the value of an element, or of an attribute of it, has.
type usedPrefix struct {
	xmltree.Binding
	at int32
}

func (s *survey) element(i int32) {
	t := s.tree
	n := &t.Nodes[i]
	meet(&s.elements, t.SpaceURI(n.NS))
	if !s.open && signed(t, i) {
		return
	}
	before := len(s.scope)
	attrs := t.AttrsOf(i)
	for _, a := range attrs {
		if a.NS == xmltree.XMLNSSpace {
			s.scope = append(s.scope, xmltree.Binding{Prefix: a.Local, URI: a.Value})
		}
	}
	for _, a := range attrs {
		if a.NS != xmltree.XMLNSSpace {
			meet(&s.attributes, t.SpaceURI(a.NS))
			s.value(i, a.Value)
		}
	}
	if n.Child == 0 {
		s.value(i, n.Text)
	} else if n.Text != "" {
		for _, piece := range t.Between(i) {
			s.value(i, decoded(piece))
		}
	}
	for c := n.Child; c != 0; c = t.Nodes[c].Next {
		s.element(c)
	}
	s.scope = s.scope[:before]
}

func meet(list *[]string, uri string) {
	if uri != "" && !slices.Contains(*list, uri) {
		*list = append(*list, uri)
	}
}

// value notes the prefixes that words of a value have, where they are declared.
func (s *survey) value(i int32, value string) {
	for prefix := range prefixesIn(value) {
		for k := len(s.scope) - 1; k >= 0; k-- {
			if b := s.scope[k]; b.Prefix == prefix {
				s.used = append(s.used, usedPrefix{b, i})
				break
			}
		}
	}
}

// prefixesIn are what stands before a colon in those words that may be names.
func prefixesIn(value string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		if !strings.Contains(value, ":") {
			return
		}
		for word := range strings.FieldsSeq(value) {
			prefix, local, _ := strings.Cut(word, ":")
			if prefix != "" && local != "" && isWord(prefix) && isWord(local) && !yield(prefix) {
				return
			}
		}
	}
}

func isWord(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return true
}

// nobody is no namespace: prefixes that have it are not for names.
const nobody = "\x00"

// mostValues is how many prefixes of values are declared in the root.
const mostValues = 64

// values declares the prefixes in values: in the root, or in the elements themselves
// where one means several namespaces or there are very many. It returns them with what
// they mean.
func (s *survey) values(p *prefixes) map[string]string {
	taken := map[string]string{}
	for _, u := range s.used {
		was, ok := taken[u.Prefix]
		switch {
		case !ok && len(taken) < mostValues:
			taken[u.Prefix] = u.URI
		case !ok || was != u.URI:
			taken[u.Prefix] = nobody
		}
	}
	for _, u := range s.used {
		at := u.at
		if taken[u.Prefix] != nobody {
			at = xmltree.Root
		}
		if !slices.Contains(p.declared[at], u.Binding) {
			p.declared[at] = append(p.declared[at], u.Binding)
		}
	}
	return taken
}
