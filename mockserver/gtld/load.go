package gtld

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// roid is the form of ROIDs here.
func roid(letter string, n uint64) string { return fmt.Sprintf("%s%d-MOCK", letter, n) }

// The letters of ROIDs.
const (
	contactLetter = "C"
	hostLetter    = "H"
	domainLetter  = "D"
)

// load takes fixtures over, which are valid, and gives each object its ROID.
func (r *Registry) load(tx *registry.Tx, f *Fixtures) error {
	if err := r.Accounts.Load(tx, f.Registrars); err != nil {
		return err
	}
	for _, m := range f.Messages {
		r.Queue.Put(tx, m)
	}
	if r.opts.HostModel == HostAttributes {
		f.embedHosts()
	}
	r.loadTokens(tx, f.Tokens)
	for _, m := range f.Maintenance {
		r.putMaintenance(tx, m)
	}
	r.loadContacts(tx, f.Contacts)
	r.loadDomains(tx, f.Domains)
	r.loadHosts(tx, f.Hosts)
	return nil
}

func (r *Registry) loadContacts(tx *registry.Tx, list []Contact) {
	var objects []*registry.Object
	for i := range list {
		list[i] = *list[i].clone()
		objects = append(objects, &list[i].Object)
	}
	registry.Register(tx, objects, contactLetter, roid)
	for i := range list {
		c := &list[i]
		c.AuthInfo, c.AuthHash = r.keep(epp.Secret(c.AuthInfo))
		r.contacts.Put(tx, c)
	}
}

func (r *Registry) loadDomains(tx *registry.Tx, list []Domain) {
	var objects []*registry.Object
	for i := range list {
		list[i] = *list[i].clone()
		objects = append(objects, &list[i].Object)
	}
	registry.Register(tx, objects, domainLetter, roid)
	for i := range list {
		d := &list[i]
		d.AuthInfo, d.AuthHash = r.keep(epp.Secret(d.AuthInfo))
		d.Name = lower(d.Name)
		for k, name := range d.NS {
			d.NS[k] = lower(name)
		}
		r.domains.Put(tx, d)
	}
}

func (r *Registry) loadHosts(tx *registry.Tx, list []Host) {
	var objects []*registry.Object
	for i := range list {
		list[i] = *list[i].clone()
		objects = append(objects, &list[i].Object)
	}
	registry.Register(tx, objects, hostLetter, roid)
	for i := range list {
		h := &list[i]
		h.Name = lower(h.Name)
		h.Superordinate, _ = r.superordinate(h.Name)
		r.hosts.Put(tx, h)
	}
}

// embedHosts makes the name servers that fixtures give as objects attributes of their
// domains.
func (f *Fixtures) embedHosts() {
	addrs := make(map[string][]netip.Addr)
	for _, h := range f.Hosts {
		addrs[lower(h.Name)] = h.Addrs
	}
	for i := range f.Domains {
		d := &f.Domains[i]
		for _, name := range d.NS {
			d.Attr = append(slices.Clip(d.Attr), HostAttr{Name: lower(name), Addrs: addrs[lower(name)]})
		}
		d.NS = nil
	}
	f.Hosts = nil
}
