package client

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// Redact replaces the passwords in a frame, or in a text, wherever they stand and however
// XML writes their characters: as they are or by references, also where a text that was
// XML is quoted in XML. A password that has markup in its midst, such as the end of a
// CDATA section, is not found. It is for what Trace is given: [epp.Schema.Redact] knows
// secrets by the names of their elements, and a server may quote a password in a sentence.
func (c *Credentials) Redact(frame []byte) []byte {
	return (*passwords)(nil).with(c.PW, c.NewPW).redact(frame)
}

// passwords find those of a session's logins in what the server says. Nil finds none.
type passwords struct {
	words []string // collapsed, as an EPP password is (RFC 5730, section 4: pwType)
}

// loginName is the command whose answer may quote passwords.
var loginName = new(epp.Login).XMLName()

// expectQuotes keeps the passwords of a command that is about to be sent, if it is a
// login, beside those of the logins before it.
func (s *Session) expectQuotes(q *epp.Command) {
	m, ok := q.Request.(*epp.Login)
	if !ok {
		return
	}
	words := []epp.Secret{m.PW, m.NewPW}
	for _, e := range q.Extension {
		if sec, ok := e.(*loginsec.LoginSec); ok {
			words = append(words, sec.PW, sec.NewPW)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.passwords.Store(s.passwords.Load().with(words...))
}

func (p *passwords) with(words ...epp.Secret) *passwords {
	all := new(passwords)
	if p != nil {
		all.words = slices.Clone(p.words)
	}
	for _, pw := range words {
		if word := epp.Collapse(string(pw)); word != "" && pw != loginsec.Elsewhere {
			all.words = append(all.words, word)
		}
	}
	slices.Sort(all.words)
	all.words = slices.Compact(all.words)
	return all
}

func (p *passwords) redact(frame []byte) []byte {
	if text := string(frame); p.hide(&text) {
		return []byte(text)
	}
	return frame
}

// hide redacts a text, and reports whether there was anything to hide.
func (p *passwords) hide(s *string) bool {
	spans := p.find(*s)
	if len(spans) == 0 {
		return false
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out strings.Builder
	end := 0
	for _, f := range spans {
		if f.from >= end {
			out.WriteString((*s)[end:f.from])
			out.WriteString(epp.Redacted)
		}
		end = max(end, f.to)
	}
	out.WriteString((*s)[end:])
	*s = out.String()
	return true
}

// A span of a text, in octets.
type span struct{ from, to int }

// mostEscapes is how many times over a text may be escaped.
const mostEscapes = 4

// find returns where the passwords are, in no order and perhaps more than once.
func (p *passwords) find(s string) []span {
	if p == nil || len(p.words) == 0 {
		return nil
	}
	var spans []span
	r := asWritten(s)
	for range 1 + mostEscapes {
		for _, word := range p.words {
			for from := 0; ; {
				i := strings.Index(r.text[from:], word)
				if i < 0 {
					break
				}
				i += from
				from = i + len(word)
				spans = append(spans, span{r.at[i], r.at[from]})
			}
		}
		next, more := r.resolve()
		if !more {
			break
		}
		r = next
	}
	return spans
}

// A reading is what a text says, with its white space collapsed.
type reading struct {
	text string
	at   []int // where in the original each octet, and the end, comes from
}

// asWritten reads a text that has no references.
func asWritten(s string) reading {
	x := newReader(len(s))
	for i := range len(s) {
		x.put(s[i], i)
	}
	return x.end(len(s))
}

// resolve reads what a text says that has references. It reports whether there are any.
func (m reading) resolve() (next reading, more bool) {
	if !strings.Contains(m.text, "&") {
		return m, false
	}
	x := newReader(len(m.text))
	var char [utf8.UTFMax]byte
	for i := 0; i < len(m.text); {
		if m.text[i] == '&' {
			if r, n, _ := xmltree.Reference(m.text[i:]); n > 0 {
				for _, b := range utf8.AppendRune(char[:0], r) {
					x.put(b, m.at[i])
				}
				i, more = i+n, true
				continue
			}
		}
		x.put(m.text[i], m.at[i])
		i++
	}
	return x.end(m.at[len(m.text)]), more
}

// A reader makes a reading.
type reader struct {
	text []byte
	at   []int
}

func newReader(size int) *reader {
	return &reader{text: make([]byte, 0, size), at: make([]int, 0, size+1)}
}

func (x *reader) put(b byte, at int) {
	switch b {
	case '\t', '\n', '\r', ' ':
		if n := len(x.text); n > 0 && x.text[n-1] == ' ' {
			return
		}
		b = ' '
	}
	x.text, x.at = append(x.text, b), append(x.at, at)
}

func (x *reader) end(at int) reading { return reading{string(x.text), append(x.at, at)} }

// unquote takes the passwords out of the words of a response.
func (p *passwords) unquote(r *epp.Response) {
	if p == nil {
		return
	}
	p.hide(&r.Frame)
	for i := range r.Results {
		p.hide(&r.Results[i].Msg.Text)
		for k := range r.Results[i].Values {
			v := &r.Results[i].Values[k]
			if v.Reason != nil {
				p.hide(&v.Reason.Text)
			}
			if text := v.Value.Text; p.hide(&text) {
				v.Value = epp.Mixed{Text: text, Elements: v.Value.Elements} // it remembers how it was written
			}
			p.unquoteRaw(v.Value.Elements)
		}
	}
	for _, e := range r.Extension {
		if data, ok := e.(*loginsec.LoginSecData); ok {
			for i := range data.Events {
				e := &data.Events[i]
				for _, s := range []*string{&e.Type, &e.Name, &e.Value, &e.Text} {
					p.hide(s)
				}
			}
		}
	}
	p.unquoteRaw(r.ResData)
	p.unquoteRaw(r.Extension)
}

// unquoteRaw is unquote for elements without a type.
func (p *passwords) unquoteRaw(list []epp.Element) {
	for _, e := range list {
		if raw, ok := e.(*epp.Raw); ok {
			p.hide(&raw.XML)
		}
	}
}
