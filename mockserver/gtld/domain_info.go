package gtld

import (
	"net/netip"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) domainInfo(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
	o := r.read(x)
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
	a := &domain.InfData{
		Name: d.Name, ROID: d.ROID,
		Status:     statuses(d.statusList(), d.Texts, false),
		Registrant: d.Registrant,
		ClID:       d.ClID, CrID: d.CrID, CrDate: d.CrDate,
		UpID: d.UpID, UpDate: d.UpDate, ExDate: d.ExDate, TrDate: d.TrDate,
	}
	if d.ClID == x.ClID() || !r.opts.SecureAuthInfo { // RFC 9154, section 5.3
		a.AuthInfo = shown(d.AuthInfo, d.AuthHash)
	}
	for _, l := range d.Contacts {
		a.Contacts = append(a.Contacts, domain.Contact{Type: l.Type, ID: l.ID})
	}
	all := q.Hosts == "" || q.Hosts == domain.HostsAll
	if all || q.Hosts == domain.HostsDelegated {
		a.NS = r.nameServers(o, d)
	}
	if all || q.Hosts == domain.HostsSubordinate {
		for h := range o.Referrers(registry.Ref{Kind: registry.Domain, Handle: d.Name}, registry.Host) {
			a.Hosts = append(a.Hosts, h.Handle)
		}
	}
	return a, nil
}

// nameServers are host attributes: host-1.0 is not announced.
func (r *Registry) nameServers(rd registry.Reader, d *Domain) *domain.NameServers {
	if len(d.NS)+len(d.Attr) == 0 {
		return nil
	}
	ns := new(domain.NameServers)
	add := func(name string, addrs []netip.Addr) {
		a := domain.HostAttr{HostName: name}
		for _, ip := range addrs {
			version := "v4"
			if ip.Is6() {
				version = "v6"
			}
			a.HostAddr = append(a.HostAddr, domain.HostAddr{IP: version, Addr: ip.String()})
		}
		ns.HostAttr = append(ns.HostAttr, a)
	}
	for _, name := range d.NS {
		add(name, r.hosts.Get(rd, name).Addrs)
	}
	for _, a := range d.Attr {
		add(a.Name, a.Addrs)
	}
	return ns
}
