package gtld

import (
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// domainCheck tells of each name whether it can be registered (RFC 5731, section 3.1.1).
// One that is no name is not available.
func (r *Registry) domainCheck(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
	o := r.read(x)
	if a, did, err := diverted[*domain.ChkData](r, o, q); did {
		return a, err
	}
	a := new(domain.ChkData)
	for _, name := range q.Names {
		why, err := r.unavailable(o, lower(name))
		if err != nil {
			return nil, err
		}
		a.CD = append(a.CD, domain.CD{Name: name, Avail: why == "", Reason: reason(why)})
	}
	for _, h := range r.hooks {
		if h.checked != nil {
			if err := h.checked(o, q.Names); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

// unavailable says why a name, in lower case, can't be registered, or "".
func (r *Registry) unavailable(o *op, name string) (why string, err error) {
	p, _, why := r.unfit(name)
	if why != "" {
		return why, nil
	}
	if r.domains.Has(o, name) {
		return reasonInUse, nil
	}
	o.policy = p
	if why = p.reserved(name); why != "" {
		if yes, err := r.allocated(o, name); !yes || err != nil {
			return why, err
		}
		why = ""
	}
	for _, h := range r.hooks {
		if h.check != nil && why == "" {
			why = h.check(o, name)
		}
	}
	return why, nil
}
