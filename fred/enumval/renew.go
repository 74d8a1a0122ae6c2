package enumval

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Renew extends domain:renew.
type Renew struct {
	ValExDate time.Time // the day on which the new validation expires
	Publish   *bool     // whether to list the domain in the directory; nil leaves it
}

// XMLName is enumval:renew.
func (*Renew) XMLName() epp.Name { return epp.Name{Space: NS, Local: "renew"} }

// Fields walks the content of <enumval:renew>.
func (m *Renew) Fields(x *epp.Codec) { validation(x, &m.ValExDate, &m.Publish) }
