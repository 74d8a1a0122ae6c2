package contact

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Info asks for what the registry knows of a contact (RFC 5733, section 3.1.2).
type Info struct {
	ID string
	// AuthInfo shows that the sponsor lets the client see everything.
	AuthInfo *epp.AuthInfo
}

// XMLName is contact:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is contact:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <contact:info>.
func (m *Info) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.Maybe(x, "authInfo", &m.AuthInfo)
}

// InfData is what the registry tells of a contact.
type InfData struct {
	ID         string
	ROID       string
	Status     []epp.Status // one to seven
	PostalInfo []PostalInfo // one or two: the forms int and loc
	Voice, Fax *Phone
	Email      string
	ClID, CrID string // sponsor and creator
	CrDate     time.Time
	UpID       string // who updated it last
	UpDate     time.Time
	TrDate     time.Time
	AuthInfo   *epp.AuthInfo
	Disclose   *Disclose
}

// XMLName is contact:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <contact:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.ROID(x, &m.ROID)
	status(x, &m.Status)
	postalInfo(x, &m.PostalInfo)
	epp.Maybe(x, "voice", &m.Voice)
	epp.Maybe(x, "fax", &m.Fax)
	email(x, &m.Email)
	epp.ClID(x, "clID", &m.ClID)
	epp.ClID(x, "crID", &m.CrID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	epp.OptClID(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	epp.Maybe(x, "authInfo", &m.AuthInfo)
	epp.Maybe(x, "disclose", &m.Disclose)
}
