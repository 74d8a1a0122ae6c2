package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
)

// contactDelete removes a contact (RFC 5733, section 3.2.2).
func (r *Registry) contactDelete(x *mockserver.Exchange, q *contact.Delete) (*epp.NoData, error) {
	return change(r, x, func(o *op) (*epp.NoData, error) {
		c, err := r.ownContact(o, q.ID)
		if err != nil {
			return nil, err
		}
		if s := prohibits(c.Status, actDelete); s != "" {
			return nil, refuseContact(epp.StatusProhibitsOperation, "id", c.ID, "its status is "+s)
		}
		if o.Linked(c.ref()) {
			return nil, refuseContact(epp.AssociationProhibitsOp, "id", c.ID, "a domain refers to it")
		}
		if !r.contactWaits(o, commandDelete, c, nil) {
			r.contacts.Delete(o.tx, c.ID)
		}
		return nil, nil
	})
}
