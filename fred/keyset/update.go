package keyset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Update changes a keyset. Each part may be there and empty.
type Update struct {
	ID       string
	Add, Rem *AddRem
	Chg      *Chg
}

// XMLName is keyset:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <keyset:update>.
func (m *Update) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// AddRem is what an [Update] adds or removes.
type AddRem struct {
	DNSKeys []DNSKey // at most ten
	Techs   []string // handles
}

// Fields walks the content of <keyset:add> and <keyset:rem>.
func (m *AddRem) Fields(x *epp.Codec) {
	dnsKeys(x, &m.DNSKeys)
	fredcom.Handles(x, "tech", &m.Techs)
}

// Chg is what an [Update] replaces.
type Chg struct {
	AuthInfo *epp.Secret // nil leaves it as it is
}

// Fields walks the content of <keyset:chg>.
func (m *Chg) Fields(x *epp.Codec) { fredcom.OptAuthInfo(x, &m.AuthInfo) }

// UpdateData is the poll message that somebody else updated a keyset.
type UpdateData struct {
	OpTRID           string // the server's identifier of the update, 3 to 64 characters
	OldData, NewData InfData
}

// XMLName is keyset:updateData.
func (*UpdateData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "updateData"} }

// Fields walks the content of <keyset:updateData>.
func (m *UpdateData) Fields(x *epp.Codec) {
	fredcom.UpdateData(x, &m.OpTRID, &m.OldData, &m.NewData)
}
