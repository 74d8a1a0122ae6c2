package epp

import "strings"

// This file holds what an encoding Codec does.

// begin writes a start tag in the current namespace, and declares it where it is
// not in scope. It returns what end has to take back.
func (x *Codec) begin(local string) (mark int) {
	out := x.out
	if x.inTag {
		out = append(out, '>')
	}
	x.out, x.inTag = x.appendName(append(out, '<'), local), true
	mark = len(x.scope)
	if !x.inScope {
		x.declare()
	}
	return mark
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

func (x *Codec) end(local string, mark int) {
	if len(x.scope) > mark {
		x.scope, x.inScope = x.scope[:mark], false
	}
	if x.inTag {
		x.out = append(x.out, '/', '>')
		x.inTag = false
		return
	}
	x.out = append(x.appendName(append(x.out, '<', '/'), local), '>')
}

// appendName appends a name of the current namespace.
func (x *Codec) appendName(dst []byte, local string) []byte {
	if x.prefix != "" {
		dst = append(append(dst, x.prefix...), ':')
	}
	return append(dst, local...)
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
	x.space, x.prefix, x.inScope = space, prefix, false
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
	x.prefix, x.inScope = PrefixOf(space), false
}
