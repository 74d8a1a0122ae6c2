package contact

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Create registers a contact. The registry makes its authInfo itself, whatever
// AuthInfo says, and only when it is asked for ([SendAuthInfo]).
type Create struct {
	// ID is the new handle: letters, digits and single hyphens between them, 1 to
	// 30 characters.
	ID string
	// PostalInfo must have a name and an address.
	PostalInfo  PostalInfo
	Voice, Fax  *string // as in "+420.222123456", or ""
	Email       []string
	AuthInfo    *epp.Secret
	Disclose    *Disclose // without Addr, which a new contact can't choose
	VAT         *string   // VAT payer identifier, at most 20 characters
	Ident       *Ident
	NotifyEmail []string // where notices of changes go
}

// XMLName is contact:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is contact:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <contact:create>.
func (m *Create) Fields(x *epp.Codec) {
	fredcom.NewHandle(x, &m.ID)
	x.Group("postalInfo", func() { m.PostalInfo.complete(x) })
	phone(x, "voice", &m.Voice)
	phone(x, "fax", &m.Fax)
	fredcom.Emails(x, &m.Email)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
	epp.Maybe(x, "disclose", &m.Disclose)
	x.Check(m.Disclose == nil || !m.Disclose.Addr, "disclose", "can't name addr for a new contact")
	vat(x, &m.VAT)
	epp.Maybe(x, "ident", &m.Ident)
	emails(x, "notifyEmail", &m.NotifyEmail)
}

// CreData is the contact that was created.
type CreData struct {
	ID     string
	CrDate time.Time
}

// XMLName is contact:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <contact:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
}
