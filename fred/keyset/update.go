package keyset

import "github.com/eppkit/eppkit/epp"

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
	handle(x, &m.ID)
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
	techs(x, &m.Techs)
}

// Chg is what an [Update] replaces.
type Chg struct {
	AuthInfo *epp.Secret // nil leaves it as it is
}

// Fields walks the content of <keyset:chg>.
func (m *Chg) Fields(x *epp.Codec) { authInfo(x, &m.AuthInfo) }

// UpdateData is the poll message that somebody else updated a keyset.
type UpdateData struct {
	OpTRID           string // the server's identifier of the update, 3 to 64 characters
	OldData, NewData InfData
}

// XMLName is keyset:updateData.
func (*UpdateData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "updateData"} }

// Fields walks the content of <keyset:updateData>.
func (m *UpdateData) Fields(x *epp.Codec) {
	epp.TRID(x, "opTRID", &m.OpTRID)
	state(x, "oldData", &m.OldData)
	state(x, "newData", &m.NewData)
}

// state is a child that holds an <keyset:infData>. A tolerant reader also takes what is
// inside one without the element around it.
func state(x *epp.Codec, local string, v *InfData) {
	walk := func() { v.Fields(x) }
	x.Group(local, func() {
		if !x.OptGroup("infData", true, walk) {
			x.NotEmpty(0, "infData")
			walk()
		}
	})
}
