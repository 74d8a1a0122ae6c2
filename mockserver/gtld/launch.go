package gtld

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// reasonPhase is why a name is not available when it is not its time.
const reasonPhase = "Not in this phase"

// tmch is ICANN's clearinghouse, the validator where none is named (RFC 8334, section 2.2).
const tmch = "tmch"

// launch holds creates to the phases of a launch (RFC 8334).
func (r *Registry) launch() *hooks {
	return &hooks{
		uri:     launch.NS,
		instead: r.launched,
		check:   launchAvailable,
		info:    r.launchInfo,
		create:  r.launchCreate,
	}
}

// openPhase is the phase of a top-level domain that has none: general availability.
func openPhase() []Phase { return []Phase{{Phase: launch.Open}} }

// phases are all of a launch.
func (p *Policy) phases() []Phase {
	if len(p.Launch) == 0 {
		return openPhase()
	}
	return p.Launch
}

// phasesAt are those at a time: none is when nobody can register anything.
func (p *Policy) phasesAt(now time.Time) []Phase {
	return slices.DeleteFunc(slices.Clone(p.phases()), func(ph Phase) bool { return !ph.at(now) })
}

// at reports whether it is the phase at a time.
func (p *Phase) at(now time.Time) bool {
	return !now.Before(p.From) && (p.To.IsZero() || now.Before(p.To))
}

// plain reports whether a create that names no phase is in this one.
func (p *Phase) plain() bool {
	return !p.Applications && p.Phase != launch.Sunrise && p.Phase != launch.Custom
}

// namedPhase finds the phase that a client names among some; a sub-phase that it does not
// name must be the only one. It is nil where there is none.
func namedPhase(list []Phase, q launch.Phase) *Phase {
	var found *Phase
	for i := range list {
		switch {
		case list[i].Phase != q.Phase:
		case list[i].Name == q.Name:
			return &list[i]
		case q.Name == "" && found != nil:
			return nil
		case q.Name == "":
			found = &list[i]
		}
	}
	return found
}

// phaseFor finds the phase in which a create is (RFC 8334, section 2.3). q may be nil.
func (p *Policy) phaseFor(now time.Time, q *launch.Create) (*Phase, error) {
	active := p.phasesAt(now)
	if q == nil {
		k := slices.IndexFunc(active, func(ph Phase) bool { return ph.plain() })
		switch {
		case k >= 0:
			return &active[k], nil
		case len(active) == 0:
			return nil, refuseLaunch(epp.ParameterPolicyError, "phase", "the registry is in none now")
		}
		return nil, refuseLaunch(epp.RequiredParameterMissing, "create", "the phase must be named")
	}
	ph := namedPhase(active, q.Phase)
	switch {
	case ph == nil:
		return nil, refuseLaunch(epp.ParameterPolicyError, "phase", "it is not this phase now, or not clear which part of it")
	case q.Type == launch.Application && !ph.Applications:
		return nil, refuseLaunch(epp.ParameterPolicyError, "create", "the phase takes registrations")
	case q.Type == launch.Registration && ph.Applications:
		return nil, refuseLaunch(epp.ParameterPolicyError, "create", "the phase takes applications")
	}
	return ph, nil
}

// launchCreate holds a new domain, or one that is applied for, to its phase.
func (r *Registry) launchCreate(o *op, d *Domain) error {
	q, extended := extension[*launch.Create](o)
	ph, err := o.policy.phaseFor(o.Now(), q)
	if err != nil {
		return err
	}
	if extended || len(o.policy.Launch) > 0 {
		d.LaunchPhase, d.LaunchName = ph.Phase, ph.Name
	}
	if !extended {
		q = new(launch.Create)
	}
	label, _, _ := strings.Cut(d.Name, ".")
	if ph.Phase == launch.Sunrise || len(q.CodeMarks)+len(q.SignedMarks) > 0 {
		if d.LaunchMarks, err = r.marks(o, d.Name, label, q); err != nil {
			return err
		}
	}
	if _, claimed := ph.Claims[label]; claimed && ph.Phase != launch.Sunrise {
		return noticed(o.Now(), label, q.Notices)
	}
	return nil
}

