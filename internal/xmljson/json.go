package xmljson

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// Options say how a document is written as JSON.
type Options struct {
	// Prefix gives the prefix for a namespace, which must be one that XML allows, or
	// "" for the one whose names have none. Nil means that no namespace is known.
	Prefix func(uri string) string
	// Form gives what is known of an element in its parent, which is the zero Name for
	// the root, and says whether its own schema is known. Nil means that none is.
	Form func(parent, child Name) (f Form, known bool)
	// OpenSigned writes signed elements as others. Made into XML again their
	// signatures may not be valid.
	OpenSigned bool
}

// A Name is that of an element.
type Name struct{ Space, Local string }

// A Form is what the schema says of an element in its place.
type Form struct {
	Many bool // it may stand there several times
	Text bool // it has neither attributes nor children
}

// ErrTooLarge is that a result would be larger than any EPP peer makes one.
var ErrTooLarge = errors.New("the result would have more than 32 MiB")

const (
	maxResult = 32 << 20
	dsigSpace = "http://www.w3.org/2000/09/xmldsig#"
)

// FromXML writes a document as JSON, indented. An error is an *[xmltree.SyntaxError],
// or ErrTooLarge.
func FromXML(doc []byte, o Options) ([]byte, error) {
	t, err := xmltree.Parse(doc, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	x := &encoder{tree: t, open: o.OpenSigned, form: o.Form, prefixes: prefixesOf(t, o)}
	if x.form == nil {
		x.form = func(_, _ Name) (Form, bool) { return Form{Many: true}, false }
	}
	x.out = append(x.out, "{\n  "...)
	x.depth = 1
	x.key(x.label(xmltree.Root))
	x.element(xmltree.Root, Name{})
	x.out = append(x.out, "\n}\n"...)
	if len(x.out) > maxResult {
		return nil, ErrTooLarge
	}
	return x.out, nil
}

// An encoder writes the elements of a tree as JSON.
type encoder struct {
	*prefixes
	tree  *xmltree.Tree
	open  bool
	form  func(parent, child Name) (f Form, known bool)
	out   []byte
	depth int // of what is open
}

// nameOf is the name of element i.
func nameOf(t *xmltree.Tree, i int32) Name {
	return Name{t.SpaceURI(t.Nodes[i].NS), t.Nodes[i].Local}
}

// label is the name of element i as a member.
func (x *encoder) label(i int32) string {
	n := nameOf(x.tree, i)
	return x.elements[n.Space].before(n.Local)
}

// element writes the value of element i.
func (x *encoder) element(i int32, parent Name) {
	if len(x.out) > maxResult {
		return // it will be refused
	}
	t := x.tree
	me := nameOf(t, i)
	is, known := x.form(parent, me)
	n := &t.Nodes[i]
	members := x.declarations(i)
	if !x.open && signed(t, i) {
		x.object(append(members, member{"$xml", func() { x.text(standalone(t, i)) }}))
		return
	}
	members = append(members, x.attributesOf(i)...)
	switch {
	case len(members) == 0 && n.Child == 0 && (is.Text || !known):
		x.text(n.Text)
		return
	case n.Child == 0:
		if n.Text != "" {
			members = append(members, member{"$text", func() { x.text(n.Text) }})
		}
	default:
		members = append(members, x.children(i, me)...)
	}
	x.object(members)
}

// A member of an object, and what writes its value.
type member struct {
	name  string
	value func()
}

func (x *encoder) object(members []member) {
	if len(members) == 0 {
		x.out = append(x.out, "{}"...)
		return
	}
	x.list('{', len(members), '}', func(k int) {
		x.key(members[k].name)
		members[k].value()
	})
}

// list writes n things, each on a line, between brackets.
func (x *encoder) list(open byte, n int, end byte, item func(int)) {
	x.out = append(x.out, open)
	x.depth++
	for k := range n {
		if k > 0 {
			x.out = append(x.out, ',')
		}
		x.line()
		item(k)
	}
	x.depth--
	x.line()
	x.out = append(x.out, end)
}

func (x *encoder) line() {
	x.out = append(x.out, '\n')
	for range x.depth {
		x.out = append(x.out, "  "...)
	}
}

func (x *encoder) key(s string) {
	x.text(s)
	x.out = append(x.out, ": "...)
}

// text writes a JSON string. Those that XML can hold need little of it.
func (x *encoder) text(s string) {
	x.out = append(x.out, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c != 0x7F {
			continue
		}
		x.out = append(x.out, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			x.out = append(x.out, '\\', c)
		case '\n':
			x.out = append(x.out, `\n`...)
		case '\r':
			x.out = append(x.out, `\r`...)
		case '\t':
			x.out = append(x.out, `\t`...)
		default:
			x.out = fmt.Appendf(x.out, `\u%04x`, c)
		}
	}
	x.out = append(append(x.out, s[from:]...), '"')
}

// declarations are the members of element i that declare prefixes.
func (x *encoder) declarations(i int32) (list []member) {
	for _, b := range x.declared[i] {
		key := "@xmlns"
		if b.Prefix != "" {
			key += ":" + b.Prefix
		}
		list = append(list, member{key, func() { x.text(b.URI) }})
	}
	return list
}

// attributesOf are the members for the attributes of element i.
func (x *encoder) attributesOf(i int32) (list []member) {
	for _, a := range x.tree.AttrsOf(i) {
		if a.NS != xmltree.XMLNSSpace {
			key := "@" + x.attributes[x.tree.SpaceURI(a.NS)].before(a.Local)
			list = append(list, member{key, func() { x.text(a.Value) }})
		}
	}
	return list
}

// children are the members for the content of element i.
func (x *encoder) children(i int32, me Name) (list []member) {
	t := x.tree
	mixed := t.Nodes[i].Text != ""
	var last Name
	var items []int32 // of that name
	seen := map[Name]bool{}
	fits := !mixed
	flush := func() {
		if len(items) == 0 {
			return
		}
		is, _ := x.form(me, last)
		fits = fits && (is.Many || len(items) == 1)
		run := items
		value := func() { x.element(run[0], me) }
		if is.Many {
			value = func() { x.list('[', len(run), ']', func(k int) { x.element(run[k], me) }) }
		}
		list = append(list, member{x.label(run[0]), value})
	}
	for c := t.Nodes[i].Child; c != 0 && fits; c = t.Nodes[c].Next {
		n := nameOf(t, c)
		if len(items) == 0 || n != last {
			flush()
			fits = fits && !seen[n]
			last, items = n, nil
			seen[n] = true
		}
		items = append(items, c)
	}
	flush()
	if fits {
		return list
	}
	return []member{{"$content", func() { x.content(i, me, mixed) }}}
}

// content writes what is in element i as a list: texts and children in their order.
func (x *encoder) content(i int32, me Name, mixed bool) {
	t := x.tree
	var items []func()
	text := func(markup string) {
		if s := decoded(markup); mixed && s != "" {
			items = append(items, func() { x.text(s) })
		}
	}
	between := t.Between(i)
	k := 0
	for c := t.Nodes[i].Child; c != 0; c = t.Nodes[c].Next {
		text(between[k])
		k++
		items = append(items, func() {
			x.object([]member{{x.label(c), func() { x.element(c, me) }}})
		})
	}
	text(between[k])
	x.list('[', len(items), ']', func(k int) { items[k]() })
}

// decoded is the text that a piece of content without elements stands for. It is of a
// document that was read.
func decoded(markup string) string {
	if !strings.ContainsAny(markup, "<&\r") {
		return markup
	}
	t, err := xmltree.Parse([]byte("<a>"+markup+"</a>"), xmltree.Limits{})
	if err != nil {
		panic(err)
	}
	return t.Nodes[xmltree.Root].Text
}

// signed reports whether element i holds a signature of itself.
func signed(t *xmltree.Tree, i int32) bool {
	for c := t.Nodes[i].Child; c != 0; c = t.Nodes[c].Next {
		if nameOf(t, c) == (Name{dsigSpace, "Signature"}) {
			return true
		}
	}
	return false
}

// standalone is element i as it was written, with the bindings that were in scope.
func standalone(t *xmltree.Tree, i int32) string {
	own := map[string]bool{}
	for _, a := range t.AttrsOf(i) {
		if a.NS == xmltree.XMLNSSpace {
			own[a.Local] = true
		}
	}
	xml := t.XML(i)
	cut := strings.IndexAny(xml, " \t\r\n/>")
	var b strings.Builder
	b.WriteString(xml[:cut])
	for _, s := range t.Scope(i) {
		if !own[s.Prefix] && s.URI != "" {
			b.WriteString(declaration(s))
		}
	}
	b.WriteString(xml[cut:])
	return b.String()
}

// declaration is a binding as it stands in a start tag, with a space before it.
func declaration(b xmltree.Binding) string {
	if b.Prefix == "" {
		return ` xmlns="` + escape(b.URI, true) + `"`
	}
	return ` xmlns:` + b.Prefix + `="` + escape(b.URI, true) + `"`
}

// number is a prefix with a number that no other has; the first has none.
func number(prefix string, n int) string {
	if n == 1 {
		return prefix
	}
	return prefix + strconv.Itoa(n)
}

// isNameByte reports whether a byte may be in a prefix or a name. Those beyond ASCII
// are looked at where a document is read.
func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c >= utf8.RuneSelf
}
