package epp

import (
	"encoding/base64"
	"errors"
	"strings"
)

// Base64Encoding is the encoding of an [Encoded] that does not name one.
const Base64Encoding = "base64"

// ErrEncoding is an encoding other than [Base64Encoding].
var ErrEncoding = errors.New("epp: the encoding of the document is not base64")

// Encoded is an XML document as one text, in which no processing of XML can change
// anything, so that its signature holds (RFC 7848, section 2.4).
type Encoded struct {
	Encoding string // "" is Base64Encoding
	Text     string // white space in it does not matter
}

// NewEncoded is a document in base64.
func NewEncoded(doc []byte) Encoded { return Encoded{Text: base64.StdEncoding.EncodeToString(doc)} }

// Fields walks the attribute and the text.
func (m *Encoded) Fields(x *Codec) {
	x.OptAttr("encoding", Token(&m.Encoding))
	x.Text(Token(&m.Text))
}

// Document returns the octets of the document. The error is [ErrEncoding] or a
// base64.CorruptInputError.
func (m *Encoded) Document() ([]byte, error) {
	if m.Encoding != "" && !strings.EqualFold(Collapse(m.Encoding), Base64Encoding) {
		return nil, ErrEncoding
	}
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(m.Text), ""))
}

// Decode reads the document into e, with the types that set has for what is in it. The
// error may also be one of reading XML.
func (m *Encoded) Decode(set *Schema, e Element) error {
	doc, err := m.Document()
	if err != nil {
		return err
	}
	return DecodeDocument(set, doc, e)
}

// DecodeDocument reads a document whose root is e, with the types that set has for what
// is in it.
func DecodeDocument(set *Schema, doc []byte, e Element) error {
	raw, err := NewRaw(doc)
	if err != nil {
		return err
	}
	return raw.Decode(set, e)
}
