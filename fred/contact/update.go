package contact

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Update changes a contact. Without Chg it says nothing itself, and is there to be
// extended.
type Update struct {
	ID  string
	Chg *Chg
}

// XMLName is contact:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <contact:update>.
func (m *Update) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	epp.Maybe(x, "chg", &m.Chg)
}

// Chg is what an [Update] replaces. What is nil stays as it is; an empty text removes
// what was there.
type Chg struct {
	// PostalInfo's parts are replaced one by one, an address as a whole.
	PostalInfo *PostalInfo
	Voice, Fax *string // as in "+420.222123456", or ""
	Email      []string
	AuthInfo   *epp.Secret
	Disclose   *Disclose
	VAT        *string
	Ident      *Ident // its Type may be ""
	// NotifyEmail that is empty, but not nil, removes the addresses.
	NotifyEmail []string
}

// Fields walks the content of <contact:chg>.
func (m *Chg) Fields(x *epp.Codec) {
	maybe(x, "postalInfo", &m.PostalInfo, (*PostalInfo).change)
	phone(x, "voice", &m.Voice)
	phone(x, "fax", &m.Fax)
	emails(x, "email", &m.Email)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
	epp.Maybe(x, "disclose", &m.Disclose)
	vat(x, &m.VAT)
	maybe(x, "ident", &m.Ident, (*Ident).change)
	x.Opt("notifyEmail", epp.CommaList(&m.NotifyEmail))
	epp.CheckEmails(x, "notifyEmail", m.NotifyEmail)
}

// UpdateData is the poll message that somebody else has changed a contact.
type UpdateData struct {
	OpTRID           string // the server's identifier of the change, 3 to 64 characters
	OldData, NewData InfData
}

// XMLName is contact:updateData.
func (*UpdateData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "updateData"} }

// Fields walks the content of <contact:updateData>.
func (m *UpdateData) Fields(x *epp.Codec) {
	fredcom.UpdateData(x, &m.OpTRID, &m.OldData, &m.NewData)
}
