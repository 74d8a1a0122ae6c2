package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// refusals collect what is wrong with a command, so that its client learns of all of it at
// once. The first code decides; what has another is not told.
type refusals struct {
	code   epp.Code
	values []epp.ErrValue
}

// add notes an element at fault.
func (f *refusals) add(code epp.Code, v epp.ErrValue) {
	if f.code == 0 {
		f.code = code
	}
	if f.code == code {
		f.values = append(f.values, v)
	}
}

// part notes an element with what is in it.
func (f *refusals) part(code epp.Code, space, local string, content registry.Content, reason string) {
	v := registry.Part(space, local, content)
	v.Reason = &epp.Text{Text: reason}
	f.add(code, v)
}

// text notes an element that holds a text.
func (f *refusals) text(code epp.Code, space, local, text, reason string) {
	f.add(code, registry.Because(space, local, text, reason))
}

// err is the refusal, or nil where nothing is wrong.
func (f *refusals) err() error {
	if f.code == 0 {
		return nil
	}
	return epp.Refuse(f.code, f.values...)
}
