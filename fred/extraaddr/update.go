package extraaddr

import "github.com/eppkit/eppkit/epp"

// Update extends contact:update. The schema lets both of its parts be there, and
// neither.
type Update struct {
	Set *Set
	Rem *Rem
}

// XMLName is extra-addr:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <extra-addr:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.Maybe(x, "set", &m.Set)
	epp.Maybe(x, "rem", &m.Rem)
}

// Set is the address that a contact is to have, whether it has one or not.
type Set struct{ Mailing Mailing }

// Fields walks the content of <extra-addr:set>.
func (m *Set) Fields(x *epp.Codec) { epp.One(x, "mailing", &m.Mailing) }

// Rem names the addresses that a contact is to lose.
type Rem struct {
	Mailing bool // there is no other, so it must be named
}

// Fields walks the content of <extra-addr:rem>.
func (m *Rem) Fields(x *epp.Codec) {
	x.Flag("mailing", &m.Mailing)
	if !m.Mailing {
		x.NotEmpty(0, "mailing")
	}
}
