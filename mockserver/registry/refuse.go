package registry

import "github.com/eppkit/eppkit/epp"

// A leaf is an element with text alone, of any name.
type leaf struct {
	name epp.Name
	text string
}

func (m *leaf) XMLName() epp.Name   { return m.name }
func (m *leaf) Fields(x *epp.Codec) { x.Text(epp.String(&m.text)) }

// Value is an element of the request that an answer refuses.
func Value(space, local, text string) epp.ErrValue {
	return epp.ErrValue{Value: epp.Mixed{
		Elements: []epp.Element{&leaf{name: epp.Name{Space: space, Local: local}, text: text}},
	}}
}

// Because is Value with the reason.
func Because(space, local, text, reason string) epp.ErrValue {
	v := Value(space, local, text)
	v.Reason = &epp.Text{Text: reason}
	return v
}
