package load

import (
	"fmt"
	"regexp"
	"strings"
)

// A Template is a text with places for values: {{new}}, {{made.exDate}}, {{take made}}.
type Template struct {
	parts []part
}

// A part is a text, or a place for a value.
type part struct {
	text   string
	source string // "" for a text
	fact   string // such as exDate; "" for the name itself
	take   bool   // nobody else gets the name before this command is done with it
}

var place = regexp.MustCompile(`\{\{\s*(?:(take)\s+)?([A-Za-z][A-Za-z0-9_-]*)(?:\.([A-Za-z]+))?\s*\}\}`)

// ParseTemplate reads one.
func ParseTemplate(s string) (Template, error) {
	var t Template
	at := 0
	for _, m := range place.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			t.parts = append(t.parts, part{text: s[at:m[0]]})
		}
		p := part{take: m[2] >= 0, source: s[m[4]:m[5]]}
		if m[6] >= 0 {
			p.fact = s[m[6]:m[7]]
		}
		t.parts = append(t.parts, p)
		at = m[1]
	}
	if at < len(s) {
		t.parts = append(t.parts, part{text: s[at:]})
	}
	for _, p := range t.parts {
		if i := strings.Index(p.text, "{{"); i >= 0 {
			return t, fmt.Errorf("%q is no place for a value; it is written as {{NAME}}, {{NAME.FACT}} or {{take NAME}}", head(p.text[i:], 24))
		}
	}
	return t, nil
}

func head(s string, n int) string {
	if len(s) > n {
		return s[:n] + "..."
	}
	return s
}

// Values are what a command's templates are filled with: names by their source, and facts
// as in made.exDate.
type Values map[string]string

// Expand fills the template. A value that is not there is an error.
func (t Template) Expand(v Values) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.source == "" {
			b.WriteString(p.text)
			continue
		}
		value, ok := v[p.key()]
		if !ok {
			return "", fmt.Errorf("there is no value for {{%s}}", p.key())
		}
		b.WriteString(value)
	}
	return b.String(), nil
}

func (p part) key() string {
	if p.fact == "" {
		return p.source
	}
	return p.source + "." + p.fact
}
