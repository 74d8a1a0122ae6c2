package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Create registers a domain. The registry makes its authInfo itself, whatever AuthInfo
// says, and only when it is asked for ([SendAuthInfo]).
type Create struct {
	Name       string
	Period     *epp.Period // nil is the shortest that the zone has
	Nsset      string      // handle, or "" for none
	Keyset     string      // handle, or "" for none
	Registrant string      // handle of the holder
	Admins     []string    // handles of the administrative contacts
	AuthInfo   *epp.Secret
}

// XMLName is domain:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is domain:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <domain:create>.
func (m *Create) Fields(x *epp.Codec) {
	name(x, &m.Name)
	epp.Maybe(x, "period", &m.Period)
	x.OptSized("nsset", &m.Nsset, 1, 63)
	x.OptSized("keyset", &m.Keyset, 1, 63)
	x.Sized("registrant", &m.Registrant, 1, 63)
	fredcom.Handles(x, "admin", &m.Admins)
	fredcom.OptAuthInfo(x, &m.AuthInfo)
}

// CreData is the domain that was created.
type CreData struct {
	Name   string
	CrDate time.Time
	ExDate time.Time // a day
}

// XMLName is domain:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <domain:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	name(x, &m.Name)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	x.Opt("exDate", epp.Date(&m.ExDate))
}
