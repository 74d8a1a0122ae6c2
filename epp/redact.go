package epp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/eppkit/eppkit/internal/secret"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// Redacted is what stands in place of a secret.
const Redacted = secret.Redacted

func isSecret(local string) bool { return secret.IsName(local) }

// hides reports whether the content of an element, or of an attribute of an element, is
// a secret by what the extensions of the set say. space is that of the element, or of an
// attribute that has one; "" matches the names of all extensions.
// The case of its letters does not matter.
func (s *Schema) hides(space, local string) bool {
	return s != nil && len(s.secrets) > 0 && s.secrets[Name{space, strings.ToLower(local)}]
}

// redactQuoted hides what a server quotes in words about a secret: everything from
// the first quotation mark to the last. Validators say such as "Element 'pw': the
// value 'x' is too short".
func (s *Schema) redactQuoted(words string) string {
	const marks = `'"`
	first, last := strings.IndexAny(words, marks), strings.LastIndexAny(words, marks)
	if first == last || !s.nameSecret(words) {
		return words
	}
	return words[:first+1] + Redacted + words[last:]
}

// nameSecret reports whether one of the words is the name of a secret.
func (s *Schema) nameSecret(words string) bool {
	fields := strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' && r != '-' })
	if slices.ContainsFunc(fields, isSecret) {
		return true
	}
	fields = strings.FieldsFunc(words, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' && r != '.'
	})
	return slices.ContainsFunc(fields, func(word string) bool {
		return s.hides("", word) || s.hides("", strings.Trim(word, "-."))
	})
}

// Redact returns a frame for people to see: passwords, authInfo and tokens are
// replaced, in elements and attributes of any namespace, with whatever is inside
// them; so are words about a secret that quote something. The roid of an authInfo
// stays. Comments and processing instructions, which
// may hold anything, are left out. A frame that is not well-formed can't be
// searched for secrets, and is described instead.
//
// What is a secret is told by its name alone, as [Secret] says. [Schema.Redact] knows
// what extensions have beside that.
func Redact(frame []byte) []byte { return (*Schema)(nil).Redact(frame) }

// Redact is [Redact] which replaces also what the extensions of the set name as their
// Secrets.
func (s *Schema) Redact(frame []byte) []byte {
	var t xmltree.Tree
	err := t.Parse(frame, xmltree.Limits{})
	if err == nil {
		if bare := withoutComments(t.Doc); len(bare) < len(t.Doc) {
			err = t.Parse([]byte(bare), xmltree.Limits{})
		}
	}
	if err != nil {
		out := fmt.Appendf(nil, "[%d octets, not shown: not well-formed", len(frame))
		// The reason may name what looks like an element and is part of a secret.
		if e, ok := err.(*SyntaxError); ok {
			out = fmt.Appendf(out, " at line %d, column %d", e.Line, e.Column)
		}
		return append(out, ']')
	}
	var out []byte
	from := int32(0)
	cut := func(start, end int32) {
		if start >= from && end > start {
			out = append(append(out, t.Doc[from:start]...), Redacted...)
			from = end
		}
	}
	secretUntil := int32(0)
	for i := xmltree.Root; int(i) < len(t.Nodes); i++ {
		n := &t.Nodes[i]
		within := n.Start < secretUntil
		space := t.SpaceURI(n.NS)
		if !within && (secret.IsElement(space, n.Local) || s.hides(space, n.Local)) {
			within, secretUntil = true, n.End
		}
		for _, a := range t.AttrsOf(i) {
			switch {
			case a.NS == xmltree.XMLNSSpace: // no secret, and attributes depend on it
			case within && n.Local == "pw" && a.NS == xmltree.NoSpace && a.Local == "roid" && IsROID(a.Value):
			case within || isSecret(a.Local) || s.hides(cmp.Or(t.SpaceURI(a.NS), space), a.Local):
				cut(a.Start, a.End)
			}
		}
		switch {
		case within && (n.Child == 0 || !onlyLayout(t.Between(i))):
			cut(t.Content(i))
		case n.Child == 0 && (n.Local == "reason" || n.Local == "msg") && s.redactQuoted(n.Text) != n.Text:
			cut(t.Content(i))
		}
	}
	return append(out, t.Doc[from:]...)
}

// onlyLayout reports whether there is nothing but white space in any piece: no
// text, and no comment that may hold any.
func onlyLayout(pieces []string) bool {
	for _, s := range pieces {
		if !xmltree.IsSpace(s) {
			return false
		}
	}
	return true
}

// withoutComments drops the comments and processing instructions of a well-formed
// document.
func withoutComments(doc string) string {
	if !strings.Contains(doc, "<!--") && strings.LastIndex(strings.TrimPrefix(doc, "\ufeff"), "<?") <= 0 {
		return doc
	}
	var out strings.Builder
	for doc != "" {
		i := strings.IndexByte(doc, '<')
		if i < 0 {
			break
		}
		out.WriteString(doc[:i])
		doc = doc[i:]
		switch {
		case strings.HasPrefix(doc, "<!--"):
			doc = doc[strings.Index(doc, "-->")+len("-->"):]
		case strings.HasPrefix(doc, "<?") && !strings.HasPrefix(doc, "<?xml "):
			doc = doc[strings.Index(doc, "?>")+len("?>"):]
		case strings.HasPrefix(doc, "<![CDATA["):
			n := strings.Index(doc, "]]>") + len("]]>")
			out.WriteString(doc[:n])
			doc = doc[n:]
		default:
			out.WriteByte('<')
			doc = doc[1:]
		}
	}
	out.WriteString(doc)
	return out.String()
}
