package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) nssetDelete(x *mockserver.Exchange, q *nsset.Delete) (*epp.NoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		s := r.nssets.Get(tx, upper(q.ID))
		if s == nil {
			return nil, unknown(x, nsset.NS, "id", q.ID)
		}
		if err := r.deletable(tx, x, &s.Object, s.ref(), nsset.NS, q.ID); err != nil {
			return nil, err
		}
		r.removeNSSet(tx, s)
		return nil, nil
	})
}

// removeNSSet deletes an nsset that nothing refers to.
func (r *Registry) removeNSSet(tx *registry.Tx, s *NSSet) {
	r.nssets.Delete(tx, s.ID)
	r.AuthInfos.Cancel(tx, s.ref())
	r.protect(tx, s.ref())
	r.relink(tx, s.Links(), nil)
}
