package gtld

import (
	"cmp"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/launch"
)

// feeCheckName finds a premium name unavailable for a client that does not ask what it
// costs.
func (r *Registry) feeCheckName(o *op, name string) string {
	p := r.policyOf(name)
	if _, asked := extension[*fee.Check](o); asked || p == nil {
		return ""
	}
	if !r.billFor(o, name, actCreated, p.defaultYears()).premium() {
		return ""
	}
	if yes, err := r.allocated(o, name); yes || err != nil {
		return ""
	}
	return reasonPremium
}

// feeCheck answers what commands cost: for each name of the check each command (RFC 8748,
// section 5.1.1), or what versions before 0.11 ask of names by themselves.
func (r *Registry) feeCheck(o *op, names []string) error {
	q, ok := extension[*fee.Check](o)
	if !ok {
		return nil
	}
	objects := q.Objects
	if q.Version <= fee.V0_11 {
		objects = nil
		for _, name := range names {
			objects = append(objects, fee.Object{ObjID: fee.ObjID{ID: name}})
		}
	}
	a := &fee.ChkData{Version: q.Version}
	one := q.Version <= fee.V0_12 // one currency for all
	if one {
		a.Currency = r.feeCurrency(names, q.Currency)
	}
	for _, m := range objects {
		cd := fee.CD{ObjID: m.ObjID, ObjURI: m.ObjURI, Currency: a.Currency}
		commands := q.Commands
		if q.Version > fee.V0_11 {
			commands = []fee.Command{m.Command}
		}
		if err := r.feesOf(o, q.Version, &cd, cmp.Or(m.Currency, q.Currency, a.Currency), commands); err != nil {
			return err
		}
		if one {
			cd.Currency = ""
		}
		a.CD = append(a.CD, cd)
	}
	o.Extension = append(o.Extension, a)
	return nil
}

// feeCurrency is the currency of an answer that has one: the one asked for where some name
// has it, or that of the first name.
func (r *Registry) feeCurrency(names []string, asked string) string {
	first := ""
	for _, name := range names {
		p := r.policyOf(lower(name))
		if p != nil && p.currency() == asked {
			return asked
		}
		if p != nil {
			first = cmp.Or(first, p.currency())
		}
	}
	return cmp.Or(first, new(Policy).currency())
}

// feesOf answers for one name. What can't be told has a reason (RFC 8748, section 3.9);
// where a version has no place for it the check is refused, as it is for a phase that is
// wrong or not clear.
func (r *Registry) feesOf(o *op, v fee.Version, cd *fee.CD, currency string, asked []fee.Command) error {
	name := lower(cd.ID)
	p, why := r.policyOf(name), ""
	switch {
	case p == nil:
		why = "not a name that the registry has"
	case currency != "" && currency != p.currency():
		why = "fees are in " + p.currency()
	default:
		cd.Currency = p.currency()
	}
	cd.Currency = cmp.Or(cd.Currency, new(Policy).currency())
	for _, c := range asked {
		d := fee.CommandData{Command: fee.Command{Name: c.Name, CustomName: c.CustomName, Phase: c.Phase, Subphase: c.Subphase, Period: c.Period}}
		class, not := "", why
		if not == "" {
			var err error
			if d.Phase, d.Subphase, err = p.feePhase(o.Now(), v, c); err != nil {
				return err
			}
			class, not = r.quote(o, v, p, name, &d)
		}
		if not != "" {
			if v > fee.V0_11 {
				return refuseFee(v, epp.ParameterRangeError, "command", not)
			}
			cd.Avail, cd.Reason = new(false), &fee.Reason{Text: not}
			if v <= fee.V0_12 {
				d.Reason = cd.Reason
			}
		}
		if v <= fee.V1_0Draft || v >= fee.V0_11 {
			cd.Class = cmp.Or(class, cd.Class)
		} else {
			d.Class = class
		}
		cd.Commands = append(cd.Commands, d)
	}
	if v <= fee.V0_11 && cd.Avail == nil {
		cd.Avail = new(true)
	}
	return nil
}

