package launch

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
)

// Info asks for a registration or an application of a phase (RFC 8334, section 3.2).
type Info struct {
	// IncludeMark asks for the marks, too: nil is false, left unsaid.
	IncludeMark   *bool
	Phase         Phase
	ApplicationID string // "" for a registration
}

// XMLName is launch:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Fields walks the content of <launch:info>.
func (m *Info) Fields(x *epp.Codec) {
	x.OptAttr("includeMark", epp.Optional(&m.IncludeMark, epp.Bool))
	epp.One(x, "phase", &m.Phase)
	x.Opt("applicationID", epp.Token(&m.ApplicationID))
}

// InfData is what the registry tells of a registration or an application, in an answer
// and in messages about it (RFC 8334, sections 2.5 and 3.2).
type InfData struct {
	Phase         Phase
	ApplicationID string // "" for a registration
	Status        *Status
	// Marks are of type *mark.Mark, or other elements that stand for one.
	Marks []epp.Element
}

// XMLName is launch:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <launch:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	epp.One(x, "phase", &m.Phase)
	x.Opt("applicationID", epp.Token(&m.ApplicationID))
	epp.Maybe(x, "status", &m.Status)
	x.AnyList(&m.Marks)
	others(x, m.Marks)
}

// others refuses an element of the extension's own in the place of a mark.
func others(x *epp.Codec, marks []epp.Element) {
	for _, e := range marks {
		x.Check(e == nil || e.XMLName().Space != NS, "", "holds an element of its own where a mark belongs")
	}
}

// The statuses of a registration or an application (RFC 8334, section 2.4). Allocated
// and Rejected are final.
const (
	PendingValidation = "pendingValidation"
	Validated         = "validated"
	Invalid           = "invalid"
	PendingAllocation = "pendingAllocation"
	Allocated         = "allocated"
	Rejected          = "rejected"
	CustomStatus      = "custom" // one that Status.Name tells
)

var statuses = []string{
	PendingValidation, Validated, Invalid, PendingAllocation, Allocated, Rejected, CustomStatus,
}

// Status is how far a registration or an application has come.
type Status struct {
	S string // one of the constants
	// Name is that of a custom status, or of a part of another one; "" is not stated.
	Name string
	Lang string // of Text; "" is English
	Text string // may say why
}

// Fields walks the content of <launch:status>.
func (m *Status) Fields(x *epp.Codec) {
	x.OptAttr("name", epp.Token(&m.Name))
	s := epp.Status{S: m.S, Lang: m.Lang, Text: m.Text}
	s.Fields(x)
	if x.Decoding() { // writing changes nothing: a message may be written by several at once
		m.S, m.Lang, m.Text = s.S, s.Lang, s.Text
	}
	x.Check(slices.Contains(statuses, epp.Collapse(m.S)), "@s", "is not a status of a launch")
}
