package keyset

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Create makes a keyset.
type Create struct {
	ID      string   // at most 30 letters, digits and single hyphens
	DNSKeys []DNSKey // at most ten; the registry wants one
	Techs   []string // handles of the technical contacts, 1 to 10
	// AuthInfo is accepted and not used by today's registry.
	AuthInfo *epp.Secret
}

// XMLName is keyset:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is keyset:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <keyset:create>.
func (m *Create) Fields(x *epp.Codec) {
	fredcom.NewHandle(x, &m.ID)
	dnsKeys(x, &m.DNSKeys)
	fredcom.Handles(x, "tech", &m.Techs)
	x.NotEmpty(len(m.Techs), "tech")
	x.AtMost(len(m.Techs), 10, "tech")
	fredcom.OptAuthInfo(x, &m.AuthInfo)
}

// CreData says that a keyset was made.
type CreData struct {
	ID     string
	CrDate time.Time
}

// XMLName is keyset:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <keyset:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
}
