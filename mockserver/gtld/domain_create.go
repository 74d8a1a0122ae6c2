package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainCreate registers a domain (RFC 5731, section 3.2.1).
func (r *Registry) domainCreate(x *mockserver.Exchange, q *domain.Create) (*domain.CreData, error) {
	return change(r, x, func(o *op) (*domain.CreData, error) {
		if a, did, err := diverted[*domain.CreData](r, o, q); did {
			return a, err
		}
		years, err := r.registrable(o, q)
		if err != nil {
			return nil, err
		}
		d, err := r.newDomain(o, q, years)
		if err != nil {
			return nil, err
		}
		o.bill = r.billFor(o, d.Name, actCreated, years)
		if err := r.call(o, d, func(h *hooks) domainHook { return h.create }); err != nil {
			return nil, err
		}
		if err := r.pay(o); err != nil {
			return nil, err
		}
		r.grace(d, rgp.AddPeriod, o.policy, o.Now(), o.bill, o.ClID())
		if !r.postpone(o, commandCreate, nil, d) {
			r.domains.Put(o.tx, d)
		}
		return &domain.CreData{Name: d.Name, CrDate: d.CrDate, ExDate: d.ExDate}, nil
	})
}

// registrable refuses a name that can't be registered, and a period for which it can't
// be, and finds the policy.
func (r *Registry) registrable(o *op, q *domain.Create) (years int, err error) {
	name := lower(q.Name)
	p, code, why := r.unfit(name)
	if why != "" {
		return 0, epp.Refuse(code, registry.Because(domain.NS, "name", q.Name, why))
	}
	if r.domains.Has(o, name) {
		return 0, epp.Refuse(epp.ObjectExists, registry.Value(domain.NS, "name", q.Name))
	}
	o.policy = p
	if why := p.reserved(name); why != "" {
		switch yes, err := r.allocated(o, name); {
		case err != nil:
			return 0, err
		case !yes:
			return 0, epp.Refuse(epp.ParameterPolicyError, registry.Because(domain.NS, "name", q.Name, why))
		}
	}
	return p.years(q.Period, p.defaultYears())
}

// newDomain is the domain as a create asks for it, by the rules of the core.
func (r *Registry) newDomain(o *op, q *domain.Create, years int) (*Domain, error) {
	d := &Domain{
		Name:   strings.Clone(lower(q.Name)),
		Object: registry.Object{ClID: o.ClID(), CrID: o.ClID(), CrDate: o.Now()},
		ExDate: addYears(o.Now(), years),
	}
	var f refusals
	if q.Registrant == "" && o.policy.contactsOf(o.ClID()) == ThickModel {
		f.text(epp.RequiredParameterMissing, domain.NS, "registrant", "", "a domain needs one here")
	} else {
		r.setRegistrant(o, d, q.Registrant, &f)
	}
	r.addContacts(o, d, q.Contacts, &f)
	o.policy.checkContacts(d, epp.RequiredParameterMissing, &f)
	r.addNS(o, d, q.NS, &f)
	o.policy.checkNS(d, &f)
	r.createAuthInfo(o, d, q.AuthInfo, &f)
	if err := f.err(); err != nil {
		return nil, err
	}
	d.ROID = registry.NewROID(o.tx, domainLetter, roid)
	return d, nil
}
