package contact

import "github.com/eppkit/eppkit/epp"

// Check asks whether identifiers are free (RFC 5733, section 3.1.1).
type Check struct{ IDs []string }

// XMLName is contact:check.
func (*Check) XMLName() epp.Name { return epp.Name{Space: NS, Local: "check"} }

// Answer is contact:chkData.
func (*Check) Answer() *ChkData { return new(ChkData) }

// Fields walks the content of <contact:check>.
func (m *Check) Fields(x *epp.Codec) {
	epp.ClIDs(x, "id", &m.IDs)
	x.NotEmpty(len(m.IDs), "id")
}

// ChkData says of each identifier whether it is free.
type ChkData struct{ CD []CD }

// XMLName is contact:chkData.
func (*ChkData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "chkData"} }

// Fields walks the content of <contact:chkData>.
func (m *ChkData) Fields(x *epp.Codec) {
	epp.Each(x, "cd", &m.CD)
	x.NotEmpty(len(m.CD), "cd")
}

// CD is what [ChkData] says of one identifier.
type CD struct {
	ID     string
	Avail  bool
	Reason *epp.Reason // why not, where the server says
}

// Fields walks the content of <contact:cd>.
func (m *CD) Fields(x *epp.Codec) {
	epp.Verdict(x, "id", &m.ID, "avail", &m.Avail)
	x.Length("id", m.ID, 3, 16)
	epp.Maybe(x, "reason", &m.Reason)
}
