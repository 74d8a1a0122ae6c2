package gtld

import (
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

func (r *Registry) domainCheck(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
	o := r.read(x)
	a := new(domain.ChkData)
	for _, name := range q.Names {
		why := r.nameTaken(lower(name))
		if r.domains.Has(o, lower(name)) {
			why = reasonInUse
		}
		a.CD = append(a.CD, domain.CD{Name: name, Avail: why == "", Reason: reason(why)})
	}
	return a, nil
}
