package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// A Frame is what a [Matcher] looks at: a document and what is known of it. It reads
// the document when a criterion needs it, and once. It is for one goroutine.
type Frame struct {
	Verb         string
	Name         epp.Name
	ClID, ClTRID string
	Session      int64
	// Also is a further document whose objects count as this one's: that of the
	// command, for an answer. It may be nil.
	Also *Frame

	doc    string
	source func() string
	parsed *xmltree.Tree
	failed error
	tree   *etree.Document
}

// NewFrame makes a Frame of a document that source returns, when it is needed.
func NewFrame(source func() string) *Frame { return &Frame{source: source} }

// Doc is the document.
func (f *Frame) Doc() string {
	if f.source != nil {
		f.doc, f.source = f.source(), nil
	}
	return f.doc
}

// parse reads the document once; nil when it is not well-formed.
func (f *Frame) parse() *xmltree.Tree {
	if f.parsed == nil && f.failed == nil {
		if f.parsed, f.failed = xmltree.Parse([]byte(f.Doc()), xmltree.Limits{}); f.failed != nil {
			f.parsed = nil
		}
	}
	return f.parsed
}

// Tree is the document as paths see it, with the usual prefixes. The error says why
// the document is not well-formed.
func (f *Frame) Tree() (*etree.Document, error) {
	if f.tree == nil {
		t := f.parse()
		if t == nil {
			return nil, f.failed
		}
		f.tree = usual(t)
	}
	return f.tree, nil
}

func (f *Frame) has(p Path) bool {
	_, ok := p.In(f)
	return ok
}

// usual makes a tree in which each namespace has its usual prefix.
func usual(t *xmltree.Tree) *etree.Document {
	prefixes := map[string]string{"": "", epp.NS: "", xmltree.XMLSpaceURI: "xml"}
	declared := []etree.Attr{{Key: "xmlns", Value: epp.NS}}
	taken := make(map[string]bool)
	prefix := func(uri string) string {
		p, ok := prefixes[uri]
		if !ok {
			p = epp.PrefixOf(uri)
			for n := 2; taken[p]; n++ {
				p = fmt.Sprint(epp.PrefixOf(uri), n)
			}
			prefixes[uri], taken[p] = p, true
			declared = append(declared, etree.Attr{Space: "xmlns", Key: p, Value: uri})
		}
		return p
	}
	var build func(i int32) *etree.Element
	build = func(i int32) *etree.Element {
		n := &t.Nodes[i]
		el := etree.NewElement(n.Local)
		el.Space = prefix(t.SpaceURI(n.NS))
		for _, a := range t.AttrsOf(i) {
			if a.NS != xmltree.XMLNSSpace {
				el.Attr = append(el.Attr, etree.Attr{Space: prefix(t.SpaceURI(a.NS)), Key: a.Local, Value: a.Value})
			}
		}
		if n.Text != "" {
			el.SetText(n.Text)
		}
		for c := n.Child; c != 0; c = t.Nodes[c].Next {
			el.AddChild(build(c))
		}
		return el
	}
	root := build(xmltree.Root)
	root.Attr = append(root.Attr, declared...)
	return etree.NewDocumentWithRoot(root)
}

// Objects are the names, handles and numbers of the objects that the frame is about,
// in the order of the document.
func (f *Frame) Objects() []string {
	var out []string
	if t := f.parse(); t != nil {
		for i := xmltree.Root; int(i) < len(t.Nodes); i++ {
			if s := epp.Collapse(t.Nodes[i].Text); s != "" && isObject(t, i) && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	if f.Also != nil {
		for _, s := range f.Also.Objects() {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// isObject reports whether an element names the object of a command or an answer. It
// stands right inside the payload, or in an answer to a check in a <cd>; deeper ones
// are such as a contact's own name.
func isObject(t *xmltree.Tree, i int32) bool {
	n := &t.Nodes[i]
	if n.Local != "name" && n.Local != "id" {
		return false
	}
	depth := 0
	var top int32 // the child of the child of <epp>
	for p := i; p != 0; p = t.Nodes[p].Parent {
		depth++
		if grand := t.Nodes[t.Nodes[p].Parent].Parent; grand == xmltree.Root {
			top = p
		}
	}
	if top == 0 {
		return false
	}
	message := t.Nodes[t.Nodes[top].Parent].Local
	switch {
	case message == "extension": // epp, extension, envelope, command, payload
		return depth == 6
	case message == "response":
		return t.Nodes[top].Local == "resData" &&
			(depth == 5 || depth == 6 && t.Nodes[n.Parent].Local == "cd")
	}
	return depth == 5 && t.Nodes[top].Local != "extension"
}

// names reports whether the frame is about an object.
func (f *Frame) names(object string) bool {
	want := strings.ToLower(object)
	return slices.ContainsFunc(f.Objects(), func(s string) bool { return Glob(want, strings.ToLower(s)) })
}
