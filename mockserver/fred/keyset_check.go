package fred

import (
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) keysetCheck(x *mockserver.Exchange, q *keyset.Check) (*keyset.ChkData, error) {
	v := r.View(x)
	a := new(keyset.ChkData)
	for _, id := range q.IDs {
		obj := registry.Ref{Kind: registry.KeySet, Handle: upper(id)}
		why := r.handleTaken(v, obj, r.keysets.Has(v, obj.Handle))
		a.CD = append(a.CD, keyset.CD{ID: id, Avail: why == (phrase{}), Reason: why.orNil(x.Session.Lang)})
	}
	return a, nil
}
