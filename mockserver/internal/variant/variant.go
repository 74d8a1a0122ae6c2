// Package variant writes an EPP document in another way that says the same.
//
// It changes what XML, its schemas and the RFCs leave open: prefixes, white space
// between elements, the XML declaration, the encoding, comments and processing
// instructions, the order of attributes and of elements whose order means nothing, how
// text is escaped, and the forms of booleans and times. What a signature covers, and
// what is of a namespace that this project has no schema of, is written as it came.
package variant

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// maxDocument is the longest document that is written anew: what comes out is several
// times as long, and clients limit what they read.
const maxDocument = 128 << 10

// A Writer writes documents anew. It is for one goroutine. The same seeds and the same
// documents give the same octets.
type Writer struct {
	// Ordered keeps all elements in their order.
	Ordered bool

	rnd *rand.Rand
	*xmltree.Tree
}

// New makes a Writer. Those of one seed and different streams differ.
func New(seed, stream uint64) *Writer {
	return &Writer{rnd: rand.New(rand.NewPCG(seed, stream))}
}

// Rewrite writes a document anew. One that is not well-formed, or longer than 128 KiB,
// is returned as it is.
func (w *Writer) Rewrite(doc []byte) []byte {
	if len(doc) > maxDocument {
		return doc
	}
	t, err := xmltree.Parse(doc, xmltree.Limits{})
	if err != nil {
		return doc
	}
	w.Tree = t
	defer func() { w.Tree = nil }()
	return w.encode(w.misc() + w.element(xmltree.Root, nil) + w.misc())
}

// Split cuts octets into pieces that are written one by one.
func (w *Writer) Split(b []byte) [][]byte {
	var out [][]byte
	for len(b) > 0 {
		n := len(b)
		if w.one(2) {
			n = 1 + w.rnd.IntN(n)
		}
		if w.one(8) {
			n = min(n, 1+w.rnd.IntN(6)) // inside a header
		}
		out, b = append(out, b[:n]), b[n:]
	}
	return out
}

// one is true once in n times.
func (w *Writer) one(n int) bool { return w.rnd.IntN(n) == 0 }

func pick[T any](w *Writer, of []T) T { return of[w.rnd.IntN(len(of))] }

// A binding is a prefix in what is written, and its namespace.
type binding struct{ prefix, uri string }

// scope are the bindings in scope, the innermost last.
type scope []binding

// uri is what a prefix is bound to.
func (s scope) uri(prefix string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].prefix == prefix {
			return s[i].uri
		}
	}
	return ""
}

// prefixes are those that are bound to a namespace.
func (s scope) prefixes(uri string) (out []string) {
	for _, b := range s {
		if s.uri(b.prefix) == uri && !slices.Contains(out, b.prefix) {
			out = append(out, b.prefix)
		}
	}
	return out
}

// odd are prefixes that some client will not expect.
var odd = []string{
	"a", "ns1", "e-p-p", "x.y", "_", "Z9", "epp", "domain", "contact", "eppcom", "response", "xsd", "d0.1-a", "příklad",
}

// element writes an element and what is in it.
func (w *Writer) element(i int32, in scope) string {
	n := &w.Nodes[i]
	if w.verbatim(i) {
		return w.asItIs(i, in)
	}
	var attrs []string
	declare := func(prefix, uri string) {
		in = append(in[:len(in):len(in)], binding{prefix, uri})
		name := "xmlns"
		if prefix != "" {
			name += ":" + prefix
		}
		attrs = append(attrs, name+"="+w.quoted(uri))
	}
	uri := w.SpaceURI(n.NS)
	known := in.prefixes(uri)
	tag := ""
	switch {
	case uri == "" && in.uri("") != "":
		declare("", "")
	case uri == "":
	case len(known) > 0 && !w.one(6):
		tag = pick(w, known)
	default:
		if !w.one(3) {
			tag = pick(w, odd)
		}
		declare(tag, uri)
	}
	if uri != "" && w.one(12) { // one that nothing needs
		if p := pick(w, odd); p != tag {
			declare(p, "urn:example:eppkit:unused-1.0")
		}
	}
	for _, a := range w.AttrsOf(i) {
		if a.NS == xmltree.XMLNSSpace {
			continue
		}
		name := a.Local
		if a.NS == xmltree.XMLSpace {
			name = "xml:" + name
		}
		attrs = append(attrs, name+w.pad()+"="+w.pad()+w.quoted(w.attrValue(a)))
	}
	if i == xmltree.Root && w.one(2) {
		const xsi = "xmlns:si=\"http://www.w3.org/2001/XMLSchema-instance\""
		attrs = append(attrs, xsi, "si:schemaLocation="+w.quoted(uri+" epp-1.0.xsd"))
		in = append(in[:len(in):len(in)], binding{"si", "http://www.w3.org/2001/XMLSchema-instance"})
	}
	w.rnd.Shuffle(len(attrs), func(i, j int) { attrs[i], attrs[j] = attrs[j], attrs[i] })

	name := n.Local
	if tag != "" {
		name = tag + ":" + name
	}
	var start strings.Builder
	start.WriteString("<" + name)
	for _, a := range attrs {
		start.WriteString(pick(w, spaces) + a)
	}
	start.WriteString(w.pad())
	content := w.content(i, in)
	if content == "" && w.one(2) {
		return start.String() + "/>"
	}
	return start.String() + ">" + content + "</" + name + w.pad() + ">"
}

