package xmltree

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// outline writes a tree in a form in which prefixes, quotes and layout do not
// matter: {namespace}name, attributes, quoted text, children in parentheses.
func outline(t *Tree) string {
	var b strings.Builder
	var walk func(i int32)
	walk = func(i int32) {
		n := &t.Nodes[i]
		b.WriteString(expanded(t.SpaceURI(n.NS), n.Local))
		for _, a := range t.AttrsOf(i) {
			if a.NS != XMLNSSpace {
				fmt.Fprintf(&b, " @%s=%q", expanded(t.SpaceURI(a.NS), a.Local), a.Value)
			}
		}
		if n.Text != "" {
			fmt.Fprintf(&b, " %q", n.Text)
		}
		for c := n.Child; c != 0; c = t.Nodes[c].Next {
			b.WriteString(" (")
			walk(c)
			b.WriteString(")")
		}
	}
	walk(Root)
	return b.String()
}

func expanded(space, local string) string {
	if space == "" {
		return local
	}
	return "{" + space + "}" + local
}

// utf16Bytes encodes s in UTF-16, and puts a byte order mark before it when s has
// one.
func utf16Bytes(s string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func TestAccepted(t *testing.T) {
	le := func(s string) string { return string(utf16Bytes(s, binary.LittleEndian)) }
	be := func(s string) string { return string(utf16Bytes(s, binary.BigEndian)) }
	const lang = "{http://www.w3.org/XML/1998/namespace}lang"
	for _, c := range []struct{ name, doc, want string }{
		{"2.1 empty element", `<a/>`, `a`},
		{"2.1 start and end tag", `<a></a >`, `a`},
		{"2.1 white space around the root", " \t\r\n<a/> \n", `a`},
		{"2.3 names", `<_a.b-c1 é="1"/>`, `_a.b-c1 @é="1"`},
		{"2.3 names beyond the BMP and of the fifth edition", "<\U00010000\u00b7\u0300/>", "\U00010000\u00b7\u0300"},
		{"2.3 either quote", `<a b='"' c="'"/>`, `a @b="\"" @c="'"`},
		{"2.3 white space in tags", "<a\n b\t=\r\n'1'  c = '2'\n/>", `a @b="1" @c="2"`},
		{"2.4 text", `<a>x > y "z"</a>`, `a "x > y \"z\""`},
		{"2.4 brackets in text", `<a>]] ]> ]]&gt;</a>`, `a "]] ]> ]]>"`},
		{"2.4 a tab and DEL are characters", "<a>\t\u007f\u0085\u2028</a>", `a "\t\x7f\u0085\u2028"`},
		{"2.5 comments", `<!-- 1 --><a><!--2 - < & --><b/><!----></a><!-- 3 -->`, `a (b)`},
		{"2.5 a comment joins the text beside it", `<a>x<!-- 1 -->y</a>`, `a "xy"`},
		{"2.6 processing instructions", `<?p?><?xml-stylesheet a="<"?><a><?q ? > ?>x<?r?></a><?s ?>`, `a "x"`},
		{"2.7 CDATA", `<a>x<![CDATA[<&]]]]><![CDATA[>]]>y</a>`, `a "x<&]]>y"`},
		{"2.8 no declaration", `<a/>`, `a`},
		{"2.8 a declaration", `<?xml version="1.0"?><a/>`, `a`},
		{"2.8 all of a declaration", `<?xml version = '1.0' encoding="utf-8" standalone='no' ?><a/>`, `a`},
		{"2.9 standalone without encoding", `<?xml version="1.0" standalone="yes"?><a/>`, `a`},
		{"2.10 white space alone in a leaf is kept", "<a><b> \t </b></a>", `a (b " \t ")`},
		{"2.10 white space between elements is dropped", "<a> <b/>\n<c/>\t</a>", `a (b) (c)`},
		{"2.10 also beside comments", "<a> <!-- --> <b/> <?p?> </a>", `a (b)`},
		{"2.10 mixed content", "<a>x <b>y</b> z</a>", `a "x  z" (b "y")`},
		{"2.11 line ends", "<a>1\r\n2\r3\n4\r\r\n</a>", `a "1\n2\n3\n4\n\n"`},
		{"2.11 line ends in white space alone", "<a>\r\n \r</a>", `a "\n \n"`},
		{"2.11 line ends in CDATA", "<a><![CDATA[\r\n\r]]></a>", `a "\n\n"`},
		{"2.11 a character reference is no line end", "<a>&#13;\n</a>", `a "\r\n"`},
		{"2.12 xml:lang", `<a xml:lang="cs"/>`, `a @` + lang + `="cs"`},
		{"3.1 an end tag with its prefix", `<p:a xmlns:p="u"></p:a>`, `{u}a`},
		{"3.3.3 attribute values", "<a b=' 1\t2\n3\r\n4\r5 '/>", `a @b=" 1 2 3 4 5 "`},
		{"3.3.3 a character reference is no white space", "<a b='&#9;&#xA;&#13;'/>", `a @b="\t\n\r"`},
		{"4.1 character references", `<a b="&#65;&#x42;">&#x10FFFF;&#00000000000000000000000067;</a>`, `a @b="AB" "\U0010ffffC"`},
		{"4.3.3 a byte order mark", "\ufeff<?xml version='1.0'?><a/>", `a`},
		{"4.3.3 US-ASCII", `<?xml version="1.0" encoding="us-ascii"?><a/>`, `a`},
		{"4.3.3 UTF-16 LE", le("\ufeff<?xml version='1.0' encoding='UTF-16' ?><a>é\U0001F600</a>"), "a \"é\U0001F600\""},
		{"4.3.3 UTF-16 BE", be("\ufeff<?xml version='1.0' encoding='utf-16BE' standalone='yes'?><a>é</a>"), `a "é"`},
		{"4.3.3 UTF-16 LE without a mark", le(`<a b="é"/>`), `a @b="é"`},
		{"4.3.3 UTF-16 BE without a mark", be(`<a b="é"/>`), `a @b="é"`},
		{"4.6 predefined entities", `<a b="&lt;&gt;&amp;&apos;&quot;">&lt;&gt;&amp;&apos;&quot;</a>`, `a @b="<>&'\"" "<>&'\""`},
		{"NS 2.1 any prefix", `<x:a xmlns:x="u"><y:b xmlns:y="u"/></x:a>`, `{u}a ({u}b)`},
		{"NS 2.1 a prefix declared after its use", `<p:a p:b="1" xmlns:p="u"/>`, `{u}a @{u}b="1"`},
		{"NS 6.1 a prefix declared anew", `<p:a xmlns:p="u"><p:b xmlns:p="v"/><p:c/></p:a>`, `{u}a ({v}b) ({u}c)`},
		{"NS 6.2 default namespace", `<a xmlns="u" b="1"><c xmlns="v"/><d xmlns=""><e/></d></a>`, `{u}a @b="1" ({v}c) (d (e))`},
		{"NS 6.2 none to take back", `<a xmlns=""/>`, `a`},
		{"NS 6.3 one local name in two namespaces", `<a xmlns:p="u" xmlns:q="v" b="1" p:b="2" q:b="3"/>`, `a @b="1" @{u}b="2" @{v}b="3"`},
		{"NS 3 the prefix xml declared", `<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang=""/>`, `a @` + lang + `=""`},
		{"NS a URI with a reference", `<a xmlns="u?a&amp;b"/>`, `{u?a&b}a`},
		{
			"XSD 2.6.3 schemaLocation",
			`<a xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="u v"/>`,
			`a @{http://www.w3.org/2001/XMLSchema-instance}schemaLocation="u v"`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, err := Parse([]byte(c.doc), Limits{})
			require.NoError(t, err)
			require.Equal(t, c.want, outline(tree))
			again, err := Parse([]byte(tree.Doc), Limits{})
			require.NoError(t, err, "the document as it is kept")
			require.Equal(t, c.want, outline(again))
		})
	}
}

