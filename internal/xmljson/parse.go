package xmljson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/internal/surrogate"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// A SyntaxError says why JSON describes no document. Its text never quotes values,
// which may be secrets.
type SyntaxError struct {
	Path string // of the member, as in epp.command.check; "" where it is no JSON
	Msg  string
}

func (e *SyntaxError) Error() string {
	if e.Path == "" {
		return "json: " + e.Msg
	}
	return "json: " + e.Path + ": " + e.Msg
}

// The kinds of values. Numbers, true and false are texts.
const (
	text = iota
	object
	array
	null
)

// A value is one of JSON, with its members in order.
type value struct {
	kind    int
	text    string
	members []pair
	items   []*value
}

// A pair is a member of an object, or with key "" a text among children.
type pair struct {
	key   string
	value *value
}

const (
	maxDepth = 64 // of elements, as xmltree has it
	// maxNesting leaves room for the object, the list and the array around each.
	maxNesting = 4 * maxDepth
	// maxBindings is for prefixes in scope: more than FromXML writes, whose reader
	// takes 256 namespaces.
	maxBindings = 1024
)

// parse reads one value and requires that nothing follows. Unlike package json it
// refuses what is not UTF-8, half of a surrogate pair, and two members of one name.
func parse(doc []byte) (*value, error) {
	doc = bytes.TrimPrefix(doc, []byte("\ufeff"))
	if !utf8.Valid(doc) || bytes.IndexByte(doc, 0) >= 0 { // UTF-16 has octets that are 0
		return nil, &SyntaxError{Msg: "not UTF-8, which JSON must be"}
	}
	p := parser{dec: json.NewDecoder(bytes.NewReader(doc)), doc: doc}
	if at := surrogate.Half(doc); at >= 0 {
		return nil, p.errorAt(at, "half of a surrogate pair")
	}
	p.dec.UseNumber()
	v, err := p.value(0)
	if err != nil {
		return nil, p.syntax(err)
	}
	end := int(p.dec.InputOffset())
	if _, err := p.dec.Token(); err != io.EOF {
		return nil, p.errorAt(end, "more behind the end")
	}
	return v, nil
}

type parser struct {
	dec *json.Decoder
	doc []byte
}

func (p *parser) errorAt(offset int, msg string) error {
	line, col := xmltree.Position(string(p.doc), offset)
	return &SyntaxError{Msg: "line " + strconv.Itoa(line) + ", column " + strconv.Itoa(col) + ": " + msg}
}

// syntax gives an error of package json a position: behind what is in order.
func (p *parser) syntax(err error) error {
	var own *SyntaxError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &syntax):
		return p.errorAt(int(p.dec.InputOffset()), syntax.Error())
	}
	return p.errorAt(len(p.doc), "the document ends too early")
}

func (p *parser) value(depth int) (*value, error) {
	if depth > maxNesting {
		return nil, p.errorAt(int(p.dec.InputOffset()), "nested too deep")
	}
	tok, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '{' {
			return p.object(depth)
		}
		v := &value{kind: array}
		for p.dec.More() {
			item, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, item)
		}
		_, err := p.dec.Token()
		return v, err
	case string:
		return &value{text: tok}, nil
	case json.Number:
		return &value{text: tok.String()}, nil
	case bool:
		return &value{text: strconv.FormatBool(tok)}, nil
	}
	return &value{kind: null}, nil
}

func (p *parser) object(depth int) (*value, error) {
	v := &value{kind: object}
	seen := map[string]bool{}
	for p.dec.More() {
		tok, err := p.dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := tok.(string)
		if seen[key] {
			return nil, p.errorAt(int(p.dec.InputOffset()), "a second member of this name in one object")
		}
		seen[key] = true
		member, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		v.members = append(v.members, pair{key, member})
	}
	_, err := p.dec.Token()
	return v, err
}

// parts are what the value of an element says.
type parts struct {
	bindings []xmltree.Binding
	attrs    []pair
	text     string
	children []pair
	mixed    bool // there is text among the children
	xml      *string
}

