package host

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Info asks for what the registry knows of a host (RFC 5732, section 3.1.2).
type Info struct{ Name string }

// XMLName is host:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is host:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <host:info>.
func (m *Info) Fields(x *epp.Codec) { epp.Label(x, "name", &m.Name) }

// InfData is what the registry tells of a host.
type InfData struct {
	Name       string
	ROID       string
	Status     []epp.Status // one to seven
	Addr       []Addr
	ClID, CrID string // sponsor and creator
	CrDate     time.Time
	UpID       string // who updated it last
	UpDate     time.Time
	TrDate     time.Time // when it was transferred, with its domain
}

// XMLName is host:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <host:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	epp.ROID(x, &m.ROID)
	status(x, &m.Status)
	x.NotEmpty(len(m.Status), "status")
	epp.Each(x, "addr", &m.Addr)
	epp.ClID(x, "clID", &m.ClID)
	epp.ClID(x, "crID", &m.CrID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	epp.OptClID(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
}
