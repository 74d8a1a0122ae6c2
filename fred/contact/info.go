package contact

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Info asks for what the registry knows of a contact.
type Info struct {
	ID string
	// AuthInfo, when it is valid, shows the data that the contact hides.
	AuthInfo *epp.Secret
}

// XMLName is contact:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is contact:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <contact:info>.
func (m *Info) Fields(x *epp.Codec) {
	handle(x, &m.ID)
	authInfo(x, &m.AuthInfo)
}

// InfData is what the registry tells of a contact. What the contact hides from the
// client that asks is absent.
type InfData struct {
	ID          string
	ROID        string
	Status      []epp.Status
	PostalInfo  PostalInfo
	Voice, Fax  *string // as in "+420.222123456", or ""
	Email       []string
	ClID, CrID  string // sponsor and creator
	CrDate      time.Time
	UpID        string // who updated it last
	UpDate      time.Time
	TrDate      time.Time
	AuthInfo    *epp.Secret // today's registry never shows it
	Disclose    *Disclose
	VAT         *string // VAT payer identifier, at most 20 characters
	Ident       *Ident
	NotifyEmail []string
}

// XMLName is contact:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <contact:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	handle(x, &m.ID)
	x.Elem("roid", epp.Token(&m.ROID))
	epp.CheckROID(x, "roid", m.ROID)
	epp.Each(x, "status", &m.Status)
	x.Check(len(m.Status) <= 14, "status", "may occur 14 times at most")
	epp.CheckStatus(x, m.Status, statuses)
	epp.One(x, "postalInfo", &m.PostalInfo)
	phone(x, "voice", &m.Voice)
	phone(x, "fax", &m.Fax)
	emails(x, "email", &m.Email)
	x.Elem("clID", epp.Token(&m.ClID))
	x.Length("clID", m.ClID, 3, 16)
	x.Elem("crID", epp.Token(&m.CrID))
	x.Length("crID", m.CrID, 3, 16)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	if x.Opt("upID", epp.Token(&m.UpID)) {
		x.Length("upID", m.UpID, 3, 16)
	}
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	authInfo(x, &m.AuthInfo)
	epp.Maybe(x, "disclose", &m.Disclose)
	if x.Opt("vat", epp.OptToken(&m.VAT)); m.VAT != nil {
		x.Length("vat", *m.VAT, 0, 20)
	}
	epp.Maybe(x, "ident", &m.Ident)
	emails(x, "notifyEmail", &m.NotifyEmail)
}

func phone(x *epp.Codec, local string, v **string) {
	if x.Opt(local, epp.OptToken(v)); *v != nil {
		x.Check(epp.IsE164(**v), local, "is not a telephone number like +420.222123456")
	}
}

func emails(x *epp.Codec, local string, v *[]string) {
	if x.Opt(local, epp.CommaList(v)); *v != nil {
		x.NotEmpty(len(*v), local)
	}
}

// The kinds of identity document.
const (
	IdentOP       = "op"       // identity card
	IdentPassport = "passport" // passport
	IdentMPSV     = "mpsv"     // number given by the Ministry of Labour and Social Affairs
	IdentICO      = "ico"      // company number
	IdentBirthday = "birthday" // date of birth
)

// Ident is a number that identifies a person or a company.
type Ident struct {
	Type string // one of the Ident constants
	Text string // at most 32 characters
}

// Fields walks the attribute and the number.
func (m *Ident) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	switch m.Type {
	case IdentOP, IdentPassport, IdentMPSV, IdentICO, IdentBirthday:
	default:
		x.Check(false, "@type", "must be op, passport, mpsv, ico or birthday")
	}
	x.Text(epp.Token(&m.Text))
	x.Length("", m.Text, 0, 32)
}
