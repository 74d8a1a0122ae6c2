package keyset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Check asks whether handles are free.
type Check struct{ IDs []string }

// XMLName is keyset:check.
func (*Check) XMLName() epp.Name { return epp.Name{Space: NS, Local: "check"} }

// Answer is keyset:chkData.
func (*Check) Answer() *ChkData { return new(ChkData) }

// Fields walks the content of <keyset:check>.
func (m *Check) Fields(x *epp.Codec) {
	fredcom.Handles(x, "id", &m.IDs)
	x.NotEmpty(len(m.IDs), "id")
}

// ChkData says of each handle whether it is free.
type ChkData struct{ CD []CD }

// XMLName is keyset:chkData.
func (*ChkData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "chkData"} }

// Fields walks the content of <keyset:chkData>.
func (m *ChkData) Fields(x *epp.Codec) {
	epp.Each(x, "cd", &m.CD)
	x.NotEmpty(len(m.CD), "cd")
}

// CD is what [ChkData] says of one handle.
type CD struct {
	ID     string
	Avail  bool
	Reason *epp.Text // why not, where the server says
}

// Fields walks the content of <keyset:cd>.
func (m *CD) Fields(x *epp.Codec) {
	epp.Verdict(x, "id", &m.ID, "avail", &m.Avail)
	x.Length("id", m.ID, 1, 63)
	epp.Maybe(x, "reason", &m.Reason)
}
