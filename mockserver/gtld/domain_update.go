package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainUpdate changes statuses and the authInfo. It works on a copy, so that a
// command is carried out as a whole or not at all.
func (r *Registry) domainUpdate(x *mockserver.Exchange, q *domain.Update) (*epp.NoData, error) {
	if q.Add == nil && q.Rem == nil && q.Chg == nil && len(x.Command.Extension) == 0 {
		return nil, epp.Refuse(epp.RequiredParameterMissing,
			registry.Because(domain.NS, "update", "", "needs an add, a rem or a chg"))
	}
	add, rem, chg := or(q.Add), or(q.Rem), or(q.Chg)
	return change(r, x, func(o *op) (*epp.NoData, error) {
		d := r.domains.Get(o, lower(q.Name))
		switch {
		case d == nil:
			return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(domain.NS, "name", q.Name))
		case d.ClID != x.ClID():
			return nil, epp.Refuse(epp.AuthorizationError, registry.Value(domain.NS, "name", q.Name))
		}
		if err := unimplemented(add, rem, chg); err != nil {
			return nil, err
		}
		if s := prohibitsUpdate(d.Status, add.Status, rem.Status, chg.AuthInfo != nil); s != "" {
			return nil, epp.Refuse(epp.StatusProhibitsOperation,
				registry.Because(domain.NS, "name", d.Name, "its status is "+s))
		}
		next := d.clone()
		var err error
		if next.Status, next.Texts, err = alterStatuses(domain.NS, d.Status, d.Texts, add.Status, rem.Status); err != nil {
			return nil, err
		}
		if chg.AuthInfo != nil {
			if err := r.alterAuthInfo(next, chg.AuthInfo); err != nil {
				return nil, err
			}
		}
		if len(add.Status)+len(rem.Status) > 0 || chg.AuthInfo != nil {
			next.UpID, next.UpDate = d.ClID, o.Now()
			r.domains.Put(o.tx, next)
		}
		return nil, nil
	})
}

func or[T any](v *T) *T {
	if v == nil {
		return new(T)
	}
	return v
}

// unimplemented refuses what an update may change by the standard, but not here.
func unimplemented(add, rem *domain.AddRem, chg *domain.Chg) error {
	var values []epp.ErrValue
	for _, m := range []*domain.AddRem{add, rem} {
		if m.NS != nil {
			values = append(values, registry.Part(domain.NS, "ns", m.NS))
		}
		for i := range m.Contacts {
			values = append(values, registry.Part(domain.NS, "contact", &m.Contacts[i]))
		}
	}
	if chg.Registrant != nil {
		values = append(values, registry.Value(domain.NS, "registrant", *chg.Registrant))
	}
	if chg.AuthInfo != nil && chg.AuthInfo.Ext != nil { // what is in it may be a secret
		values = append(values, registry.Value(domain.NS, "authInfo", ""))
	}
	if len(values) == 0 {
		return nil
	}
	return epp.Refuse(epp.UnimplementedOption, values...)
}
