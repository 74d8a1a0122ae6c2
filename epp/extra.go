package epp

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// An Extra is a child, an attribute or a piece of text that stands in an element
// whose type has no place for it: what a registry adds to a mapping of the RFCs, an
// optional child that is there and empty, a second one where there may be one.
// Reading a message puts all of these into its Extra; writing puts them back where
// they were. A program may add its own.
type Extra struct {
	// Path is the element that it stands in, as in
	// /epp/response/resData/domain:infData/domain:contact[2]. Prefixes are those
	// that [PrefixOf] makes; the first of several is without a number.
	Path string
	// After is the child behind which it stands, as in domain:name or
	// domain:contact[2], or "" for the beginning. An attribute has none.
	After string

	// One of these is set.
	Element *Raw
	Attr    *Attr
	Text    string // without the white space around it; its After is ""
}

// An Attr is an attribute of an element.
type Attr struct {
	Name  Name
	Value string
}

// Format leaves out the content, which may hold a secret.
func (m Extra) Format(f fmt.State, _ rune) {
	what := "text"
	switch {
	case m.Element != nil:
		what = m.Element.XMLName().String()
	case m.Attr != nil:
		what = "@" + m.Attr.Name.String()
	}
	fmt.Fprintf(f, "epp.Extra(%s in %s)", what, m.Path)
}

// MarshalText is what Format writes, for JSON and structured logs.
func (m Extra) MarshalText() ([]byte, error) { return []byte(fmt.Sprint(m)), nil }

// extraOf returns where a message keeps its Extra.
func extraOf(m Message) *[]Extra {
	if isNil(m) { // an error to whoever writes it
		return new([]Extra)
	}
	switch m := m.(type) {
	case *Response:
		return &m.Extra
	case *Command:
		return &m.Extra
	case *Greeting:
		return &m.Extra
	case *Hello:
		return &m.Extra
	case *ExtensionMessage:
		return &m.Extra
	}
	return new([]Extra)
}

// stepOf writes one step of a path, for the nth child of that name.
func stepOf(prefix, local string, n int) string {
	s := local
	if prefix != "" {
		s = prefix + ":" + local
	}
	if n > 1 {
		s += "[" + strconv.Itoa(n) + "]"
	}
	return s
}

// steps counts the children of one element by their names.
type steps map[string]int

func (c *steps) next(prefix, local string) string {
	if *c == nil {
		*c = make(steps)
	}
	name := stepOf(prefix, local, 1)
	(*c)[name]++
	return stepOf(prefix, local, (*c)[name])
}

// extra returns what the walk of a message has left unread, or read as nothing.
func (x *Codec) extra() []Extra {
	most := x.countExtra()
	if most == 0 {
		return nil
	}
	g := gatherer{x: x, out: make([]Extra, 0, most)} // a frame may be hostile: no more than it takes
	root := &x.tree.Nodes[xmltree.Root]
	g.walk(xmltree.Root, "/"+stepOf(x.prefixOf(root), root.Local, 1))
	if len(g.out) == 0 {
		return nil
	}
	return g.out
}

func (x *Codec) prefixOf(n *xmltree.Node) string {
	return PrefixOf(x.set.spaceOf(x.tree.SpaceURI(n.NS)))
}

// countExtra returns how many there are at most: nearly always there is none.
func (x *Codec) countExtra() (n int) {
	if root := &x.tree.Nodes[xmltree.Root]; !xmltree.IsSpace(root.Text) {
		n++
	}
	nodes := x.tree.Nodes
	for i := int(xmltree.Root) + 1; i < len(nodes); i++ {
		m := &nodes[i]
		if m.Used && m.Mark == 0 && (m.TextUsed || m.Text == "" || xmltree.IsSpace(m.Text)) {
			continue
		}
		n++
		if !m.Used {
			for i+1 < len(nodes) && nodes[i+1].Start < m.End {
				i++
			}
		}
	}
	for i := range x.tree.Attrs {
		if x.extraAttr(&x.tree.Attrs[i]) {
			n++
		}
	}
	return n
}

// extraAttr reports whether an attribute was not read. Where a schema can be found is
// no part of what a message says.
func (x *Codec) extraAttr(a *xmltree.Attr) bool {
	return (!a.Used || a.Kept) && a.NS != xmltree.XMLNSSpace &&
		(a.Local != "schemaLocation" && a.Local != "noNamespaceSchemaLocation" || x.tree.SpaceURI(a.NS) != xsiSpace)
}

type gatherer struct {
	x   *Codec
	out []Extra
}

func (g *gatherer) walk(i int32, path string) {
	x, t := g.x, g.x.tree
	n := &t.Nodes[i]
	if n.Mark == xmltree.Whole {
		return
	}
	for _, a := range t.AttrsOf(i) {
		if x.extraAttr(&a) {
			g.out = append(g.out, Extra{Path: path, Attr: &Attr{Name: Name{t.SpaceURI(a.NS), a.Local}, Value: a.Value}})
		}
	}
	if text := strings.Trim(n.Text, " \t\r\n"); !n.TextUsed && text != "" {
		g.out = append(g.out, Extra{Path: path, Text: text})
		x.flawed = true // where among the children it stood is not kept
	}
	var counts steps
	after := ""
	for c := n.Child; c != 0; c = t.Nodes[c].Next {
		if m := &t.Nodes[c]; m.Used && m.Mark != xmltree.Blank {
			after = counts.next(x.prefixOf(m), m.Local)
			g.walk(c, path+"/"+after)
			continue
		}
		g.out = append(g.out, Extra{Path: path, After: after, Element: x.raw(c)})
	}
}

// blank marks the current element as one that says nothing and is kept all the same.
func (x *Codec) blank() {
	if x.decoding {
		x.tree.Nodes[x.el].Mark = xmltree.Blank
	}
}

// isName reports whether s is a name of ASCII letters, digits, '-', '_' and '.', or has
// other characters that may be a part of one.
func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r >= 0x80
		if !letter && (i == 0 || r != '-' && r != '.' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}
