package fred

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var reasonCurExpDate = phrase{"The domain expires on another day", "Doména vyprší jiného dne"}

// domainRenew checks in FRED's order: ranges (2004) are collected, and told last.
func (r *Registry) domainRenew(x *mockserver.Exchange, q *domain.Renew) (*domain.RenData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*domain.RenData, error) {
		old, z, err := r.registered(tx, x, q.Name)
		if err != nil {
			return nil, err
		}
		ranges := &refusal{lang: x.Session.Lang}
		months, exDate, err := r.renewedPeriod(tx, ranges, old, z, q)
		if err != nil {
			return nil, err
		}
		val := extension[*enumval.Renew](x)
		if val != nil {
			if err := r.nextValidation(tx, x, ranges, old, z, val.ValExDate); err != nil {
				return nil, err
			}
		}
		if err := r.changeable(x, old.object(), domain.NS, "name", q.Name, renewProhibited, deleteCandidate); err != nil {
			return nil, err
		}
		if err := ranges.err(epp.ParameterRangeError); err != nil {
			return nil, err
		}
		if err := r.billRenew(tx, x, z, months); err != nil {
			return nil, err
		}
		d := old.clone()
		d.ExDate = exDate
		if val != nil {
			d.validated(val.ValExDate, val.Publish)
		}
		r.updateDomain(tx, x, old, d)
		return &domain.RenData{Name: d.Name, ExDate: d.ExDate}, nil
	})
}

// renewedPeriod is how long a domain is renewed for, and when it expires then. That
// curExpDate is the day on which it expires now is looked at first (2306).
func (r *Registry) renewedPeriod(
	tx *registry.Tx, ranges *refusal, d *Domain, z *Zone, q *domain.Renew,
) (months int, exDate time.Time, err error) {
	if !sameDay(q.CurExpDate, d.ExDate) {
		return 0, exDate, refuse(ranges.lang, epp.ParameterPolicyError,
			domain.NS, "curExpDate", q.CurExpDate.Format(time.DateOnly), reasonCurExpDate)
	}
	months = z.months(q.Period)
	exDate = addMonths(d.ExDate, months)
	if months%z.MinPeriod != 0 {
		f := refusal{lang: ranges.lang}
		f.addPeriod(q.Period, reasonPeriodWhole)
		return 0, exDate, f.err(epp.ParameterPolicyError)
	}
	furthest := addMonths(r.life.today(tx.Now()), z.MaxPeriod)
	if months < z.MinPeriod || months > z.MaxPeriod || exDate.After(furthest) {
		ranges.addPeriod(q.Period, reasonPeriodRange)
	}
	return months, exDate, nil
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// nextValidation checks the day on which the next validation of a domain is to end.
func (r *Registry) nextValidation(
	tx *registry.Tx, x *mockserver.Exchange, ranges *refusal, d *Domain, z *Zone, day time.Time,
) error {
	switch {
	case !z.enum():
		return refuseValExDate(x, epp.ParameterPolicyError, day, reasonNotENUM)
	case !r.validExDate(z, day, d.ValExDate, r.life.today(tx.Now())):
		ranges.addValExDate(day, reasonValidation)
	}
	return nil
}

// validated gives a domain another validation. A nil publish leaves it.
func (d *Domain) validated(day time.Time, publish *bool) {
	d.ValExDate = day
	if publish != nil {
		d.Publish = publish
	}
}