// verbatim tells of an element that is written as it came.
func (w *Writer) verbatim(i int32) bool {
	for _, a := range w.AttrsOf(i) {
		if a.NS != xmltree.NoSpace && a.NS != xmltree.XMLSpace && a.NS != xmltree.XMLNSSpace {
			return true // such as xsi:type, whose value has a prefix
		}
	}
	uri := w.SpaceURI(w.Nodes[i].NS)
	return uri != "" && (signed[uri] || !spaceKnown(uri))
}

// content writes what is in an element.
func (w *Writer) content(i int32, in scope) string {
	n := &w.Nodes[i]
	if n.Child == 0 {
		return w.text(w.value(i))
	}
	if w.mixed(i) {
		var b strings.Builder
		c := n.Child
		for _, between := range w.Between(i) {
			b.WriteString(between)
			if c != 0 {
				b.WriteString(w.asItIs(c, in))
				c = w.Nodes[c].Next
			}
		}
		return b.String()
	}
	var b strings.Builder
	for _, c := range w.order(i) {
		b.WriteString(w.between() + w.element(c, in))
	}
	b.WriteString(w.between())
	return b.String()
}

// mixed tells of an element in which white space may mean something.
func (w *Writer) mixed(i int32) bool {
	n := &w.Nodes[i]
	return n.Text != "" || mixed[epp.Name{Space: w.SpaceURI(n.NS), Local: n.Local}]
}

// order returns the children of an element, those whose order means nothing in any.
func (w *Writer) order(i int32) []int32 {
	var out []int32
	for c := w.Nodes[i].Child; c != 0; c = w.Nodes[c].Next {
		out = append(out, c)
	}
	if w.Ordered {
		return out
	}
	name := func(c int32) epp.Name {
		return epp.Name{Space: w.SpaceURI(w.Nodes[c].NS), Local: w.Nodes[c].Local}
	}
	for from := 0; from < len(out); {
		to := from + 1
		for to < len(out) && name(out[to]) == name(out[from]) {
			to++
		}
		if same := out[from:to]; unordered[name(out[from])] {
			w.rnd.Shuffle(len(same), func(i, j int) { same[i], same[j] = same[j], same[i] })
		}
		from = to
	}
	return out
}

// asItIs writes an element byte for byte. What it uses of the bindings that were in
// scope around it is declared in its start tag.
func (w *Writer) asItIs(i int32, in scope) string {
	doc := w.XML(i)
	own := make(map[string]bool)
	for _, a := range w.AttrsOf(i) {
		if a.NS == xmltree.XMLNSSpace {
			own[a.Local] = true
		}
	}
	around := append(w.Scope(w.Nodes[i].Parent), xmltree.Binding{}) // no default namespace, unless there is one
	for _, b := range around {
		if own[b.Prefix] {
			continue
		}
		own[b.Prefix] = true
		used := strings.Contains(doc, b.Prefix+":")
		if b.Prefix == "" {
			used = w.bare(i)
		}
		if !used || in.uri(b.Prefix) == b.URI {
			continue
		}
		name := "xmlns"
		if b.Prefix != "" {
			name += ":" + b.Prefix
		}
		at := strings.IndexAny(doc, " \t\r\n/>")
		doc = fmt.Sprintf("%s %s=\"%s\"%s", doc[:at], name, escape(b.URI), doc[at:])
	}
	return doc
}

// bare reports whether an element, or one in it, has the default namespace that is in
// scope around it, or none.
func (w *Writer) bare(i int32) bool {
	for j := i; int(j) < len(w.Nodes) && w.Nodes[j].Start < w.Nodes[i].End; j++ {
		n := &w.Nodes[j]
		if strings.HasPrefix(w.Doc[n.Start+1:], n.Local) && !w.declares(j, i) {
			return true
		}
	}
	return false
}

// declares reports whether element j, or one between it and i, declares a default
// namespace.
func (w *Writer) declares(j, i int32) bool {
	for ; ; j = w.Nodes[j].Parent {
		for _, a := range w.AttrsOf(j) {
			if a.NS == xmltree.XMLNSSpace && a.Local == "" {
				return true
			}
		}
		if j == i {
			return false
		}
	}
}
