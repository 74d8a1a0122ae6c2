package script

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/match"
)

// A template is a text with placeholders.
type template []piece

// A piece is a text, and the placeholder that follows it; kind 0 is none.
type piece struct {
	text string
	then placeholder
}

// A placeholder is what stands for a value.
type placeholder struct {
	kind kind
	path match.Path
	// For now and today: how much later.
	years, months, days int
	later               time.Duration
}

type kind int

const (
	none kind = iota
	clTRID
	svTRID
	now
	today
	found
)

// relative is a time from now on.
var relative = regexp.MustCompile(`^(now|today)(?:([+-]\d{1,6})([yMdhm]))?$`)

// parseTemplate reads a text with placeholders.
func parseTemplate(s string) (template, error) {
	var out template
	var text strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			text.WriteString(s)
			return append(out, piece{text: text.String()}), nil
		}
		if i > 0 && s[i-1] == '$' {
			text.WriteString(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		text.WriteString(s[:i])
		name, rest, closed := strings.Cut(s[i+2:], "}")
		if !closed {
			return nil, fmt.Errorf("%q is not closed by a }", short(s[i:]))
		}
		p, err := parsePlaceholder(name)
		if err != nil {
			return nil, err
		}
		out = append(out, piece{text.String(), p})
		text.Reset()
		s = rest
	}
}

func parsePlaceholder(name string) (p placeholder, err error) {
	m := relative.FindStringSubmatch(name)
	switch {
	case name == "clTRID":
		p.kind = clTRID
	case name == "svTRID":
		p.kind = svTRID
	case m != nil:
		p.kind = now
		if m[1] == "today" {
			p.kind = today
		}
		n, _ := strconv.Atoi(m[2])
		switch m[3] {
		case "y":
			p.years = n
		case "M":
			p.months = n
		case "d":
			p.days = n
		case "h":
			p.later = time.Duration(n) * time.Hour
		case "m":
			p.later = time.Duration(n) * time.Minute
		}
	case strings.HasPrefix(name, "/"), strings.HasPrefix(name, "."):
		p.kind = found
		p.path, err = match.ParsePath(name)
	default:
		err = fmt.Errorf("${%s} stands for nothing", short(name))
	}
	return p, err
}

// short is the beginning of a text, for an error.
func short(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// fill writes the text with values.
func (t template) fill(value func(placeholder) string) string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.text)
		if p.then.kind != none {
			b.WriteString(value(p.then))
		}
	}
	return b.String()
}

// escaped makes values fit to stand in a document.
func escaped(value func(placeholder) string) func(placeholder) string {
	return func(p placeholder) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(value(p)))
		return b.String()
	}
}

// values finds what placeholders stand for in the answer to a command.
func (c *Command) values(trID epp.TrID) func(placeholder) string {
	return func(p placeholder) string {
		at := c.Now.UTC().AddDate(p.years, p.months, p.days).Add(p.later)
		switch p.kind {
		case clTRID:
			return trID.ClTRID
		case svTRID:
			return trID.SvTRID
		case now:
			return at.Format("2006-01-02T15:04:05Z")
		case today:
			return at.Format(time.DateOnly)
		}
		s, _ := p.path.In(c.Frame)
		return s
	}
}
