package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) contactDelete(x *mockserver.Exchange, q *contact.Delete) (*epp.NoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		c := r.contacts.Get(tx, upper(q.ID))
		if c == nil {
			return nil, unknown(x, contact.NS, "id", q.ID)
		}
		if err := r.deletable(tx, x, &c.Object, c.ref(), contact.NS, q.ID); err != nil {
			return nil, err
		}
		r.removeContact(tx, c)
		return nil, nil
	})
}

// deletable checks, in FRED's order, that who asks may delete an object, that nothing
// refers to it, and that no status forbids it.
func (r *Registry) deletable(
	tx *registry.Tx, x *mockserver.Exchange, m *registry.Object, obj registry.Ref, space, handle string,
) error {
	if err := r.changeable(x, m, space, "id", handle); err != nil {
		return err
	}
	if tx.Linked(obj) {
		return linked(x, space, "id", handle)
	}
	return r.changeable(x, m, space, "id", handle, updateProhibited, deleteProhibited, deleteCandidate)
}

// removeContact deletes a contact that nothing refers to.
func (r *Registry) removeContact(tx *registry.Tx, c *Contact) {
	r.contacts.Delete(tx, c.ID)
	r.AuthInfos.Cancel(tx, c.ref())
	r.protect(tx, c.ref())
}
