package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A phrase is a text in the languages that the greeting offers. Most of the Czech is
// the mock's own.
type phrase struct{ en, cs string }

// in is the phrase in the language of a session.
func (p phrase) in(lang string) *epp.Text {
	if lang == "cs" && p.cs != "" {
		return &epp.Text{Lang: "cs", Text: p.cs}
	}
	return &epp.Text{Text: p.en}
}

// orNil is in, and nil for the zero phrase.
func (p phrase) orNil(lang string) *epp.Text {
	if p == (phrase{}) {
		return nil
	}
	return p.in(lang)
}

// A refusal collects what is wrong with a command. FRED answers with one result, which
// has an extValue for each fault.
type refusal struct {
	lang   string // the session's
	values []epp.ErrValue
}

// add names an element of the request and says what is wrong with it.
func (f *refusal) add(space, local, text string, why phrase) {
	f.addValue(registry.Value(space, local, text), why)
}

// addValue is add for any element.
func (f *refusal) addValue(v epp.ErrValue, why phrase) {
	v.Reason = why.in(f.lang)
	f.values = append(f.values, v)
}

// err is the refusal, and nil as long as nothing is wrong.
func (f *refusal) err(code epp.Code) error {
	if len(f.values) == 0 {
		return nil
	}
	return epp.Refuse(code, f.values...)
}

// refuse is a refusal for one reason.
func refuse(lang string, code epp.Code, space, local, text string, why phrase) error {
	f := refusal{lang: lang}
	f.add(space, local, text, why)
	return f.err(code)
}

// unauthorized refuses a command for an object of another registrar. FRED repeats the
// whole frame; here the element is empty, for there may be secrets in it.
func unauthorized(lang string) error {
	return refuse(lang, epp.AuthorizationError, epp.NS, "epp", "",
		phrase{"Unauthorized access to the object", "K objektu nemáte přístup"})
}
