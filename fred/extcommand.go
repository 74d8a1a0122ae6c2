package fred

import "github.com/eppkit/eppkit/epp"

// ExtCommand is the envelope of FRED's commands.
type ExtCommand struct {
	// Command is the element that says what is asked for, such as *[CreditInfo] or
	// what [SendAuthInfo] makes, or *epp.Raw for a command that FRED does not have.
	Command epp.Element
	ClTRID  string // 3 to 64 characters, or "" for none
}

// XMLName is fred:extcommand.
func (*ExtCommand) XMLName() epp.Name { return epp.Name{Space: NS, Local: "extcommand"} }

// Fields walks the content of <fred:extcommand>.
func (m *ExtCommand) Fields(x *epp.Codec) {
	// A clTRID that comes first, out of order, must not be taken for the command.
	early := x.Has("clTRID") && m.clTRID(x)
	x.Check(!early, "clTRID", "must come after the command")
	x.Any(&m.Command)
	if !early {
		m.clTRID(x)
	}
}

func (m *ExtCommand) clTRID(x *epp.Codec) (there bool) {
	if there = x.Opt("clTRID", epp.Token(&m.ClTRID)); there {
		x.Length("clTRID", m.ClTRID, 3, 64)
	}
	return there
}

// Unwrap returns the command inside, which for sendAuthInfo and test is the object's,
// and the clTRID. Content that is not a command of FRED's is not returned for one: the
// envelope itself then stands for a command that nobody knows.
func (m *ExtCommand) Unwrap() (request epp.Element, clTRID string) {
	if m.Command == nil || m.Command.XMLName().Space != NS {
		return m, m.ClTRID
	}
	if c, ok := m.Command.(*objectCommand); ok && c.Object != nil && c.Object.XMLName().Local == c.XMLName().Local {
		return c.Object, m.ClTRID
	}
	return m.Command, m.ClTRID
}
