package host

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Create makes a host (RFC 5732, section 3.2.1). The domain that it is below must be
// there, if the server is authoritative for it; then its addresses are glue.
type Create struct {
	Name string
	Addr []Addr
}

// XMLName is host:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is host:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <host:create>.
func (m *Create) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	epp.Each(x, "addr", &m.Addr)
}

// CreData tells of a new host. One that the server has yet to look at is answered with
// [epp.ActionPending], and ends with a [PanData].
type CreData struct {
	Name   string
	CrDate time.Time
}

// XMLName is host:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <host:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
}
