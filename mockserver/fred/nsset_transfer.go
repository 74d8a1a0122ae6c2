package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// nssetTransfer takes the nsset's authInfo, and that of a tech.
func (r *Registry) nssetTransfer(x *mockserver.Exchange, q *nsset.Transfer) (*epp.NoData, error) {
	if err := requested(x, q.Op, nsset.NS, "id", q.ID); err != nil {
		return nil, err
	}
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old := r.nssets.Get(tx, upper(q.ID))
		if old == nil {
			return nil, unknown(x, nsset.NS, "id", q.ID)
		}
		if err := r.transferable(x, &old.Object, nsset.NS, "id", q.ID); err != nil {
			return nil, err
		}
		if err := r.prove(tx, x, old.ref(), old.Techs, nsset.NS, q.AuthInfo); err != nil {
			return nil, err
		}
		s := old.clone()
		s.Object = transferred(tx, x, s.Object)
		r.nssets.Put(tx, s)
		r.tell(tx, old.ClID, &nsset.TrnData{ID: s.ID, TrDate: r.life.today(s.TrDate), ClID: s.ClID})
		return nil, nil
	})
}
