package xmltree

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRefused(t *testing.T) {
	be := func(s string) string { return string(utf16Bytes(s, binary.BigEndian)) }
	for _, c := range []struct{ name, doc, want string }{
		{"2.1 nothing", ``, `1:1 the document has no root element`},
		{"2.1 white space alone", " \n ", `2:2 the document has no root element`},
		{"2.1 a comment alone", `<!-- a -->`, `1:11 the document has no root element`},
		{"2.1 two roots", "<a/>\n <b/>", `2:2 a second root element`},
		{"2.1 text after the root", `<a/> x`, `1:6 character data outside the root element`},
		{"2.1 text before the root", `x<a/>`, `1:1 character data outside the root element`},
		{"2.1 a reference after the root", `<a/>&#32;`, `1:5 character data outside the root element`},
		{"2.1 CDATA after the root", `<a/><![CDATA[]]>`, `1:5 CDATA outside the root element`},
		{"2.1 NUL after the root", "<a/>\x00", `1:5 character data outside the root element`},
		{"2.1 elements that overlap", `<a><b></a></b>`, `1:7 an end tag that does not match the start tag "b"`},
		{"2.1 an end tag too many", `<a/></a>`, `1:5 an end tag without its start tag`},
		{"2.1 the end is missing", `<a><b>`, `1:7 the document ends inside element "b"`},
		{"2.1 the end is missing after text", `<a>text`, `1:8 the document ends inside element "a"`},
		{"2.1 cut after <", `<a><`, `1:5 a name is expected after '<'`},
		{"2.1 cut inside a start tag", `<a`, `1:3 the document ends inside a tag`},
		{"2.1 cut inside an end tag", `<a></a`, `1:7 the document ends inside element "a"`},
		{"2.1 cut inside an attribute", `<a b="1`, `1:6 an attribute's value without its closing quote`},
		{"2.2 a control character", "<a>b\x01</a>", `1:5 the control character U+0001 is not allowed`},
		{"2.2 NUL", "<a>\x00</a>", `1:4 the control character U+0000 is not allowed`},
		{"2.2 a control character in an attribute", "<a b='\x1f'/>", `1:7 the control character U+001F is not allowed`},
		{"2.2 a control character in a comment", "<a><!--\x0b--></a>", `1:8 the control character U+000B is not allowed`},
		{"2.2 a control character in CDATA", "<a><![CDATA[é\x0c]]></a>", `1:14 the control character U+000C is not allowed`},
		{"2.2 a control character in an instruction", "<a><?p \x0c?></a>", `1:8 the control character U+000C is not allowed`},
		{"2.2 U+FFFE", "<a>\ufffe</a>", `1:4 the character U+FFFE is not allowed`},
		{"2.2 U+FFFF in an attribute", "<a b='\uffff'/>", `1:7 the character U+FFFF is not allowed`},
		{"2.2 U+FFFE in a comment", "<!--\ufffe--><a/>", `1:5 the character U+FFFE is not allowed`},
		{"2.3 a name that begins with a digit", `<1a/>`, `1:2 a name is expected after '<'`},
		{"2.3 a name with ×", `<a×b/>`, `1:2 a name with a character that XML does not allow there`},
		{"2.3 a name that begins with ·", `<·a/>`, `1:2 a name with a character that XML does not allow there`},
		{"2.3 a local name that begins with ·", `<p:·a xmlns:p="u"/>`, `1:2 a name with a character that XML does not allow there`},
		{"2.3 an attribute's name with U+FFFE", "<a b\ufffe=''/>", `1:4 a name with a character that XML does not allow there`},
		{"2.3 a value without quotes", `<a b=c/>`, `1:6 an attribute's value must be quoted`},
		{"2.3 < in a value", `<a b="x<y"/>`, `1:8 '<' in an attribute's value`},
		{"2.4 & alone", `<a>x & y</a>`, `1:6 '&' does not begin a reference; write it as &amp;`},
		{"2.4 ]]> in text", "<a>\nx]]></a>", `2:2 ']]>' in character data`},
		{"2.5 -- in a comment", `<a><!-- x -- y --></a>`, `1:11 '--' inside a comment`},
		{"2.5 a comment that ends in --->", `<a><!-- x ---></a>`, `1:11 '--' inside a comment`},
		{"2.5 a comment without end", `<a><!-- </a>`, `1:4 a comment without its end`},
		{"2.5 a comment as short as can't be", `<a><!--></a>`, `1:4 a comment without its end`},
		{"2.6 an instruction called xml", `<a><?XML a?></a>`, `1:4 a processing instruction may not be called "XML"`},
		{"2.6 an instruction without end", `<a><?p </a>`, `1:4 a processing instruction without its end`},
		{"2.6 an instruction without name", `<a><? p?></a>`, `1:6 a name is expected`},
		{"2.6 no white space after the name", `<a><?p=1?></a>`, `1:7 white space is expected after a processing instruction's name`},
		{"2.7 CDATA without end", `<a><![CDATA[ ]] ></a>`, `1:4 a CDATA section without its end`},
		{"2.7 CDATA in small letters", `<a><![cdata[]]></a>`, `1:4 malformed markup declaration`},
		{"2.8 DOCTYPE", `<!DOCTYPE a><a/>`, `1:1 DOCTYPE is not allowed`},
		{"2.8 an entity declaration", "\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", `2:1 DOCTYPE is not allowed`},
		{"2.8 DOCTYPE after the root", `<a/><!DOCTYPE a>`, `1:5 DOCTYPE is not allowed`},
		{"2.8 doctype in small letters", `<!doctype a><a/>`, `1:1 malformed markup declaration`},
		{"2.8 a late declaration", ` <?xml version="1.0"?><a/>`, `1:2 a processing instruction may not be called "xml"`},
		{"2.8 a second declaration", `<?xml version="1.0"?><?xml version="1.0"?><a/>`, `1:22 a processing instruction may not be called "xml"`},
		{"2.8 version 1.1", `<?xml version="1.1"?><a/>`, `1:16 the XML version is not 1.0`},
		{"2.8 a version with a reference", `<?xml version="1&#46;0"?><a/>`, `1:16 the XML version is not 1.0`},
		{"2.8 no version", `<?xml ?><a/>`, `1:1 an XML declaration without a version`},
		{"2.8 encoding before version", `<?xml encoding="UTF-8" version="1.0"?><a/>`, `1:17 malformed XML declaration`},
		{"2.8 an unknown pseudo-attribute", `<?xml version="1.0" x="1"?><a/>`, `1:24 malformed XML declaration`},
		{"2.8 no white space in the declaration", `<?xml version="1.0"encoding="UTF-8"?><a/>`, `1:20 malformed XML declaration`},
		{"2.9 standalone neither yes nor no", `<?xml version="1.0" standalone="maybe"?><a/>`, `1:33 malformed XML declaration`},
		{"3.1 a name is missing", `<a>< b/></a>`, `1:5 a name is expected after '<'`},
		{"3.1 white space in an end tag", `<a></ a>`, `1:4 an end tag that does not match the start tag "a"`},
		{"3.1 an end tag with an attribute", `<a></a b="1">`, `1:4 an end tag that does not match the start tag "a"`},
		{"3.1 a longer end tag", `<a></ab>`, `1:4 an end tag that does not match the start tag "a"`},
		{"3.1 another prefix in the end tag", `<p:a xmlns:p="u" xmlns:q="u"></q:a>`, `1:30 an end tag that does not match the start tag "p:a"`},
		{"3.1 no white space between attributes", `<a b="1"c="2"/>`, `1:9 white space is expected before an attribute`},
		{"3.1 an attribute without value", `<a b/>`, `1:5 '=' is expected after an attribute's name`},
		{"3.1 / without >", `<a / >`, `1:4 '>' is expected after '/'`},
		{"3.1 an attribute twice", `<a b="1" c="" b = "2"/>`, `1:15 the attribute "b" stands twice in one element`},
		{"4.1 &#0;", `<a>&#0;</a>`, `1:4 a reference to a character that XML does not allow`},
		{"4.1 half a surrogate pair", `<a>&#xD800;</a>`, `1:4 a reference to a character that XML does not allow`},
		{"4.1 beyond Unicode", `<a b="x&#x110000;"/>`, `1:8 a reference to a character that XML does not allow`},
		{"4.1 far beyond Unicode", `<a>&#99999999999999999999999;</a>`, `1:4 a reference to a character that XML does not allow`},
		{"4.1 U+FFFF", `<a>&#xFFFF;</a>`, `1:4 a reference to a character that XML does not allow`},
		{"4.1 a letter in a decimal reference", `<a>&#1a;</a>`, `1:4 a reference to a character that XML does not allow`},
		{"4.1 a capital X", `<a>&#X41;</a>`, `1:4 a reference to a character that XML does not allow`},
		{"4.1 no digits", `<a>&#;</a>`, `1:4 a reference to a character that XML does not allow`},
		{"4.1 no semicolon", `<a>&amp </a>`, `1:4 '&' does not begin a reference; write it as &amp;`},
		{"4.1 no semicolon before the quote", `<a b="&amp" c="d;"/>`, `1:7 '&' does not begin a reference; write it as &amp;`},
		{"4.1 an entity that nobody declared", `<a>é&nbsp;</a>`, `1:5 a reference to an entity that is not declared`},
		{"4.1 the same in an attribute", `<a b="&nbsp;"/>`, `1:7 a reference to an entity that is not declared`},
		{"4.3.3 invalid UTF-8", "<a>é\n\nžš\xff</a>", `3:3 invalid UTF-8`},
		{"4.3.3 UTF-8 cut short", "<a>\xc3", `1:4 invalid UTF-8`},
		{"4.3.3 a surrogate in UTF-8", "<a>\xed\xa0\x80</a>", `1:4 invalid UTF-8`},
		{"4.3.3 an overlong form", "<a>\xc0\xbc</a>", `1:4 invalid UTF-8`},
		{"4.3.3 two byte order marks", "\ufeff\ufeff<a/>", `1:1 character data outside the root element`},
		{"4.3.3 ISO-8859-1", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, `1:31 the declared encoding is not supported; use UTF-8 or UTF-16`},
		{"4.3.3 UTF-16 that is UTF-8", `<?xml version="1.0" encoding="UTF-16"?><a/>`, `1:31 the declared encoding is not the document's`},
		{"4.3.3 UTF-8 that is UTF-16", be(`<?xml version="1.0" encoding="UTF-8"?><a/>`), `1:31 the declared encoding is not the document's`},
		{"4.3.3 US-ASCII that is not", `<?xml version="1.0" encoding="US-ASCII"?><é/>`, `1:31 the declared encoding is not the document's`},
		{"4.3.3 UTF-16 of an odd length", be(`<a/>`) + "x", `1:5 UTF-16 with half a character at its end`},
		{"4.3.3 half a surrogate pair in UTF-16", be("<a>\n") + "\xd8\x00\x00x" + be("</a>"), `2:1 UTF-16 with half a surrogate pair`},
		{"4.3.3 the other half", be("<a>é") + "\xdc\x00\xd8\x00", `1:5 UTF-16 with half a surrogate pair`},
		{"4.3.3 half a pair at the end", be("<a>") + "\xd8\x00", `1:4 UTF-16 with half a surrogate pair`},
		{"4.3.3 U+FFFE in UTF-16", be("<a>\ufffe</a>"), `1:4 the character U+FFFE is not allowed`},
		{"4.3.3 UTF-32", "\xff\xfe\x00\x00<\x00\x00\x00", `1:1 character data outside the root element`},
		{"NS 3 the prefix xml bound otherwise", `<a xmlns:xml="u"/>`, `1:4 the prefixes xml and xmlns and their namespaces can't be bound otherwise`},
		{"NS 3 its namespace bound otherwise", `<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, `1:4 the prefixes xml and xmlns and their namespaces can't be bound otherwise`},
		{"NS 3 its namespace as the default", `<a xmlns="http://www.w3.org/XML/1998/namespace"/>`, `1:4 the prefixes xml and xmlns and their namespaces can't be bound otherwise`},
		{"NS 3 the prefix xmlns declared", `<a xmlns:xmlns="u"/>`, `1:4 the prefixes xml and xmlns and their namespaces can't be bound otherwise`},
		{"NS 3 its namespace bound", `<a xmlns:p="http://www.w3.org/2000/xmlns/"/>`, `1:4 the prefixes xml and xmlns and their namespaces can't be bound otherwise`},
		{"NS 3 an element with the prefix xmlns", `<xmlns:a/>`, `1:2 the namespace prefix "xmlns" is not declared`},
		{"NS 4 two colons", `<a:b:c xmlns:a="u"/>`, `1:5 white space is expected before an attribute`},
		{"NS 4 nothing before the colon", `<:a/>`, `1:2 a name is expected after '<'`},
		{"NS 4 nothing after the colon", `<a: xmlns:a="u"/>`, `1:4 a name is expected`},
		{"NS 4 a digit after the colon", `<a:1 xmlns:a="u"/>`, `1:4 a name is expected`},
		{"NS 7 an instruction with a colon", `<?a:b?><c/>`, `1:1 a processing instruction may not be called "a:b"`},
		{"NS 5 an element's prefix", "<a>\n<p:b/></a>", `2:2 the namespace prefix "p" is not declared`},
		{"NS 5 an attribute's prefix", `<a c="1" p:b = "1"/>`, `1:10 the namespace prefix "p" is not declared`},
		{"NS 5 a prefix out of scope", `<a><b xmlns:p="u"/><p:c/></a>`, `1:21 the namespace prefix "p" is not declared`},
		{"NS 5 a prefix taken back", `<a xmlns:p="u"><b xmlns:p=""/></a>`, `1:19 a namespace prefix can't be taken back`},
		{"NS 6.3 an attribute twice by its expanded name", `<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>`, `1:36 the attribute "b" stands twice in one element`},
		{"NS 6.3 a declaration twice", `<a xmlns:p="u" xmlns:p="v"/>`, `1:16 a namespace prefix is declared twice in one element`},
		{"NS 6.3 a default declaration twice", `<a xmlns="u" xmlns="u"/>`, `1:14 a namespace prefix is declared twice in one element`},
		{"lines and columns after a mark", "\ufeff<a>\r\n\té<b></c></a>", `2:6 an end tag that does not match the start tag "b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.doc), Limits{})
			var syntax *SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Equal(t, c.want, fmt.Sprintf("%d:%d %s", syntax.Line, syntax.Column, syntax.Msg))
			require.Equal(t, fmt.Sprintf("xml: line %d, column %d: %s", syntax.Line, syntax.Column, syntax.Msg), err.Error())
		})
	}
}

// An error's text never holds character data or the value of an attribute.
func TestErrorsKeepSecrets(t *testing.T) {
	const secret = "Hunter2"
	for _, doc := range []string{
		`<a>Hunter2`, `<a>Hunter2</b>`, `<a>Hunter2&</a>`, `<a>&Hunter2;</a>`, `<a b="Hunter2&"/>`, `<a b="&Hunter2;"/>`,
		`<a b="Hunter2`, `<a b="Hunter2<"/>`, `<a b=Hunter2/>`, `<a b="Hunter2" b="Hunter2"/>`, `<a p:b="Hunter2"/>`,
		`<a xmlns:p="Hunter2" xmlns:p="Hunter2"/>`, `<?xml version="Hunter2"?><a/>`, `<?xml version="1.0" encoding="Hunter2"?><a/>`,
		`<a/>Hunter2`, "<a>Hunter2\x01</a>", "<a>Hunter2\xff</a>", `<a>Hunter2]]></a>`, `<a><![CDATA[Hunter2`, `<a><!--Hunter2`,
		`<!DOCTYPE Hunter2><a/>`, `Hunter2`,
	} {
		_, err := Parse([]byte(doc), Limits{})
		require.Error(t, err, doc)
		require.NotContains(t, err.Error(), secret, doc)
	}
}

// What a hostile document may cost: a bound on what is allocated, as a multiple of
// its size beyond 64 KiB, and on time that no linear scan comes near.
func TestLimits(t *testing.T) {
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	const million = 1 << 20
	for _, c := range []struct {
		name, doc, want string
		cost            int
	}{
		{"depth 64", strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64), ``, 1},
		{"depth 65", strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), `1:193 elements are nested deeper than 64`, 1},
		{"depth 100,000", strings.Repeat("<a>", 100_000), `1:193 elements are nested deeper than 64`, 2},
		{"depth 100,000 with attributes", strings.Repeat(`<a b="c">`, 100_000), `1:577 elements are nested deeper than 64`, 2},
		{"128 attributes and 64 declarations", "<a" + numbered(128, ` a%d=""`) + numbered(64, ` xmlns:n%d="u"`) + "/>", ``, 10},
		{"50,000 attributes", "<a" + numbered(50_000, ` a%d=""`) + "/>", `1:918 more than 128 attributes in one element`, 2},
		{"50,000 times one attribute", "<a" + strings.Repeat(` a=""`, 50_000) + "/>", `1:644 more than 128 attributes in one element`, 2},
		{"65 declarations", "<a" + numbered(65, ` xmlns:n%d="u"`) + "/>", `1:890 more than 64 namespace declarations in scope`, 8},
		{"10,000 declarations", "<a" + numbered(10_000, ` xmlns:n%d="u%[1]d"`) + "/>", `1:1008 more than 64 namespace declarations in scope`, 2},
		{"10,000 namespaces", "<a>" + numbered(10_000, `<b xmlns="u%d"/>`) + "</a>", `1:4198 more than 256 namespaces`, 2},
		{"10,000 declarations of one namespace", "<a>" + strings.Repeat(`<b xmlns="u"/>`, 10_000) + "</a>", ``, 40},
		{"65,535 elements", "<a>" + strings.Repeat("<a/>", 1<<16-2) + "</a>", ``, 100},
		{"1 MiB of <a/>", "<a>" + strings.Repeat("<a/>", million/4) + "</a>", `1:262144 more than 65536 elements`, 25},
		{"1 MiB of text", "<a>" + strings.Repeat("x", million) + "</a>", ``, 2},
		{"1 MiB of white space", "<a>" + strings.Repeat(" ", million) + "</a>", ``, 2},
		{"1 MiB of text and comments", "<a>" + strings.Repeat("x<!---->", million/8) + "</a>", ``, 4},
		{"1 MiB of white space and comments", "<a>" + strings.Repeat(" <!---->", million/8) + "</a>", ``, 4},
		{"1 MiB of text and CDATA", "<a>" + strings.Repeat("x<![CDATA[]]>", million/13) + "</a>", ``, 4},
		{"1 MiB of references", "<a>" + strings.Repeat("&lt;", million/4) + "</a>", ``, 4},
		{"1 MiB of references in a value", `<a b="` + strings.Repeat("&lt;", million/4) + `"/>`, ``, 4},
		{"1 MiB in one reference", `<a>&#` + strings.Repeat("0", million) + `65;</a>`, ``, 2},
		{"1 MiB of name", "<" + strings.Repeat("a", million) + "/>", ``, 2},
		{"1 MiB of UTF-16", string(utf16Bytes("<a>"+strings.Repeat("\u20ac", million/2)+"</a>", binary.LittleEndian)), ``, 7},
		{"a comment that never ends", "<a>" + strings.Repeat("<!-- ", million/5), `1:11 '--' inside a comment`, 2},
		{"CDATA that never ends", "<a>" + strings.Repeat("<![CDATA[", million/9), `1:4 a CDATA section without its end`, 2},
		{
			"billion laughs",
			`<!DOCTYPE l [<!ENTITY a "ha">` + strings.Repeat(`<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">`, 9) + `]><l>&b;</l>`,
			`1:1 DOCTYPE is not allowed`, 2,
		},
		{"an external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///dev/null">]><a>&x;</a>`, `1:1 DOCTYPE is not allowed`, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			frame := []byte(c.doc)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := Parse(frame, Limits{})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			got := ""
			if err != nil {
				syntax := err.(*SyntaxError)
				got = fmt.Sprintf("%d:%d %s", syntax.Line, syntax.Column, syntax.Msg)
			}
			require.Equal(t, c.want, got)
			require.Less(t, took, 30*time.Second, "a hang, not a busy machine")
			require.LessOrEqual(t, int(after.TotalAlloc-before.TotalAlloc), 64<<10+c.cost*len(frame), "bytes allocated for %d", len(frame))
		})
	}
}

func TestLimitsGiven(t *testing.T) {
	lim := Limits{Depth: 2, Attrs: 1, Elements: 3}
	for doc, want := range map[string]string{
		`<a b="1"><b/><c/></a>`:     ``,
		`<a><b><c/></b></a>`:        `1:7 elements are nested deeper than 2`,
		`<a b="1" xmlns="u" c=""/>`: `1:20 more than 1 attributes in one element`,
		`<a><b/><c/><d/></a>`:       `1:12 more than 3 elements`,
	} {
		_, err := Parse([]byte(doc), lim)
		if want == "" {
			require.NoError(t, err, doc)
			continue
		}
		var syntax *SyntaxError
		require.ErrorAs(t, err, &syntax, doc)
		require.Equal(t, want, fmt.Sprintf("%d:%d %s", syntax.Line, syntax.Column, syntax.Msg))
	}
}

// Bytes are looked at several at a time: one bad byte is found wherever it stands.
func TestInvalidAnywhere(t *testing.T) {
	for n := range 40 {
		doc := []byte("<a>" + strings.Repeat("x", 40) + "</a>")
		doc[3+n] = 0xff
		_, err := Parse(doc, Limits{})
		require.Equal(t, &SyntaxError{Line: 1, Column: 4 + n, Msg: "invalid UTF-8"}, err)

		doc = []byte("<" + strings.Repeat("x", n) + "×" + strings.Repeat("x", 40-n) + "/>")
		_, err = Parse(doc, Limits{})
		require.Error(t, err, "a name with × at %d", n)
	}
}
