package xmljson

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// An outline is what a document says, as encoding/xml sees it: exactly, but for
// prefixes and for white space between elements.
type outline struct {
	text  string
	words []word // with a prefix, in values
}

type word struct{ word, uri string }

func outlineOf(doc []byte) (outline, error) {
	tree, err := xmltree.Parse(doc, xmltree.Limits{}) // for UTF-16
	if err != nil {
		return outline{}, err
	}
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(tree.Doc, "\ufeff")))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var o outline
	for {
		tok, err := d.Token()
		if err != nil {
			return o, err
		}
		if start, ok := tok.(xml.StartElement); ok {
			o.text, err = o.element(d, start, nil)
			return o, err
		}
	}
}

func (o *outline) element(d *xml.Decoder, start xml.StartElement, scope []xmltree.Binding) (string, error) {
	var attrs, items []string
	for _, a := range start.Attr {
		switch {
		case a.Name.Space == "xmlns":
			scope = append(slices.Clip(scope), xmltree.Binding{Prefix: a.Name.Local, URI: blanks.Replace(a.Value)})
		case a.Name.Space == "" && a.Name.Local == "xmlns":
		default:
			attrs = append(attrs, fmt.Sprintf("{%s}%s=%q", blanks.Replace(a.Name.Space), a.Name.Local, blanks.Replace(a.Value)))
		}
	}
	slices.Sort(attrs)
	for _, a := range start.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			o.note(a.Value, scope)
		}
	}
	texts, children := "", false
	for {
		tok, err := d.Token()
		if err != nil {
			return "", err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			texts += string(tok)
			if n := len(items); n > 0 && strings.HasPrefix(items[n-1], "t") {
				items[n-1] += string(tok)
			} else {
				items = append(items, "t"+string(tok))
			}
		case xml.StartElement:
			children = true
			child, err := o.element(d, tok, scope)
			if err != nil {
				return "", err
			}
			items = append(items, "e"+child)
		case xml.EndElement:
			if children && xmltree.IsSpace(texts) {
				items = slices.DeleteFunc(items, func(s string) bool { return s[0] == 't' })
			}
			items = slices.DeleteFunc(items, func(s string) bool { return s == "t" })
			for _, s := range items {
				if s[0] == 't' {
					o.note(s[1:], scope)
				}
			}
			return fmt.Sprintf("({%s}%s %q %q)", blanks.Replace(start.Name.Space), start.Name.Local, attrs, items), nil
		}
	}
}

// blanks are what an attribute's white space is read as; encoding/xml leaves it.
var blanks = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

// note notes what the prefixes in a value mean. Attributes of one element may have
// changed places, so that a word is found by itself.
func (o *outline) note(value string, scope []xmltree.Binding) {
	for _, w := range strings.Fields(value) {
		prefix, _, ok := strings.Cut(w, ":")
		if !ok {
			continue
		}
		uri, _ := lookup(scope, prefix)
		o.words = append(o.words, word{w, uri})
	}
}

// lost are words that had a prefix with a meaning, and have another now. Each word of
// a value that is not longer than the others is where it was.
func (o outline) lost(now outline) (lost []word) {
	if len(o.words) != len(now.words) {
		return o.words
	}
	for i, w := range o.words {
		prefix, local, _ := strings.Cut(w.word, ":")
		if w.uri != "" && isWord(prefix) && local != "" && isWord(local) && w != now.words[i] {
			lost = append(lost, w)
		}
	}
	return lost
}
