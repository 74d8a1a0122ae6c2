package enumval

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Create extends domain:create.
type Create struct {
	ValExDate time.Time // the day on which the validation expires
	Publish   *bool     // whether to list the domain in the directory; nil is not said
}

// XMLName is enumval:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <enumval:create>.
func (m *Create) Fields(x *epp.Codec) { validation(x, &m.ValExDate, &m.Publish) }
