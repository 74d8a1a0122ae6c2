package org

import "github.com/eppkit/eppkit/epp"

// Check asks whether identifiers can be given to new organizations (RFC 8543, section
// 4.1.1).
type Check struct{ IDs []string }

// XMLName is org:check.
func (*Check) XMLName() epp.Name { return epp.Name{Space: NS, Local: "check"} }

// Answer is org:chkData.
func (*Check) Answer() *ChkData { return new(ChkData) }

// Fields walks the content of <org:check>.
func (m *Check) Fields(x *epp.Codec) {
	epp.ClIDs(x, "id", &m.IDs)
	x.NotEmpty(len(m.IDs), "id")
}

// ChkData says of each identifier whether it can be given.
type ChkData struct{ CD []CD }

// XMLName is org:chkData.
func (*ChkData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "chkData"} }

// Fields walks the content of <org:chkData>.
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

// Fields walks the content of <org:cd>.
func (m *CD) Fields(x *epp.Codec) {
	epp.Verdict(x, "id", &m.ID, "avail", &m.Avail)
	x.Length("id", m.ID, 3, 16)
	epp.Maybe(x, "reason", &m.Reason)
}
