package signedmark

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// Base64 is the encoding of an [EncodedSignedMark] that does not name one.
const Base64 = "base64"

// ErrEncoding is an encoding other than [Base64].
var ErrEncoding = errors.New("signedmark: the encoding is not base64")

// EncodedSignedMark is the document of a signed mark as one text, in which no
// processing of XML can change anything (RFC 7848, section 2.4).
type EncodedSignedMark struct {
	Encoding string // "" is Base64
	// Text is the document, encoded. White space in it does not matter.
	Text string
}

// Encode makes an EncodedSignedMark of a document in base64.
func Encode(smd []byte) *EncodedSignedMark {
	return &EncodedSignedMark{Text: base64.StdEncoding.EncodeToString(smd)}
}

// XMLName is smd:encodedSignedMark.
func (*EncodedSignedMark) XMLName() epp.Name {
	return epp.Name{Space: NS, Local: "encodedSignedMark"}
}

// Fields walks the content of <smd:encodedSignedMark>.
func (m *EncodedSignedMark) Fields(x *epp.Codec) {
	x.OptAttr("encoding", epp.Token(&m.Encoding))
	x.Text(epp.Token(&m.Text))
}

// SMD returns the octets of the document. The error is [ErrEncoding] or a
// base64.CorruptInputError.
func (m *EncodedSignedMark) SMD() ([]byte, error) {
	if m.Encoding != "" && !strings.EqualFold(epp.Collapse(m.Encoding), Base64) {
		return nil, ErrEncoding
	}
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(m.Text), ""))
}

// SignedMark reads the document, with the types that set has for what is in it.
func (m *EncodedSignedMark) SignedMark(set *epp.Schema) (*SignedMark, error) {
	smd, err := m.SMD()
	if err != nil {
		return nil, err
	}
	return Parse(set, smd)
}

// Parse reads the document of a signed mark, with the types that set has for what is
// in it.
func Parse(set *epp.Schema, smd []byte) (*SignedMark, error) {
	raw, err := epp.NewRaw(smd)
	if err != nil {
		return nil, err
	}
	m := new(SignedMark)
	if err := raw.Decode(set, m); err != nil {
		return nil, err
	}
	return m, nil
}