// launched takes over what is about trademarks alone, or about an application.
func (r *Registry) launched(o *op, q epp.Element) (epp.Element, bool, error) {
	switch q := q.(type) {
	case *domain.Check:
		if m, ok := extension[*launch.Check](o); ok {
			did, err := r.launchCheck(o, q.Names, m)
			return nil, did, err
		}
	case *domain.Create:
		m, _ := extension[*launch.Create](o)
		if p := r.policies[parent(lower(q.Name))]; p != nil {
			if ph, err := p.phaseFor(o.Now(), m); err == nil && ph.Applications { // the hook tells the error
				a, err := r.apply(o, q, ph)
				return a, true, err
			}
		}
	case *domain.Info:
		if m, ok := extension[*launch.Info](o); ok && m.ApplicationID != "" {
			a, err := r.applicationInfo(o, q, m)
			return a, true, err
		}
	case *domain.Update:
		if m, ok := extension[*launch.Update](o); ok {
			return nil, true, r.updateApplication(o, q, m)
		}
	case *domain.Delete:
		if m, ok := extension[*launch.Delete](o); ok {
			return nil, true, r.withdraw(o, q.Name, m)
		}
	}
	return nil, false, nil
}

// launchCheck answers the forms of a check that say nothing of availability, and holds the
// third to the phases (RFC 8334, section 3.1). Where there are no claims at all, there is
// no form that asks for them (2307).
func (r *Registry) launchCheck(o *op, names []string, q *launch.Check) (did bool, err error) {
	form := cmp.Or(q.Type, launch.CheckClaims)
	if form != launch.CheckTrademark && q.Phase == nil {
		return true, refuseLaunch(epp.RequiredParameterMissing, "check", "needs the phase")
	}
	a, claims := new(launch.ChkData), false
	if form == launch.CheckClaims {
		a.Phase = q.Phase
	}
	for _, name := range names {
		cd := launch.CD{Name: name}
		label, zone, _ := strings.Cut(lower(name), ".")
		p := r.policies[zone]
		if p == nil {
			a.CD = append(a.CD, cd)
			continue
		}
		claims = claims || slices.ContainsFunc(p.Launch, func(ph Phase) bool { return len(ph.Claims) > 0 })
		phases := p.phases()
		if form != launch.CheckTrademark {
			if form == launch.CheckClaims {
				phases = p.phasesAt(o.Now())
			}
			ph := namedPhase(phases, *q.Phase)
			if ph == nil {
				return true, refuseLaunch(epp.ParameterPolicyError, "phase", "is not one of "+p.Name+" now, or not clear which part of it")
			}
			phases = []Phase{*ph}
		}
		for _, ph := range phases {
			key, claimed := ph.Claims[label]
			if k := (launch.ClaimKey{Key: key, ValidatorID: tmch}); claimed && !slices.Contains(cd.ClaimKeys, k) {
				cd.Exists, cd.ClaimKeys = true, append(cd.ClaimKeys, k)
			}
		}
		a.CD = append(a.CD, cd)
	}
	switch {
	case form == launch.CheckAvail:
		return false, nil
	case !claims:
		return true, refuseLaunch(epp.UnimplementedObjectService, "check", "there are no claims")
	}
	o.Extension = append(o.Extension, a)
	return true, nil
}

// launchAvailable finds a name unavailable when it is no phase in which it can be had, or
// not the one that was asked for (RFC 8334, section 3.1.2).
func launchAvailable(o *op, name string) string {
	active := o.policy.phasesAt(o.Now())
	q, ok := extension[*launch.Check](o)
	if len(active) == 0 || ok && q.Phase != nil && namedPhase(active, *q.Phase) == nil {
		return reasonPhase
	}
	return ""
}

// launchInfo tells of a registration in which phase it was made (RFC 8334, section 3.2).
func (r *Registry) launchInfo(o *op, d *Domain) error {
	q, ok := extension[*launch.Info](o)
	if !ok {
		return nil
	}
	if q.Phase.Phase != cmp.Or(d.LaunchPhase, launch.Open) || q.Phase.Name != "" && q.Phase.Name != d.LaunchName {
		return refuseLaunch(epp.ParameterPolicyError, "phase", "is not the one in which the domain was registered")
	}
	a := &launch.InfData{Phase: q.Phase}
	return r.addLaunch(o, a, d, q)
}

// addLaunch adds what is told of a launch to an answer, with the marks where they are
// asked for.
func (r *Registry) addLaunch(o *op, a *launch.InfData, d *Domain, q *launch.Info) error {
	if q.IncludeMark != nil && *q.IncludeMark {
		marks, err := r.readMarks(d.LaunchMarks)
		if err != nil {
			return err
		}
		a.Marks = marks
	}
	o.Extension = append(o.Extension, a)
	return nil
}

func refuseLaunch(code epp.Code, local, why string) error {
	return epp.Refuse(code, registry.Because(launch.NS, local, "", why))
}
