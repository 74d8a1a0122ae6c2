package gtld

import (
	"maps"
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) domainCheck(_ *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	a := new(domain.ChkData)
	for _, name := range q.Names {
		why := nameTaken(lower(name), r.zones)
		if r.domains[lower(name)] != nil {
			why = reasonInUse
		}
		a.CD = append(a.CD, domain.CD{Name: name, Avail: why == "", Reason: reason(why)})
	}
	return a, nil
}

func (r *Registry) domainInfo(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	d := r.domains[lower(q.Name)]
	if d == nil {
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(domain.NS, "name", q.Name))
	}
	if q.AuthInfo != nil {
		if err := r.proves(d, q.AuthInfo); err != nil {
			return nil, err
		}
	} else if d.ClID != x.ClID() {
		return &domain.InfData{Name: d.Name, ROID: d.ROID, ClID: d.ClID}, nil
	}
	a := &domain.InfData{
		Name: d.Name, ROID: d.ROID,
		Status:     d.status(),
		Registrant: d.Registrant,
		ClID:       d.ClID, CrID: d.CrID, CrDate: d.CrDate,
		UpID: d.UpID, UpDate: d.UpDate, ExDate: d.ExDate, TrDate: d.TrDate,
	}
	if d.ClID == x.ClID() || !r.opts.SecureAuthInfo { // RFC 9154, section 5.3
		a.AuthInfo = d.authInfo.data()
	}
	for _, l := range d.Contacts {
		a.Contacts = append(a.Contacts, domain.Contact{Type: l.Type, ID: l.ID})
	}
	all := q.Hosts == "" || q.Hosts == domain.HostsAll
	if all || q.Hosts == domain.HostsDelegated {
		a.NS = r.nameServers(d)
	}
	if all || q.Hosts == domain.HostsSubordinate {
		a.Hosts = r.subordinates(d)
	}
	return a, nil
}

// status adds inactive to a domain that is not delegated (RFC 5731, section 2.3).
func (d *Domain) status() []epp.Status {
	list := d.Status
	if len(d.NS) == 0 {
		list = append(list[:len(list):len(list)], "inactive")
	}
	out := statuses(list, false)
	for i := range out {
		if s, ok := d.explained[out[i].S]; ok {
			out[i] = s
		}
	}
	return out
}

func (d *Domain) contactIDs() []string {
	var ids []string
	for _, l := range d.Contacts {
		ids = append(ids, l.ID)
	}
	return ids
}

// nameServers are host attributes: host-1.0 is not announced.
func (r *Registry) nameServers(d *Domain) *domain.NameServers {
	if len(d.NS) == 0 {
		return nil
	}
	ns := new(domain.NameServers)
	for _, name := range d.NS {
		a := domain.HostAttr{HostName: name}
		for _, ip := range r.hosts[name].Addrs {
			version := "v4"
			if ip.Is6() {
				version = "v6"
			}
			a.HostAddr = append(a.HostAddr, domain.HostAddr{IP: version, Addr: ip.String()})
		}
		ns.HostAttr = append(ns.HostAttr, a)
	}
	return ns
}

// subordinates are the hosts below a domain, in the order of their names.
func (r *Registry) subordinates(d *Domain) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r.hosts)) {
		if below(name, d.Name) {
			names = append(names, name)
		}
	}
	return names
}
