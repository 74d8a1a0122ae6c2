package keyset

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Info asks for what the registry knows of a keyset.
type Info struct {
	ID string
	// AuthInfo is tried by the registry; the answer is the same without it.
	AuthInfo *epp.Secret
}

// XMLName is keyset:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is keyset:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <keyset:info>.
func (m *Info) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
}

// InfData is what the registry tells of a keyset.
type InfData struct {
	ID         string
	ROID       string
	Status     []epp.Status
	ClID, CrID string // sponsor and creator
	CrDate     time.Time
	UpID       string // who updated it last
	UpDate     time.Time
	TrDate     time.Time
	AuthInfo   *epp.Secret // today's registry never shows it
	DNSKeys    []DNSKey
	Techs      []string // handles of the technical contacts
}

// XMLName is keyset:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <keyset:infData>.
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
	dnsKeys(x, &m.DNSKeys)
	fredcom.Handles(x, "tech", &m.Techs)
	x.NotEmpty(len(m.Techs), "tech")
}

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"ok", "linked", "serverDeleteProhibited", "serverTransferProhibited",
	"serverUpdateProhibited", "deleteCandidate",
}
