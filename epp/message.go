package epp

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// A Message is what one frame holds, the child of <epp> (RFC 5730, section 2.2):
// a *Hello, *Greeting, *Command, *Response or *ExtensionMessage.
type Message interface {
	Element
	message()
}

// Hello asks for a greeting (RFC 5730, section 2.3).
type Hello struct {
	Extra []Extra

	original *original
}

// XMLName is epp:hello.
func (*Hello) XMLName() Name { return Name{NS, "hello"} }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*Hello) Fields(x *Codec) { x.IgnoreContent() }

// An ExtensionMessage is a frame of a protocol extension that this program does
// not know (RFC 5730, section 2.7.1). One that it knows is a Command.
type ExtensionMessage struct {
	Elements []Element
	Extra    []Extra

	original *original
}

// XMLName is epp:extension.
func (*ExtensionMessage) XMLName() Name { return Name{NS, "extension"} }

// Fields walks the elements of the extension.
func (m *ExtensionMessage) Fields(x *Codec) {
	x.others(&m.Elements)
}

func (*Hello) message()            {}
func (*Greeting) message()         {}
func (*Command) message()          {}
func (*Response) message()         {}
func (*ExtensionMessage) message() {}

// messages are the children of <epp> that say something.
var messages = []string{"greeting", "hello", "command", "response", "extension"}

// message decodes the tree's root.
func (x *Codec) message() (Message, error) {
	root := &x.tree.Nodes[xmltree.Root]
	if root.Local != "epp" || x.tree.SpaceURI(root.NS) != x.set.uriOf(NS) {
		x.el = xmltree.Root
		x.fail("", &RuleError{Reason: "the root element is " +
			Name{x.tree.SpaceURI(root.NS), root.Local}.String() + ", not " + Name{x.set.uriOf(NS), "epp"}.String()})
		return nil, x.err
	}
	x.setSpace(NS)
	c := x.enter(xmltree.Root)
	x.skipTo(messages...)
	var m Message
	switch {
	case x.requests && (x.has("response") || x.has("greeting")):
		x.fail("", ErrNotRequest)
		return nil, x.err
	case x.has("response"):
		r := &Response{Frame: x.tree.Doc}
		if x.set != nil && len(x.set.secrets) > 0 {
			r.set = x.set
		}
		m = r
	case x.has("command"):
		m = &Command{}
	case x.has("greeting"):
		m = &Greeting{}
	case x.has("hello"):
		m = &Hello{}
	case x.has("extension"):
		m = &ExtensionMessage{}
	default:
		x.fail("", &RuleError{Reason: "holds no greeting, hello, command, response or extension"})
		return nil, x.err
	}
	x.Group(m.XMLName().Local, func() { m.Fields(x) })
	for i := x.next; i != 0; i = x.tree.Nodes[i].Next {
		// To pass over a message would be to lose a command.
		if n := &x.tree.Nodes[i]; n.NS == x.ns && slices.Contains(messages, n.Local) {
			x.failAt(i, "", &RuleError{Reason: "holds more than one message"})
		}
	}
	x.leave(c)
	if x.err != nil {
		return nil, x.err
	}
	*extraOf(m) = x.extra()
	if x.flawed {
		*originalOf(m) = &original{doc: x.tree.Doc, set: x.set}
	}
	if ext, ok := m.(*ExtensionMessage); ok {
		m = ext.command()
	}
	return m, nil
}

// Append appends a message as an XML document to dst. The error is a [*FieldError];
// dst is then returned as it was.
func Append(dst []byte, m Message) ([]byte, error) { return (*Schema)(nil).Append(dst, m) }

// Append is the function [Append] for a registry that has namespaces of its own: it
// writes those that the set has for a mapping (see [Extension.At]).
//
// A message that was read although it breaks its schema is written as it came, unless it
// was changed.
func (s *Schema) Append(dst []byte, m Message) ([]byte, error) {
	if doc, ok := s.unchanged(m); ok {
		return append(dst, doc...), nil
	}
	x := encoders.Get().(*Codec)
	defer encoders.Put(x)
	x.err, x.inTag, x.space, x.prefix, x.extras = nil, false, "", "", nil
	if extra := *extraOf(m); len(extra) > 0 {
		x.extras = newUnwritten(extra)
	}
	x.scope, x.path = x.scope[:0], x.path[:0]
	x.set = s
	x.out = append(dst, `<?xml version="1.0" encoding="UTF-8"?>`...)
	x.setSpace(NS)
	o := x.begin("epp")
	x.path = append(x.path, Name{NS, "epp"})
	switch m := m.(type) {
	case nil:
		x.fail("", ErrMissing)
	case *Command:
		x.command(m)
	default:
		x.write(m)
	}
	x.end(o)
	if x.extras != nil && x.err == nil {
		x.leftExtra()
	}
	out := x.out
	x.out, x.extras, x.set = nil, nil, nil
	if x.err != nil {
		return dst, x.err
	}
	return out, nil
}

// encoders keeps the stacks of encoding Codecs.
var encoders = sync.Pool{New: func() any { return new(Codec) }}

// AppendFrame appends a message as a data unit: four octets of length, which
// count themselves, and the document (RFC 5734, section 4).
func AppendFrame(dst []byte, m Message) ([]byte, error) { return (*Schema)(nil).AppendFrame(dst, m) }

// AppendFrame is the function [AppendFrame] for a registry that has namespaces of its
// own, as [Schema.Append] is.
func (s *Schema) AppendFrame(dst []byte, m Message) ([]byte, error) {
	at := len(dst)
	out, err := s.Append(append(dst, 0, 0, 0, 0), m)
	if err == nil {
		err = sealFrame(out, at)
	}
	if err != nil {
		return dst, err
	}
	return out, nil
}

// AppendDataUnit appends a document that is there already as a data unit.
func AppendDataUnit(dst, doc []byte) ([]byte, error) {
	at := len(dst)
	out := append(append(dst, 0, 0, 0, 0), doc...)
	if err := sealFrame(out, at); err != nil {
		return dst, err
	}
	return out, nil
}

// sealFrame fills in the length of the frame that begins at offset at.
func sealFrame(out []byte, at int) error {
	n := len(out) - at
	if uint64(n) > math.MaxUint32 {
		return &FrameError{Length: math.MaxUint32, Err: ErrFrameTooLong}
	}
	binary.BigEndian.PutUint32(out[at:], uint32(n))
	return nil
}
