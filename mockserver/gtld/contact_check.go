package gtld

import (
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
)

func (r *Registry) contactCheck(x *mockserver.Exchange, q *contact.Check) (*contact.ChkData, error) {
	o := r.read(x)
	a := new(contact.ChkData)
	for _, id := range q.IDs {
		why := ""
		if r.contacts.Has(o, id) {
			why = reasonInUse
		}
		a.CD = append(a.CD, contact.CD{ID: id, Avail: why == "", Reason: reason(why)})
	}
	return a, nil
}
