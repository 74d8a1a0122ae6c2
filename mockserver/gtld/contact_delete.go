package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// contactDelete removes a contact at once (RFC 5733, section 3.2.2).
func (r *Registry) contactDelete(x *mockserver.Exchange, q *contact.Delete) (*epp.NoData, error) {
	return change(r, x, func(o *op) (*epp.NoData, error) {
		c, err := r.ownContact(o, q.ID)
		if err != nil {
			return nil, err
		}
		if s := prohibits(c.Status, actDelete); s != "" {
			return nil, refuseContact(epp.StatusProhibitsOperation, "id", c.ID, "its status is "+s)
		}
		if o.Linked(registry.Ref{Kind: registry.Contact, Handle: c.ID}) {
			return nil, refuseContact(epp.AssociationProhibitsOp, "id", c.ID, "a domain refers to it")
		}
		r.contacts.Delete(o.tx, c.ID)
		return nil, nil
	})
}
