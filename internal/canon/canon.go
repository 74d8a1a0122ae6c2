// Package canon writes what an XML document says in one way, so that tests can
// compare documents that were written differently.
//
// It reads with encoding/xml and has nothing in common with the scanner it
// witnesses for.
package canon

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const xsi = "http://www.w3.org/2001/XMLSchema-instance"

// ErrNames is in the chain of the error about a document with a name that XML has had since
// its fifth edition, and that encoding/xml, which keeps to the fourth, refuses.
var ErrNames = errors.New("a name of XML's fifth edition")

// about adds ErrNames to an error of encoding/xml that is about such a name: no name in
// ASCII differs between the editions.
func about(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		name, is := strings.CutPrefix(syntax.Msg, "invalid XML name")
		if is && strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return fmt.Errorf("canon: %w: %w", ErrNames, err)
		}
	}
	return fmt.Errorf("canon: %w", err)
}

// Canonical returns the infoset of a document as text, one element a line: its
// expanded name, its attributes in order of their names, and its character data.
//
// What EPP gives no meaning is left out: prefixes, comments, processing
// instructions, schema locations, white space at the ends of text and its
// repetition. Two spellings of one value are written alike: a boolean as 1 or 0, a
// time with an offset in UTC.
func Canonical(doc []byte) (string, error) {
	d := xml.NewDecoder(strings.NewReader(string(doc)))
	var out strings.Builder
	var root *element
	for {
		tok, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && root != nil:
			root.write(&out, 0)
			return out.String(), nil
		case err != nil:
			return "", about(err)
		}
		if start, ok := tok.(xml.StartElement); ok {
			if root != nil {
				return "", errors.New("canon: a second root element")
			}
			if root, err = read(d, start); err != nil {
				return "", about(err)
			}
		}
	}
}

// An element has one text more than it has children: before, between and after
// them.
type element struct {
	name     xml.Name
	attrs    []xml.Attr
	texts    []string
	children []*element
}

func read(d *xml.Decoder, start xml.StartElement) (*element, error) {
	e := &element{name: start.Name, texts: []string{""}}
	for _, a := range start.Attr {
		declaration := a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns"
		if !declaration && (a.Name.Space != xsi || a.Name.Local != "schemaLocation") {
			e.attrs = append(e.attrs, a)
		}
	}
	slices.SortFunc(e.attrs, func(a, b xml.Attr) int { return strings.Compare(expanded(a.Name), expanded(b.Name)) })
	for {
		tok, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			child, err := read(d, tok)
			if err != nil {
				return nil, err
			}
			e.children = append(e.children, child)
			e.texts = append(e.texts, "")
		case xml.CharData:
			e.texts[len(e.texts)-1] += string(tok)
		case xml.EndElement:
			return e, nil
		}
	}
}

func (e *element) write(out *strings.Builder, depth int) {
	indent := strings.Repeat("  ", depth)
	out.WriteString(indent + expanded(e.name))
	for _, a := range e.attrs {
		fmt.Fprintf(out, " %s=%q", expanded(a.Name), value(a.Value))
	}
	if text := value(e.texts[0]); len(e.children) == 0 && text != "" {
		fmt.Fprintf(out, " %q", text)
	}
	out.WriteByte('\n')
	if len(e.children) == 0 {
		return
	}
	for i, text := range e.texts {
		if text = value(text); text != "" {
			fmt.Fprintf(out, "%s  %q\n", indent, text)
		}
		if i < len(e.children) {
			e.children[i].write(out, depth+1)
		}
	}
}

func expanded(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

// value writes a text in the one way that stands for all of its spellings.
func value(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " ")
	switch s {
	case "true":
		return "1"
	case "false":
		return "0"
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t.UTC().Format(time.RFC3339Nano)
	}
	return s
}
