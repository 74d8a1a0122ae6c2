package gtld

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// otherModel refuses name servers of the form that the registry does not have, and
// reports whether there were any.
func (r *Registry) otherModel(ns *domain.NameServers, f *refusals) bool {
	if r.opts.HostModel == HostObjects {
		for i := range ns.HostAttr {
			f.part(epp.ParameterPolicyError, domain.NS, "hostAttr", &ns.HostAttr[i], "name servers are host objects here")
		}
		return len(ns.HostAttr) > 0
	}
	for _, name := range ns.HostObj {
		f.text(epp.ParameterPolicyError, domain.NS, "hostObj", name, "name servers are host attributes here")
	}
	return len(ns.HostObj) > 0
}

// addNS delegates a domain that is going to be. Whoever calls it checks their number.
func (r *Registry) addNS(o *op, d *Domain, ns *domain.NameServers, f *refusals) {
	if ns == nil || r.otherModel(ns, f) {
		return
	}
	for _, name := range ns.HostObj {
		if code, why := r.unfitHost(o, d, lower(name)); why != "" {
			f.text(code, domain.NS, "hostObj", name, why)
			continue
		}
		d.NS = append(d.NS, strings.Clone(lower(name)))
	}
	for i := range ns.HostAttr {
		a := &ns.HostAttr[i]
		h := HostAttr{Name: strings.Clone(lower(a.HostName))}
		code, why := r.unfitAttr(o, d, a, &h)
		if why != "" {
			f.part(code, domain.NS, "hostAttr", a, why)
			continue
		}
		d.Attr = append(d.Attr, h)
	}
}

// unfitHost says why a domain can't be delegated to a host object.
func (r *Registry) unfitHost(o *op, d *Domain, name string) (code epp.Code, why string) {
	h := r.hosts.Get(o, name)
	switch {
	case !validName(name):
		return epp.ParameterSyntaxError, "is not a host name"
	case h == nil || slices.Contains(h.Status, pendingCreate):
		return epp.ObjectDoesNotExist, "there is no such host"
	case slices.Contains(d.NS, name):
		return epp.ParameterPolicyError, "is there already"
	case len(h.Addrs) == 0 && r.policyOf(name) != nil && !o.policy.NS.Glueless:
		return epp.ParameterPolicyError, "has no address, which a host of this registry needs"
	}
	return 0, ""
}

// unfitAttr says why a domain can't be delegated to a host attribute, and reads its
// addresses: those of a name below a top-level domain of the registry must be there, and
// those of others may not.
func (r *Registry) unfitAttr(o *op, d *Domain, a *domain.HostAttr, h *HostAttr) (code epp.Code, why string) {
	for _, ha := range a.HostAddr {
		addr, why := address(ha.IP, ha.Addr)
		switch {
		case why != "":
			return epp.ParameterSyntaxError, "the address " + ha.Addr + " " + why
		case slices.Contains(h.Addrs, addr):
			return epp.ParameterPolicyError, "the address " + ha.Addr + " is there twice"
		}
		h.Addrs = append(h.Addrs, addr)
	}
	above, internal := r.superordinate(h.Name)
	switch {
	case !validName(h.Name):
		return epp.ParameterSyntaxError, "is not a host name"
	case slices.ContainsFunc(d.Attr, func(b HostAttr) bool { return b.Name == h.Name }):
		return epp.ParameterPolicyError, "is there already"
	case internal && above != d.Name && !r.domains.Has(o, above):
		return epp.ObjectDoesNotExist, "the domain that it is below of does not exist"
	case internal && len(h.Addrs) == 0 && !o.policy.NS.Glueless:
		return epp.RequiredParameterMissing, "needs an address"
	case !internal && len(h.Addrs) > 0:
		return epp.ParameterPolicyError, "has addresses, but is not below a top-level domain here"
	}
	return 0, ""
}

// remNS takes name servers away from a domain that is going to be. Of host attributes the
// names alone matter (RFC 5731, section 3.2.5).
func (r *Registry) remNS(d *Domain, ns *domain.NameServers, f *refusals) {
	if ns == nil || r.otherModel(ns, f) {
		return
	}
	for _, name := range ns.HostObj {
		k := slices.Index(d.NS, lower(name))
		if k < 0 {
			f.text(epp.ParameterPolicyError, domain.NS, "hostObj", name, "is not there")
			continue
		}
		d.NS = slices.Delete(d.NS, k, k+1)
	}
	for i := range ns.HostAttr {
		a := &ns.HostAttr[i]
		k := slices.IndexFunc(d.Attr, func(b HostAttr) bool { return b.Name == lower(a.HostName) })
		if k < 0 {
			f.part(epp.ParameterPolicyError, domain.NS, "hostAttr", a, "is not there")
			continue
		}
		d.Attr = slices.Delete(d.Attr, k, k+1)
	}
}

// checkNS holds the number of name servers of a domain that is going to be to the policy.
// One without any is not delegated.
func (p *Policy) checkNS(d *Domain, f *refusals) {
	if n := len(d.NS) + len(d.Attr); n > p.maxNS() || n > 0 && n < p.minNS() {
		f.text(epp.ParameterPolicyError, domain.NS, "ns", "", fmt.Sprintf("there must be %d to %d name servers, or none", p.minNS(), p.maxNS()))
	}
}

// nameServers are those that an info shows, in the form that the registry has.
func (d *Domain) nameServers() *domain.NameServers {
	if len(d.NS)+len(d.Attr) == 0 {
		return nil
	}
	ns := &domain.NameServers{HostObj: d.NS}
	for _, h := range d.Attr {
		ns.HostAttr = append(ns.HostAttr, domain.HostAttr{HostName: h.Name, HostAddr: hostAddrs(h.Addrs)})
	}
	return ns
}

func hostAddrs(list []netip.Addr) []domain.HostAddr {
	var out []domain.HostAddr
	for _, a := range list {
		out = append(out, domain.HostAddr{IP: version(a), Addr: a.String()})
	}
	return out
}
