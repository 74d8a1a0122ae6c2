package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) contactTransfer(x *mockserver.Exchange, q *contact.Transfer) (*epp.NoData, error) {
	if err := requested(x, q.Op, contact.NS, "id", q.ID); err != nil {
		return nil, err
	}
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old := r.contacts.Get(tx, upper(q.ID))
		if old == nil {
			return nil, unknown(x, contact.NS, "id", q.ID)
		}
		if err := r.transferable(x, &old.Object, contact.NS, "id", q.ID); err != nil {
			return nil, err
		}
		if err := r.prove(tx, x, old.ref(), nil, contact.NS, q.AuthInfo); err != nil {
			return nil, err
		}
		c := old.clone()
		c.Object = transferred(tx, x, c.Object)
		r.contacts.Put(tx, c)
		r.tell(tx, old.ClID, &contact.TrnData{ID: c.ID, TrDate: r.life.today(c.TrDate), ClID: c.ClID})
		return nil, nil
	})
}
