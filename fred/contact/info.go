package contact

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
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
	fredcom.Handle(x, &m.ID)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
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
	fredcom.Handle(x, &m.ID)
	epp.ROID(x, &m.ROID)
	epp.Statuses(x, &m.Status, 14, statuses)
	epp.One(x, "postalInfo", &m.PostalInfo)
	phone(x, "voice", &m.Voice)
	phone(x, "fax", &m.Fax)
	emails(x, "email", &m.Email)
	epp.ClID(x, "clID", &m.ClID)
	epp.ClID(x, "crID", &m.CrID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	epp.OptClID(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	fredcom.OptAuthInfo(x, &m.AuthInfo)
	epp.Maybe(x, "disclose", &m.Disclose)
	vat(x, &m.VAT)
	epp.Maybe(x, "ident", &m.Ident)
	emails(x, "notifyEmail", &m.NotifyEmail)
}
