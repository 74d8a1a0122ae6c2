package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) keysetDelete(x *mockserver.Exchange, q *keyset.Delete) (*epp.NoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		s := r.keysets.Get(tx, upper(q.ID))
		if s == nil {
			return nil, unknown(x, keyset.NS, "id", q.ID)
		}
		if err := r.deletable(tx, x, &s.Object, s.ref(), keyset.NS, q.ID); err != nil {
			return nil, err
		}
		r.removeKeySet(tx, s)
		return nil, nil
	})
}

// removeKeySet deletes a keyset that nothing refers to.
func (r *Registry) removeKeySet(tx *registry.Tx, s *KeySet) {
	r.keysets.Delete(tx, s.ID)
	r.AuthInfos.Cancel(tx, s.ref())
	r.protect(tx, s.ref())
	r.relink(tx, s.Links(), nil)
}
