package epp

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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
	// Scope holds the bindings that were in scope where the element stood,
	// innermost first. Other elements may share it: it is not to be changed.
	Scope []Binding
	// Err says why the element is here although its type is known: a value
	// in it could not be read. Otherwise it is nil.
	Err error

	name     Name
	of       Name // the name of the type that it could not be read into
	prefixed bool // no name in it is without a namespace
}

// XMLName is the name of the element.
func (m *Raw) XMLName() Name { return m.name }

// TypeName is the name of the type of which Err speaks. It differs from XMLName where
// the set has another URI for the namespace (see [Extension.At]).
func (m *Raw) TypeName() Name { return m.of }

// Format names the element, whatever the verb. It leaves out the content, which
// may hold a secret.
func (m Raw) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "epp.Raw(%s)", m.name) }

// String is what Format writes.
func (m Raw) String() string { return fmt.Sprint(m) }

// MarshalText is String, for JSON and structured logs.
func (m Raw) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Fields keeps the element that the Codec is at. It can't write one: a Raw has a
// start tag of its own, and is to be walked with [Codec.Any] or [Codec.AnyList].
func (m *Raw) Fields(x *Codec) {
	if !x.decoding {
		x.fail("", &RuleError{Reason: "a Raw inside an element that is its own"})
		return
	}
	*m = *x.raw(x.el)
	markAll(x.tree, x.el)
}

// Verbatim is an element that is written as it came, byte for byte, because a
// signature covers it.
type Verbatim interface {
	Element
	// Verbatim returns what was read, or nil for an element that is to be
	// written from its fields.
	Verbatim() *Raw
}

// Keep keeps the element that a decoding Codec is at, for [Verbatim].
func (x *Codec) Keep(v **Raw) {
	if x.decoding && x.err == nil {
		*v = x.raw(x.el)
		x.tree.Nodes[x.el].Mark = xmltree.Whole
	}
}

// markAll marks an element and all in it as read.
func markAll(t *xmltree.Tree, i int32) {
	end := t.Nodes[i].End
	for ; int(i) < len(t.Nodes) && t.Nodes[i].Start < end; i++ {
		t.Nodes[i].Used, t.Nodes[i].TextUsed, t.Nodes[i].Mark = true, true, 0
		markAttrs(t, i)
	}
}

// markAttrs marks the attributes of an element as read.
func markAttrs(t *xmltree.Tree, i int32) {
	attrs := t.AttrsOf(i)
	for k := range attrs {
		attrs[k].Used, attrs[k].Kept = true, false
	}
}

// NewRaw reads one element. It must declare the prefixes it uses.
func NewRaw(xml []byte) (*Raw, error) {
	t, err := xmltree.Parse(xml, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	n := &t.Nodes[xmltree.Root]
	return &Raw{
		XML:      t.XML(xmltree.Root),
		name:     Name{Space: t.SpaceURI(n.NS), Local: n.Local},
		prefixed: !holdsBare(t, xmltree.Root),
	}, nil
}

// RawFrom makes a Raw of a tree, which must declare the prefixes it uses.
func RawFrom(el *etree.Element) (*Raw, error) {
	if el == nil {
		return nil, errors.New("epp: there is no element")
	}
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
	if doc.Root() == nil {
		return nil, errors.New("epp: the Raw holds no element")
	}
	return doc.Root(), nil
}

// Bytes returns the element as a document of its own: its XML, with the prefixes
// in scope declared.
func (m *Raw) Bytes() []byte { return m.appendIn(nil, nil) }

// Decode reads the element into e, which must have its name; nested elements are
// decoded into the types that set knows.
func (m *Raw) Decode(set *Schema, e Element) error {
	if set.NameOf(e) != m.name {
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
	if m.XML == "" {
		return dst
	}
	cut := 1 // after the '<' and the name
	for cut < len(m.XML) && !isTagBreak(m.XML[cut]) {
		cut++
	}
	dst = append(dst, m.XML[:cut]...)
	hasDefault := false
	for _, b := range m.Scope {
		hasDefault = hasDefault || b.Prefix == ""
		if lookup(scope, b.Prefix) != b.URI && m.mayUse(b.Prefix) && !declares(m.XML[cut:], b.Prefix) {
			dst = appendBinding(dst, b)
		}
	}
	// An element without a default namespace must not inherit one.
	if !hasDefault && !m.prefixed && lookup(scope, "") != "" && !declares(m.XML[cut:], "") {
		dst = appendBinding(dst, Binding{})
	}
	return append(dst, m.XML[cut:]...)
}

func appendBinding(dst []byte, b Binding) []byte {
	dst = append(dst, " xmlns"...)
	if b.Prefix != "" {
		dst = append(append(dst, ':'), b.Prefix...)
	}
	dst = append(dst, '=', '"')
	if isPlain(b.URI, ' ') {
		dst = append(dst, b.URI...)
	} else {
		dst = appendEscaped(dst, b.URI, true)
	}
	return append(dst, '"')
}

// mayUse reports whether the element may depend on a prefix, in a name or in a
// value that is one. Where it need not, it is written as it came: a signature may
// cover it.
func (m *Raw) mayUse(prefix string) bool {
	return prefix == "" || usesPrefix(m.XML, prefix) || strings.Contains(m.XML, "&#") && usesPrefix(unreferenced(m.XML), prefix)
}

func usesPrefix(s, prefix string) bool {
	for at := 0; ; {
		i := strings.Index(s[at:], prefix+":")
		if i < 0 {
			return false
		}
		at += i
		if before, _ := utf8.DecodeLastRuneInString(s[:at]); !isNameRune(before) {
			return true
		}
		at++
	}
}

func isNameRune(r rune) bool {
	return r == '-' || r == '.' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// unreferenced puts the characters that decimal and hexadecimal references stand for in
// their place.
func unreferenced(s string) string {
	return reference.ReplaceAllStringFunc(s, func(ref string) string {
		digits, base := ref[2:len(ref)-1], 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseInt(digits, base, 32)
		if err != nil {
			return ref
		}
		return string(rune(n))
	})
}

var reference = regexp.MustCompile(`&#([0-9]+|x[0-9A-Fa-f]+);`)

// holdsBare reports whether the name of element i, or of one inside it, is in no
// namespace, so that a default namespace would change it.
func holdsBare(t *xmltree.Tree, i int32) bool {
	end := t.Nodes[i].End
	for ; int(i) < len(t.Nodes) && t.Nodes[i].Start < end; i++ {
		if t.Nodes[i].NS == xmltree.NoSpace {
			return true
		}
	}
	return false
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

// declares reports whether a start tag, of which rest is what follows its name,
// declares a prefix.
func declares(rest, prefix string) bool {
	want := "xmlns"
	if prefix != "" {
		want = "xmlns:" + prefix
	}
	for {
		rest = strings.TrimLeft(rest, " \t\r\n")
		eq := strings.IndexAny(rest, "=>")
		if eq < 0 || rest[eq] == '>' {
			return false
		}
		if strings.TrimRight(rest[:eq], " \t\r\n") == want {
			return true
		}
		open := strings.IndexAny(rest[eq:], `"'`)
		if open < 0 {
			return false
		}
		rest = rest[eq+open:]
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return false
		}
		rest = rest[end+2:]
	}
}
