package gtld

import (
	"reflect"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainUpdate changes a domain (RFC 5731, section 3.2.5). What is removed goes first.
func (r *Registry) domainUpdate(x *mockserver.Exchange, q *domain.Update) (*epp.NoData, error) {
	if q.Add == nil && q.Rem == nil && q.Chg == nil && len(x.Command.Extension) == 0 {
		return nil, epp.Refuse(epp.RequiredParameterMissing,
			registry.Because(domain.NS, "update", "", "needs an add, a rem or a chg"))
	}
	return change(r, x, func(o *op) (*epp.NoData, error) {
		if a, did, err := diverted[*epp.NoData](r, o, q); did {
			return a, err
		}
		d, err := r.ownDomain(o, q.Name)
		if err != nil {
			return nil, err
		}
		add, rem, chg := or(q.Add), or(q.Rem), or(q.Chg)
		other := add.NS != nil || rem.NS != nil || len(add.Contacts)+len(rem.Contacts) > 0 ||
			chg.Registrant != nil || chg.AuthInfo != nil
		if s := prohibitsUpdate(d.Status, add.Status, rem.Status, other || len(x.Command.Extension) > 0); s != "" {
			return nil, refuseDomain(epp.StatusProhibitsOperation, "name", d.Name, "its status is "+s)
		}
		next, err := r.updated(o, d, add, rem, chg)
		if err != nil {
			return nil, err
		}
		if err := r.callChange(o, d, next, func(h *hooks) changeHook { return h.update }); err != nil {
			return nil, err
		}
		if err := r.pay(o); err != nil {
			return nil, err
		}
		if other || len(add.Status)+len(rem.Status) > 0 || !reflect.DeepEqual(d, next) {
			next.UpID, next.UpDate = o.ClID(), o.Now()
			if !r.postpone(o, commandUpdate, d, next) {
				r.domains.Put(o.tx, next)
			}
		}
		return nil, nil
	})
}

// updated is a domain as an update makes it, by the rules of the core.
func (r *Registry) updated(o *op, d *Domain, add, rem *domain.AddRem, chg *domain.Chg) (*Domain, error) {
	next := d.clone()
	var err error
	if next.Status, next.Texts, err = alterStatuses(domain.NS, d.Status, d.Texts, add.Status, rem.Status); err != nil {
		return nil, err
	}
	var f refusals
	r.remNS(next, rem.NS, &f)
	r.addNS(o, next, add.NS, &f)
	if add.NS != nil || rem.NS != nil {
		o.policy.checkNS(next, &f)
	}
	r.remContacts(next, rem.Contacts, &f)
	r.addContacts(o, next, add.Contacts, &f)
	if len(add.Contacts)+len(rem.Contacts) > 0 {
		o.policy.checkContacts(next, epp.ParameterPolicyError, &f)
	}
	if chg.Registrant != nil {
		r.setRegistrant(o, next, *chg.Registrant, &f)
	}
	if chg.AuthInfo != nil {
		r.alterAuthInfo(o, next, chg.AuthInfo, &f)
	}
	return next, f.err()
}

func or[T any](v *T) *T {
	if v == nil {
		return new(T)
	}
	return v
}
