package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Create registers a domain (RFC 5731, section 3.2.1).
type Create struct {
	Name string
	// Period is for how long; nil leaves it to the server.
	Period     *epp.Period
	NS         *NameServers
	Registrant string
	Contacts   []Contact
	AuthInfo   *epp.AuthInfo // required; its PW may be ""
}

// XMLName is domain:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is domain:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <domain:create>.
func (m *Create) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	epp.Maybe(x, "period", &m.Period)
	epp.Maybe(x, "ns", &m.NS)
	epp.OptClID(x, "registrant", &m.Registrant)
	epp.Each(x, "contact", &m.Contacts)
	epp.Maybe(x, "authInfo", &m.AuthInfo)
	if m.AuthInfo == nil {
		x.NotEmpty(0, "authInfo")
	}
}

// CreData tells of a new domain. One that the server has yet to look at is answered
// with [epp.ActionPending], and ends with a [PanData].
type CreData struct {
	Name   string
	CrDate time.Time
	ExDate time.Time
}

// XMLName is domain:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <domain:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	x.Opt("exDate", epp.DateTime(&m.ExDate))
}
