package gtld

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// HostRules are what the registry decides about hosts. The zero value works. A host is
// internal where it is below one of the registry's top-level domains, and external
// otherwise (RFC 5732, section 1.1).
type HostRules struct {
	// Glue requires an address of every internal host. Otherwise one needs it where a
	// domain is delegated to it.
	Glue bool `yaml:"glue" json:"glue,omitempty"`
	// ExternalAddrs lets external hosts have addresses. Otherwise they are refused
	// (2306), and a host loses its own when it is given an external name.
	ExternalAddrs bool `yaml:"externalAddrs" json:"externalAddrs,omitempty"`
	// PublicAddrs refuses addresses at which nobody can be reached from everywhere,
	// such as loopback, private and multicast ones and those of documents.
	PublicAddrs bool `yaml:"publicAddrs" json:"publicAddrs,omitempty"`
	// Offline are the commands that wait for somebody: create, update, delete. Their
	// names are those of hosts as a whole.
	Offline []Offline `yaml:"offline" json:"offline,omitempty"`
}

// hostRules checks the rules in fixtures.
func (v *validator) hostRules(h *HostRules) {
	v.offline(h.Offline, registry.Path{"hostRules", "offline"}, commandCreate, commandUpdate, commandDelete)
}

// refuseHost refuses a value in an element of a host.
func refuseHost(code epp.Code, local, value, why string) error {
	return epp.Refuse(code, registry.Because(host.NS, local, value, why))
}

// newName checks a name that a host is to have, and tells the domain that it is below of,
// "" where it is external: the domain must be there, and be the client's. Nobody else can
// put glue below it.
func (r *Registry) newName(rd registry.Reader, clID, name string) (superordinate string, err error) {
	switch {
	case !validName(name):
		return "", refuseHost(epp.ParameterSyntaxError, "name", name, "is not a host name")
	case r.hosts.Has(rd, lower(name)):
		return "", epp.Refuse(epp.ObjectExists, registry.Value(host.NS, "name", name))
	}
	above, internal := r.superordinate(lower(name))
	if !internal {
		return "", nil
	}
	d := r.domains.Get(rd, above)
	switch {
	case d == nil:
		return "", refuseHost(epp.ObjectDoesNotExist, "name", name, "is below a domain that there is not")
	case d.ClID != clID:
		return "", refuseHost(epp.AuthorizationError, "name", name, "is below a domain of another registrar")
	case slices.Contains(d.Status, pendingCreate) || slices.Contains(d.Status, pendingDelete):
		return "", refuseHost(epp.StatusProhibitsOperation, "name", name, "is below a domain that is not there yet, or not for long")
	case slices.Contains(d.Status, pendingTransfer):
		return "", refuseHost(epp.StatusProhibitsOperation, "name", name, "is below a domain whose transfer is pending")
	}
	return d.Name, nil
}

// superordinate is the name of the domain that a host is below of or called as, whether it
// exists or not. The host is internal where the registry has the top-level domain.
func (r *Registry) superordinate(name string) (domain string, internal bool) {
	p := r.policyOf(name)
	if p == nil {
		return "", r.policies[name] != nil
	}
	rest := strings.TrimSuffix(name, "."+p.Name)
	return rest[strings.LastIndexByte(rest, '.')+1:] + "." + p.Name, true
}

// special are the networks that are no part of the Internet, beside those that package
// netip knows (RFC 6890).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001:db8::/32"),
}

func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.Is4In6() &&
		!slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// alterAddrs removes addresses of a host that is going to be, and then adds some.
func (r *Registry) alterAddrs(h *Host, add, rem []host.Addr, f *refusals) {
	refuse := func(code epp.Code, a *host.Addr, why string) { f.part(code, host.NS, "addr", a, why) }
	for i := range rem {
		ip, why := address(rem[i].IP, rem[i].Addr)
		k := slices.Index(h.Addrs, ip)
		switch {
		case why != "":
			refuse(epp.ParameterSyntaxError, &rem[i], why)
		case k < 0:
			refuse(epp.ParameterPolicyError, &rem[i], "is not there")
		default:
			h.Addrs = slices.Delete(h.Addrs, k, k+1)
		}
	}
	for i := range add {
		ip, why := address(add[i].IP, add[i].Addr)
		switch {
		case why != "":
			refuse(epp.ParameterSyntaxError, &add[i], why)
		case slices.Contains(h.Addrs, ip):
			refuse(epp.ParameterPolicyError, &add[i], "is there already")
		case h.external() && !r.hostRules.ExternalAddrs:
			refuse(epp.ParameterPolicyError, &add[i], "an external host has none")
		case r.hostRules.PublicAddrs && !public(ip):
			refuse(epp.ParameterPolicyError, &add[i], "can't be reached from everywhere")
		default:
			h.Addrs = append(h.Addrs, ip)
		}
	}
}

// holdGlue notes that an internal host has no address where it needs one. was is the host
// as it is, nil in a create: the domains that are delegated to it could not be reached.
func (r *Registry) holdGlue(o *op, was, h *Host, f *refusals) {
	if h.external() || len(h.Addrs) > 0 {
		return
	}
	if r.hostRules.Glue {
		f.text(epp.RequiredParameterMissing, host.NS, "addr", "", "an internal host needs an address")
	}
	if was == nil {
		return
	}
	for ref := range o.Referrers(was.ref(), registry.Domain) {
		if p := r.policyOf(ref.Handle); p == nil || !p.NS.Glueless {
			f.text(epp.AssociationProhibitsOp, host.NS, "name", was.Name, "a domain is delegated to it, and needs an address")
			return
		}
	}
}
