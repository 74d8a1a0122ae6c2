package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
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
	authInfo(x, &m.AuthInfo)
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
	x.Elem("roid", epp.Token(&m.ROID))
	epp.CheckROID(x, "roid", m.ROID)
	epp.Each(x, "status", &m.Status)
	x.Check(len(m.Status) <= 13, "status", "may occur 13 times at most")
	epp.CheckStatus(x, m.Status, statuses)
	opt(x, "registrant", &m.Registrant, 1, 63)
	handles(x, "admin", &m.Admins)
	opt(x, "nsset", &m.Nsset, 1, 255)
	opt(x, "keyset", &m.Keyset, 1, 255)
	epp.ClID(x, "clID", &m.ClID)
	opt(x, "crID", &m.CrID, 3, 16)
	x.Opt("crDate", epp.DateTime(&m.CrDate))
	opt(x, "upID", &m.UpID, 3, 16)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("exDate", epp.Date(&m.ExDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	authInfo(x, &m.AuthInfo)
	handles(x, "tempcontact", &m.TempContacts)
}

// opt is a child that may be absent, but not empty.
func opt(x *epp.Codec, local string, v *string, least, most int) {
	x.OptSized(local, v, least, most)
}

func handles(x *epp.Codec, local string, v *[]string) {
	x.SizedList(local, v, 1, 63)
}
