package epp

import (
	"slices"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// This file holds what a decoding Codec does.

// cursor is where the Codec was before it entered an element.
type cursor struct {
	space    string
	el, next int32
	ns       uint16
}

func (x *Codec) here() cursor { return cursor{space: x.space, el: x.el, next: x.next, ns: x.ns} }

// enter makes node i the element whose children are walked.
func (x *Codec) enter(i int32) cursor {
	c := x.here()
	n := &x.tree.Nodes[i]
	x.path = append(x.path, Name{Space: x.tree.SpaceURI(n.NS), Local: n.Local})
	x.el, x.next = i, n.Child
	return c
}

// leave goes back to where enter was called; a strict Codec first refuses what
// was not read.
func (x *Codec) leave(c cursor) {
	if x.strict && x.err == nil {
		x.leftovers()
	}
	x.exit(c)
}

// exit is leave without a look back.
func (x *Codec) exit(c cursor) {
	x.path = x.path[:len(x.path)-1]
	x.space, x.el, x.next, x.ns = c.space, c.el, c.next, c.ns
}

// leftovers refuses children, attributes and text that nobody asked for.
func (x *Codec) leftovers() {
	n := &x.tree.Nodes[x.el]
	for i := n.Child; i != 0; i = x.tree.Nodes[i].Next {
		if m := &x.tree.Nodes[i]; !m.Used {
			x.failAt(i, "", &UnexpectedError{Name: qualified(x.tree.SpaceURI(m.NS), m.Local)})
			return
		}
	}
	x.extraAttrs(x.el)
	if !n.TextUsed && n.Text != "" && n.Mark != xmltree.Anything && !xmltree.IsSpace(n.Text) {
		x.fail("", &UnexpectedError{Name: "character data"})
	}
}

// xsiSpace is the namespace of the attributes that may stand in any element, such
// as xsi:schemaLocation (XML Schema part 1, 2.6).
const xsiSpace = "http://www.w3.org/2001/XMLSchema-instance"

// extraAttrs refuses the attributes of element i that nobody asked for.
func (x *Codec) extraAttrs(i int32) {
	attrs := x.tree.AttrsOf(i)
	for k := range attrs {
		a := &attrs[k]
		if a.Used || a.NS == xmltree.XMLNSSpace || x.tree.SpaceURI(a.NS) == xsiSpace {
			continue
		}
		x.fail("", &UnexpectedError{Name: "@" + qualified(x.tree.SpaceURI(a.NS), a.Local)})
		return
	}
}

// take returns the child local that is to be read next, and marks it; 0 when
// there is none.
func (x *Codec) take(local string) int32 {
	if x.err != nil {
		return 0
	}
	if x.has(local) {
		i := x.next
		n := &x.tree.Nodes[i]
		n.Used = true
		x.next = n.Next
		return i
	}
	if x.strict {
		return 0
	}
	return x.search(x.next, local) // all before it are used
}

// has reports whether the next child is local.
func (x *Codec) has(local string) bool {
	for x.next != 0 {
		n := &x.tree.Nodes[x.next]
		if n.Used {
			x.next = n.Next
			continue
		}
		return n.NS == x.ns && n.Local == local
	}
	return false
}

// search finds a child that stands out of order, from node i on.
func (x *Codec) search(i int32, local string) int32 {
	for ; i != 0; i = x.tree.Nodes[i].Next {
		if n := &x.tree.Nodes[i]; !n.Used && n.NS == x.ns && n.Local == local {
			n.Used, x.flawed = true, true
			return i
		}
	}
	return 0
}

// inRow counts the elements from node i on that have its name and stand without
// another between them, so that a list takes its memory at once.
func (x *Codec) inRow(i int32) (n int) {
	if i == 0 {
		return 0
	}
	first := &x.tree.Nodes[i]
	for ; i != 0; i = x.tree.Nodes[i].Next {
		if m := &x.tree.Nodes[i]; m.NS != first.NS || m.Local != first.Local {
			break
		}
		n++
	}
	return n
}

// again is take for the further members of a list, after member i.
func (x *Codec) again(i int32, local string) int32 {
	if x.err != nil {
		return 0
	}
	if x.has(local) {
		return x.take(local)
	}
	if x.strict {
		return 0
	}
	return x.search(x.tree.Nodes[i].Next, local)
}

// text returns the current element's character data and marks it as read.
func (x *Codec) text(i int32) string {
	n := &x.tree.Nodes[i]
	n.TextUsed = true
	return n.Text
}

// leaf reads the child at node i, which has text alone.
func (x *Codec) leaf(i int32, local string, v Value) {
	n := &x.tree.Nodes[i]
	if x.strict && n.Child != 0 {
		x.failAt(i, local, &UnexpectedError{Name: "a child element"})
		return
	}
	if x.strict && len(x.tree.AttrsOf(i)) > 0 {
		c := x.enter(i)
		x.extraAttrs(i)
		x.exit(c)
	}
	n.TextUsed = true
	if err := v.parse(n.Text); err != nil {
		n.Mark = xmltree.Blank // should it be forgiven
		x.failAt(i, local, err)
	}
}

// failAt is fail with the position of element i.
func (x *Codec) failAt(i int32, local string, err error) {
	el := x.el
	x.el = i
	x.fail(local, err)
	x.el = el
}

// element decodes node i: into the type that the schema set knows for its name,
// or else as Raw. A tolerant Codec keeps an element that it can't read as Raw,
// with the reason.
func (x *Codec) element(i int32) Element {
	n := &x.tree.Nodes[i]
	n.Used = true
	name := Name{Space: x.tree.SpaceURI(n.NS), Local: n.Local}
	e := x.set.newElement(name)
	if e == nil {
		return x.opaque(i)
	}
	depth := len(x.path)
	c := x.enter(i)
	x.space, x.ns = name.Space, n.NS
	e.Fields(x)
	x.leave(c)
	if x.err != nil && !x.strict {
		x.path = x.path[:depth]
		r := x.opaque(i)
		r.Err, x.err = x.err, nil
		r.of = e.XMLName()
		return r
	}
	return e
}

// opaque is raw for an element that nobody looks into any more.
func (x *Codec) opaque(i int32) *Raw {
	markAll(x.tree, i)
	return x.raw(i)
}

func (x *Codec) raw(i int32) *Raw {
	n := &x.tree.Nodes[i]
	return &Raw{
		XML:      x.tree.XML(i),
		Scope:    x.scopeAround(i),
		name:     Name{Space: x.tree.SpaceURI(n.NS), Local: n.Local},
		prefixed: !holdsBare(x.tree, i),
	}
}

// scopeOf is a scope and the element whose content it is that of.
type scopeOf struct {
	el    int32
	scope []Binding
}

// scopeAround returns the bindings in scope where element i stands. Neighbours
// share one slice: a frame may hold tens of thousands of them.
func (x *Codec) scopeAround(i int32) []Binding {
	el := x.tree.Declarer(x.tree.Nodes[i].Parent)
	if el != x.raws.el {
		x.raws = scopeOf{el: el, scope: slices.Clip(x.tree.Scope(el))}
	}
	return x.raws.scope
}