// A tree that is used again shows nothing of the document before.
func TestReuse(t *testing.T) {
	var tree Tree
	require.NoError(t, tree.Parse([]byte(`<p:a xmlns:p="u" b="1">x<!-- -->y<c/><d>z</d></p:a>`), Limits{}))
	tree.Nodes[Root].Used, tree.Nodes[Root].TextUsed = true, true
	require.Error(t, tree.Parse([]byte(`<a><b>text<`), Limits{}))
	require.NoError(t, tree.Parse([]byte(`<a><b/></a>`), Limits{}))
	require.Equal(t, `a (b)`, outline(&tree))
	require.False(t, tree.Nodes[Root].Used || tree.Nodes[Root].TextUsed)

	require.True(t, tree.Reset())
	require.Empty(t, tree.Doc)
	for _, n := range tree.Nodes {
		require.Empty(t, n.Local+n.Text)
	}
	require.NoError(t, tree.Parse([]byte(strings.Repeat("<a>", 1)+strings.Repeat("<b/>", 5000)+"</a>"), Limits{}))
	require.False(t, tree.Reset(), "slices of a large document are not worth keeping")
}

func TestOffsets(t *testing.T) {
	const doc = "<?xml version=\"1.0\"?>\n" +
		`<p:a xmlns:p="u" xmlns="v" b='>'> 1 <c d="/>" xmlns:q="w" />2<!-- 3 --><e xmlns="" xmlns:p="x"><f/></e>4</p:a>`
	tree, err := Parse([]byte(doc), Limits{})
	require.NoError(t, err)
	byName := map[string]int32{}
	for i := Root; int(i) < len(tree.Nodes); i++ {
		byName[tree.Nodes[i].Local] = i
	}
	content := func(name string) string {
		from, to := tree.Content(byName[name])
		if to < from {
			return "(none)"
		}
		return tree.Doc[from:to]
	}

	require.Equal(t, `<c d="/>" xmlns:q="w" />`, tree.XML(byName["c"]))
	require.Equal(t, `<e xmlns="" xmlns:p="x"><f/></e>`, tree.XML(byName["e"]))
	require.Equal(t, doc[22:], tree.XML(Root))

	require.Equal(t, "(none)", content("c"))
	require.Equal(t, "<f/>", content("e"))
	require.Equal(t, doc[strings.Index(doc, " 1 "):len(doc)-len("</p:a>")], content("a"))
	require.Equal(t, []string{" 1 ", "2<!-- 3 -->", "4"}, tree.Between(Root))
	require.Equal(t, []string{"", ""}, tree.Between(byName["e"]))

	d := tree.AttrsOf(byName["c"])[0]
	require.Equal(t, "/>", tree.Doc[d.Start:d.End])

	require.Equal(t, []Binding{{"p", "u"}, {"", "v"}}, tree.Scope(Root))
	require.Equal(t, []Binding{{"q", "w"}, {"p", "u"}, {"", "v"}}, tree.Scope(byName["c"]))
	require.Equal(t, []Binding{{"", ""}, {"p", "x"}}, tree.Scope(byName["f"]))
	require.Nil(t, tree.Scope(0))
	require.Equal(t, byName["e"], tree.Declarer(byName["f"]))
	require.Equal(t, byName["c"], tree.Declarer(byName["c"]))
	require.Zero(t, tree.Declarer(0))

	ns, ok := tree.Space("x")
	require.True(t, ok)
	require.Equal(t, "x", tree.SpaceURI(ns))
	_, ok = tree.Space("y")
	require.False(t, ok)
}

