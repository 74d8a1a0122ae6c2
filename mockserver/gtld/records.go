package gtld

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// hold keeps records that somebody writes, as a control can, to what fixtures are kept to,
// and registrars from being removed that something is left of.
func (r *Registry) hold() {
	r.contacts.Validate(func(rd registry.Reader, c *Contact) error {
		v := r.judge(rd, "contacts", c.ID, objectOf(r.contacts.Lookup(rd, c.ID)))
		v.contact(c, nil)
		v.Complete(&c.Object, nil)
		return v.Err
	})
	r.hosts.Validate(func(rd registry.Reader, h *Host) error {
		v := r.judge(rd, "hosts", h.Name, objectOf(r.hosts.Lookup(rd, h.Name)))
		v.host(h, nil)
		v.Complete(&h.Object, nil)
		v.lower(h.Name)
		above, _ := r.superordinate(h.Name)
		v.Check(h.Superordinate == above, registry.Path{"superordinate"}, "must be %q", above)
		return v.Err
	})
	r.domains.Validate(r.validDomain)
	r.waiting.Validate(r.validWaiting)
	r.tokenTable.Validate(func(rd registry.Reader, t *Token) error {
		v := r.judge(rd, "tokens", t.Key(), nil)
		v.token(t, nil)
		return v.Err
	})
	r.applications.Validate(r.validApplication)
	r.maintenances.Validate(func(rd registry.Reader, m *Maintenance) error {
		v := r.judge(rd, "", "", nil)
		v.maintenance(m, nil)
		v.Check(!m.CrDate.IsZero(), registry.Path{"crDate"}, "is missing")
		return v.Err
	})
	r.Accounts.Table.Validate(func(rd registry.Reader, a *registry.Account) error {
		v := r.judge(rd, "registrars", a.ClID, nil)
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

// judge is a validator of one record, beside those that there are. was is the object that
// it stands in place of, nil for none.
func (r *Registry) judge(rd registry.Reader, list, name string, was *registry.Object) *validator {
	v := newValidator(r.policies, r.passwords)
	v.Known = func(l, n string) bool {
		switch {
		case l == list && n == name, l == "roid" && was != nil && n == was.ROID:
			return false
		}
		return r.known(rd, l, n)
	}
	return v
}

// objectOf is the part of a record that all objects have, nil where there is none.
func objectOf[O sponsored](m O, there bool) *registry.Object {
	if !there {
		return nil
	}
	return m.object()
}

func (v *validator) lower(name string) {
	v.Check(name == lower(name), registry.Path{"name"}, "must be in lower case")
}

func (r *Registry) validDomain(rd registry.Reader, d *Domain) error {
	was := objectOf(r.domains.Lookup(rd, d.Name))
	v := r.judge(rd, "domains", d.Name, was)
	v.domain(d, nil)
	v.Complete(&d.Object, nil)
	v.lower(d.Name)
	if d.Deletion != nil {
		v.TrID(d.Deletion.ClTRID, d.Deletion.SvTRID, registry.Path{"deletion"})
	}
	p, at := d.Pending, registry.Path{"pending"}
	if p == nil {
		return v.Err
	}
	v.waits(p.Command, p.ClID, d.Status, at, commandCreate, commandRenew, commandUpdate, commandDelete)
	v.TrID(p.ClTRID, p.SvTRID, at)
	v.Check(!p.Until.IsZero(), at.With("until"), "is missing")
	v.Check(p.Paid >= 0, at.With("paid"), "must not be negative")
	if p.Next == nil {
		v.Check(p.Command != commandRenew && p.Command != commandUpdate, at.With("next"), "is missing")
		return v.Err
	}
	next := r.judge(rd, "domains", d.Name, was)
	next.domain(p.Next, at.With("next"))
	next.Check(p.Next.Name == d.Name && p.Next.Pending == nil, at.With("next"), "must be the domain itself, with which nothing waits")
	return cmp.Or(v.Err, next.Err)
}

// waits checks what a command that waits for somebody is, on an object with statuses.
func (v *validator) waits(command, clID string, status []string, at registry.Path, commands ...string) {
	v.oneOf(command, at.With("command"), commands...)
	v.Check(v.Registrar(clID), at.With("clID"), "there is no registrar %q", clID)
	if slices.Contains(commands, command) {
		v.Check(slices.Contains(status, pendingStatus(command)), at, "needs the status %s", pendingStatus(command))
	}
}

func (r *Registry) validWaiting(rd registry.Reader, w *Waiting) error {
	v := r.judge(rd, "", "", nil)
	var of *registry.Object
	switch name := w.Of.Handle; w.Of.Kind {
	case registry.Host:
		of = objectOf(r.hosts.Lookup(rd, name))
		v.Check(w.Contact == nil, registry.Path{"contact"}, "is not of a host")
		if m := w.Host; m != nil { // which may have another name
			next := r.judge(rd, "hosts", m.Name, of)
			next.host(m, registry.Path{"host"})
			v.Err = cmp.Or(v.Err, next.Err)
		}
	case registry.Contact:
		of = objectOf(r.contacts.Lookup(rd, name))
		v.Check(w.Host == nil, registry.Path{"host"}, "is not of a contact")
		if m := w.Contact; m != nil {
			next := r.judge(rd, "contacts", name, of)
			next.contact(m, registry.Path{"contact"})
			next.Check(m.ID == name, registry.Path{"contact"}, "must be the contact itself")
			v.Err = cmp.Or(v.Err, next.Err)
		}
	}
	if of == nil {
		v.Check(false, registry.Path{"of"}, "there is no such host or contact")
		return v.Err
	}
	v.Check(w.ROID == of.ROID, registry.Path{"roid"}, "is another object's")
	v.waits(w.Command, w.ClID, of.Status, nil, commandCreate, commandUpdate, commandDelete)
	v.TrID(w.ClTRID, w.SvTRID, nil)
	v.Check(!w.Until.IsZero(), registry.Path{"until"}, "is missing")
	v.Check(w.Command != commandUpdate || w.Host != nil || w.Contact != nil, nil, "an update needs what it makes of it")
	return v.Err
}

func (r *Registry) validApplication(rd registry.Reader, a *Application) error {
	v := r.judge(rd, "", "", nil)
	v.oneOf(a.Status, registry.Path{"status"}, launch.PendingValidation, launch.Validated, launch.Invalid,
		launch.PendingAllocation, launch.Allocated, launch.Rejected)
	v.oneOf(a.Phase, registry.Path{"phase"}, launch.Sunrise, launch.Landrush, launch.Claims, launch.Open, launch.Custom)
	v.TrID(a.ClTRID, a.SvTRID, nil)
	v.Check(a.Years > 0, registry.Path{"years"}, "must be positive")
	v.Check(a.Paid >= 0, registry.Path{"paid"}, "must not be negative")
	if a.Domain == nil {
		v.Check(false, registry.Path{"domain"}, "is missing")
		return v.Err
	}
	if a.final() { // whom it was for may be gone
		v.Check(v.Registrar(a.Domain.ClID), registry.Path{"domain", "clID"}, "there is no registrar %q", a.Domain.ClID)
		return v.Err
	}
	// There may be several for a name, and a domain; the ROID becomes the domain's.
	next := r.judge(rd, "domains", a.Domain.Name, &a.Domain.Object)
	next.domain(a.Domain, registry.Path{"domain"})
	next.Complete(&a.Domain.Object, registry.Path{"domain"})
	return cmp.Or(v.Err, next.Err)
}

// leaves is a record that names a registrar, "" where none does. It looks at all of them:
// registrars seldom go.
func (r *Registry) leaves(rd registry.Reader, clID string) string {
	names := func(m *registry.Object, t *Transfer) bool {
		return m.ClID == clID || m.CrID == clID || m.UpID == clID || t != nil && (t.ReID == clID || t.AcID == clID)
	}
	for d := range r.domains.All(rd) {
		if names(&d.Object, d.Transfer) || d.Pending != nil && d.Pending.ClID == clID {
			return "domain " + d.Name
		}
	}
	for c := range r.contacts.All(rd) {
		if names(&c.Object, c.Transfer) {
			return "contact " + c.ID
		}
	}
	for h := range r.hosts.All(rd) {
		if names(&h.Object, nil) {
			return "host " + h.Name
		}
	}
	for w := range r.waiting.All(rd) {
		if w.ClID == clID {
			return "what waits with " + w.Key()
		}
	}
	for a := range r.applications.All(rd) {
		if a.Domain != nil && a.Domain.ClID == clID {
			return "application " + a.ID
		}
	}
	for t := range r.tokenTable.All(rd) {
		if t.ClID == clID {
			return "a token"
		}
	}
	if r.Queue.LenAt(rd, clID) > 0 {
		return "a message"
	}
	return ""
}
