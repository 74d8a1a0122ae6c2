package nsset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Update changes an nsset. Each part may be there and empty.
type Update struct {
	ID  string
	Add *Add
	Rem *Rem
	Chg *Chg
}

// XMLName is nsset:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <nsset:update>.
func (m *Update) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// Add is what an [Update] adds.
type Add struct {
	NS    []NameServer // at most ten
	Techs []string     // handles
}

// Fields walks the content of <nsset:add>.
func (m *Add) Fields(x *epp.Codec) {
	nameServers(x, &m.NS)
	fredcom.Handles(x, "tech", &m.Techs)
}

// Rem is what an [Update] removes.
type Rem struct {
	Names []string // of name servers, at most ten
	Techs []string // handles
}

// Fields walks the content of <nsset:rem>.
func (m *Rem) Fields(x *epp.Codec) {
	epp.Labels(x, "name", &m.Names)
	x.AtMost(len(m.Names), 10, "name")
	fredcom.Handles(x, "tech", &m.Techs)
}

// Chg is what an [Update] replaces; nil leaves a value as it is.
type Chg struct {
	AuthInfo    *epp.Secret
	ReportLevel *int // how thorough the technical tests are, 0 to 10
}

// Fields walks the content of <nsset:chg>.
func (m *Chg) Fields(x *epp.Codec) {
	fredcom.OptAuthInfo(x, &m.AuthInfo)
	level(x, "reportlevel", &m.ReportLevel)
}

// UpdateData is the poll message that somebody else updated an nsset.
type UpdateData struct {
	OpTRID           string // the server's identifier of the update, 3 to 64 characters
	OldData, NewData InfData
}

// XMLName is nsset:updateData.
func (*UpdateData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "updateData"} }

// Fields walks the content of <nsset:updateData>.
func (m *UpdateData) Fields(x *epp.Codec) {
	fredcom.UpdateData(x, &m.OpTRID, &m.OldData, &m.NewData)
}
