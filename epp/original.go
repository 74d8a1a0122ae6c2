package epp

import (
	"reflect"
	"strings"
)

// An original is the document of a message that was read although it breaks its
// schema: something required is missing, out of order, too long, or not readable. The
// types can't say that, and so the message is written as it came, for as long as nobody
// changes it; after that it is held to the schema as any other.
type original struct {
	doc string
	set *Schema
}

// originalOf returns where a message keeps its original.
func originalOf(m Message) **original {
	switch m := m.(type) {
	case *Response:
		return &m.original
	case *Command:
		return &m.original
	case *Greeting:
		return &m.original
	case *Hello:
		return &m.original
	case *ExtensionMessage:
		return &m.original
	}
	return new(*original)
}

// unchanged returns the document that m was read from, if it is to be written again.
func (s *Schema) unchanged(m Message) (doc string, ok bool) {
	if isNil(m) {
		return "", false
	}
	o := *originalOf(m)
	if o == nil || !s.sameURIs(o.set) {
		return "", false
	}
	was, err := o.set.Parse([]byte(o.doc))
	if err != nil {
		return "", false
	}
	if r, is := was.(*Response); is {
		r.Frame = m.(*Response).Frame // dropped by some, to save memory
	}
	return strings.TrimPrefix(o.doc, "\ufeff"), reflect.DeepEqual(was, m)
}

func isNil(m Message) bool { return m == nil || reflect.ValueOf(m).IsNil() }

// flaw notes that what is read breaks the schema. Only a tolerant Codec goes on.
func (x *Codec) flaw(local string, err error) {
	if x.decoding && !x.strict {
		x.flawed = true
		return
	}
	x.fail(local, err)
}
