package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainDelete deletes a domain: at once in its addPeriod, and so that it can be restored
// otherwise (RFC 5731, section 3.2.2; RFC 3915, section 2).
func (r *Registry) domainDelete(x *mockserver.Exchange, q *domain.Delete) (*epp.NoData, error) {
	return change(r, x, func(o *op) (*epp.NoData, error) {
		if a, did, err := diverted[*epp.NoData](r, o, q); did {
			return a, err
		}
		d, err := r.ownDomain(o, q.Name)
		if err != nil {
			return nil, err
		}
		if s := prohibits(d.Status, actDelete); s != "" {
			return nil, refuseDomain(epp.StatusProhibitsOperation, "name", d.Name, "its status is "+s)
		}
		for h := range o.Referrers(registry.Ref{Kind: registry.Domain, Handle: d.Name}, registry.Host) {
			return nil, refuseDomain(epp.AssociationProhibitsOp, "name", d.Name, "there is host "+h.Handle+" below it")
		}
		if err := r.call(o, d, func(h *hooks) domainHook { return h.delete }); err != nil {
			return nil, err
		}
		if r.postpone(o, commandDelete, d, nil) {
			return nil, nil
		}
		next := d.clone()
		next.Deletion = &Deletion{ClTRID: strings.Clone(o.Command.ClTRID), SvTRID: o.SvTRID()}
		if r.deleteNow(o.tx, next, o.policy) {
			o.Code = epp.ActionPending
		}
		return nil, nil
	})
}

// deleteNow deletes a domain, a copy of the record, and gives back what was paid for in
// its grace periods (RFC 3915, section 3.1). It reports whether the domain can be restored:
// in the addPeriod it is gone.
func (r *Registry) deleteNow(tx *registry.Tx, d *Domain, p *Policy) bool {
	fresh := d.inGrace(rgp.AddPeriod, tx.Now())
	r.refundGrace(tx, d, p)
	if fresh {
		r.purge(tx, d)
		return false
	}
	redeem(d, p, tx.Now())
	r.domains.Put(tx, d)
	return true
}
