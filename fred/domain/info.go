package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Info asks for what the registry knows of a domain.
type Info struct {
	Name string
	// AuthInfo is tried by the registry; the answer is the same without it.
	AuthInfo *epp.Secret
}

// XMLName is domain:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is domain:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <domain:info>.
func (m *Info) Fields(x *epp.Codec) {
	name(x, &m.Name)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
}

// InfData is what the registry tells of a domain.
type InfData struct {
	Name         string
	ROID         string
	Status       []epp.Status
	Registrant   string   // handle of the holder; "" when it is hidden
	Admins       []string // handles
	Nsset        string   // handle, or "" for none
	Keyset       string   // handle, or "" for none
	ClID, CrID   string   // sponsor and creator
	CrDate       time.Time
	UpID         string // who updated it last
	UpDate       time.Time
	ExDate       time.Time // a day
	TrDate       time.Time
	AuthInfo     *epp.Secret // today's registry never shows it
	TempContacts []string
}

// XMLName is domain:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <domain:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	name(x, &m.Name)
	epp.ROID(x, &m.ROID)
	epp.Statuses(x, &m.Status, 13, statuses)
	x.OptSized("registrant", &m.Registrant, 1, 63)
	fredcom.Handles(x, "admin", &m.Admins)
	x.OptSized("nsset", &m.Nsset, 1, 255)
	x.OptSized("keyset", &m.Keyset, 1, 255)
	epp.ClID(x, "clID", &m.ClID)
	epp.OptClID(x, "crID", &m.CrID)
	x.Opt("crDate", epp.DateTime(&m.CrDate))
	epp.OptClID(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("exDate", epp.Date(&m.ExDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	fredcom.OptAuthInfo(x, &m.AuthInfo)
	fredcom.Handles(x, "tempcontact", &m.TempContacts)
}
