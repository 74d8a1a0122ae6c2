package xmltree

import "strings"

// Namespace numbers that every tree has. Others follow as they are met.
const (
	NoSpace    uint16 = iota // no namespace
	XMLSpace                 // the namespace of the prefix xml
	XMLNSSpace               // the namespace of namespace declarations
	firstSpace
)

// The namespaces that the prefixes xml and xmlns are bound to.
const (
	XMLSpaceURI   = "http://www.w3.org/XML/1998/namespace"
	XMLNSSpaceURI = "http://www.w3.org/2000/xmlns/"
)

// A Node is one element. Its relations are indexes into Tree.Nodes, where 0
// means none.
type Node struct {
	Local string
	// Text is the element's own character data, decoded and joined. It is
	// empty when the element has children and nothing but white space
	// between them.
	Text                string
	Parent, Next, Child int32
	Start, End          int32 // the element in Tree.Doc, from '<' to after the last '>'
	attr                int32
	nattr               uint16
	NS                  uint16 // namespace number
	// Used and TextUsed are at the reader's disposal, to mark a node and its
	// text as read.
	Used, TextUsed bool
	Mark           Mark
}

// A Mark is what a reader notes on a node beside having read it.
type Mark uint8

// The marks.
const (
	Blank    Mark = iota + 1 // it was read and says nothing, but is there
	Whole                    // it is kept with all that is in it
	Anything                 // it may have any content
)

// An Attr is one attribute. A namespace declaration has NS XMLNSSpace, the
// prefix it binds (or "") as Local, and the URI as Value.
type Attr struct {
	Local, Value string
	Start, End   int32 // the text between the quotes in Tree.Doc
	NS           uint16
	Used, Kept   bool // at the reader's disposal, as the marks of a Node
}

// A Tree is one document. Nodes[1] is the root element; Nodes[0] is unused.
type Tree struct {
	Doc    string // the document as UTF-8
	Nodes  []Node
	Attrs  []Attr
	spaces []string
	stack  []open
	binds  []binding
}

// Root is the index of the root element.
const Root int32 = 1

// AttrsOf returns the attributes of node i, namespace declarations included, in
// document order.
func (t *Tree) AttrsOf(i int32) []Attr {
	n := &t.Nodes[i]
	return t.Attrs[n.attr : n.attr+int32(n.nattr)]
}

// SpaceURI returns the URI of a namespace number.
func (t *Tree) SpaceURI(ns uint16) string { return t.spaces[ns] }

// Space returns the number of a namespace URI in this tree. It is false when
// nothing in the tree is of that namespace.
func (t *Tree) Space(uri string) (uint16, bool) {
	for i, s := range t.spaces {
		if s == uri {
			return uint16(i), true
		}
	}
	return 0, false
}

// XML returns the element i as it stands in the document.
func (t *Tree) XML(i int32) string {
	n := &t.Nodes[i]
	return t.Doc[n.Start:n.End]
}

// Content returns where in Doc the content of element i stands, between its start
// tag and its end tag. For an empty-element tag end is less than start.
func (t *Tree) Content(i int32) (start, end int32) {
	n := &t.Nodes[i]
	start = n.Start
	for _, a := range t.AttrsOf(i) {
		start = max(start, a.End+1)
	}
	start += int32(strings.IndexByte(t.Doc[start:], '>')) + 1
	return start, n.Start + int32(strings.LastIndexByte(t.Doc[n.Start:n.End], '<'))
}

// Between returns the markup before, between and after the children of element i,
// as it stands in Doc: one piece more than there are children.
func (t *Tree) Between(i int32) []string {
	var out []string
	at, end := t.Content(i)
	for c := t.Nodes[i].Child; c != 0; c = t.Nodes[c].Next {
		out = append(out, t.Doc[at:t.Nodes[c].Start])
		at = t.Nodes[c].End
	}
	return append(out, t.Doc[at:end])
}

// A Binding is one prefix in scope; the default namespace has the prefix "".
type Binding struct{ Prefix, URI string }

// Declarer returns the innermost of element i and its ancestors that declares a
// namespace, or 0: elements that have the same one have the same bindings in
// scope.
func (t *Tree) Declarer(i int32) int32 {
	for ; i != 0; i = t.Nodes[i].Parent {
		for _, a := range t.AttrsOf(i) {
			if a.NS == XMLNSSpace {
				return i
			}
		}
	}
	return 0
}

// Scope returns the bindings in scope in the content of element i, innermost
// first. An empty URI says that a default namespace was taken back.
func (t *Tree) Scope(i int32) []Binding {
	most := 0 // to take the memory at once
	for p := i; p != 0; p = t.Nodes[p].Parent {
		for _, a := range t.AttrsOf(p) {
			if a.NS == XMLNSSpace {
				most++
			}
		}
	}
	if most == 0 {
		return nil
	}
	out := make([]Binding, 0, most)
	for ; i != 0; i = t.Nodes[i].Parent {
		for _, a := range t.AttrsOf(i) {
			if a.NS == XMLNSSpace && !bound(out, a.Local) {
				out = append(out, Binding{Prefix: a.Local, URI: a.Value})
			}
		}
	}
	return out
}

func bound(bs []Binding, prefix string) bool {
	for i := range bs {
		if bs[i].Prefix == prefix {
			return true
		}
	}
	return false
}

// IsSpace reports whether s is nothing but XML white space.
func IsSpace(s string) bool {
	for i := range len(s) {
		if class[s[i]]&isSpace == 0 {
			return false
		}
	}
	return true
}
