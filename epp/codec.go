package epp

import (
	"strings"

	"github.com/eppkit/eppkit/internal/secret"
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
	requests bool // other messages than requests are refused
	err      error
	unread   error // the first that lenient forgave
	flawed   bool  // a tolerant Codec has met what its schema forbids
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
	out     []byte
	prefix  string     // of space
	inTag   bool       // the last start tag is still open
	scope   []Binding  // what the elements that are open declare
	inScope bool       // prefix is known to stand for space
	extras  *unwritten // nil unless the message has any
}

// noSpace is the number of a namespace that the tree does not have.
const noSpace = 1<<16 - 1

// Check records an error about the child local when ok is false. A message that
// is being written is always held to it; one that is being read only when the
// Codec is strict. It is for rules of the schema that a type alone can't express,
// such as a length. The reason must not quote a secret.
func (x *Codec) Check(ok bool, local, reason string) {
	if !ok && x.checking() {
		x.flaw(local, &RuleError{Reason: reason})
	}
}

// checkWritten is Check for what even a strict Codec reads, for there is an answer to it.
func (x *Codec) checkWritten(ok bool, local, reason string) {
	switch {
	case ok:
	case x.decoding:
		x.flawed = true
	default:
		x.Check(false, local, reason)
	}
}

// Decoding reports whether the Codec fills fields, and does not write what they hold.
func (x *Codec) Decoding() bool { return x.decoding }

// checking reports whether rules are still to be looked at.
func (x *Codec) checking() bool { return x.strict || !x.decoding || !x.flawed }

// IgnoreContent passes over whatever is in the current element. It is for empty
// elements whose schema allows anything in them (xs:anyType).
func (x *Codec) IgnoreContent() {
	if x.decoding {
		for i := x.tree.Nodes[x.el].Child; i != 0; i = x.tree.Nodes[i].Next {
			markAll(x.tree, i)
			x.tree.Nodes[i].Mark = xmltree.Blank
		}
		x.ignoreAttrs()
		x.tree.Nodes[x.el].Mark = xmltree.Anything
	}
}

// ignoreAttrs lets the current element have attributes that nobody asks for.
func (x *Codec) ignoreAttrs() {
	attrs := x.tree.AttrsOf(x.el)
	for i := range attrs {
		if a := &attrs[i]; !a.Used {
			a.Used, a.Kept = true, a.NS != xmltree.XMLNSSpace
		}
	}
}

// lenient walks a value without which the message is still of use: where a tolerant
// Codec can't read it, the error is kept in unread and reading goes on.
func (x *Codec) lenient(f func()) {
	if x.err != nil {
		return
	}
	if f(); x.err != nil && x.decoding && !x.strict {
		if x.unread == nil {
			x.unread = x.err
		}
		x.flawed = true
		x.err = nil
	}
}

// fail records an error about the child local, or about the current element when
// local is empty. An attribute is named by "@name".
func (x *Codec) fail(local string, err error) {
	if x.err != nil {
		return
	}
	if x.isSecret(local) {
		switch e := err.(type) {
		case *ValueError:
			err = &ValueError{Type: e.Type, Text: Redacted}
		case *UnexpectedError: // what looks like a name may be a part of it
			err = &UnexpectedError{Name: "something"}
		}
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
		if secret.IsElement(n.Space, n.Local) || x.set.hides(n.Space, n.Local) {
			return true
		}
	}
	if attr, is := strings.CutPrefix(local, "@"); is {
		return isSecret(attr) || x.set.hides(x.space, attr)
	}
	return secret.IsElement(x.space, local) || x.set.hides(x.space, local)
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
