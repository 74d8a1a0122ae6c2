package domain

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Update changes a domain. Without Add, Rem and Chg it says nothing itself, and is
// there to be extended.
type Update struct {
	Name string
	Add  *Add
	Rem  *Rem
	Chg  *Chg
}

// XMLName is domain:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <domain:update>.
func (m *Update) Fields(x *epp.Codec) {
	name(x, &m.Name)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// Add is what an [Update] adds.
type Add struct {
	Admins []string // handles of administrative contacts
}

// Fields walks the content of <domain:add>.
func (m *Add) Fields(x *epp.Codec) { fredcom.Handles(x, "admin", &m.Admins) }

// Rem is what an [Update] removes.
type Rem struct {
	Admins       []string // handles of administrative contacts
	TempContacts []string // the registry has none any more, and refuses them
}

// Fields walks the content of <domain:rem>.
func (m *Rem) Fields(x *epp.Codec) {
	fredcom.Handles(x, "admin", &m.Admins)
	fredcom.Handles(x, "tempcontact", &m.TempContacts)
}

// Chg is what an [Update] replaces.
type Chg struct {
	// Nsset and Keyset are handles: nil leaves what there is, "" removes it.
	Nsset, Keyset *string
	Registrant    string // handle of the new holder; "" leaves the old
	AuthInfo      *epp.Secret
}

// Fields walks the content of <domain:chg>.
func (m *Chg) Fields(x *epp.Codec) {
	if x.Opt("nsset", epp.OptToken(&m.Nsset)) {
		x.Length("nsset", *m.Nsset, 0, 63)
	}
	if x.Opt("keyset", epp.OptToken(&m.Keyset)) {
		x.Length("keyset", *m.Keyset, 0, 63)
	}
	x.OptSized("registrant", &m.Registrant, 1, 63)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
}

// UpdateData is the poll message that somebody else has changed a domain.
type UpdateData struct {
	OpTRID           string // the server's identifier of the change, 3 to 64 characters
	OldData, NewData InfData
}

// XMLName is domain:updateData.
func (*UpdateData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "updateData"} }

// Fields walks the content of <domain:updateData>.
func (m *UpdateData) Fields(x *epp.Codec) {
	fredcom.UpdateData(x, &m.OpTRID, &m.OldData, &m.NewData)
}
