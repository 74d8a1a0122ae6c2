package nsset

import (
	"time"

	"github.com/eppkit/eppkit/epp"
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
	handle(x, &m.ID)
	authInfo(x, &m.AuthInfo)
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
	handle(x, &m.ID)
	x.Elem("roid", epp.Token(&m.ROID))
	epp.CheckROID(x, "roid", m.ROID)
	epp.Each(x, "status", &m.Status)
	x.Check(len(m.Status) <= 6, "status", "may occur six times at most")
	epp.CheckStatus(x, m.Status, statuses)
	epp.ClID(x, "clID", &m.ClID)
	optClient(x, "crID", &m.CrID)
	x.Opt("crDate", epp.DateTime(&m.CrDate))
	optClient(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	authInfo(x, &m.AuthInfo)
	nameServers(x, &m.NS)
	techs(x, &m.Techs)
	x.NotEmpty(len(m.Techs), "tech")
	x.Elem("reportlevel", epp.Int(&m.ReportLevel))
	x.Check(m.ReportLevel >= 0 && m.ReportLevel <= 10, "reportlevel", "must be 0 to 10")
}

// optClient is a child that may be absent and names a registrar.
func optClient(x *epp.Codec, local string, v *string) {
	epp.OptClID(x, local, v)
}

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"ok", "linked", "serverDeleteProhibited", "serverTransferProhibited",
	"serverUpdateProhibited", "deleteCandidate",
}
