package launch

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
)

// The phases of a launch (RFC 8334, section 2.3).
const (
	Sunrise  = "sunrise"  // for holders of marks
	Landrush = "landrush" // for everybody, at first
	Claims   = "claims"   // for whoever has seen the claims of others
	Open     = "open"     // the steady state
	Custom   = "custom"   // one that Phase.Name tells
)

var phases = []string{Sunrise, Landrush, Claims, Open, Custom}

// Phase is a phase of a launch.
type Phase struct {
	Phase string // one of the constants
	// Name is that of a custom phase, or of a part of another one; "" is not stated.
	Name string
}

// Fields walks the attribute and the phase.
func (m *Phase) Fields(x *epp.Codec) {
	x.OptAttr("name", epp.Token(&m.Name))
	x.Text(epp.Token(&m.Phase))
	x.Check(slices.Contains(phases, epp.Collapse(m.Phase)), "", "is not a phase of a launch")
}

// idContainer walks the type idContainerType: what names an application.
func idContainer(x *epp.Codec, phase *Phase, applicationID *string) {
	epp.One(x, "phase", phase)
	x.Elem("applicationID", epp.Token(applicationID))
}

// validatorID is the attribute that names who validates trademarks (RFC 8334, section
// 2.2).
func validatorID(x *epp.Codec, v *string) {
	if x.OptAttr("validatorID", epp.Token(v)) {
		x.NotBlank("@validatorID", *v)
	}
}
