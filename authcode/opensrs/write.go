package opensrs

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// errCharacter is a text that no XML document can hold, however it is escaped.
var errCharacter = errors.New("opensrs: an item holds a character that XML does not allow")

// XML writes the document. The error says that a key or a text holds a character that
// XML does not allow.
func (e *Envelope) XML() ([]byte, error) {
	w := writer{}
	w.line(0, `<?xml version='1.0' encoding='UTF-8' standalone='no'?>`)
	if e.Doctype {
		w.line(0, `<!DOCTYPE OPS_envelope SYSTEM 'ops.dtd'>`)
	}
	w.line(0, "<OPS_envelope>")
	w.line(1, "<header>")
	w.line(2, "<version>"+w.escaped(text, cmp.Or(e.Version, "0.9"))+"</version>")
	w.line(1, "</header>")
	w.line(1, "<body>")
	w.line(2, "<data_block>")
	w.assoc(3, e.Data)
	w.line(2, "</data_block>")
	w.line(1, "</body>")
	w.line(0, "</OPS_envelope>")
	return []byte(w.String()), w.err
}

type writer struct {
	strings.Builder
	err error
}

// text and attribute escape what would not come back as it is. A ">" would, but for
// "]]>".
var (
	text      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	attribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
		"\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
)

func (w *writer) escaped(how *strings.Replacer, s string) string {
	if !xmltree.ValidChars(s) {
		w.err = errCharacter
	}
	return how.Replace(s)
}

func (w *writer) line(depth int, s string) {
	for range depth {
		w.WriteString("    ")
	}
	w.WriteString(s)
	w.WriteByte('\n')
}

func (w *writer) assoc(depth int, a Assoc) {
	w.line(depth, "<dt_assoc>")
	for _, it := range a {
		w.item(depth+1, it)
	}
	w.line(depth, "</dt_assoc>")
}

func (w *writer) item(depth int, it Item) {
	open := `<item key="` + w.escaped(attribute, it.Key) + `">`
	if v := it.Value; v.IsText() {
		w.line(depth, open+w.escaped(text, v.Text.Reveal())+"</item>")
		return
	}
	w.line(depth, open)
	if v := it.Value; v.Assoc != nil {
		w.assoc(depth+1, v.Assoc)
	} else {
		w.line(depth+1, "<dt_array>")
		for n, v := range v.Array {
			w.item(depth+2, Item{strconv.Itoa(n), v})
		}
		w.line(depth+1, "</dt_array>")
	}
	w.line(depth, "</item>")
}
