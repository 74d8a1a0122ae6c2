package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainTransfer changes the sponsor at once, for the authInfo of the domain or of one
// of its contacts. It costs nothing, the domain expires when it would have, and what is
// linked to it keeps its sponsors.
func (r *Registry) domainTransfer(x *mockserver.Exchange, q *domain.Transfer) (*epp.NoData, error) {
	if err := requested(x, q.Op, domain.NS, "name", q.Name); err != nil {
		return nil, err
	}
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old, _, err := r.registered(tx, x, q.Name)
		if err != nil {
			return nil, err
		}
		if err := r.transferable(x, old.object(), domain.NS, "name", q.Name); err != nil {
			return nil, err
		}
		if err := r.prove(tx, x, old.ref(), old.contacts(), domain.NS, q.AuthInfo); err != nil {
			return nil, err
		}
		d := old.clone()
		d.Object = transferred(tx, x, d.Object)
		r.putDomain(tx, old, d)
		r.tell(tx, old.ClID, &domain.TrnData{Name: d.Name, TrDate: r.life.today(d.TrDate), ClID: d.ClID})
		return nil, nil
	})
}
