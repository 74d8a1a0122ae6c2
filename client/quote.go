package client

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// Redact replaces the passwords in a frame, or in a text, wherever they stand and however
// XML writes them. It is for what Trace is given: [epp.Schema.Redact] knows secrets by the
// names of their elements, and a server may quote a password in a sentence.
func (c *Credentials) Redact(frame []byte) []byte {
	return (*passwords)(nil).with(c.PW, c.NewPW).redact(frame)
}

// passwords find those of a session's logins in what the server says. Nil finds none.
type passwords struct {
	words []epp.Secret
	// The longer goes first: the other one may be a part of it.
	find []*regexp.Regexp
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
	if p != nil {
		words = append(words, p.words...)
	}
	words = slices.DeleteFunc(words, func(pw epp.Secret) bool {
		return epp.Collapse(string(pw)) == "" || pw == loginsec.Elsewhere
	})
	slices.SortFunc(words, func(a, b epp.Secret) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	all := &passwords{words: slices.Compact(words)}
	for _, pw := range all.words {
		parts := strings.Fields(string(pw))
		for i := range parts {
			parts[i] = inXML.Replace(regexp.QuoteMeta(parts[i]))
		}
		all.find = append(all.find, regexp.MustCompile(strings.Join(parts, space)))
	}
	return all
}

// space finds white space, as XML may have it, too.
const space = `(?:\s|&#0*(?:9|10|13|32|x0*(?:9|[aA]|[dD]|20));)+`

// inXML makes an expression that finds what XML may have in place of a character, too.
var inXML = strings.NewReplacer(
	"&", "(?:&amp;|&#38;|&#x26;|&)", "<", "(?:&lt;|&#60;|&#x3[cC];|<)", ">", "(?:&gt;|&#62;|&#x3[eE];|>)",
	`"`, `(?:&quot;|&#34;|&#x22;|")`, "'", "(?:&apos;|&#39;|&#x27;|')",
)

func (p *passwords) redact(frame []byte) []byte {
	if p != nil {
		for _, find := range p.find {
			frame = find.ReplaceAllLiteral(frame, []byte(epp.Redacted))
		}
	}
	return frame
}

// hide redacts a text, and reports whether there was anything to hide.
func (p *passwords) hide(s *string) bool {
	was := *s
	for _, find := range p.find {
		*s = find.ReplaceAllLiteralString(*s, epp.Redacted)
	}
	return *s != was
}

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
