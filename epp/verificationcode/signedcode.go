package verificationcode

import (
	"regexp"

	"github.com/eppkit/eppkit/epp"
)

// SignedCode is a verification code and a signature over it.
//
// One that was read is written from what was read, and not from its fields: a change
// to them changes nothing. Nothing here verifies the signature.
type SignedCode struct {
	XMLID string // the attribute id, by which the signature refers to the element
	Code  Code
	// Signature is ds:Signature.
	Signature epp.Element

	kept *epp.Raw
}

// XMLName is verificationCode:signedCode.
func (*SignedCode) XMLName() epp.Name { return epp.Name{Space: NS, Local: "signedCode"} }

// Verbatim is the element as it was read, or nil for one that was not.
func (m *SignedCode) Verbatim() *epp.Raw { return m.kept }

var codeForm = regexp.MustCompile(`^\p{Nd}+-[0-9A-Za-z]+$`)

// signature is the name of the element of XML Signature that holds one.
var signature = epp.Name{Space: "http://www.w3.org/2000/09/xmldsig#", Local: "Signature"}

// Fields walks the content of <verificationCode:signedCode>.
func (m *SignedCode) Fields(x *epp.Codec) {
	x.Keep(&m.kept)
	x.Attr("id", epp.Token(&m.XMLID))
	epp.CheckNCName(x, "@id", m.XMLID)
	epp.One(x, "code", &m.Code)
	x.Any(&m.Signature)
	x.Check(m.Signature == nil || m.Signature.XMLName() == signature, "", "must end with a ds:Signature")
}

// Code is a verification code.
type Code struct {
	Type string // what was verified: domain or registrant, or as the registry says
	// Code is the number of the verification service provider, a hyphen, and
	// letters and digits that it chose.
	Code string
}

// Fields walks the attribute and the text.
func (m *Code) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	x.Text(epp.Token(&m.Code))
	x.Check(codeForm.MatchString(epp.Collapse(m.Code)), "", "is not a number, a hyphen, and letters and digits")
}

// EncodedSignedCode hands verification codes to the registry, beside the command whose
// data they are about: at least one.
type EncodedSignedCode struct{ Codes []EncodedCode }

// XMLName is verificationCode:encodedSignedCode.
func (*EncodedSignedCode) XMLName() epp.Name {
	return epp.Name{Space: NS, Local: "encodedSignedCode"}
}

// Fields walks the content of <verificationCode:encodedSignedCode>.
func (m *EncodedSignedCode) Fields(x *epp.Codec) {
	epp.Each(x, "code", &m.Codes)
	x.NotEmpty(len(m.Codes), "code")
}

// Encode makes an EncodedSignedCode of the documents of signed codes, in base64.
func Encode(docs ...[]byte) *EncodedSignedCode {
	m := new(EncodedSignedCode)
	for _, doc := range docs {
		m.Codes = append(m.Codes, EncodedCode{epp.NewEncoded(doc)})
	}
	return m
}

// EncodedCode is the document of a signed code as one text.
type EncodedCode struct{ epp.Encoded }

// SignedCode reads the document, with the types that set has for what is in it. Errors
// are those of [epp.Encoded.Decode].
func (m *EncodedCode) SignedCode(set *epp.Schema) (*SignedCode, error) {
	c := new(SignedCode)
	if err := m.Decode(set, c); err != nil {
		return nil, err
	}
	return c, nil
}
