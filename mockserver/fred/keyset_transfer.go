package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// keysetTransfer takes the keyset's authInfo, and that of a tech.
func (r *Registry) keysetTransfer(x *mockserver.Exchange, q *keyset.Transfer) (*epp.NoData, error) {
	if err := requested(x, q.Op, keyset.NS, "id", q.ID); err != nil {
		return nil, err
	}
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old := r.keysets.Get(tx, upper(q.ID))
		if old == nil {
			return nil, unknown(x, keyset.NS, "id", q.ID)
		}
		if err := r.transferable(x, &old.Object, keyset.NS, "id", q.ID); err != nil {
			return nil, err
		}
		if err := r.prove(tx, x, old.ref(), old.Techs, keyset.NS, q.AuthInfo); err != nil {
			return nil, err
		}
		s := old.clone()
		s.Object = transferred(tx, x, s.Object)
		r.keysets.Put(tx, s)
		r.tell(tx, old.ClID, &keyset.TrnData{ID: s.ID, TrDate: r.life.today(s.TrDate), ClID: s.ClID})
		return nil, nil
	})
}
