package org

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Create makes an organization (RFC 8543, section 4.2.1).
type Create struct {
	ID         string
	Roles      []Role   // at least one
	Status     []string // at most four of the Status constants
	ParentID   string   // the organization that this one belongs to
	PostalInfo []PostalInfo
	Voice, Fax *Phone
	Email      string
	URL        *string
	Contacts   []Contact
}

// XMLName is org:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is org:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <org:create>.
func (m *Create) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.Each(x, "role", &m.Roles)
	x.NotEmpty(len(m.Roles), "role")
	status(x, &m.Status, 4)
	epp.OptClID(x, "parentId", &m.ParentID)
	postalInfo(x, &m.PostalInfo)
	reach(x, &m.Voice, &m.Fax, &m.Email, &m.URL)
	epp.Each(x, "contact", &m.Contacts)
}

// CreData says that an organization was made.
type CreData struct {
	ID     string
	CrDate time.Time
}

// XMLName is org:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <org:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
}
