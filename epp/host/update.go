package host

import "github.com/eppkit/eppkit/epp"

// Update changes a host (RFC 5732, section 3.2.5). At least one of Add, Rem and Chg
// must be there, unless the command is extended.
type Update struct {
	Name     string // as it is before the update
	Add, Rem *AddRem
	Chg      *Chg
}

// XMLName is host:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <host:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// AddRem is what an [Update] adds or removes.
type AddRem struct {
	Addr []Addr
	// Status may be those that begin with client. To remove one its text does not
	// matter.
	Status []epp.Status
}

// Fields walks the content of <host:add> and <host:rem>.
func (m *AddRem) Fields(x *epp.Codec) {
	epp.Each(x, "addr", &m.Addr)
	status(x, &m.Status)
}

// Chg is what an [Update] replaces.
type Chg struct {
	Name string // that the host is to have
}

// Fields walks the content of <host:chg>.
func (m *Chg) Fields(x *epp.Codec) { epp.Label(x, "name", &m.Name) }
