package epp

import (
	"fmt"
	"slices"
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

// An unwritten is what is still to be written of a message's Extra.
type unwritten struct {
	list   []Extra
	at     map[string]*place // by path; nil for a path that only leads to others
	levels []level           // the elements that are open
}

// A place is what is still to be written in one element, as indexes in the list.
type place struct {
	attrs []int
	after map[string][]int // by the child behind which it stands
}

// A level is an element that is open.
type level struct {
	path   string
	on     bool     // it or one below it has an Extra
	counts steps    // of its children
	attrs  []string // that were written
	rest   *place
}

func newUnwritten(list []Extra) *unwritten {
	u := &unwritten{list: list, at: make(map[string]*place), levels: []level{{on: true}}}
	for i := range list {
		e := &list[i]
		for p := e.Path; p != ""; p = p[:max(strings.LastIndexByte(p, '/'), 0)] {
			if _, ok := u.at[p]; !ok {
				u.at[p] = nil
			}
		}
		at := u.at[e.Path]
		if at == nil {
			at = &place{after: make(map[string][]int)}
			u.at[e.Path] = at
		}
		if e.Attr != nil {
			at.attrs = append(at.attrs, i)
		} else {
			at.after[e.After] = append(at.after[e.After], i)
		}
	}
	return u
}

func (u *unwritten) top() *level { return &u.levels[len(u.levels)-1] }

// open makes the child local the element that is open.
func (u *unwritten) open(prefix, local string) {
	up, l := u.top(), level{}
	if up.on {
		l.path = up.path + "/" + up.counts.next(prefix, local)
		l.rest, l.on = u.at[l.path]
		delete(u.at, l.path)
	}
	u.levels = append(u.levels, l)
}

// closed makes the element around it the one that is open, and returns its step.
func (x *Codec) closed() (last string) {
	l := x.extras.top()
	if l.rest != nil && len(l.rest.attrs)+len(l.rest.after) > 0 {
		x.fail("", &RuleError{Reason: "an Extra in an element that is written as it came"})
	}
	x.extras.levels = x.extras.levels[:len(x.extras.levels)-1]
	return l.path[strings.LastIndexByte(l.path, '/')+1:]
}

// writeExtraAttrs writes the attributes into the start tag that is open, but none that
// it has already.
func (x *Codec) writeExtraAttrs() {
	l := x.extras.top()
	if l.rest == nil {
		return
	}
	for _, i := range l.rest.attrs {
		a := x.extras.list[i].Attr
		if a.Name.Space == "" && slices.Contains(l.attrs, a.Name.Local) {
			continue
		}
		if !isName(a.Name.Local) || !xmltree.ValidChars(a.Value) {
			x.fail("", &RuleError{Reason: "an Extra attribute that XML does not allow"})
			return
		}
		name := a.Name.Local
		if prefix := x.attrPrefix(a.Name.Space); prefix != "" {
			name = prefix + ":" + name
		}
		x.out = append(append(x.out, ' '), name...)
		x.out = append(appendEscaped(append(x.out, '=', '"'), a.Value, true), '"')
	}
	l.rest.attrs = nil
}

// attrPrefix returns a prefix for an attribute's namespace, and declares it in the
// start tag that is open unless it is in scope.
func (x *Codec) attrPrefix(space string) string {
	switch space {
	case "":
		return ""
	case xmltree.XMLSpaceURI:
		return "xml"
	}
	base := PrefixOf(space)
	if base == "" {
		base = "epp"
	}
	for n := 1; ; n++ {
		prefix := base
		if n > 1 {
			prefix += strconv.Itoa(n)
		}
		switch lookup(x.scope, prefix) {
		case space:
			return prefix
		case "":
			b := Binding{Prefix: prefix, URI: space}
			x.scope, x.inScope = append(x.scope, b), false
			x.out = appendBinding(x.out, b)
			return prefix
		}
	}
}

// writeExtra writes the children and texts behind a child of the open element.
func (x *Codec) writeExtra(after string) {
	at := x.extras.top().rest
	if at == nil {
		return
	}
	if which := at.after[after]; which != nil {
		delete(at.after, after)
		x.writeExtras(which)
	}
}

// writeAllExtra writes all that are left of the open element's: those behind children
// that it does not have.
func (x *Codec) writeAllExtra() {
	at := x.extras.top().rest
	if at == nil || len(at.after) == 0 {
		return
	}
	x.writeExtra("")
	var which []int
	for _, w := range at.after {
		which = append(which, w...)
	}
	clear(at.after)
	slices.Sort(which)
	x.writeExtras(which)
}

func (x *Codec) writeExtras(which []int) {
	for _, i := range which {
		e := &x.extras.list[i]
		x.closeTag()
		switch {
		case e.Element == nil:
			out, err := appendText(x.out, e.Text, false)
			if err != nil {
				x.fail("", err)
			}
			x.out = out
		case !strings.HasPrefix(e.Element.XML, "<"):
			x.fail("", &RuleError{Reason: "an Extra that holds no element"})
		default:
			x.out = e.Element.appendIn(x.out, x.scope)
		}
	}
}

// leftExtra refuses what had no element to stand in.
func (x *Codec) leftExtra() {
	for i := range x.extras.list {
		e := &x.extras.list[i]
		if _, left := x.extras.at[e.Path]; left {
			x.err = &FieldError{Path: e.Path, Err: &RuleError{Reason: "is not in the message, but has an Extra"}}
			return
		}
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
