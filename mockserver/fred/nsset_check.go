package fred

import (
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) nssetCheck(x *mockserver.Exchange, q *nsset.Check) (*nsset.ChkData, error) {
	v := r.View(x)
	a := new(nsset.ChkData)
	for _, id := range q.IDs {
		obj := registry.Ref{Kind: registry.NSSet, Handle: upper(id)}
		why := r.handleTaken(v, obj, r.nssets.Has(v, obj.Handle))
		a.CD = append(a.CD, nsset.CD{ID: id, Avail: why == (phrase{}), Reason: why.orNil(x.Session.Lang)})
	}
	return a, nil
}
