package nsset

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Create makes an nsset.
type Create struct {
	ID    string       // at most 30 letters, digits and single hyphens
	NS    []NameServer // 1 to 10 by the schema; the registry wants two
	Techs []string     // handles of the technical contacts, at least one
	// AuthInfo is accepted and not used by today's registry.
	AuthInfo *epp.Secret
	// ReportLevel is how thorough the technical tests are, 0 to 10; nil leaves
	// it to the registry.
	ReportLevel *int
}

// XMLName is nsset:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer is nsset:creData.
func (*Create) Answer() *CreData { return new(CreData) }

// Fields walks the content of <nsset:create>.
func (m *Create) Fields(x *epp.Codec) {
	fredcom.NewHandle(x, &m.ID)
	nameServers(x, &m.NS)
	x.NotEmpty(len(m.NS), "ns")
	fredcom.Handles(x, "tech", &m.Techs)
	x.NotEmpty(len(m.Techs), "tech")
	fredcom.OptAuthInfo(x, &m.AuthInfo)
	level(x, "reportlevel", &m.ReportLevel)
}

// CreData says that an nsset was made.
type CreData struct {
	ID     string
	CrDate time.Time
}

// XMLName is nsset:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <nsset:creData>.
func (m *CreData) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
}