// Offsets of a document that was UTF-16 are those of its UTF-8 form.
func TestOffsetsOfUTF16(t *testing.T) {
	tree, err := Parse(utf16Bytes("\ufeff<?xml version='1.0' encoding='UTF-16LE'?><é>ž<b/></é>", binary.LittleEndian), Limits{})
	require.NoError(t, err)
	require.Equal(t, "\ufeff<?xml version='1.0' encoding='UTF-8'   ?><é>ž<b/></é>", tree.Doc)
	require.Equal(t, "<b/>", tree.XML(2))
	require.Equal(t, []string{"ž", ""}, tree.Between(Root))
}

func TestPosition(t *testing.T) {
	const doc = "\ufeffab\néž\r\nx"
	var l Locator
	for _, c := range []struct{ offset, line, column int }{
		{0, 1, 1},
		{3, 1, 1},
		{5, 1, 3},
		{6, 2, 1},
		{8, 2, 2},
		{12, 3, 1},
		{13, 3, 2},
		{99, 3, 2},
		{10, 2, 3},
		{6, 2, 1},
		{4, 1, 2},
		{0, 1, 1},
		{8, 2, 2},
		{5, 1, 3},
		{4, 1, 2},
	} {
		line, column := Position(doc, c.offset)
		require.Equal(t, []int{c.line, c.column}, []int{line, column}, "offset %d", c.offset)
		line, column = l.Position(doc, c.offset)
		require.Equal(t, []int{c.line, c.column}, []int{line, column}, "offset %d after another", c.offset)
	}
}

func TestValidChars(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "a\t\r\né\ufffd\U0010ffff": true,
		"\x00": false, "\x1f": false, "\xff": false, "a\xed\xa0\x80": false, "\ufffe": false, "\uffff": false,
	} {
		require.Equal(t, want, ValidChars(s), "%q", s)
	}
}
