package signedmark

import (
	"regexp"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// SignedMark is a mark, what its validator says of it, and a signature over both (RFC
// 7848, section 2.3).
//
// One that was read is written from what was read, and not from its fields: a change
// to them changes nothing. Nothing here verifies the signature.
type SignedMark struct {
	// XMLID is the attribute id, by which the signature refers to the element.
	XMLID string
	// ID is the element smd:id: the number of the signed mark, a hyphen, and that of
	// who issued it.
	ID         string
	IssuerInfo IssuerInfo
	NotBefore  time.Time // when it was made
	NotAfter   time.Time // when it expires
	// Mark is a *mark.Mark, or another element that stands for one.
	Mark epp.Element
	// Signature is ds:Signature.
	Signature epp.Element

	kept *epp.Raw
}

// XMLName is smd:signedMark.
func (*SignedMark) XMLName() epp.Name { return epp.Name{Space: NS, Local: "signedMark"} }

// Verbatim is the element as it was read, or nil for one that was not.
func (m *SignedMark) Verbatim() *epp.Raw { return m.kept }

var idForm = regexp.MustCompile(`^\p{Nd}+-\p{Nd}+$`)

// signature is the name of the element of XML Signature that holds one.
var signature = epp.Name{Space: "http://www.w3.org/2000/09/xmldsig#", Local: "Signature"}

// Fields walks the content of <smd:signedMark>.
func (m *SignedMark) Fields(x *epp.Codec) {
	x.Keep(&m.kept)
	x.Attr("id", epp.Token(&m.XMLID))
	epp.CheckNCName(x, "@id", m.XMLID)
	x.Elem("id", epp.Token(&m.ID))
	x.Check(idForm.MatchString(epp.Collapse(m.ID)), "id", "is not two numbers with a hyphen between them")
	epp.One(x, "issuerInfo", &m.IssuerInfo)
	x.Elem("notBefore", epp.DateTime(&m.NotBefore))
	x.Elem("notAfter", epp.DateTime(&m.NotAfter))
	m.signed(x)
}

// signed walks the mark and its signature, of which only the second has a name that is
// known beforehand.
func (m *SignedMark) signed(x *epp.Codec) {
	both := make([]epp.Element, 0, 2)
	for _, e := range []epp.Element{m.Mark, m.Signature} {
		if e != nil {
			both = append(both, e)
		}
	}
	x.AnyList(&both)
	x.Check(len(both) == 2 && both[0].XMLName() != signature && both[1].XMLName() == signature,
		"", "must end with a mark and then a ds:Signature, both once")
	for _, e := range both {
		switch {
		case e.XMLName() == signature:
			m.Signature = e
		case m.Mark == nil:
			m.Mark = e
		}
	}
}

// IssuerInfo is who validated and signed a mark.
type IssuerInfo struct {
	IssuerID string
	Org      string
	Email    string
	URL      string // "" is not stated
	Voice    *E164
}

// Fields walks the content of <smd:issuerInfo>.
func (m *IssuerInfo) Fields(x *epp.Codec) {
	x.Attr("issuerID", epp.Token(&m.IssuerID))
	x.Elem("org", epp.Token(&m.Org))
	x.Elem("email", epp.Token(&m.Email))
	x.NotBlank("email", m.Email)
	x.Opt("url", epp.Token(&m.URL))
	epp.Maybe(x, "voice", &m.Voice)
}

// E164 is a telephone number.
type E164 = epp.E164