// parts reads the value of an element.
func (x *decoder) parts(v *value) (p parts, err error) {
	switch v.kind {
	case text:
		p.text = v.text
		return p, x.valid(v.text)
	case array:
		return p, x.errorf("an array of arrays")
	case null:
		return p, x.errorf(`null says nothing; leave the member out, or write "" for an empty element`)
	}
	kinds, byName := 0, false // of content: text, children by name, $content, $xml
	for _, m := range v.members {
		special := strings.HasPrefix(m.key, "@") || m.key == "$text" || m.key == "$xml"
		switch {
		case special && m.value.kind != text:
			err = x.errorf("%s must be a text", printable(m.key))
		case special && !xmltree.ValidChars(m.value.text):
			err = x.errorf("%s: a character that XML does not allow", printable(m.key))
		case m.key == "":
			err = x.errorf("a name is empty")
		case m.key == "@xmlns" || strings.HasPrefix(m.key, "@xmlns:"):
			err = x.binding(&p, m)
		case strings.HasPrefix(m.key, "@"):
			p.attrs = append(p.attrs, m)
		case m.key == "$text":
			p.text = m.value.text
			kinds++
		case m.key == "$xml":
			p.xml = &m.value.text
			kinds++
		case m.key == "$content":
			err = x.content(&p, m.value)
			kinds++
		case strings.HasPrefix(m.key, "$"):
			err = x.errorf("%s is not known; there are $text, $content and $xml", printable(m.key))
		default:
			if !byName {
				kinds++
			}
			byName = true
			p.add(m)
		}
		if err != nil {
			return p, err
		}
	}
	switch {
	case kinds > 1:
		return p, x.errorf("$text, $content, $xml and children exclude each other")
	case p.xml != nil && len(p.attrs) > 0:
		return p, x.errorf("the attributes of an element in $xml are there, too")
	}
	return p, nil
}

// add adds a child, or each of several.
func (p *parts) add(m pair) {
	if m.value.kind != array {
		p.children = append(p.children, m)
		return
	}
	for _, item := range m.value.items {
		p.children = append(p.children, pair{m.key, item})
	}
}

func (x *decoder) binding(p *parts, m pair) error {
	_, prefix, _ := strings.Cut(m.key, ":")
	uri := m.value.text
	if prefix == "xml" && uri != xmltree.XMLSpaceURI {
		return x.errorf("the prefix xml has a meaning of its own")
	}
	if !isWord(prefix) || m.key == "@xmlns:" || prefix != "" && uri == "" {
		return x.errorf("%s declares no prefix", printable(m.key))
	}
	p.bindings = append(p.bindings, xmltree.Binding{Prefix: prefix, URI: uri})
	return nil
}

// content reads what "$content" lists.
func (x *decoder) content(p *parts, v *value) error {
	if v.kind != array {
		return x.errorf("$content must be an array")
	}
	for _, item := range v.items {
		switch {
		case item.kind == text:
			p.children = append(p.children, pair{"", item})
			p.mixed = p.mixed || item.text != ""
			if err := x.valid(item.text); err != nil {
				return err
			}
		case item.kind != object || len(item.members) != 1 || strings.ContainsAny(item.members[0].key[:min(1, len(item.members[0].key))], "@$"):
			return x.errorf("what stands in $content must be a text, or an object of one child")
		case item.members[0].key == "":
			return x.errorf("a name is empty")
		default:
			p.add(item.members[0])
		}
	}
	return nil
}

// valid refuses characters that XML can't hold.
func (x *decoder) valid(s string) error {
	if !xmltree.ValidChars(s) {
		return x.errorf("a character that XML does not allow")
	}
	return nil
}

// printable is a key for an error text, cut to a readable length.
func printable(key string) string {
	const most = 64
	if len(key) > most {
		key = key[:most] + "…"
	}
	return strconv.QuoteToGraphic(key)
}
