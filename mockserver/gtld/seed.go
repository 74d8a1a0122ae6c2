package gtld

import (
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A seed is what a document of further objects may hold: those of [Fixtures] that belong to
// no policy.
type seed struct {
	Registrars []registry.Account `yaml:"registrars"`
	Messages   []registry.Message `yaml:"messages"`
	Contacts   []Contact          `yaml:"contacts"`
	Domains    []Domain           `yaml:"domains"`
	Hosts      []Host             `yaml:"hosts"`
	Tokens     []Token            `yaml:"tokens"`
}

// Seed adds objects to those that there are, from YAML or JSON: all of them, or none. They
// are written as in [Fixtures], under the keys registrars, messages, contacts, domains,
// hosts and tokens, and may refer to each other and to what there is. What there is
// already is refused. The error is a *registry.FixtureError.
func (r *Registry) Seed(doc []byte) error {
	return registry.ParseSeed(doc, func(s *seed) error {
		f := &Fixtures{
			Registrars: s.Registrars, Messages: s.Messages, Contacts: s.Contacts,
			Domains: s.Domains, Hosts: s.Hosts, Tokens: s.Tokens,
		}
		return r.Change(func(tx *registry.Tx) error {
			v := newValidator(r.policies, r.passwords)
			v.Known = func(list, name string) bool { return r.known(tx, list, name) }
			v.sponsored = func(clID, host string) bool {
				superordinate, _ := r.superordinate(host)
				d := r.domains.Get(tx, superordinate)
				return d != nil && d.ClID == clID
			}
			if v.objects(f); v.Err != nil {
				return v.Err
			}
			return r.load(tx, f)
		})
	})
}

// known reports whether there is an object already, by the list of fixtures that it would
// be in and its name there, or by its ROID.
func (r *Registry) known(rd registry.Reader, list, name string) bool {
	switch list {
	case "registrars":
		return r.Accounts.Table.Has(rd, name)
	case "contacts":
		return r.contacts.Has(rd, name)
	case "domains":
		return r.domains.Has(rd, name)
	case "hosts":
		return r.hosts.Has(rd, name)
	case "tokens":
		return r.tokenTable.Has(rd, name)
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
	for h := range r.hosts.All(rd) {
		if h.ROID == roid {
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
