package fred

import (
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
)

func (r *Registry) domainCheck(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
	v := r.View(x)
	a := new(domain.ChkData)
	for _, name := range q.Names {
		why := r.nameTaken(v, lower(name))
		a.CD = append(a.CD, domain.CD{Name: name, Avail: why == (phrase{}), Reason: why.orNil(x.Session.Lang)})
	}
	return a, nil
}
