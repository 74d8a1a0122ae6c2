package epp

import (
	"slices"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// This file holds what a Fields method may call: one method for each kind of
// place that a value or a child can have in a schema.

// Attr is an attribute that must be there.
func (x *Codec) Attr(local string, v Value) { x.attr(local, v, true) }

// OptAttr is an attribute that may be absent: it is written unless its value is
// the zero value. The result says whether it is there.
func (x *Codec) OptAttr(local string, v Value) bool { return x.attr(local, v, false) }

func (x *Codec) attr(local string, v Value, required bool) (there bool) {
	switch {
	case x.err != nil:
	case x.decoding:
		attrs := x.tree.AttrsOf(x.el)
		for i := range attrs {
			if a := &attrs[i]; a.NS == 0 && a.Local == local {
				a.Used = true
				if err := v.parse(a.Value); err != nil {
					a.Kept = true // should it be forgiven
					x.fail("@"+local, err)
				} else if !required {
					a.Kept = v.absent()
				}
				return x.err == nil
			}
		}
		if required {
			x.missing("@" + local)
		}
	case v.absent() && !required:
	case !x.inTag:
		x.fail("@"+local, &RuleError{Reason: "an attribute after content"})
	default:
		x.out = append(append(x.out, ' '), local...)
		x.out = append(x.out, '=', '"')
		x.value(local, v, true)
		x.out = append(x.out, '"')
		if x.extras != nil {
			l := x.extras.top()
			l.attrs = append(l.attrs, local)
		}
		return true
	}
	return false
}

// Elem is a child that must be there once and holds text alone.
func (x *Codec) Elem(local string, v Value) {
	switch {
	case x.err != nil:
	case x.decoding:
		if i := x.take(local); i != 0 {
			x.leaf(i, local, v)
		} else {
			x.missing(local)
		}
	default:
		o := x.begin(local)
		x.value(local, v, false)
		x.end(o)
	}
}

// missing refuses the absence of a required child when the Codec is strict.
func (x *Codec) missing(local string) { x.flaw(local, ErrMissing) }

// Opt is a child that may be absent and holds text alone. It is written unless
// its value is absent: zero, or for a pointer nil. The result says whether it is
// there.
func (x *Codec) Opt(local string, v Value) (there bool) {
	switch {
	case x.err != nil:
	case x.decoding:
		if i := x.take(local); i != 0 {
			x.leaf(i, local, v)
			if v.absent() {
				x.tree.Nodes[i].Mark = xmltree.Blank
			}
			return x.err == nil
		}
	case !v.absent():
		x.Elem(local, v)
		return true
	}
	return false
}

// List is a child that may occur any number of times and holds a token alone.
func (x *Codec) List(local string, v *[]string) { ListOf(x, local, v, Token) }

// Lines is List for text in which white space counts, such as lines of an address.
func (x *Codec) Lines(local string, v *[]string) { ListOf(x, local, v, String) }

// ListOf is [Codec.List] for any simple type: epp.ListOf(x, "class", &m.Classes, epp.Int).
func ListOf[T any](x *Codec, local string, v *[]T, of func(*T) Value) {
	if !x.decoding {
		for i := range *v {
			x.Elem(local, of(&(*v)[i]))
		}
		return
	}
	i := x.take(local)
	*v = slices.Grow(*v, x.inRow(i))
	for ; i != 0; i = x.again(i, local) {
		*v = append(*v, *new(T))
		x.leaf(i, local, of(&(*v)[len(*v)-1]))
	}
}

// Text is the current element's own character data.
func (x *Codec) Text(v Value) {
	switch {
	case x.err != nil:
	case x.decoding:
		if err := v.parse(x.text(x.el)); err != nil {
			x.fail("", err)
		}
	default:
		x.value("", v, false)
	}
}

// Flag is an empty child whose presence says yes.
func (x *Codec) Flag(local string, v *bool) {
	switch {
	case x.err != nil:
	case x.decoding:
		if x.take(local) != 0 {
			*v = true
		}
	case *v:
		x.end(x.begin(local))
	}
}

// OneOf is a choice among empty children, held as the name of the one that is
// there.
func (x *Codec) OneOf(v *string, locals ...string) {
	if !x.decoding {
		for _, l := range locals {
			if l == *v {
				x.end(x.begin(l))
				return
			}
		}
		x.fail("", &RuleError{Reason: "must hold one of its known children"})
		return
	}
	for _, l := range locals {
		if x.take(l) != 0 {
			*v = l
			return
		}
	}
	x.missing("")
}

// Group is a child that must be there and whose own children f walks.
func (x *Codec) Group(local string, f func()) {
	if !x.OptGroup(local, true, f) && x.err == nil {
		x.missing(local)
	}
}

// OptGroup is a child that may be absent and whose own children f walks. When
// encoding, present says whether to write it; the result says whether the child
// is there.
func (x *Codec) OptGroup(local string, present bool, f func()) bool {
	if x.err != nil {
		return false
	}
	if x.decoding {
		i := x.take(local)
		if i == 0 {
			return false
		}
		c := x.enter(i)
		f()
		x.leave(c)
		return true
	}
	if present {
		x.child(local, f)
	}
	return present
}

// child writes an element in the current namespace around what f writes.
func (x *Codec) child(local string, f func()) {
	o := x.begin(local)
	x.path = append(x.path, Name{Space: x.space, Local: local})
	f()
	x.path = x.path[:len(x.path)-1]
	x.end(o)
}

// In walks children that are in another namespace than the element that holds
// them, as the clTRID in domain:paTRID is.
func (x *Codec) In(space string, f func()) {
	was, ns, prefix := x.space, x.ns, x.prefix
	x.setSpace(space)
	f()
	x.space, x.ns, x.prefix, x.inScope = was, ns, prefix, false
}

// Has reports, when decoding, whether the next child is local. It serves choices
// that may repeat.
func (x *Codec) Has(local string) bool { return x.err == nil && x.decoding && x.has(local) }

// HasForeign reports, when decoding, whether the next child is of another namespace
// than those that are walked. It serves places where any such may stand before known
// ones.
func (x *Codec) HasForeign() bool {
	if x.err != nil || !x.decoding {
		return false
	}
	x.has("") // passes over what is read
	return x.next != 0 && x.tree.Nodes[x.next].NS != x.ns
}

// skipTo makes the next child of one of these names the one that [Codec.Has]
// speaks of; a tolerant Codec so passes over what stands before it.
func (x *Codec) skipTo(locals ...string) {
	if x.strict || x.err != nil {
		return
	}
	for i := x.next; i != 0; i = x.tree.Nodes[i].Next {
		if n := &x.tree.Nodes[i]; !n.Used && n.NS == x.ns && slices.Contains(locals, n.Local) {
			x.next = i
			return
		}
	}
}

// fielder is the pointer to a part of a message: what One, Maybe and Each take.
type fielder[T any] interface {
	*T
	Fields(*Codec)
}

// One is a child that must be there and is a structure of its own.
func One[T any, P fielder[T]](x *Codec, local string, v *T) {
	x.Group(local, func() { P(v).Fields(x) })
}

// Maybe is a child that may be absent, which nil stands for, and is a structure
// of its own.
func Maybe[T any, P fielder[T]](x *Codec, local string, v **T) {
	x.OptGroup(local, *v != nil, func() {
		if *v == nil {
			*v = new(T)
		}
		P(*v).Fields(x)
	})
}

// Each is a child that may occur any number of times and is a structure of its
// own.
func Each[T any, P fielder[T]](x *Codec, local string, v *[]T) {
	EachFunc(x, local, v, func(m *T) { P(m).Fields(x) })
}

// EachFunc is [Each] for a structure that is not walked alike everywhere, as when
// several versions of a namespace share it: f walks one of its kind.
func EachFunc[T any](x *Codec, local string, v *[]T, f func(*T)) {
	if !x.decoding {
		for i := range *v {
			x.child(local, func() { f(&(*v)[i]) })
		}
		return
	}
	i := x.take(local)
	*v = slices.Grow(*v, x.inRow(i))
	for ; i != 0; i = x.again(i, local) {
		*v = append(*v, *new(T))
		c := x.enter(i)
		f(&(*v)[len(*v)-1])
		x.leave(c)
	}
}

// Any is one child of whatever name. It decodes into the type that the schema
// set knows for it, or into [*Raw].
func (x *Codec) Any(v *Element) {
	switch {
	case x.err != nil:
	case x.decoding:
		if i := x.takeAny(); i != 0 {
			*v = x.element(i)
		} else {
			x.missing("")
		}
	case *v == nil:
		x.fail("", ErrMissing)
	default:
		x.write(*v)
	}
}

// AnyList is any number of children of whatever names.
func (x *Codec) AnyList(v *[]Element) {
	if !x.decoding {
		for _, e := range *v {
			x.Any(&e)
		}
		return
	}
	for x.err == nil {
		i := x.takeAny()
		if i == 0 {
			return
		}
		*v = append(*v, x.element(i))
	}
}

// takeAny returns the next child that was not read yet.
func (x *Codec) takeAny() int32 {
	for x.next != 0 {
		i := x.next
		n := &x.tree.Nodes[i]
		x.next = n.Next
		if !n.Used {
			n.Used = true
			return i
		}
	}
	return 0
}
