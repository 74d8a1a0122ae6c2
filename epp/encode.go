package epp

import (
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// This file holds what an encoding Codec does.

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
