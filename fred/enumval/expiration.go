package enumval

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// ImpendingValExpData is the poll message that the validation of a domain is about to
// expire.
type ImpendingValExpData struct {
	Name      string
	ValExDate time.Time // the day it will
}

// XMLName is enumval:impendingValExpData.
func (*ImpendingValExpData) XMLName() epp.Name {
	return epp.Name{Space: NS, Local: "impendingValExpData"}
}

// Fields walks the content of <enumval:impendingValExpData>.
func (m *ImpendingValExpData) Fields(x *epp.Codec) { expiry(x, &m.Name, &m.ValExDate) }

// ValExpData is the poll message that the validation of a domain has expired.
type ValExpData struct {
	Name      string
	ValExDate time.Time // the day it did
}

// XMLName is enumval:valExpData.
func (*ValExpData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "valExpData"} }

// Fields walks the content of <enumval:valExpData>.
func (m *ValExpData) Fields(x *epp.Codec) { expiry(x, &m.Name, &m.ValExDate) }

func expiry(x *epp.Codec, name *string, valExDate *time.Time) {
	epp.Label(x, "name", name)
	x.Elem("valExDate", epp.Date(valExDate))
}
