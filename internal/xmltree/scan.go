package xmltree

import (
	"fmt"
	"math"
	"strings"
)

// Limits bounds what a document may ask for. A field that is 0 has the default
// named beside it.
type Limits struct {
	Depth    int // nested elements, 64
	Attrs    int // attributes of one element, its namespace declarations aside, 128
	Elements int // elements in all, 65,536
}

const (
	defaultDepth    = 64
	defaultAttrs    = 128
	defaultElements = 1 << 16
	// Distinct namespaces, and bindings in scope at one place.
	maxSpaces, maxBindings = 256, 64
)

// Parse reads a document. The frame is copied once and not kept.
func Parse(frame []byte, lim Limits) (*Tree, error) {
	t := new(Tree)
	return t, t.Parse(frame, lim)
}

// Parse reads a document into t, whose slices it uses again. After an error t
// holds nothing that is of use.
func (t *Tree) Parse(frame []byte, lim Limits) error {
	doc, was16, ascii, err := toUTF8(frame)
	if err != nil {
		return err
	}
	if len(doc) > math.MaxInt32 {
		return &SyntaxError{Line: 1, Column: 1, Msg: "a document of 2 GiB or more"}
	}
	if lim.Depth == 0 {
		lim.Depth = defaultDepth
	}
	if lim.Attrs == 0 {
		lim.Attrs = defaultAttrs
	}
	if lim.Elements == 0 {
		lim.Elements = defaultElements
	}
	t.Doc = doc
	t.Nodes = append(t.Nodes[:0], Node{})
	t.Attrs = t.Attrs[:0]
	t.spaces = append(t.spaces[:0], "", XMLSpaceURI, XMLNSSpaceURI)
	t.stack, t.binds = t.stack[:0], t.binds[:0]
	s := scanner{Tree: t, lim: lim, was16: was16, nonASCII: !ascii}
	s.document()
	return s.err
}

// Reset drops what t refers to, so that a pooled tree keeps no document alive,
// and reports whether its slices are small enough to be worth keeping.
func (t *Tree) Reset() bool {
	clear(t.Nodes)
	clear(t.Attrs)
	clear(t.spaces)
	clear(t.binds[:cap(t.binds)])
	clear(t.stack[:cap(t.stack)])
	t.Doc = ""
	return cap(t.Nodes) <= 4096 && cap(t.Attrs) <= 4096
}

// open is an element whose end tag has not come yet.
type open struct {
	name  string // as written, with its prefix
	text  []byte // character data, once a second piece of it has come
	node  int32
	last  int32 // its last child so far
	binds int   // bindings in scope outside it
}

type binding struct {
	prefix string
	ns     uint16
}

type scanner struct {
	*Tree
	lim      Limits
	pos      int
	nonASCII bool // the document may be not all ASCII
	was16    bool // it came as UTF-16
	err      error
}

// fail records the first error, at the offset where it arose.
func (s *scanner) fail(at int, format string, args ...any) {
	if s.err == nil {
		line, col := Position(s.Doc, at)
		s.err = &SyntaxError{Line: line, Column: col, Msg: fmt.Sprintf(format, args...)}
	}
}

func (s *scanner) failEnd() {
	if n := len(s.stack); n > 0 {
		s.fail(len(s.Doc), "the document ends inside element %s", quoteName(s.stack[n-1].name))
	} else {
		s.fail(len(s.Doc), "the document ends too early")
	}
}

func (s *scanner) document() {
	if strings.HasPrefix(s.Doc, "\ufeff") {
		s.pos = 3
	}
	s.declaration()
	for s.err == nil && s.pos < len(s.Doc) {
		s.content()
	}
	switch {
	case s.err != nil:
	case len(s.stack) > 0:
		s.failEnd()
	case len(s.Nodes) == 1:
		s.fail(len(s.Doc), "the document has no root element")
	}
}