// quote completes what a command costs for a name. It returns the class of the name, and
// why there is no answer, or "".
func (r *Registry) quote(o *op, v fee.Version, p *Policy, name string, d *fee.CommandData) (class, why string) {
	n, why := p.feeYears(d.Name, d.Period)
	if why != "" {
		return "", why
	}
	switch {
	case d.Name == fee.CommandRestore && v < fee.V0_6:
		d.Period = nil
	case d.Period == nil && n > 0:
		d.Period = feePeriod(n)
	case d.Period == nil && v >= fee.V0_6: // it must be there
		d.Period = feePeriod(1)
	}
	b := r.billFor(o, name, actCreated, n) // for the class
	switch d.Name {
	case fee.CommandCreate, fee.CommandRenew, fee.CommandTransfer, fee.CommandRestore: // as bills call them
		b = r.billFor(o, name, d.Name, n)
	case fee.CommandDelete, fee.CommandUpdate:
		b.Act, b.Amount = d.Name, 0
	default:
		return "", "there is no such command here"
	}
	if b.Amount > 0 || v >= fee.V0_5 { // which wants a fee always
		d.Fees = []fee.Fee{p.feeOf(v, b.Act, b.Amount)}
	}
	if v <= fee.V1_0Draft && b.Class == standardClass {
		d.Standard = new(true)
	}
	return b.Class, ""
}

// feeYears are how many years a command is asked for, or would be for without a period.
func (p *Policy) feeYears(command string, asked *epp.Period) (n int, why string) {
	n = p.defaultYears()
	switch command {
	case fee.CommandTransfer:
		n = p.transferYears()
	case fee.CommandRestore:
		return 0, ""
	}
	if asked == nil {
		return n, ""
	}
	n = asked.N
	if asked.Unit == epp.Months {
		n /= 12
	}
	if n < p.minYears() || n > p.maxYears() || asked.Unit == epp.Months && asked.N%12 != 0 {
		return 0, fmt.Sprintf("a period has %d to %d years", p.minYears(), p.maxYears())
	}
	return n, ""
}

// feePhase is the phase that a command is asked for, of those of the launch (RFC 8748,
// section 3.8). Where there is no launch, none is told.
func (p *Policy) feePhase(now time.Time, v fee.Version, c fee.Command) (phase, subphase string, err error) {
	refuse := func(code epp.Code, why string) (string, string, error) {
		return "", "", refuseFee(v, code, "command", why)
	}
	switch {
	case c.Phase == "" && c.Subphase != "":
		return refuse(epp.RequiredParameterMissing, "the subphase needs its phase")
	case c.Phase == "" && len(p.Launch) == 0:
		return "", "", nil
	}
	var of, active []Phase // those that may be meant, and which of them are now
	for _, ph := range p.phases() {
		if (c.Phase == "" || c.Phase == ph.Phase) && (c.Subphase == "" || c.Subphase == ph.Name) {
			of = append(of, ph)
			if ph.at(now) {
				active = append(active, ph)
			}
		}
	}
	switch {
	case len(of) == 0:
		return refuse(epp.ParameterRangeError, "there is no such phase")
	case c.Phase == "" && len(active) == 0: // a quiet period
		return launch.Open, "", nil
	case len(active) == 0:
		active = of
	}
	if len(active) > 1 {
		return refuse(epp.RequiredParameterMissing, "which phase is not clear: there are several")
	}
	return active[0].Phase, active[0].Name, nil
}

// feeInfo answers what a command costs for the domain of an info, which versions before
// 0.8 may ask.
func (r *Registry) feeInfo(o *op, d *Domain) error {
	q, ok := extension[*fee.Info](o)
	if !ok {
		return nil
	}
	p := r.policyOf(d.Name)
	if q.Currency != "" && q.Currency != p.currency() {
		return refuseFee(q.Version, epp.ParameterRangeError, "currency", "fees are in "+p.currency())
	}
	a := &fee.InfData{Version: q.Version, Currency: p.currency()}
	a.Command = fee.CommandData{Command: fee.Command{Name: q.Command.Name, Period: q.Command.Period}}
	var err error
	if a.Command.Phase, a.Command.Subphase, err = p.feePhase(o.Now(), q.Version, q.Command); err != nil {
		return err
	}
	class, why := r.quote(o, q.Version, p, d.Name, &a.Command)
	if why != "" {
		return refuseFee(q.Version, epp.ParameterRangeError, "command", why)
	}
	if len(a.Command.Fees) == 0 { // it must have one
		a.Command.Fees = []fee.Fee{p.feeOf(q.Version, q.Command.Name, 0)}
	}
	a.Class = class
	o.Extension = append(o.Extension, a)
	return nil
}
