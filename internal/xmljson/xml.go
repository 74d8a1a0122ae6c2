package xmljson

import (
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// ToXML writes JSON in the form that this package describes as a document, indented.
// It takes what people write by hand, too: an array of one and an element alone are
// the same, and so are numbers, true and false and the texts for them.
//
// An error is a *[SyntaxError], or ErrTooLarge.
func ToXML(doc []byte) ([]byte, error) {
	v, err := parse(doc)
	if err != nil {
		return nil, err
	}
	x := &decoder{out: []byte(`<?xml version="1.0" encoding="UTF-8"?>`)}
	if v.kind != object || len(v.members) != 1 {
		return nil, x.errorf("the document must be an object of one element")
	}
	if v.members[0].value.kind == array {
		return nil, x.errorf("the root must be one element, not an array")
	}
	if err := x.element(v.members[0].key, v.members[0].value); err != nil {
		return nil, err
	}
	x.out = append(x.out, '\n')
	// What makes a document well-formed is for the reader of documents to say.
	if _, err := xmltree.Parse(x.out, xmltree.Limits{}); err != nil {
		return nil, &SyntaxError{Msg: "what is described is no document: " + err.(*xmltree.SyntaxError).Msg}
	}
	return x.out, nil
}

// A decoder writes a document that is described in JSON.
type decoder struct {
	out   []byte
	path  []string
	json  []xmltree.Binding // prefixes in scope in the JSON
	xml   []xmltree.Binding // and in the document
	depth int
	mixed int // how many of the open elements have text among children
}

func (x *decoder) errorf(format string, args ...any) error {
	return &SyntaxError{Path: strings.Join(x.path, "."), Msg: fmt.Sprintf(format, args...)}
}

// element writes one element, whose name is key.
func (x *decoder) element(key string, v *value) error {
	x.path = append(x.path, key)
	jsonScope, xmlScope := len(x.json), len(x.xml)
	defer func() {
		x.path = x.path[:len(x.path)-1]
		x.json, x.xml = x.json[:jsonScope], x.xml[:xmlScope]
	}()
	switch {
	case len(x.out) > maxResult:
		return ErrTooLarge
	case x.depth >= maxDepth:
		return x.errorf("elements are nested deeper than %d", maxDepth)
	}
	parts, err := x.parts(v)
	if err != nil {
		return err
	}
	x.json = append(x.json, parts.bindings...)
	if len(x.json) > maxBindings {
		return x.errorf("more than %d prefixes are declared here", maxBindings)
	}
	prefix, local, uri, err := x.resolve(key, true)
	if err != nil {
		return err
	}
	x.newLine()
	if parts.xml != nil {
		return x.verbatim(Name{uri, local}, *parts.xml)
	}
	tag := labelOf(prefix).before(local)
	x.out = append(append(x.out, '<'), tag...)
	x.declare(prefix, uri)
	for _, a := range parts.attrs {
		if err := x.attribute(a.key, a.value.text); err != nil {
			return err
		}
	}
	x.declareIn(parts.text)
	for _, c := range parts.children {
		if c.key == "" {
			x.declareIn(c.value.text)
		}
	}
	if parts.text == "" && len(parts.children) == 0 {
		x.out = append(x.out, "/>"...)
		return nil
	}
	x.out = append(append(x.out, '>'), escape(parts.text, false)...)
	if err := x.children(parts); err != nil {
		return err
	}
	x.out = append(append(append(x.out, "</"...), tag...), '>')
	return nil
}

func (x *decoder) children(p parts) error {
	if len(p.children) == 0 {
		return nil
	}
	if p.mixed {
		x.mixed++
	}
	x.depth++
	for _, c := range p.children {
		if c.key == "" {
			x.out = append(x.out, escape(c.value.text, false)...)
			continue
		}
		if err := x.element(c.key, c.value); err != nil {
			return err
		}
	}
	x.depth--
	if p.mixed {
		x.mixed--
	} else {
		x.newLine()
	}
	return nil
}

// newLine begins a line for a tag, unless that would add to a text.
func (x *decoder) newLine() {
	if x.mixed > 0 {
		return
	}
	x.out = append(x.out, '\n')
	for range x.depth {
		x.out = append(x.out, "  "...)
	}
}

// attribute writes one attribute, with its prefix declared.
func (x *decoder) attribute(key, text string) error {
	x.path = append(x.path, key)
	defer func() { x.path = x.path[:len(x.path)-1] }()
	prefix, local, uri, err := x.resolve(key[1:], false)
	if err != nil {
		return err
	}
	if prefix != "" {
		x.declare(prefix, uri)
	}
	x.declareIn(text)
	x.out = append(append(x.out, ' '), labelOf(prefix).before(local)...)
	x.out = append(append(append(x.out, '=', '"'), escape(text, true)...), '"')
	return nil
}

// resolve finds out what a name means.
func (x *decoder) resolve(key string, element bool) (prefix, local, uri string, err error) {
	prefix, local, ok := strings.Cut(key, ":")
	if !ok {
		prefix, local = "", key
	}
	switch {
	case local == "" || !isWord(prefix) || !isWord(local):
		return "", "", "", x.errorf("this is not a name")
	case ok && prefix == "" && !element:
		return "", "", "", x.errorf("an attribute in no namespace has no prefix and no colon")
	case ok && prefix == "", !ok && !element: // in no namespace
		return "", local, "", nil
	case prefix == "xml":
		return prefix, local, xmltree.XMLSpaceURI, nil
	}
	uri, ok = lookup(x.json, prefix)
	switch {
	case !ok && prefix == "":
		return "", "", "", x.errorf(`the namespace of names without a prefix is not declared; the root needs an "@xmlns"`)
	case !ok:
		return "", "", "", x.errorf(`the prefix is not declared; the root needs an "@xmlns:%s"`, prefix)
	}
	return prefix, local, uri, nil
}

func lookup(scope []xmltree.Binding, prefix string) (uri string, ok bool) {
	for i := len(scope) - 1; i >= 0; i-- {
		if scope[i].Prefix == prefix {
			return scope[i].URI, true
		}
	}
	return "", false
}

// declare declares a prefix in the start tag that is open, unless it is in scope.
func (x *decoder) declare(prefix, uri string) {
	if is, _ := lookup(x.xml, prefix); is == uri || prefix == "xml" {
		return
	}
	b := xmltree.Binding{Prefix: prefix, URI: uri}
	x.xml = append(x.xml, b)
	x.out = append(x.out, declaration(b)...)
}

// declareIn declares the prefixes that a value has.
func (x *decoder) declareIn(text string) {
	for prefix := range prefixesIn(text) {
		if uri, ok := lookup(x.json, prefix); ok && prefix != "" {
			x.declare(prefix, uri)
		}
	}
}

// verbatim writes an element as it is.
func (x *decoder) verbatim(want Name, doc string) error {
	t, err := xmltree.Parse([]byte(doc), xmltree.Limits{})
	if err != nil {
		return x.errorf("$xml: %v", err)
	}
	if nameOf(t, xmltree.Root) != want {
		return x.errorf("$xml holds another element")
	}
	xml := t.XML(xmltree.Root)
	cut := strings.IndexAny(xml, " \t\r\n/>")
	x.out = append(x.out, xml[:cut]...)
	if outer, _ := lookup(x.xml, ""); outer != "" && !declaresDefault(t) {
		x.out = append(x.out, ` xmlns=""`...)
	}
	x.out = append(x.out, xml[cut:]...)
	return nil
}

func declaresDefault(t *xmltree.Tree) bool {
	for _, a := range t.AttrsOf(xmltree.Root) {
		if a.NS == xmltree.XMLNSSpace && a.Local == "" {
			return true
		}
	}
	return false
}

var (
	textEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	attrEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
)

func escape(s string, attr bool) string {
	if attr {
		return attrEscapes.Replace(s)
	}
	return textEscapes.Replace(s)
}
