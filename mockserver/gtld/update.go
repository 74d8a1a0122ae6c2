package gtld

import (
	"maps"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const clientUpdateProhibited = "clientUpdateProhibited"

// domainUpdate changes statuses and the authInfo. It works on a copy, so that a
// command is carried out as a whole or not at all.
func (r *Registry) domainUpdate(x *mockserver.Exchange, q *domain.Update) (*epp.NoData, error) {
	if q.Add == nil && q.Rem == nil && q.Chg == nil && len(x.Command.Extension) == 0 {
		return nil, epp.Refuse(epp.RequiredParameterMissing,
			registry.Because(domain.NS, "update", "", "needs an add, a rem or a chg"))
	}
	add, rem, chg := or(q.Add), or(q.Rem), or(q.Chg)
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.domains[lower(q.Name)]
	switch {
	case d == nil:
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(domain.NS, "name", q.Name))
	case d.ClID != x.ClID():
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(domain.NS, "name", q.Name))
	}
	if err := unimplemented(add, rem, chg); err != nil {
		return nil, err
	}
	if err := d.prohibitsUpdate(add, rem, chg); err != nil {
		return nil, err
	}
	next := *d
	if err := next.alterStatus(add.Status, rem.Status); err != nil {
		return nil, err
	}
	if chg.AuthInfo != nil {
		if err := r.alterAuthInfo(&next, chg.AuthInfo); err != nil {
			return nil, err
		}
	}
	if len(add.Status)+len(rem.Status) > 0 || chg.AuthInfo != nil {
		next.UpID, next.UpDate = d.ClID, x.Now()
	}
	*d = next
	return nil, nil
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

// prohibitsUpdate refuses an update that the domain's statuses prohibit. One that
// removes clientUpdateProhibited and does nothing else is not prohibited by it (RFC
// 5731, section 2.3).
func (d *Domain) prohibitsUpdate(add, rem *domain.AddRem, chg *domain.Chg) error {
	onlyLifts := len(add.Status) == 0 && len(rem.Status) == 1 && chg.AuthInfo == nil &&
		rem.Status[0].S == clientUpdateProhibited
	for _, s := range d.Status {
		pending := strings.HasPrefix(s, "pending")
		if pending || s == "serverUpdateProhibited" || s == clientUpdateProhibited && !onlyLifts {
			return epp.Refuse(epp.StatusProhibitsOperation,
				registry.Because(domain.NS, "name", d.Name, "its status is "+s))
		}
	}
	return nil
}

// alterStatus removes statuses, and then adds some, so that the text of one can be
// replaced. It leaves alone what a copy of the domain shares with it. What a client
// may set contradicts no status with which the domain can be updated.
func (d *Domain) alterStatus(add, rem []epp.Status) error {
	d.Status, d.explained = slices.Clone(d.Status), maps.Clone(d.explained)
	refuse := func(s *epp.Status, reason string) error {
		v := registry.Part(domain.NS, "status", s)
		v.Reason = &epp.Text{Text: reason}
		return epp.Refuse(epp.ParameterPolicyError, v)
	}
	for i := range rem {
		s := &rem[i]
		switch k := slices.Index(d.Status, s.S); {
		case !strings.HasPrefix(s.S, "client"):
			return refuse(s, "is not a client's to remove")
		case k < 0:
			return refuse(s, "is not set")
		default:
			d.Status = slices.Delete(d.Status, k, k+1)
			delete(d.explained, s.S)
		}
	}
	for i := range add {
		s := &add[i]
		switch {
		case !strings.HasPrefix(s.S, "client"):
			return refuse(s, "is not a client's to add")
		case slices.Contains(d.Status, s.S):
			return refuse(s, "is set already")
		}
		d.Status = append(d.Status, strings.Clone(s.S))
		if s.Text != "" {
			d.explain(s)
		}
	}
	return nil
}

// explain keeps the text of a status.
func (d *Domain) explain(s *epp.Status) {
	if d.explained == nil {
		d.explained = make(map[string]epp.Status)
	}
	name := strings.Clone(s.S)
	d.explained[name] = epp.Status{S: name, Lang: strings.Clone(s.Lang), Text: strings.Clone(s.Text)}
}