// content reads one piece of what may stand between tags: the next tag with the
// white space before it, or text, or a comment or processing instruction.
func (s *scanner) content() {
	d, i := s.Doc, s.pos
	for i < len(d) && class[d[i]]&isSpace != 0 {
		i++
	}
	if i < len(d) && d[i] == '<' && i+1 < len(d) {
		switch c := d[i+1]; {
		case class[c]&isNameStart != 0: // white space before a start tag is layout
			s.pos = i
			s.start()
			return
		case c == '/':
			s.leafText(i)
			s.pos = i
			s.end()
			return
		}
	}
	depth := len(s.stack)
	if s.pos < i && depth == 0 {
		s.pos = i
	}
	switch {
	case s.pos >= len(d):
	case d[s.pos] != '<':
		if depth == 0 {
			s.fail(s.pos, "character data outside the root element")
			return
		}
		s.text()
	case s.at("<?"):
		s.instruction()
	case s.at("<!--"):
		s.comment()
	case s.at("<![CDATA["):
		if depth == 0 {
			s.fail(s.pos, "CDATA outside the root element")
			return
		}
		s.cdata()
	case s.at("<!DOCTYPE"):
		s.fail(s.pos, "DOCTYPE is not allowed")
	case s.at("<!"):
		s.fail(s.pos, "malformed markup declaration")
	default:
		s.fail(s.pos+1, "a name is expected after '<'")
	}
}

func (s *scanner) at(prefix string) bool { return strings.HasPrefix(s.Doc[s.pos:], prefix) }

func (s *scanner) skipSpace() bool {
	i := s.pos
	for i < len(s.Doc) && class[s.Doc[i]]&isSpace != 0 {
		i++
	}
	moved := i > s.pos
	s.pos = i
	return moved
}

// start reads a start tag or an empty-element tag at '<'.
func (s *scanner) start() {
	at := s.pos
	depth := len(s.stack)
	switch {
	case depth == 0 && len(s.Nodes) > 1:
		s.fail(at, "a second root element")
		return
	case depth >= s.lim.Depth:
		s.fail(at, "elements are nested deeper than %d", s.lim.Depth)
		return
	case len(s.Nodes) > s.lim.Elements:
		s.fail(at, "more than %d elements", s.lim.Elements)
		return
	}
	s.pos++
	name, colon := s.qname()
	if s.err != nil {
		return
	}
	i := int32(len(s.Nodes))
	n := Node{Start: int32(at), attr: int32(len(s.Attrs))}
	binds := len(s.binds)
	empty := false
	if s.pos < len(s.Doc) && s.Doc[s.pos] == '>' {
		s.pos++
	} else {
		empty = s.attributes()
	}
	if s.err != nil {
		return
	}
	if attrs := s.Attrs[n.attr:]; len(attrs) > 0 {
		n.nattr = uint16(len(attrs))
		s.resolveAttrs(attrs)
	}
	n.NS, n.Local = s.resolve(name, colon, at+1)
	if s.err != nil {
		return
	}
	if depth > 0 {
		p := &s.stack[depth-1]
		n.Parent = p.node
		if p.last == 0 {
			s.Nodes[p.node].Child = i
		} else {
			s.Nodes[p.last].Next = i
		}
		p.last = i
	}
	if empty {
		n.End = int32(s.pos)
		s.binds = s.binds[:binds]
	}
	s.Nodes = append(s.Nodes, n)
	if empty {
		return
	}
	if depth < cap(s.stack) {
		s.stack = s.stack[:depth+1]
	} else {
		s.stack = append(s.stack, open{})
	}
	o := &s.stack[depth]
	o.name, o.node, o.last, o.binds, o.text = name, i, 0, binds, o.text[:0]
}

// end reads an end tag at '<'.
func (s *scanner) end() {
	at := s.pos
	depth := len(s.stack)
	if depth == 0 {
		s.fail(at, "an end tag without its start tag")
		return
	}
	o := &s.stack[depth-1]
	s.pos += 2
	matches := strings.HasPrefix(s.Doc[s.pos:], o.name)
	if matches {
		s.pos += len(o.name)
		s.skipSpace()
	}
	switch {
	case s.pos >= len(s.Doc):
		s.failEnd()
		return
	case !matches || s.Doc[s.pos] != '>':
		s.fail(at, "an end tag that does not match the start tag %s", quoteName(o.name))
		return
	}
	s.pos++
	n := &s.Nodes[o.node]
	if len(o.text) > 0 {
		n.Text = string(o.text)
	}
	if n.Child != 0 && n.Text != "" && IsSpace(n.Text) {
		n.Text = ""
	}
	n.End = int32(s.pos)
	s.binds = s.binds[:o.binds]
	s.stack = s.stack[:depth-1]
}
