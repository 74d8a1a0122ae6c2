package signedmark

import "github.com/eppkit/eppkit/epp"

// EncodedSignedMark is the document of a signed mark as one text (RFC 7848, section
// 2.4).
type EncodedSignedMark struct{ epp.Encoded }

// Encode makes an EncodedSignedMark of a document in base64.
func Encode(smd []byte) *EncodedSignedMark { return &EncodedSignedMark{epp.NewEncoded(smd)} }

// XMLName is smd:encodedSignedMark.
func (*EncodedSignedMark) XMLName() epp.Name {
	return epp.Name{Space: NS, Local: "encodedSignedMark"}
}

// SignedMark reads the document, with the types that set has for what is in it. Errors
// are those of [epp.Encoded.Decode].
func (m *EncodedSignedMark) SignedMark(set *epp.Schema) (*SignedMark, error) {
	s := new(SignedMark)
	if err := m.Decode(set, s); err != nil {
		return nil, err
	}
	return s, nil
}

// Parse reads the document of a signed mark, with the types that set has for what is
// in it.
func Parse(set *epp.Schema, smd []byte) (*SignedMark, error) {
	m := new(SignedMark)
	if err := epp.DecodeDocument(set, smd, m); err != nil {
		return nil, err
	}
	return m, nil
}
