package domain

import "github.com/eppkit/eppkit/epp"

// Check asks whether domain names can be registered.
type Check struct{ Names []string }

// XMLName is domain:check.
func (*Check) XMLName() epp.Name { return epp.Name{Space: NS, Local: "check"} }

// Answer is domain:chkData.
func (*Check) Answer() *ChkData { return new(ChkData) }

// Fields walks the content of <domain:check>.
func (m *Check) Fields(x *epp.Codec) {
	epp.Labels(x, "name", &m.Names)
	x.NotEmpty(len(m.Names), "name")
}

// ChkData says of each name whether it can be registered.
type ChkData struct{ CD []CD }

// XMLName is domain:chkData.
func (*ChkData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "chkData"} }

// Fields walks the content of <domain:chkData>.
func (m *ChkData) Fields(x *epp.Codec) {
	epp.Each(x, "cd", &m.CD)
	x.NotEmpty(len(m.CD), "cd")
}

// CD is what [ChkData] says of one name.
type CD struct {
	Name   string
	Avail  bool
	Reason *epp.Text // why not, where the server says
}

// Fields walks the content of <domain:cd>.
func (m *CD) Fields(x *epp.Codec) {
	epp.Verdict(x, "name", &m.Name, "avail", &m.Avail)
	x.Length("name", m.Name, 1, 255)
	epp.Maybe(x, "reason", &m.Reason)
}
