package nsset

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Info asks for what the registry knows of an nsset.
type Info struct {
	ID string
	// AuthInfo is tried by the registry; the answer is the same without it.
	AuthInfo *epp.Secret
}

// XMLName is nsset:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is nsset:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <nsset:info>.
func (m *Info) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
}

// InfData is what the registry tells of an nsset.
type InfData struct {
	ID          string
	ROID        string
	Status      []epp.Status
	ClID, CrID  string // sponsor and creator
	CrDate      time.Time
	UpID        string // who updated it last
	UpDate      time.Time
	TrDate      time.Time
	AuthInfo    *epp.Secret // today's registry never shows it
	NS          []NameServer
	Techs       []string // handles of the technical contacts
	ReportLevel int      // how thorough the technical tests are, 0 to 10
}

// XMLName is nsset:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <nsset:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	epp.ROID(x, &m.ROID)
	epp.Statuses(x, &m.Status, 6, statuses)
	epp.ClID(x, "clID", &m.ClID)
	epp.OptClID(x, "crID", &m.CrID)
	x.Opt("crDate", epp.DateTime(&m.CrDate))
	epp.OptClID(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	fredcom.OptAuthInfo(x, &m.AuthInfo)
	nameServers(x, &m.NS)
	fredcom.Handles(x, "tech", &m.Techs)
	x.NotEmpty(len(m.Techs), "tech")
	x.Ranged("reportlevel", &m.ReportLevel, 0, 10)
}

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"ok", "linked", "serverDeleteProhibited", "serverTransferProhibited",
	"serverUpdateProhibited", "deleteCandidate",
}
