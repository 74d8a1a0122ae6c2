package gtld

import (
	"fmt"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// load takes fixtures over, which are valid, and gives each object its ROID.
func (r *Registry) load(f *Fixtures) {
	r.contacts = make(map[string]*Contact)
	r.hosts = make(map[string]*Host)
	r.domains = make(map[string]*Domain)

	var objects []*registry.Object
	register := func(letter string) {
		registry.Register(objects, func(n int) string { return fmt.Sprintf("%s%d-MOCK", letter, n) })
		objects = nil
	}
	for _, z := range f.Zones {
		r.zones = append(r.zones, lower(z))
	}
	for i := range f.Contacts {
		c := &f.Contacts[i]
		c.authInfo, c.AuthInfo = r.keep(c.AuthInfo), ""
		r.contacts[c.ID] = c
		objects = append(objects, &c.Object)
	}
	register("C")
	for i := range f.Hosts {
		h := &f.Hosts[i]
		h.Name = lower(h.Name)
		r.hosts[h.Name] = h
		objects = append(objects, &h.Object)
	}
	register("H")
	for i := range f.Domains {
		d := &f.Domains[i]
		d.authInfo, d.AuthInfo = r.keep(d.AuthInfo), ""
		d.Name = lower(d.Name)
		for k, name := range d.NS {
			d.NS[k] = lower(name)
		}
		r.domains[d.Name] = d
		objects = append(objects, &d.Object)
	}
	register("D")
}
