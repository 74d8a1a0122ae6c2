package verificationcode

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strings"

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

var (
	codeForm = regexp.MustCompile(`^\p{Nd}+-[0-9A-Za-z]+$`)
	ncName   = regexp.MustCompile(`^[\pL_][\pL\pM\p{Nd}_.·-]*$`)
)

// signature is the name of the element of XML Signature that holds one.
var signature = epp.Name{Space: "http://www.w3.org/2000/09/xmldsig#", Local: "Signature"}

// Fields walks the content of <verificationCode:signedCode>.
func (m *SignedCode) Fields(x *epp.Codec) {
	x.Keep(&m.kept)
	x.Attr("id", epp.Token(&m.XMLID))
	x.Check(ncName.MatchString(epp.Collapse(m.XMLID)), "@id", "is not an XML name without a colon")
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
		m.Codes = append(m.Codes, EncodedCode{Text: base64.StdEncoding.EncodeToString(doc)})
	}
	return m
}

// Base64 is the encoding of an [EncodedCode] that does not name one.
const Base64 = "base64"

// ErrEncoding is an encoding other than [Base64].
var ErrEncoding = errors.New("verificationcode: the encoding is not base64")

// EncodedCode is the document of a signed code as one text, in which no processing of
// XML can change anything.
type EncodedCode struct {
	Encoding string // "" is Base64
	Text     string // white space in it does not matter
}

// Fields walks the attribute and the text.
func (m *EncodedCode) Fields(x *epp.Codec) {
	x.OptAttr("encoding", epp.Token(&m.Encoding))
	x.Text(epp.Token(&m.Text))
}

// SignedCode reads the document, with the types that set has for what is in it. The
// error is [ErrEncoding], a base64.CorruptInputError, or one of reading XML.
func (m *EncodedCode) SignedCode(set *epp.Schema) (*SignedCode, error) {
	if m.Encoding != "" && !strings.EqualFold(epp.Collapse(m.Encoding), Base64) {
		return nil, ErrEncoding
	}
	doc, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(m.Text), ""))
	if err != nil {
		return nil, err
	}
	raw, err := epp.NewRaw(doc)
	if err != nil {
		return nil, err
	}
	c := new(SignedCode)
	if err := raw.Decode(set, c); err != nil {
		return nil, err
	}
	return c, nil
}
