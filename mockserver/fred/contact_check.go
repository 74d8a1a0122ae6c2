package fred

import (
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) contactCheck(x *mockserver.Exchange, q *contact.Check) (*contact.ChkData, error) {
	v := r.View(x)
	a := new(contact.ChkData)
	for _, id := range q.IDs {
		obj := registry.Ref{Kind: registry.Contact, Handle: upper(id)}
		why := r.handleTaken(v, obj, r.contacts.Has(v, obj.Handle))
		a.CD = append(a.CD, contact.CD{ID: id, Avail: why == (phrase{}), Reason: why.orNil(x.Session.Lang)})
	}
	return a, nil
}
