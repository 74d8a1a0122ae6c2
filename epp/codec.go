package epp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// A Codec carries a message between Go values and XML. A message's Fields method
// calls it once for each attribute and child, in the order of the schema; the
// Codec decodes or encodes, whichever it was made for.
//
// Its error is sticky: after the first one nothing is read or written any more,
// so that Fields needs no error handling. The error is a [*FieldError] and says
// at which element it arose.
//
// Decoding is tolerant unless the Codec is strict ([Schema.ParseStrict]):
// children may stand in any order, required ones may be missing (and leave the
// zero value), unknown ones are passed over. Values that can't be read are errors
// either way.
type Codec struct {
	set      *Schema
	decoding bool
	strict   bool
	err      error
	path     []Name
	space    string // the namespace of the children that are walked now

	// Decoding.
	tree    *xmltree.Tree
	el      int32  // the element whose children are walked
	next    int32  // where the next child is expected
	ns      uint16 // number of space in tree, or noSpace
	locator xmltree.Locator
	raws    scopeOf // of the last Raw made

	// Encoding.
	out    []byte
	prefix string            // of space
	inTag  bool              // the last start tag is still open
	scope  []xmltree.Binding // what the elements written so far declare
}

// noSpace is the number of a namespace that the tree does not have.
const noSpace = 1<<16 - 1

// Decoding reports whether the Codec fills the fields; otherwise it writes them.
func (x *Codec) Decoding() bool { return x.decoding }

// Check records an error about the child local when ok is false. A message that
// is being written is always held to it; one that is being read only when the
// Codec is strict. It is for rules of the schema that a type alone can't express,
// such as a length. The reason must not quote a secret.
func (x *Codec) Check(ok bool, local, reason string) {
	if !ok && (x.strict || !x.decoding) {
		x.fail(local, &RuleError{Reason: reason})
	}
}

// Length is Check for the number of characters in the child local.
func (x *Codec) Length(local, s string, least, most int) {
	if (x.strict || !x.decoding) && !between(s, least, most) {
		x.fail(local, &RuleError{Reason: fmt.Sprintf("must have %d to %d characters", least, most)})
	}
}

// NotEmpty is Check for a list that must have at least one child local.
func (x *Codec) NotEmpty(n int, local string) {
	if n == 0 && (x.strict || !x.decoding) {
		x.fail(local, ErrMissing)
	}
}

// fail records an error about the child local, or about the current element when
// local is empty. An attribute is named by "@name".
func (x *Codec) fail(local string, err error) {
	if x.err != nil {
		return
	}
	if v, ok := err.(*ValueError); ok && x.isSecret(local) {
		err = &ValueError{Type: v.Type, Text: Redacted}
	}
	e := &FieldError{Path: x.pathTo(local), Err: err}
	if x.decoding {
		e.Line, e.Column = x.locator.Position(x.tree.Doc, int(x.tree.Nodes[x.el].Start))
	}
	x.err = e
}

// isSecret reports whether the value at local is one that nobody may see.
func (x *Codec) isSecret(local string) bool {
	for _, n := range x.path {
		if isSecret(n.Local) {
			return true
		}
	}
	return isSecret(strings.TrimPrefix(local, "@"))
}

func (x *Codec) pathTo(local string) string {
	var p []byte
	for _, n := range x.path {
		p = append(append(p, '/'), qualified(n.Space, n.Local)...)
	}
	switch {
	case local == "":
	case local[0] == '@':
		p = append(append(p, '/'), local...)
	default:
		p = append(append(p, '/'), qualified(x.space, local)...)
	}
	if len(p) == 0 {
		return "/"
	}
	return string(p)
}

// ---- decoding ----

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
	if !n.TextUsed && n.Text != "" && !xmltree.IsSpace(n.Text) {
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
	return x.search(x.tree.Nodes[x.el].Child, local)
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
			n.Used = true
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
	if err := v.parse(n.Text); err != nil {
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
		return x.raw(i)
	}
	depth := len(x.path)
	c := x.enter(i)
	x.space, x.ns = name.Space, n.NS
	e.Fields(x)
	x.leave(c)
	if x.err != nil && !x.strict {
		x.path = x.path[:depth]
		r := x.raw(i)
		r.Err, x.err = x.err, nil
		return r
	}
	return e
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

// ---- encoding ----

// begin writes a start tag in the current namespace, and declares it where it is
// not in scope. It returns what end has to take back.
func (x *Codec) begin(local string) (mark int) {
	x.closeTag()
	x.out = append(x.out, '<')
	x.qname(local)
	x.inTag = true
	mark = len(x.scope)
	for i := mark - 1; i >= 0; i-- {
		if b := &x.scope[i]; b.Prefix == x.prefix {
			if b.URI == x.space {
				return mark
			}
			break
		}
	}
	x.declare(x.prefix, x.space)
	return mark
}

func (x *Codec) declare(prefix, uri string) {
	x.scope = append(x.scope, xmltree.Binding{Prefix: prefix, URI: uri})
	x.out = append(x.out, " xmlns"...)
	if prefix != "" {
		x.out = append(append(x.out, ':'), prefix...)
	}
	x.out = append(x.out, '=', '"')
	x.out = appendEscaped(x.out, uri, true)
	x.out = append(x.out, '"')
}

func (x *Codec) end(local string, mark int) {
	x.scope = x.scope[:mark]
	if x.inTag {
		x.out = append(x.out, '/', '>')
		x.inTag = false
		return
	}
	x.out = append(x.out, '<', '/')
	x.qname(local)
	x.out = append(x.out, '>')
}

func (x *Codec) qname(local string) {
	if x.prefix != "" {
		x.out = append(append(x.out, x.prefix...), ':')
	}
	x.out = append(x.out, local...)
}

func (x *Codec) closeTag() {
	if x.inTag {
		x.out = append(x.out, '>')
		x.inTag = false
	}
}

// value writes a value as character data of the open element.
func (x *Codec) value(local string, v Value, attr bool) {
	open := x.inTag && !attr
	if open {
		x.closeTag()
	}
	n := len(x.out)
	out, err := v.append(x.out, attr)
	if err != nil {
		if attr {
			local = "@" + local
		}
		x.fail(local, err)
		return
	}
	x.out = out
	if open && len(out) == n { // nothing to write: an empty-element tag will do
		x.out, x.inTag = out[:n-1], true
	}
}

// write encodes an element with its own namespace.
func (x *Codec) write(e Element) {
	if r, ok := e.(*Raw); ok {
		x.closeTag()
		if !strings.HasPrefix(r.XML, "<") {
			x.fail("", &RuleError{Reason: "a Raw that holds no element"})
			return
		}
		x.out = r.appendIn(x.out, x.scope)
		return
	}
	name := e.XMLName()
	if name.Local == "" {
		x.fail("", &RuleError{Reason: "an element without a name"})
		return
	}
	space, prefix := x.space, x.prefix
	x.setSpace(name.Space)
	mark := x.begin(name.Local)
	x.path = append(x.path, name)
	e.Fields(x)
	x.path = x.path[:len(x.path)-1]
	x.end(name.Local, mark)
	x.space, x.prefix = space, prefix
}

// setSpace changes the namespace of the children that follow.
func (x *Codec) setSpace(space string) {
	x.space = space
	if x.decoding {
		ns, ok := x.tree.Space(space)
		if !ok {
			ns = noSpace
		}
		x.ns = ns
		return
	}
	x.prefix = PrefixOf(space)
}
