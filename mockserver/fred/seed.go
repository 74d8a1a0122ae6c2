package fred

import (
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A seed is what a document of further objects may hold: those of [Fixtures] but the zones.
type seed struct {
	Registrars []registry.Account `yaml:"registrars"`
	Messages   []registry.Message `yaml:"messages"`
	Contacts   []Contact          `yaml:"contacts"`
	NSSets     []NSSet            `yaml:"nssets"`
	KeySets    []KeySet           `yaml:"keysets"`
	Domains    []Domain           `yaml:"domains"`
	Prohibited []string           `yaml:"prohibited"`
	Protected  []Protected        `yaml:"protected"`
	Auctions   []Auction          `yaml:"auctions"`
}

// Seed adds objects to those that there are, from YAML or JSON: all of them, or none. They
// are written as in [Fixtures], under the keys registrars, messages, contacts, nssets,
// keysets, domains, prohibited, protected and auctions, and may refer to each other and to
// what there is. What there is already is refused. The error is a *registry.FixtureError.
func (r *Registry) Seed(doc []byte) error {
	return registry.ParseSeed(doc, func(s *seed) error {
		f := &Fixtures{
			Registrars: s.Registrars, Messages: s.Messages, Contacts: s.Contacts, NSSets: s.NSSets,
			KeySets: s.KeySets, Domains: s.Domains, Prohibited: s.Prohibited, Protected: s.Protected, Auctions: s.Auctions,
		}
		return r.Change(func(tx *registry.Tx) error {
			for z := range r.zones.All(tx) {
				f.Zones = append(f.Zones, z.Name)
			}
			if err := f.validate(func(list, name string) bool { return r.known(tx, list, name) }); err != nil {
				return err
			}
			f.Zones = nil // they are there
			if err := r.load(tx, f); err != nil {
				return err
			}
			r.touch(tx, f)
			return nil
		})
	})
}

// touch has what was there know that what was added refers to it.
func (r *Registry) touch(tx *registry.Tx, f *Fixtures) {
	for i := range f.Domains {
		r.relink(tx, nil, r.domains.Get(tx, lower(f.Domains[i].Name)).Links())
	}
	for i := range f.NSSets {
		r.relink(tx, nil, r.nssets.Get(tx, upper(f.NSSets[i].ID)).Links())
	}
	for i := range f.KeySets {
		r.relink(tx, nil, r.keysets.Get(tx, upper(f.KeySets[i].ID)).Links())
	}
	for i := range f.Auctions {
		r.relink(tx, nil, r.auctions.Get(tx, lower(f.Auctions[i].Name)).Links())
	}
}

// known reports whether there is an object already, by the list of fixtures that it would
// be in and its name there, or by its ROID.
func (r *Registry) known(rd registry.Reader, list, name string) bool {
	switch list {
	case "registrars":
		return r.Accounts.Table.Has(rd, name)
	case "contacts":
		return r.contacts.Has(rd, name)
	case "nssets":
		return r.nssets.Has(rd, name)
	case "keysets":
		return r.keysets.Has(rd, name)
	case "domains":
		return r.domains.Has(rd, name)
	case "auctions":
		return r.auctions.Has(rd, name)
	case "roid":
		return r.hasROID(rd, name)
	}
	return false
}

// hasROID looks at every object: ROIDs that somebody gives are rare.
func (r *Registry) hasROID(rd registry.Reader, roid string) bool {
	for c := range r.contacts.All(rd) {
		if c.ROID == roid {
			return true
		}
	}
	for s := range r.nssets.All(rd) {
		if s.ROID == roid {
			return true
		}
	}
	for s := range r.keysets.All(rd) {
		if s.ROID == roid {
			return true
		}
	}
	for d := range r.domains.All(rd) {
		if d.ROID == roid {
			return true
		}
	}
	return false
}
