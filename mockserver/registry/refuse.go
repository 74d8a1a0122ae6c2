package registry

import "github.com/eppkit/eppkit/epp"

// Content is what stands in an element, as a part of a message writes it.
type Content interface{ Fields(*epp.Codec) }

// Part is an element of the request that an answer refuses.
func Part(space, local string, content Content) epp.ErrValue {
	return epp.ErrValue{Value: epp.Mixed{
		Elements: []epp.Element{&part{content, epp.Name{Space: space, Local: local}}},
	}}
}

// Value is Part for an element with text alone.
func Value(space, local, text string) epp.ErrValue { return Part(space, local, (*plain)(&text)) }

// Because is Value with the reason.
func Because(space, local, text, reason string) epp.ErrValue {
	v := Value(space, local, text)
	v.Reason = &epp.Text{Text: reason}
	return v
}

// A part is content under the name that it has where it stands.
type part struct {
	Content
	name epp.Name
}

func (m *part) XMLName() epp.Name { return m.name }

type plain string

func (m *plain) Fields(x *epp.Codec) { x.Text(epp.String((*string)(m))) }
