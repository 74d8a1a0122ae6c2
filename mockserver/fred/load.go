package fred

import (
	"fmt"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// load stores fixtures, which are valid, and gives each object its ROID.
func (r *Registry) load(tx *registry.Tx, f *Fixtures) error {
	if err := r.Accounts.Load(tx, f.Registrars); err != nil {
		return err
	}
	for _, m := range f.Messages {
		r.Queue.Put(tx, m)
	}
	for _, z := range f.Zones {
		r.zones.Put(tx, &Zone{Name: lower(z), ZoneRules: f.ZoneRules[z].withDefaults()})
	}
	for _, name := range f.Prohibited {
		r.prohibited.Put(tx, &Prohibited{Name: lower(name)})
	}
	for _, p := range f.Protected {
		p.Handle = upper(p.Handle)
		r.protected.Put(tx, &p)
	}
	// What refers to others comes first: they must know whether they are idle.
	r.loadDomains(tx, f.Domains)
	for _, a := range f.Auctions {
		r.auctions.Put(tx, &Auction{Name: lower(a.Name), Winner: upper(a.Winner)})
	}
	r.loadNSSets(tx, f.NSSets)
	r.loadKeySets(tx, f.KeySets)
	r.loadContacts(tx, f.Contacts)
	return nil
}

// The letters of ROIDs.
const (
	contactLetter = "C"
	nssetLetter   = "N"
	domainLetter  = "D"
	keysetLetter  = "K"
)

// roid is the form of ROIDs at .cz.
func roid(letter string, n uint64) string { return fmt.Sprintf("%s%010d-CZ", letter, n) }

func (r *Registry) loadContacts(tx *registry.Tx, given []Contact) {
	list, objects := make([]*Contact, len(given)), make([]*registry.Object, len(given))
	for i := range given {
		c := given[i].clone()
		c.ID = upper(c.ID)
		list[i], objects[i] = c, &c.Object
	}
	registry.Register(tx, objects, contactLetter, roid)
	for _, c := range list {
		c.IdleAt = r.idleAt(tx, c.ref())
		r.contacts.Put(tx, c)
	}
}

func (r *Registry) loadNSSets(tx *registry.Tx, given []NSSet) {
	list, objects := make([]*NSSet, len(given)), make([]*registry.Object, len(given))
	for i := range given {
		s := given[i].clone()
		s.ID = upper(s.ID)
		uppers(s.Techs)
		for k := range s.Hosts {
			s.Hosts[k].Name = lower(s.Hosts[k].Name)
		}
		list[i], objects[i] = s, &s.Object
	}
	registry.Register(tx, objects, nssetLetter, roid)
	for _, s := range list {
		s.IdleAt = r.idleAt(tx, s.ref())
		r.nssets.Put(tx, s)
	}
}

func (r *Registry) loadKeySets(tx *registry.Tx, given []KeySet) {
	list, objects := make([]*KeySet, len(given)), make([]*registry.Object, len(given))
	for i := range given {
		s := given[i].clone()
		s.ID = upper(s.ID)
		uppers(s.Techs)
		list[i], objects[i] = s, &s.Object
	}
	registry.Register(tx, objects, keysetLetter, roid)
	for _, s := range list {
		s.IdleAt = r.idleAt(tx, s.ref())
		r.keysets.Put(tx, s)
	}
}

func (r *Registry) loadDomains(tx *registry.Tx, given []Domain) {
	list, objects := make([]*Domain, len(given)), make([]*registry.Object, len(given))
	for i := range given {
		d := given[i].clone()
		d.Name, d.Registrant = lower(d.Name), upper(d.Registrant)
		d.NSSet, d.KeySet = upper(d.NSSet), upper(d.KeySet)
		uppers(d.Admins)
		list[i], objects[i] = d, &d.Object
	}
	registry.Register(tx, objects, domainLetter, roid)
	for _, d := range list {
		r.begin(d, tx.Now())
		r.domains.Put(tx, d)
	}
}

func uppers(list []string) {
	for i, s := range list {
		list[i] = upper(s)
	}
}
