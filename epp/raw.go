package epp

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// A Binding is a namespace prefix in scope; the prefix of the default namespace
// is "".
type Binding = xmltree.Binding

// A Raw is an element that this program has no type for, kept as it came: byte for
// byte, with the namespaces that were in scope where it stood. It can be sent
// again, read as a tree, or decoded later.
type Raw struct {
	// XML is the element as it was written.
	XML string
	// Scope holds the prefixes that XML may use without declaring them.
	Scope []Binding
	// Err says why the element is here although its type is known: a value
	// in it could not be read. Otherwise it is nil.
	Err error

	name Name
}

// XMLName is the name of the element.
func (m *Raw) XMLName() Name { return m.name }

// String names the element. It leaves out the content, which may hold a secret.
func (m *Raw) String() string { return fmt.Sprintf("epp.Raw(%s)", m.name) }

// GoString is String.
func (m *Raw) GoString() string { return m.String() }

// Fields keeps the element that the Codec is at, or writes the kept one.
func (m *Raw) Fields(x *Codec) {
	if !x.decoding {
		x.write(m)
		return
	}
	*m = *x.raw(x.el)
	markAll(x.tree, x.el)
}

// markAll marks an element and all in it as read.
func markAll(t *xmltree.Tree, i int32) {
	end := t.Nodes[i].End
	for ; int(i) < len(t.Nodes) && t.Nodes[i].Start < end; i++ {
		t.Nodes[i].Used = true
		attrs := t.AttrsOf(i)
		for k := range attrs {
			attrs[k].Used = true
		}
	}
}

// NewRaw reads one element. It must declare the prefixes it uses.
func NewRaw(xml []byte) (*Raw, error) {
	t, err := xmltree.Parse(xml, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	n := &t.Nodes[xmltree.Root]
	return &Raw{XML: t.XML(xmltree.Root), name: Name{Space: t.SpaceURI(n.NS), Local: n.Local}}, nil
}

// RawFrom makes a Raw of a tree, which must declare the prefixes it uses.
func RawFrom(el *etree.Element) (*Raw, error) {
	doc := etree.NewDocumentWithRoot(el.Copy())
	doc.WriteSettings.CanonicalText = true
	doc.WriteSettings.CanonicalAttrVal = true
	b, err := doc.WriteToBytes()
	if err != nil {
		return nil, err
	}
	return NewRaw(b)
}

// Element returns the element as a tree that stands on its own: it declares the
// prefixes in scope.
func (m *Raw) Element() (*etree.Element, error) {
	doc := etree.NewDocument()
	doc.ReadSettings.PreserveCData = true
	if err := doc.ReadFromBytes(m.Bytes()); err != nil {
		return nil, err
	}
	return doc.Root(), nil
}

// Bytes returns the element as a document of its own: its XML, with the prefixes
// in scope declared.
func (m *Raw) Bytes() []byte { return m.appendIn(nil, nil) }

// Decode reads the element into e, which must have its name; nested elements are
// decoded into the types that set knows.
func (m *Raw) Decode(set *Schema, e Element) error {
	if e.XMLName() != m.name {
		return fmt.Errorf("epp: a %s can't be decoded as %s", m.name, e.XMLName())
	}
	var t xmltree.Tree
	if err := t.Parse(m.Bytes(), xmltree.Limits{}); err != nil {
		return err
	}
	x := Codec{set: set, decoding: true, tree: &t}
	c := x.enter(xmltree.Root)
	x.setSpace(m.name.Space)
	e.Fields(&x)
	x.leave(c)
	return x.err
}

// appendIn writes the element where the given bindings are in scope already, and
// adds to its start tag those that it needs.
func (m *Raw) appendIn(dst []byte, scope []Binding) []byte {
	cut := 1 // after the '<' and the name
	for cut < len(m.XML) && !isTagBreak(m.XML[cut]) {
		cut++
	}
	dst = append(dst, m.XML[:cut]...)
	for _, b := range m.Scope {
		if lookup(scope, b.Prefix) == b.URI {
			continue
		}
		dst = append(dst, " xmlns"...)
		if b.Prefix != "" {
			dst = append(append(dst, ':'), b.Prefix...)
		}
		dst = append(dst, '=', '"')
		dst = appendEscaped(dst, b.URI, true)
		dst = append(dst, '"')
	}
	// An element without a default namespace must not inherit one.
	if lookup(scope, "") != "" && !bindsDefault(m.Scope) && !m.declaresDefault() {
		dst = append(dst, ` xmlns=""`...)
	}
	return append(dst, m.XML[cut:]...)
}

func isTagBreak(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '>' || c == '/'
}

func lookup(scope []Binding, prefix string) string {
	for i := len(scope) - 1; i >= 0; i-- {
		if scope[i].Prefix == prefix {
			return scope[i].URI
		}
	}
	return ""
}

func bindsDefault(scope []Binding) bool {
	for _, b := range scope {
		if b.Prefix == "" {
			return true
		}
	}
	return false
}

// declaresDefault reports whether the element's own start tag declares a default
// namespace.
func (m *Raw) declaresDefault() bool {
	t, err := xmltree.Parse(m.appendIn(nil, nil), xmltree.Limits{})
	if err != nil {
		return false
	}
	for _, a := range t.AttrsOf(xmltree.Root) {
		if a.NS == xmltree.XMLNSSpace && a.Local == "" {
			return true
		}
	}
	return false
}
