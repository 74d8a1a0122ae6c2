package enumval

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// InfData extends domain:infData.
type InfData struct {
	ValExDate time.Time // the day on which the validation expires
	Publish   *bool     // whether the domain is listed in the directory; nil is not said
}

// XMLName is enumval:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <enumval:infData>.
func (m *InfData) Fields(x *epp.Codec) { validation(x, &m.ValExDate, &m.Publish) }
