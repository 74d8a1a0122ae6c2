package schemas

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// The library lets white space into an element whose type allows neither text nor
// children, against XML Schema Part 1, section 3.4.4, and stops at a child there
// without saying of what. It does neither to text of no length. So that is what
// such types are made, before it sees them.
const (
	emptyNS     = "urn:eppkit:empty"
	emptySchema = `<xs:schema xmlns:xs="` + xsdNS + `" targetNamespace="` + emptyNS + `">` +
		`<xs:simpleType name="text"><xs:restriction base="xs:string"><xs:length value="0"/></xs:restriction></xs:simpleType>` +
		`</xs:schema>`
)

// withEmptyText makes text of no length of the types of empty content in a schema,
// less those that others are derived from. Lines stay where they are.
func withEmptyText(data []byte) ([]byte, error) {
	t, err := xmltree.Parse(data, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	e := emptier{t: t, bases: bases(t)}
	for i := range t.Nodes[xmltree.Root:] {
		if i := int32(i) + xmltree.Root; e.is(i, "complexType") {
			e.rewrite(i)
		}
	}
	if e.from == 0 {
		return []byte(t.Doc), nil
	}
	e.out.WriteString(t.Doc[e.from:])
	// The import goes right behind the start tag of the root.
	start, _ := t.Content(xmltree.Root)
	imp := fmt.Sprintf(`<%simport namespace="%s"/>`, e.prefix(xmltree.Root), emptyNS)
	return slices.Insert(e.out.Bytes(), int(start), []byte(imp)...), nil
}

// bases are the local names of the types that others are derived from.
func bases(t *xmltree.Tree) []string {
	var names []string
	for _, a := range t.Attrs {
		if a.NS == xmltree.NoSpace && a.Local == "base" {
			names = append(names, a.Value[strings.IndexByte(a.Value, ':')+1:])
		}
	}
	return names
}

type emptier struct {
	t     *xmltree.Tree
	bases []string
	out   bytes.Buffer
	from  int32 // what of the document is in out already
}

func (e *emptier) is(i int32, locals ...string) bool {
	n := &e.t.Nodes[i]
	return e.t.SpaceURI(n.NS) == xsdNS && slices.Contains(locals, n.Local)
}

// prefix is that of element i, with its colon.
func (e *emptier) prefix(i int32) string {
	name := e.t.XML(i)[1:]
	name = name[:strings.IndexAny(name, " \t\r\n/>")]
	return name[:strings.IndexByte(name, ':')+1]
}

// rewrite changes the complex type i if its content is empty.
func (e *emptier) rewrite(i int32) {
	attrs, ok := e.attributes(i)
	if !ok || attr(e.t, i, "mixed") == "true" || slices.Contains(e.bases, attr(e.t, i, "name")) {
		return
	}
	p := e.prefix(i)
	content := fmt.Sprintf(`<%[1]ssimpleContent><%[1]sextension xmlns:empty="%[2]s" base="empty:text">%[3]s</%[1]sextension></%[1]ssimpleContent>`,
		p, emptyNS, attrs)
	n := &e.t.Nodes[i]
	start, end := e.t.Content(i)
	if end < start { // an empty-element tag
		slash := n.Start + int32(strings.LastIndexByte(e.t.XML(i), '/'))
		e.replace(slash, n.End, ">"+content+"</"+p+"complexType>")
		return
	}
	lines := strings.Count(e.t.Doc[start:end], "\n") - strings.Count(content, "\n")
	e.replace(start, end, content+strings.Repeat("\n", lines))
}

// attributes are the declarations of attributes in a type of empty content, as they
// stand in the document.
func (e *emptier) attributes(i int32) (decls string, empty bool) {
	for c := e.t.Nodes[i].Child; c != 0; c = e.t.Nodes[c].Next {
		n := &e.t.Nodes[c]
		switch {
		case e.is(c, "attribute", "attributeGroup", "anyAttribute"):
			decls += e.t.XML(c)
		case e.is(c, "annotation"), e.is(c, "sequence", "all") && n.Child == 0:
		case e.is(c, "complexContent") && attr(e.t, c, "mixed") != "true":
			return e.restricted(c)
		default:
			return "", false
		}
	}
	return decls, true
}

// restricted is attributes for a complexContent that restricts any type to nothing.
func (e *emptier) restricted(i int32) (decls string, empty bool) {
	c := e.t.Nodes[i].Child
	for c != 0 && e.is(c, "annotation") {
		c = e.t.Nodes[c].Next
	}
	base := ""
	if c != 0 && e.is(c, "restriction") {
		base = attr(e.t, c, "base")
	}
	if base[strings.IndexByte(base, ':')+1:] != "anyType" {
		return "", false
	}
	return e.attributes(c)
}

func (e *emptier) replace(from, to int32, s string) {
	e.out.WriteString(e.t.Doc[e.from:from])
	e.out.WriteString(s)
	e.from = to
}
