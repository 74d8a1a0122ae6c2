package org

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Info asks for what the registry knows of an organization (RFC 8543, section 4.1.2).
type Info struct{ ID string }

// XMLName is org:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is org:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <org:info>.
func (m *Info) Fields(x *epp.Codec) { epp.ClID(x, "id", &m.ID) }

// InfData is what the registry tells of an organization.
type InfData struct {
	ID         string
	ROID       string
	Roles      []Role   // at least one
	Status     []string // one to nine of the Status constants
	ParentID   string   // the organization that this one belongs to
	PostalInfo []PostalInfo
	Voice, Fax *Phone
	Email      string
	URL        *string
	Contacts   []Contact
	ClID, CrID string // sponsor and creator
	CrDate     time.Time
	UpID       string // who updated it last
	UpDate     time.Time
}

// XMLName is org:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <org:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.ROID(x, &m.ROID)
	epp.Each(x, "role", &m.Roles)
	x.NotEmpty(len(m.Roles), "role")
	status(x, &m.Status, 9)
	x.NotEmpty(len(m.Status), "status")
	epp.OptClID(x, "parentId", &m.ParentID)
	postalInfo(x, &m.PostalInfo)
	reach(x, &m.Voice, &m.Fax, &m.Email, &m.URL)
	epp.Each(x, "contact", &m.Contacts)
	epp.OptClID(x, "clID", &m.ClID)
	epp.ClID(x, "crID", &m.CrID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	epp.OptClID(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
}

// reach walks the four ways to reach an organization, which stand in a row in three
// elements.
func reach(x *epp.Codec, voice, fax **Phone, email *string, url **string) {
	epp.Maybe(x, "voice", voice)
	epp.Maybe(x, "fax", fax)
	if x.Opt("email", epp.Token(email)) {
		x.NotBlank("email", *email)
	}
	x.Opt("url", epp.OptToken(url))
}
