package gtld

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp/launch"
)

// openPhase is the phase of a top-level domain that has none: general availability.
var openPhase = []Phase{{Phase: launch.Open}}

// phasesAt are the phases at a time. Where there are phases at other times alone there are
// none, and where there are no phases at all names are for everybody.
func (p *Policy) phasesAt(now time.Time) []Phase {
	if len(p.Launch) == 0 {
		return openPhase
	}
	return slices.DeleteFunc(slices.Clone(p.Launch), func(ph Phase) bool { return !ph.at(now) })
}

// at reports whether it is the phase at a time.
func (p *Phase) at(now time.Time) bool {
	return !now.Before(p.From) && (p.To.IsZero() || now.Before(p.To))
}
