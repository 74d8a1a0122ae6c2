package fred

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var (
	reasonHostNumbers = phrase{"There must be two to ten name servers", "Jmenných serverů musí být dva až deset"}
	reasonHostName    = phrase{"Not the name of a host", "Toto není jméno počítače"}
	reasonHostTwice   = phrase{"The name server is named twice", "Jmenný server je uveden dvakrát"}
	reasonHostThere   = phrase{"The name server is in the nsset already", "Jmenný server již v sadě je"}
	reasonHostNot     = phrase{"The name server is not in the nsset", "Jmenný server v sadě není"}
	reasonAddr        = phrase{"An IP address that can't be used", "Nepoužitelná adresa IP"}
	reasonAddrTwice   = phrase{"The IP address is there twice", "Adresa IP je uvedena dvakrát"}
	reasonGlue        = phrase{"A name server outside of the zones has no address here", "Jmenný server mimo zóny zde adresu nemá"}
)

// nssetCreate takes no notice of the authInfo: there is none until it is sent.
func (r *Registry) nssetCreate(x *mockserver.Exchange, q *nsset.Create) (*nsset.CreData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*nsset.CreData, error) {
		s := &NSSet{
			ID: strings.Clone(upper(q.ID)), Techs: keptUpper(q.Techs), Hosts: hosts(q.NS), ReportLevel: q.ReportLevel,
		}
		lang := x.Session.Lang
		if err := s.size(lang, q.ID); err != nil {
			return nil, err
		}
		if r.nssets.Has(tx, s.ID) {
			return nil, exists(x, nsset.NS, "id", q.ID)
		}
		if r.protected.Has(tx, protectedKey(s.ref())) {
			return nil, refuse(lang, epp.ParameterPolicyError, nsset.NS, "id", q.ID, reasonProtected)
		}
		f := refusal{lang: lang}
		f.techs(r, tx, nsset.NS, nil, q.Techs)
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return nil, err
		}
		f.hosts(r, tx, nil, q.NS)
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return nil, err
		}
		s.Object = r.created(tx, x, nssetLetter)
		s.IdleAt = r.idleAt(tx, s.ref())
		r.nssets.Put(tx, s)
		r.relink(tx, nil, s.Links())
		return &nsset.CreData{ID: s.ID, CrDate: s.CrDate}, nil
	})
}

// size refuses an nsset with too few or too many of something.
func (s *NSSet) size(lang, id string) error {
	if len(s.Techs) < 1 || len(s.Techs) > maxTechs {
		return refuse(lang, epp.ParameterPolicyError, nsset.NS, "id", id, reasonTechNumbers)
	}
	if len(s.Hosts) < minHosts || len(s.Hosts) > maxHosts {
		return refuse(lang, epp.ParameterPolicyError, nsset.NS, "id", id, reasonHostNumbers)
	}
	return nil
}

// hosts checks name servers that are to be added to those that are there.
func (f *refusal) hosts(r *Registry, rd registry.Reader, there []Host, add []nsset.NameServer) {
	for i, h := range add {
		name := lower(h.Name)
		if !validName(name) {
			f.add(nsset.NS, "name", h.Name, reasonHostName)
		}
		if slices.ContainsFunc(add[:i], func(o nsset.NameServer) bool { return lower(o.Name) == name }) {
			f.add(nsset.NS, "name", h.Name, reasonHostTwice)
		}
		if slices.ContainsFunc(there, func(o Host) bool { return o.Name == name }) {
			f.add(nsset.NS, "name", h.Name, reasonHostThere)
		}
		f.addrs(h.Addrs, r.managed(rd, name))
	}
}

// addrs checks the addresses of a name server, which has none outside of the zones.
func (f *refusal) addrs(list []string, managed bool) {
	var seen []netip.Addr
	for _, s := range list {
		addr, err := netip.ParseAddr(s)
		if !managed {
			f.add(nsset.NS, "addr", s, reasonGlue)
		}
		switch {
		case err != nil || !routable(addr):
			f.add(nsset.NS, "addr", s, reasonAddr)
		case slices.Contains(seen, addr):
			f.add(nsset.NS, "addr", s, reasonAddrTwice)
		}
		seen = append(seen, addr)
	}
}

// routable leaves out what no name server on the Internet can have. FRED has a list of
// networks for this, which each registry fills.
func routable(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && a.Zone() == "" && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// managed reports whether a host is in one of the registry's zones.
func (r *Registry) managed(rd registry.Reader, name string) bool {
	for z := range r.zones.All(rd) {
		if strings.HasSuffix(name, "."+z.Name) {
			return true
		}
	}
	return false
}

// hosts are copies of a command's name servers.
func hosts(list []nsset.NameServer) []Host {
	out := make([]Host, len(list))
	for i, h := range list {
		out[i] = Host{Name: strings.Clone(lower(h.Name)), Addrs: kept(h.Addrs)}
	}
	return out
}
