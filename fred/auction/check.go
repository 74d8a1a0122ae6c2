package auction

import "github.com/eppkit/eppkit/epp"

// Check extends domain:check.
type Check struct {
	Registrant string // handle of the contact that is to hold the domain, 1 to 63 characters
}

// XMLName is auction:check.
func (*Check) XMLName() epp.Name { return epp.Name{Space: NS, Local: "check"} }

// Fields walks the content of <auction:check>.
func (m *Check) Fields(x *epp.Codec) {
	x.Sized("registrant", &m.Registrant, 1, 63)
}
