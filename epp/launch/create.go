package launch

import (
	"fmt"
	"io"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// What a [Create] is expected to make.
const (
	Application  = "application"
	Registration = "registration"
)

// Create registers or applies for a domain in a phase (RFC 8334, section 3.3). It shows
// a right to the name in one of three ways at most: by CodeMarks, by signed marks, or by
// encoded ones.
type Create struct {
	Type      string // Application or Registration; "" leaves it to the server
	Phase     Phase
	CodeMarks []CodeMark
	// SignedMarks are all of type *signedmark.SignedMark, or other elements that
	// stand for one, or all of type *signedmark.EncodedSignedMark.
	SignedMarks []epp.Element
	Notices     []Notice
}

// XMLName is launch:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <launch:create>.
func (m *Create) Fields(x *epp.Codec) {
	if x.OptAttr("type", epp.Token(&m.Type)) {
		x.Check(m.Type == Application || m.Type == Registration, "@type", "must be application or registration")
	}
	epp.One(x, "phase", &m.Phase)
	epp.Each(x, "codeMark", &m.CodeMarks)
	for i := range m.SignedMarks {
		x.Any(&m.SignedMarks[i])
	}
	m.decodeSMD(x)
	before := len(m.SignedMarks)
	epp.Each(x, "notice", &m.Notices)
	m.decodeSMD(x) // a tolerant Codec takes them from there, too
	x.Check(len(m.SignedMarks) == before, "notice", "stands before a signed mark")
	m.check(x)
}

// What RFC 7848 calls its two forms of signed marks.
const (
	smdNS      = "urn:ietf:params:xml:ns:signedMark-1.0"
	smdSigned  = "signedMark"
	smdEncoded = "encodedSignedMark"
)

// decodeSMD reads signed marks as long as they are next.
func (m *Create) decodeSMD(x *epp.Codec) {
	for x.HasForeign() {
		m.SignedMarks = append(m.SignedMarks, nil)
		x.Any(&m.SignedMarks[len(m.SignedMarks)-1])
	}
}

// check holds to the choice among the three ways.
func (m *Create) check(x *epp.Codec) {
	others(x, m.SignedMarks)
	encoded := 0
	for _, e := range m.SignedMarks {
		if e != nil && e.XMLName() == (epp.Name{Space: smdNS, Local: smdEncoded}) {
			encoded++
		}
	}
	x.Check(len(m.CodeMarks) == 0 || len(m.SignedMarks) == 0, "", "must not hold both codeMark and signed marks")
	x.Check(encoded == 0 || encoded == len(m.SignedMarks), "", "must not hold signed marks both encoded and not")
}

// CodeMark shows a right to a name by a code, by a mark or by both (RFC 8334, section
// 2.6.1). Its schema lets both be absent.
type CodeMark struct {
	Code *Code
	// Marks is one *mark.Mark at most, or another element that stands for one.
	Marks []epp.Element
}

// Fields walks the content of <launch:codeMark>.
func (m *CodeMark) Fields(x *epp.Codec) {
	epp.Maybe(x, "code", &m.Code)
	x.AnyList(&m.Marks)
	others(x, m.Marks)
	x.Check(len(m.Marks) <= 1, "", "may hold one mark at most")
}

// Code is a secret that a validator of trademarks knows a mark by.
type Code struct {
	Code        epp.Secret
	ValidatorID string // "" is not stated
}

// Format leaves out the secret, as that of [epp.AuthInfo] does.
func (m Code) Format(f fmt.State, _ rune) { io.WriteString(f, "launch.Code("+epp.Redacted+")") }

// Fields walks the attribute and the code.
func (m *Code) Fields(x *epp.Codec) {
	validatorID(x, &m.ValidatorID)
	x.Text(epp.SecretToken(&m.Code))
	x.NotBlank("", string(m.Code))
}

// Notice says that the registrant has seen and accepted a notice of claims (RFC 8334,
// section 3.3.2).
type Notice struct {
	NoticeID     NoticeID
	NotAfter     time.Time // when the notice expires
	AcceptedDate time.Time
}

// Fields walks the content of <launch:notice>.
func (m *Notice) Fields(x *epp.Codec) {
	epp.One(x, "noticeID", &m.NoticeID)
	x.Elem("notAfter", epp.DateTime(&m.NotAfter))
	x.Elem("acceptedDate", epp.DateTime(&m.AcceptedDate))
}

// NoticeID is what a validator calls a notice of claims.
type NoticeID struct {
	ID          string
	ValidatorID string // "" is ICANN's clearinghouse
}

// Fields walks the attribute and the identifier.
func (m *NoticeID) Fields(x *epp.Codec) {
	validatorID(x, &m.ValidatorID)
	x.Text(epp.Token(&m.ID))
	x.NotBlank("", m.ID)
}

// CreData says that an application was made (RFC 8334, section 3.3.5). An answer
// without it is about a registration.
type CreData struct {
	Phase         Phase
	ApplicationID string
}

// XMLName is launch:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <launch:creData>.
func (m *CreData) Fields(x *epp.Codec) { idContainer(x, &m.Phase, &m.ApplicationID) }
