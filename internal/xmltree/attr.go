package xmltree

import (
	"strings"
	"unicode/utf8"
)

// attributes reads what follows the name in a start tag, and reports whether it
// was an empty-element tag. The prefix of an ordinary attribute stays in Local
// until the whole tag has been read.
func (s *scanner) attributes() (empty bool) {
	binds, plain := len(s.binds), 0
	for s.err == nil {
		sp := s.skipSpace()
		if s.pos >= len(s.Doc) {
			s.fail(s.pos, "the document ends inside a tag")
			return false
		}
		switch s.Doc[s.pos] {
		case '>':
			s.pos++
			return false
		case '/':
			if !s.at("/>") {
				s.fail(s.pos, "'>' is expected after '/'")
				return false
			}
			s.pos += 2
			return true
		}
		if !sp {
			s.fail(s.pos, "white space is expected before an attribute")
			return false
		}
		at := s.pos
		a, colon := s.attribute()
		if s.err != nil {
			return false
		}
		switch {
		case a.Local == "xmlns":
			a.Local, a.NS = "", XMLNSSpace
			s.bind(binds, "", a.Value, at)
		case colon >= 0 && a.Local[:colon] == "xmlns":
			a.Local, a.NS = a.Local[colon+1:], XMLNSSpace
			s.bind(binds, a.Local, a.Value, at)
		case plain >= s.lim.Attrs:
			s.fail(at, "more than %d attributes in one element", s.lim.Attrs)
		default:
			plain++
		}
		s.Attrs = append(s.Attrs, a)
	}
	return false
}

// attribute reads name="value".
func (s *scanner) attribute() (a Attr, colon int) {
	a.Local, colon = s.qname()
	if s.err != nil {
		return a, colon
	}
	s.skipSpace()
	if s.pos >= len(s.Doc) || s.Doc[s.pos] != '=' {
		s.fail(s.pos, "'=' is expected after an attribute's name")
		return a, colon
	}
	s.pos++
	s.skipSpace()
	d, i := s.Doc, s.pos
	if i >= len(d) || d[i] != '"' && d[i] != '\'' {
		s.fail(i, "an attribute's value must be quoted")
		return a, colon
	}
	quote, decode := d[i], false
	i++
	from := i
	for i < len(d) {
		c := d[i]
		if class[c]&isAttrStop == 0 {
			i++
			continue
		}
		switch c {
		case quote:
			a.Start, a.End, a.Value = int32(from), int32(i), d[from:i]
			if decode {
				a.Value = s.attrValue(from, i)
			}
			s.pos = i + 1
			return a, colon
		case '"', '\'':
			i++
		case '\t', '\n', '\r', '&':
			decode = true
			i++
		case 0xEF:
			if s.nonCharacter(i) {
				return a, colon
			}
			i++
		case '<':
			s.fail(i, "'<' in an attribute's value")
			return a, colon
		default:
			s.fail(i, "the control character %U is not allowed", rune(c))
			return a, colon
		}
	}
	s.fail(from-1, "an attribute's value without its closing quote")
	return a, colon
}

// attrValue decodes references and normalizes white space (XML 1.0, 3.3.3).
func (s *scanner) attrValue(from, to int) string {
	out := make([]byte, 0, to-from)
	for i := from; i < to && s.err == nil; {
		switch c := s.Doc[i]; c {
		case '&':
			r, n := s.reference(i)
			out = utf8.AppendRune(out, r)
			i += n
		case '\r':
			i++
			if i < to && s.Doc[i] == '\n' {
				i++
			}
			out = append(out, ' ')
		case '\t', '\n':
			out = append(out, ' ')
			i++
		default:
			out = append(out, c)
			i++
		}
	}
	return string(out)
}

// resolveAttrs gives prefixed attributes their namespace and refuses two of the
// same expanded name.
func (s *scanner) resolveAttrs(attrs []Attr) {
	for i := range attrs {
		a := &attrs[i]
		if a.NS == NoSpace {
			if colon := strings.IndexByte(a.Local, ':'); colon >= 0 {
				a.NS, a.Local = s.resolve(a.Local, colon, s.nameStart(a))
			}
		}
		for j := range attrs[:i] {
			if o := &attrs[j]; o.NS == a.NS && o.Local == a.Local {
				s.fail(s.nameStart(a), "the attribute %s stands twice in one element", quoteName(a.Local))
				return
			}
		}
		if s.err != nil {
			return
		}
	}
}

// nameStart finds where the name of an attribute begins, for an error.
func (s *scanner) nameStart(a *Attr) int {
	head := s.Doc[:strings.LastIndexByte(s.Doc[:a.Start], '=')]
	head = strings.TrimRight(head, " \t\r\n")
	return strings.LastIndexAny(head, " \t\r\n") + 1
}

// resolve splits a qualified name and looks up its prefix, or the default
// namespace when it has none.
func (s *scanner) resolve(name string, colon, at int) (ns uint16, local string) {
	prefix := ""
	local = name
	if colon >= 0 {
		prefix, local = name[:colon], name[colon+1:]
	}
	for i := len(s.binds) - 1; i >= 0; i-- {
		if b := &s.binds[i]; b.prefix == prefix {
			return b.ns, local
		}
	}
	switch prefix {
	case "":
	case "xml":
		return XMLSpace, local
	default:
		s.fail(at, "the namespace prefix %s is not declared", quoteName(prefix))
	}
	return NoSpace, local
}

// bind puts a namespace declaration in scope; the bindings from index base on
// are of the same element.
func (s *scanner) bind(base int, prefix, uri string, at int) {
	switch {
	case prefix == "xmlns", uri == XMLNSSpaceURI, (prefix == "xml") != (uri == XMLSpaceURI):
		s.fail(at, "the prefixes xml and xmlns and their namespaces can't be bound otherwise")
		return
	case prefix != "" && uri == "":
		s.fail(at, "a namespace prefix can't be taken back")
		return
	case len(s.binds) >= maxBindings:
		s.fail(at, "more than %d namespace declarations in scope", maxBindings)
		return
	}
	for i := base; i < len(s.binds); i++ {
		if s.binds[i].prefix == prefix {
			s.fail(at, "a namespace prefix is declared twice in one element")
			return
		}
	}
	ns, known := s.Space(uri)
	if !known {
		if len(s.spaces) >= maxSpaces {
			s.fail(at, "more than %d namespaces", maxSpaces)
			return
		}
		ns = uint16(len(s.spaces))
		s.spaces = append(s.spaces, uri)
	}
	s.binds = append(s.binds, binding{prefix: prefix, ns: ns})
}
