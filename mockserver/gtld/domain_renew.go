package gtld

import (
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver"
)

// domainRenew extends a registration (RFC 5731, section 3.2.3).
func (r *Registry) domainRenew(x *mockserver.Exchange, q *domain.Renew) (*domain.RenData, error) {
	return change(r, x, func(o *op) (*domain.RenData, error) {
		if a, did, err := diverted[*domain.RenData](r, o, q); did {
			return a, err
		}
		d, err := r.ownDomain(o, q.Name)
		if err != nil {
			return nil, err
		}
		if err := d.renewable(o.Now(), o.policy, q.CurExpDate); err != nil {
			return nil, err
		}
		years, err := o.policy.years(q.Period, o.policy.defaultYears())
		if err != nil {
			return nil, err
		}
		next := d.clone()
		next.ExDate = addYears(d.ExDate, years)
		if next.ExDate.After(o.policy.latest(o.Now())) {
			return nil, o.policy.tooLong(q.Period)
		}
		o.bill = r.billFor(o, d.Name, actRenewed, years)
		if err := r.callChange(o, d, next, func(h *hooks) changeHook { return h.renew }); err != nil {
			return nil, err
		}
		if err := r.pay(o); err != nil {
			return nil, err
		}
		r.grace(next, rgp.RenewPeriod, o.policy, o.Now(), o.bill, d.ClID)
		if !r.postpone(o, commandRenew, d, next) {
			r.domains.Put(o.tx, next)
		}
		return &domain.RenData{Name: d.Name, ExDate: next.ExDate}, nil
	})
}

// renewable says why a domain can't be renewed, whatever the period.
func (d *Domain) renewable(now time.Time, p *Policy, curExpDate time.Time) error {
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	switch s := prohibits(d.Status, actRenew); {
	case s == pendingDelete || !now.Before(d.ExDate):
		return refuseDomain(epp.NotEligibleForRenewal, "name", d.Name, "its registration has ended")
	case s != "":
		return refuseDomain(epp.StatusProhibitsOperation, "name", d.Name, "its status is "+s)
	case day(curExpDate) != day(d.ExDate):
		return refuseDomain(epp.ParameterPolicyError, "curExpDate", day(curExpDate), "its registration ends on another day")
	case addYears(d.ExDate, p.minYears()).After(p.latest(now)):
		return refuseDomain(epp.NotEligibleForRenewal, "name", d.Name, "its registration can't end later")
	}
	return nil
}

// latest is when a registration can end at the latest.
func (p *Policy) latest(now time.Time) time.Time { return addYears(now, p.totalYears()) }

// tooLong refuses a period because of where it leads to.
func (p *Policy) tooLong(m *epp.Period) error {
	return refusePeriod(m, fmt.Sprintf("the registration would end more than %d years from now", p.totalYears()))
}
