package orgext

import "github.com/eppkit/eppkit/epp"

// Update changes which organizations the object of an update is tied to (RFC 8544,
// section 4.2.5). At least one of its parts must be there.
type Update struct{ Add, Rem, Chg *AddRemChg }

// XMLName is orgext:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <orgext:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// AddRemChg is what an [Update] adds, removes or replaces: one organization for a role,
// at least one in all.
type AddRemChg struct{ IDs []ID }

// Fields walks the content of <orgext:add>, <orgext:rem> and <orgext:chg>.
func (m *AddRemChg) Fields(x *epp.Codec) { ids(x, &m.IDs) }
