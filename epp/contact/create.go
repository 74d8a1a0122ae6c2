package contact

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Create makes a contact (RFC 5733, section 3.2.1).
type Create struct {
	ID         string
	PostalInfo []PostalInfo // one or two: the forms int and loc
	Voice, Fax *Phone
	Email      string
	AuthInfo   *epp.AuthInfo // required; its PW may be ""
	Disclose   *Disclose
}

// XMLName is contact:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is contact:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <contact:create>.
func (m *Create) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	postalInfo(x, &m.PostalInfo)
	epp.Maybe(x, "voice", &m.Voice)
	epp.Maybe(x, "fax", &m.Fax)
	email(x, &m.Email)
	epp.Maybe(x, "authInfo", &m.AuthInfo)
	if m.AuthInfo == nil {
		x.NotEmpty(0, "authInfo")
	}
	epp.Maybe(x, "disclose", &m.Disclose)
}

// CreData tells of a new contact. One that the server has yet to look at is answered
// with [epp.ActionPending], and ends with a [PanData].
type CreData struct {
	ID     string
	CrDate time.Time
}

// XMLName is contact:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <contact:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
}
