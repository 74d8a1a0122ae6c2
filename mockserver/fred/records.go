package fred

import (
	"fmt"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// hold keeps records that somebody writes, as a control can, to what fixtures are kept to,
// and registrars from being removed that something is left of.
func (r *Registry) hold() {
	r.contacts.Validate(func(rd registry.Reader, c *Contact) error {
		was, _ := r.contacts.Lookup(rd, c.ID)
		v := r.judge(rd, "contacts", c.ID, was != nil && was.ROID == c.ROID)
		v.contact(c, nil)
		v.kept(&c.Object, "id", c.ID, upper(c.ID))
		return v.Err
	})
	r.nssets.Validate(func(rd registry.Reader, s *NSSet) error {
		was, _ := r.nssets.Lookup(rd, s.ID)
		v := r.judge(rd, "nssets", s.ID, was != nil && was.ROID == s.ROID)
		v.nsset(s, nil)
		v.kept(&s.Object, "id", s.ID, upper(s.ID))
		for k, h := range s.Hosts {
			v.Check(h.Name == lower(h.Name), registry.Path{"hosts", k, "name"}, "must be in lower case")
		}
		return v.Err
	})
	r.keysets.Validate(func(rd registry.Reader, s *KeySet) error {
		was, _ := r.keysets.Lookup(rd, s.ID)
		v := r.judge(rd, "keysets", s.ID, was != nil && was.ROID == s.ROID)
		v.keyset(s, nil)
		v.kept(&s.Object, "id", s.ID, upper(s.ID))
		return v.Err
	})
	r.domains.Validate(func(rd registry.Reader, d *Domain) error {
		was, _ := r.domains.Lookup(rd, d.Name)
		v := r.judge(rd, "domains", d.Name, was != nil && was.ROID == d.ROID)
		v.Check(r.zoneOf(rd, d.Name) != nil, nil, "%s is in none of the zones", d.Name)
		v.domain(d, nil)
		v.kept(&d.Object, "name", d.Name, lower(d.Name))
		return v.Err
	})
	r.zones.Validate(func(rd registry.Reader, z *Zone) error {
		v := r.judge(rd, "", "", false)
		v.Check(z.Name == lower(z.Name), registry.Path{"name"}, "must be in lower case")
		v.rules(z.ZoneRules, nil)
		return v.Err
	})
	r.tests.Validate(func(rd registry.Reader, p *Pending) error {
		v := r.judge(rd, "", "", false)
		v.Check(validHandle(p.NSSet), registry.Path{"nsset"}, "is not a handle")
		v.Check(v.Registrar(p.ClID), registry.Path{"clID"}, "there is no registrar %q", p.ClID)
		for k, name := range p.Names {
			v.Token(name, 1, 255, registry.Path{"names", k})
		}
		return v.Err
	})
	r.Accounts.Table.Validate(func(rd registry.Reader, a *registry.Account) error {
		v := r.judge(rd, "registrars", a.ClID, false)
		v.Account(a, nil)
		return v.Err
	})
	r.Accounts.Table.Hold(func(rd registry.Reader, a *registry.Account) error {
		if what := r.leaves(rd, a.ClID); what != "" {
			return fmt.Errorf("registrar %s can't go: %s names it", a.ClID, what)
		}
		return nil
	})
}

// judge is a validator of one record, beside those that there are. What the record itself
// is there as already does not count: its name, and where ownROID is set any ROID, for the
// record keeps that.
func (r *Registry) judge(rd registry.Reader, list, name string, ownROID bool) *validator {
	return &validator{registry.Validator{ROID: roidForm, ROIDLike: roidLike, Known: func(l, n string) bool {
		return (l != list || n != name) && (l != "roid" || !ownROID) && r.known(rd, l, n)
	}}}
}

// kept checks what a record has that the registry gives to objects of fixtures.
func (v *validator) kept(m *registry.Object, field, key, want string) {
	v.Complete(m, nil)
	v.Check(key == want, registry.Path{field}, "must be %q, in the case in which the registry keeps it", want)
}

// leaves is a record that names a registrar, "" where none does. It looks at all of them:
// registrars seldom go.
func (r *Registry) leaves(rd registry.Reader, clID string) string {
	names := func(m *registry.Object) bool { return m.ClID == clID || m.CrID == clID || m.UpID == clID }
	for d := range r.domains.All(rd) {
		if names(&d.Object) {
			return "domain " + d.Name
		}
	}
	for c := range r.contacts.All(rd) {
		if names(&c.Object) {
			return "contact " + c.ID
		}
	}
	for s := range r.nssets.All(rd) {
		if names(&s.Object) {
			return "nsset " + s.ID
		}
	}
	for s := range r.keysets.All(rd) {
		if names(&s.Object) {
			return "keyset " + s.ID
		}
	}
	for p := range r.tests.All(rd) {
		if p.ClID == clID {
			return "a test of nsset " + p.NSSet
		}
	}
	if r.Queue.LenAt(rd, clID) > 0 {
		return "a message"
	}
	return ""
}
