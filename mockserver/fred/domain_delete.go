package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainDelete deletes at once.
func (r *Registry) domainDelete(x *mockserver.Exchange, q *domain.Delete) (*epp.NoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		d, _, err := r.registered(tx, x, q.Name)
		if err != nil {
			return nil, err
		}
		if err := r.changeable(x, d.object(), domain.NS, "name", q.Name,
			updateProhibited, deleteProhibited, deleteCandidate); err != nil {
			return nil, err
		}
		r.dropDomain(tx, d)
		if x.ClID() != d.ClID {
			r.tell(tx, d.ClID, &domain.DelData{Name: d.Name, ExDate: d.ExDate})
		}
		return nil, nil
	})
}
