package epp

import (
	"reflect"
	"strings"
)

// This file holds what an encoding Codec does.

// opened is what end has to know of a start tag: where in out its name is, and how
// many bindings are in scope around it.
type opened struct{ from, to, scope int }

// begin writes a start tag in the current namespace, and declares it where it is
// not in scope.
func (x *Codec) begin(local string) opened {
	out := x.out
	if x.extras != nil {
		x.closeTag()
		x.extras.open(x.prefix, local)
		out = x.out
	} else if x.inTag {
		out = append(out, '>')
	}
	out = append(out, '<')
	o := opened{from: len(out), scope: len(x.scope)}
	if x.prefix != "" {
		out = append(append(out, x.prefix...), ':')
	}
	out = append(out, local...)
	o.to = len(out)
	x.out, x.inTag = out, true
	if !x.inScope {
		x.declare()
	}
	return o
}

// declare makes the start tag that is open declare the current namespace, unless
// it is in scope.
func (x *Codec) declare() {
	x.inScope = true
	for i := len(x.scope) - 1; i >= 0; i-- {
		if b := &x.scope[i]; b.Prefix == x.prefix {
			if b.URI == x.space {
				return
			}
			break
		}
	}
	b := Binding{Prefix: x.prefix, URI: x.space}
	x.scope = append(x.scope, b)
	x.out = appendBinding(x.out, b)
}

func (x *Codec) end(o opened) {
	if x.extras != nil {
		x.writeAllExtra()
		if x.inTag {
			x.writeExtraAttrs()
		}
	}
	if len(x.scope) > o.scope {
		x.scope, x.inScope = x.scope[:o.scope], false
	}
	if x.inTag {
		x.out = append(x.out, '/', '>')
		x.inTag = false
	} else {
		out := append(x.out, '<', '/')
		x.out = append(append(out, out[o.from:o.to]...), '>')
	}
	if x.extras != nil {
		x.writeExtra(x.closed())
	}
}

func (x *Codec) closeTag() {
	if !x.inTag {
		return
	}
	if x.extras != nil {
		x.writeExtraAttrs()
	}
	x.out = append(x.out, '>')
	x.inTag = false
	if x.extras != nil {
		x.writeExtra("")
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
	if open && len(out) == n && x.extras == nil { // nothing to write: an empty-element tag will do
		x.out, x.inTag = out[:n-1], true
	}
}

// write encodes an element with its own namespace.
func (x *Codec) write(e Element) {
	if v := reflect.ValueOf(e); v.Kind() == reflect.Pointer && v.IsNil() {
		x.fail("", ErrMissing)
		return
	}
	r, ok := e.(*Raw)
	if v, signed := e.(Verbatim); signed {
		if kept := v.Verbatim(); kept != nil {
			r, ok = kept, true
		}
	}
	if ok {
		x.closeTag()
		if !strings.HasPrefix(r.XML, "<") {
			x.fail("", &RuleError{Reason: "a Raw that holds no element"})
			return
		}
		if x.extras != nil {
			x.extras.open(PrefixOf(x.set.spaceOf(r.name.Space)), r.name.Local)
		}
		x.out = r.appendIn(x.out, x.scope)
		if x.extras != nil {
			x.writeExtra(x.closed())
		}
		return
	}
	name := e.XMLName()
	if name.Local == "" {
		x.fail("", &RuleError{Reason: "an element without a name"})
		return
	}
	space, prefix := x.space, x.prefix
	x.setSpace(name.Space)
	o := x.begin(name.Local)
	x.path = append(x.path, name)
	e.Fields(x)
	x.path = x.path[:len(x.path)-1]
	x.end(o)
	x.space, x.prefix, x.inScope = space, prefix, false
}

// setSpace changes the namespace of the children that follow.
func (x *Codec) setSpace(space string) {
	x.space = x.set.uriOf(space)
	if x.decoding {
		ns, ok := x.tree.Space(x.space)
		if !ok {
			ns = noSpace
		}
		x.ns = ns
		return
	}
	x.prefix, x.inScope = PrefixOf(space), false
}
