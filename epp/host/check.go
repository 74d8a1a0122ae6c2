package host

import "github.com/eppkit/eppkit/epp"

// Check asks whether names are free (RFC 5732, section 3.1.1).
type Check struct{ Names []string }

// XMLName is host:check.
func (*Check) XMLName() epp.Name { return epp.Name{Space: NS, Local: "check"} }

// Answer is host:chkData.
func (*Check) Answer() *ChkData { return new(ChkData) }

// Fields walks the content of <host:check>.
func (m *Check) Fields(x *epp.Codec) {
	epp.Labels(x, "name", &m.Names)
	x.NotEmpty(len(m.Names), "name")
}

// ChkData says of each name whether it is free.
type ChkData struct{ CD []CD }

// XMLName is host:chkData.
func (*ChkData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "chkData"} }

// Fields walks the content of <host:chkData>.
func (m *ChkData) Fields(x *epp.Codec) {
	epp.Each(x, "cd", &m.CD)
	x.NotEmpty(len(m.CD), "cd")
}

// CD is what [ChkData] says of one name.
type CD struct {
	Name   string
	Avail  bool
	Reason *epp.Reason // why not, where the server says
}

// Fields walks the content of <host:cd>.
func (m *CD) Fields(x *epp.Codec) {
	epp.Verdict(x, "name", &m.Name, "avail", &m.Avail)
	x.Length("name", m.Name, 1, 255)
	epp.Maybe(x, "reason", &m.Reason)
}
