package gtld

import (
	"fmt"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// years is how long a command's period is, or def without one. It must be within
// what the policy allows (2004), and in years (2306; RFC 5731, section 2.5).
func (p *Policy) years(period *epp.Period, def int) (int, error) {
	if period == nil {
		return def, nil
	}
	var f refusals
	n := period.N
	if period.Unit == epp.Months {
		switch {
		case !p.Periods.Months:
			f.part(epp.ParameterPolicyError, domain.NS, "period", period, "must be in years")
		case n%12 != 0:
			f.part(epp.ParameterPolicyError, domain.NS, "period", period, "must be whole years")
		}
		n /= 12
	}
	if n < p.minYears() || n > p.maxYears() {
		f.part(epp.ParameterRangeError, domain.NS, "period", period, fmt.Sprintf("must be %d to %d years", p.minYears(), p.maxYears()))
	}
	return n, f.err()
}

// refusePeriod refuses a command because of its period (2306), or of the one that the
// policy gives it.
func refusePeriod(period *epp.Period, why string) error {
	if period == nil {
		return refuseDomain(epp.ParameterPolicyError, "period", "", why)
	}
	var f refusals
	f.part(epp.ParameterPolicyError, domain.NS, "period", period, why)
	return f.err()
}
