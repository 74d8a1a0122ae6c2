package variant

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// spaces separate attributes.
var spaces = []string{" ", " ", " ", "\n\t", "  ", "\r\n "}

// pad is white space where there need not be any.
func (w *Writer) pad() string {
	if w.one(6) {
		return pick(w, []string{" ", "\n", "\t"})
	}
	return ""
}

// between is what may stand between two elements.
func (w *Writer) between() string {
	return pick(w, []string{"", "", "", "\n", "\r\n\t", "    "}) + w.misc()
}

// misc is what says nothing.
func (w *Writer) misc() string {
	if !w.one(8) {
		return ""
	}
	return pick(w, []string{
		"<!---->", "<!-- a > b & c < d -->", "<!--<response/>-->", "<?eppkit?>", `<?eppkit code="2400"?>`, "\n",
	})
}

// encode writes the document's declaration and encodes it.
func (w *Writer) encode(doc string) []byte {
	quote := pick(w, []string{`"`, `'`})
	attr := func(name, value string) string { return " " + name + w.pad() + "=" + quote + value + quote }
	standalone := ""
	if w.one(3) {
		standalone = attr("standalone", pick(w, []string{"yes", "no"}))
	}
	declaration := func(encoding string) string {
		switch {
		case w.one(4):
			return ""
		case w.one(3):
			return "<?xml" + attr("version", "1.0") + standalone + "?>"
		}
		return "<?xml" + attr("version", "1.0") + attr("encoding", encoding) + standalone + w.pad() + "?>"
	}
	if w.one(6) {
		return utf16Octets(declaration("UTF-16")+doc, w.one(2))
	}
	out := declaration(pick(w, []string{"UTF-8", "utf-8"})) + doc
	if w.one(6) {
		out = "\uFEFF" + out
	}
	return []byte(out)
}

// utf16Octets encodes a document, with the mark that XML wants.
func utf16Octets(doc string, big bool) []byte {
	units := utf16.Encode([]rune("\uFEFF" + doc))
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// text writes character data.
func (w *Writer) text(s string) string {
	switch {
	case s == "":
		return ""
	case w.one(5) && !strings.ContainsAny(s, "\r"):
		return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>"
	case w.one(5):
		return w.references(s)
	case w.one(10) && len(s) > 1 && s[0] < 0x80 && !strings.ContainsAny(s, "\r&<>]"):
		return s[:1] + "<![CDATA[" + s[1:] + "]]>"
	}
	return escape(s)
}

// references writes some characters as references.
func (w *Writer) references(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case w.one(4):
			fmt.Fprintf(&b, pick(w, []string{"&#%d;", "&#x%X;", "&#x%06x;"}), r)
		default:
			b.WriteString(escape(string(r)))
		}
	}
	return b.String()
}

// quoted writes an attribute's value.
func (w *Writer) quoted(s string) string {
	text := escape(s)
	if w.one(6) {
		text = w.references(s)
	}
	text = strings.NewReplacer("\t", "&#9;", "\n", "&#10;").Replace(text)
	if w.one(2) {
		return "'" + strings.ReplaceAll(text, "'", "&apos;") + "'"
	}
	return `"` + strings.ReplaceAll(text, `"`, "&quot;") + `"`
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

func escape(s string) string { return escaper.Replace(s) }

var dateTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`)

// value is an element's text, in one of the forms of its type.
func (w *Writer) value(i int32) string {
	n := &w.Nodes[i]
	name := epp.Name{Space: w.SpaceURI(n.NS), Local: n.Local}
	switch text := n.Text; {
	case dateTimes[name] && dateTime.MatchString(text):
		return w.moment(text)
	case booleans[name]:
		return w.boolean(text)
	default:
		return text
	}
}

// attrValue is an attribute's value, in one of the forms of its type.
func (w *Writer) attrValue(a xmltree.Attr) string {
	switch {
	case a.NS == xmltree.NoSpace && booleanAttrs[a.Local]:
		return w.boolean(a.Value)
	case a.NS == xmltree.NoSpace && dateTimeAttrs[a.Local] && dateTime.MatchString(a.Value):
		return w.moment(a.Value)
	}
	return a.Value
}

// moment adds fractions of a second that are none.
func (w *Writer) moment(s string) string {
	s = strings.TrimSuffix(s, "Z")
	zeros := pick(w, []string{"", "0", "000", "000000"})
	if zeros != "" && !strings.Contains(s, ".") {
		zeros = "." + zeros
	}
	return s + zeros + "Z"
}

func (w *Writer) boolean(s string) string {
	switch strings.Trim(s, " \t\r\n") {
	case "1", "true":
		return pick(w, []string{"1", "true"})
	case "0", "false":
		return pick(w, []string{"0", "false"})
	}
	return s
}
