package fred

import (
	"fmt"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// load takes fixtures over, which are valid, and gives each object its ROID.
func (r *Registry) load(f *Fixtures) {
	r.prohibited = make(map[string]bool)
	r.protected = make(map[registry.Ref]time.Time)
	r.contacts = make(map[string]*Contact)
	r.nssets, r.keysets = make(map[string]*Set), make(map[string]*Set)
	r.domains = make(map[string]*Domain)

	for _, z := range f.Zones {
		r.zones = append(r.zones, lower(z))
	}
	var objects []*registry.Object
	register := func(letter string) {
		registry.Register(objects, func(n int) string { return fmt.Sprintf("%s%010d-CZ", letter, n) })
		objects = nil
	}
	for i := range f.Contacts {
		c := &f.Contacts[i]
		c.ID = upper(c.ID)
		r.contacts[c.ID] = c
		objects = append(objects, &c.Object)
	}
	register("C")
	sets := func(list []Set, letter string, into map[string]*Set) {
		for i := range list {
			s := &list[i]
			s.ID = upper(s.ID)
			uppers(s.Techs)
			into[s.ID] = s
			objects = append(objects, &s.Object)
		}
		register(letter)
	}
	sets(f.NSSets, "N", r.nssets)
	sets(f.KeySets, "K", r.keysets)
	for i := range f.Domains {
		d := &f.Domains[i]
		d.Name, d.Registrant = lower(d.Name), upper(d.Registrant)
		d.NSSet, d.KeySet = upper(d.NSSet), upper(d.KeySet)
		uppers(d.Admins)
		r.domains[d.Name] = d
		objects = append(objects, &d.Object)
	}
	register("D")
	for _, name := range f.Prohibited {
		r.prohibited[lower(name)] = true
	}
	for _, p := range f.Protected {
		r.protected[registry.Ref{Kind: p.Kind, Handle: upper(p.Handle)}] = p.Until
	}
}

func uppers(list []string) {
	for i, s := range list {
		list[i] = upper(s)
	}
}
