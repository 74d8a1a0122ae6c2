package xmltree

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse holds the scanner against encoding/xml: what the scanner accepts,
// encoding/xml accepts too, with the same tree.
func FuzzParse(f *testing.F) {
	for _, doc := range []string{
		`<a/>`, `<?xml version="1.0" encoding="UTF-8" standalone="no"?><a b='1'>x</a>`,
		`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><check><d:check xmlns:d="u"><d:name>a.example</d:name></d:check></check><clTRID>A-1</clTRID></command></epp>`,
		`<p:a xmlns:p="u" p:b="&lt;&#65;" xmlns="v"><c xmlns=""/>x<!-- c --> <?p i?><![CDATA[<]]>&amp;</p:a>`,
		"\ufeff<a>\r\n1\r2\t</a>\n", "<a b=' \t\r\n&#10;'/>", `<é·/>`, `<a xml:lang="cs" xmlns:x="u" x:lang=""/>`,
		"<a xmlns='u\nv'><b/></a>", `<a>]]&gt;</a>`, `<a><!----></a >`, `<!DOCTYPE a><a/>`, `<a b="1" b="2"/>`, `<a></b>`, `<p:a/>`, "<a>\x01</a>", "<a>\ufffe</a>",
	} {
		f.Add([]byte(doc))
		f.Add(utf16Bytes(doc, binary.LittleEndian))
		f.Add(utf16Bytes("\ufeff"+doc, binary.BigEndian))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		tree, err := Parse(frame, Limits{})
		if err != nil {
			if _, ok := err.(*SyntaxError); !ok {
				t.Fatalf("an error of type %T", err)
			}
			return
		}
		checkOffsets(t, tree)
		want, err := standardOutline(tree.Doc)
		if err != nil {
			if strings.Contains(err.Error(), "invalid XML name") && !asciiNames(tree) {
				return // encoding/xml knows the names of the fourth edition
			}
			t.Fatalf("accepted what encoding/xml refuses: %v\n%q", err, tree.Doc)
		}
		if got := likeness(tree); got != want {
			t.Fatalf("for %q\nhave %s\nwant %s", tree.Doc, got, want)
		}
	})
}

func asciiNames(tree *Tree) bool {
	for _, n := range tree.Nodes {
		if strings.ContainsFunc(n.Local, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return false
		}
	}
	for _, a := range tree.Attrs {
		if strings.ContainsFunc(a.Local, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return false
		}
	}
	// Prefixes and instructions have names that the tree does not keep.
	return !strings.ContainsFunc(tree.Doc, func(r rune) bool { return r >= utf8.RuneSelf })
}

// checkOffsets checks that the offsets of every element are where it stands.
func checkOffsets(t *testing.T, tree *Tree) {
	for i := Root; int(i) < len(tree.Nodes); i++ {
		n := &tree.Nodes[i]
		xml := tree.XML(i)
		if xml[0] != '<' || xml[len(xml)-1] != '>' || !strings.Contains(xml, n.Local) {
			t.Fatalf("element %d is %q", i, xml)
		}
		children := 0
		for c := n.Child; c != 0; c = tree.Nodes[c].Next {
			if tree.Nodes[c].Parent != i || tree.Nodes[c].Start <= n.Start || tree.Nodes[c].End >= n.End {
				t.Fatalf("element %d is not inside its parent %d", c, i)
			}
			children++
		}
		from, to := tree.Content(i)
		if to < from {
			if children > 0 || n.Text != "" || !strings.HasSuffix(xml, "/>") {
				t.Fatalf("element %d has content, but none is found: %q", i, xml)
			}
			continue
		}
		if !strings.HasPrefix(tree.Doc[to:], "</") {
			t.Fatalf("the content of element %d ends before %q", i, tree.Doc[to:n.End])
		}
		if n := len(tree.Between(i)); n != children+1 {
			t.Fatalf("%d pieces between %d children", n, children)
		}
	}
}

// likeness is outline with what the two parsers may differ in made equal: white
// space beside elements, and in attributes, which encoding/xml leaves as it is.
func likeness(tree *Tree) string {
	var b strings.Builder
	var walk func(i int32)
	walk = func(i int32) {
		n := &tree.Nodes[i]
		fmt.Fprintf(&b, "(%s", expanded(spaces(tree.SpaceURI(n.NS)), n.Local))
		for _, a := range tree.AttrsOf(i) {
			fmt.Fprintf(&b, " %s=%q", expanded(spaces(tree.SpaceURI(a.NS)), a.Local), spaces(a.Value))
		}
		for c := n.Child; c != 0; c = tree.Nodes[c].Next {
			walk(c)
		}
		fmt.Fprintf(&b, " %q)", plain(n.Text, n.Child != 0))
	}
	walk(Root)
	return b.String()
}

var spaces = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace

func plain(text string, mixed bool) string {
	if mixed {
		return strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "").Replace(text)
	}
	return text
}

// standardOutline is likeness as encoding/xml sees the document.
func standardOutline(doc string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(doc, "\ufeff")))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	type element struct {
		text  strings.Builder
		mixed bool
	}
	var b strings.Builder
	stack := []*element{{}}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			top.mixed = true
			stack = append(stack, &element{})
			fmt.Fprintf(&b, "(%s", expanded(spaces(tok.Name.Space), tok.Name.Local))
			for _, a := range tok.Attr {
				space, local := a.Name.Space, a.Name.Local
				switch {
				case space == "xmlns":
					space = XMLNSSpaceURI
				case space == "" && local == "xmlns":
					space, local = XMLNSSpaceURI, ""
				}
				fmt.Fprintf(&b, " %s=%q", expanded(spaces(space), local), spaces(a.Value))
			}
		case xml.EndElement:
			fmt.Fprintf(&b, " %q)", plain(top.text.String(), top.mixed))
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text.Write(tok)
		}
	}
}
