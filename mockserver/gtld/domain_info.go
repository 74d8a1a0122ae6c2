package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainInfo shows a domain: all of it to its sponsor, and to whoever shows a valid
// authInfo; to others who the sponsor is (RFC 5731, section 3.1.2).
func (r *Registry) domainInfo(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
	o := r.read(x)
	if a, did, err := diverted[*domain.InfData](r, o, q); did {
		return a, err
	}
	d := r.domains.Get(o, lower(q.Name))
	if d == nil {
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(domain.NS, "name", q.Name))
	}
	if q.AuthInfo != nil {
		if err := r.proves(o, d, q.AuthInfo); err != nil {
			return nil, err
		}
	} else if d.ClID != x.ClID() {
		return &domain.InfData{Name: d.Name, ROID: d.ROID, ClID: d.ClID}, nil
	}
	a := r.infData(o, d, q.Hosts)
	if err := r.inform(o, d); err != nil {
		return nil, err
	}
	return a, nil
}

// inform has the extensions tell what they know of a domain, and of one that there is no
// policy for nothing.
func (r *Registry) inform(o *op, d *Domain) error {
	if r.governs(o, d) != nil {
		return nil
	}
	return r.call(o, d, func(h *hooks) domainHook { return h.info })
}

// infData is all of a domain, with the hosts of an info's option: "" is all.
func (r *Registry) infData(o *op, d *Domain, hosts string) *domain.InfData {
	a := &domain.InfData{
		Name: d.Name, ROID: d.ROID,
		Status:     statuses(d.statusList(), d.Texts, false),
		Registrant: d.Registrant,
		ClID:       d.ClID, CrID: d.CrID, CrDate: d.CrDate,
		UpID: d.UpID, UpDate: d.UpDate, ExDate: d.ExDate, TrDate: d.TrDate,
	}
	if d.ClID == o.ClID() || !r.opts.SecureAuthInfo { // RFC 9154, section 5.3
		a.AuthInfo = shown(d.AuthInfo, d.AuthHash)
	}
	for _, l := range d.Contacts {
		a.Contacts = append(a.Contacts, domain.Contact{Type: l.Type, ID: l.ID})
	}
	all := hosts == "" || hosts == domain.HostsAll
	if all || hosts == domain.HostsDelegated {
		a.NS = d.nameServers()
	}
	if all || hosts == domain.HostsSubordinate {
		for h := range o.Referrers(registry.Ref{Kind: registry.Domain, Handle: d.Name}, registry.Host) {
			a.Hosts = append(a.Hosts, h.Handle)
		}
	}
	return a
}
