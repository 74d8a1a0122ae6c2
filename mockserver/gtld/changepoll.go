package gtld

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A Change is what the registry itself does to an object of a registrar, and why. The
// sponsor is told of it, by messages with the object as it was before and as it is after
// (RFC 8590).
type Change struct {
	// Operation is one of RFC 8590, section 2.1; "" is update, or
	// delete where nothing stays. Op says more of some: purge of a delete.
	Operation string `yaml:"operation" json:"operation,omitempty"`
	Op        string `yaml:"op" json:"op,omitempty"`
	// Who did it, in words; "" is "registry".
	Who string `yaml:"who" json:"who,omitempty"`
	// CaseType is udrp, urs or custom, which CaseName tells, and CaseID the case.
	CaseType string `yaml:"caseType" json:"caseType,omitempty"`
	CaseName string `yaml:"caseName" json:"caseName,omitempty"`
	CaseID   string `yaml:"caseID" json:"caseID,omitempty"`
	// Reason says why, in English; "" says nothing. It has 32 characters at most.
	Reason string `yaml:"reason" json:"reason,omitempty"`
}

// ErrNoObject is when there is no object to be changed.
var ErrNoObject = errors.New("gtld: there is no such object")

// ChangeDomain changes a domain by the registry's own hand, whoever sponsors it and
// whatever its statuses prohibit, and tells the sponsor. f gets a copy of the record, which
// is put in its place; it must not change the name. A nil f deletes the domain at once. The
// error is ErrNoObject, ErrNoRegistrar, f's, or says which link would be left dangling.
func (r *Registry) ChangeDomain(name string, c Change, f func(*Domain) error) error {
	return r.Change(func(tx *registry.Tx) error {
		d := r.domains.Get(tx, lower(name))
		if d == nil {
			return fmt.Errorf("%w: %s", ErrNoObject, name)
		}
		show := func(d *Domain) (epp.Element, []epp.Element) {
			o := ownQuery(tx, d.ClID)
			a := r.infData(o, d, domain.HostsAll)
			a.AuthInfo = nil
			_ = r.inform(o, d) // nothing is asked that could be refused
			return a, o.Extension
		}
		if f == nil {
			data, more := show(d)
			r.tellChange(tx, d.ClID, d.Name, changepoll.Before, false, c, data, more)
			r.purge(tx, d)
			return nil
		}
		next := d.clone()
		if err := f(next); err != nil {
			return err
		}
		if next.Name != d.Name {
			return fmt.Errorf("gtld: a change of %s gave it another name", d.Name)
		}
		if err := r.sponsors(tx, next.ClID); err != nil {
			return err
		}
		next.UpDate = tx.Now()
		data, more := show(d)
		r.tellChange(tx, d.ClID, d.Name, changepoll.Before, true, c, data, more)
		r.domains.Put(tx, next)
		data, more = show(next)
		r.tellChange(tx, d.ClID, d.Name, changepoll.After, true, c, data, more)
		return nil
	})
}

// ChangeHost is [Registry.ChangeDomain] for a host. A nil f deletes it, and the error says
// what is delegated to it.
func (r *Registry) ChangeHost(name string, c Change, f func(*Host) error) error {
	show := func(tx *registry.Tx, h *Host) epp.Element { return r.hostInfData(tx, h) }
	return changeObject(r, r.hosts, lower(name), c, show, (*Host).clone, f)
}

// ChangeContact is [Registry.ChangeDomain] for a contact. A nil f deletes it, and the error
// says what is linked to it.
func (r *Registry) ChangeContact(id string, c Change, f func(*Contact) error) error {
	show := func(tx *registry.Tx, m *Contact) epp.Element { return r.contactInfData(tx, m) }
	return changeObject(r, r.contacts, id, c, show, (*Contact).clone, f)
}

// changeObject changes or deletes an object that no extension knows more of.
func changeObject[O interface {
	comparable
	registry.Record
	sponsored
}](r *Registry, t *registry.Table[O], key string, c Change, show func(*registry.Tx, O) epp.Element, clone func(O) O, f func(O) error) error {
	return r.Change(func(tx *registry.Tx) error {
		was, ok := t.Lookup(tx, key)
		if !ok {
			return fmt.Errorf("%w: %s %s", ErrNoObject, t.Name(), key)
		}
		clID := was.object().ClID
		r.tellChange(tx, clID, key, changepoll.Before, f != nil, c, show(tx, was), nil)
		if f == nil {
			r.refuseWaiting(tx, registry.Ref{Kind: t.Name(), Handle: key})
			t.Delete(tx, key)
			return nil
		}
		next := clone(was)
		if err := f(next); err != nil {
			return err
		}
		if next.Key() != key {
			return fmt.Errorf("gtld: a change of %s %s gave it another name", t.Name(), key)
		}
		if err := r.sponsors(tx, next.object().ClID); err != nil {
			return err
		}
		next.object().UpDate = tx.Now()
		t.Put(tx, next)
		r.tellChange(tx, clID, key, changepoll.After, true, c, show(tx, next), nil)
		return nil
	})
}

// ErrNoRegistrar is when an object is to have a sponsor that there is not.
var ErrNoRegistrar = errors.New("gtld: there is no such registrar")

// sponsors is nil where there is a registrar.
func (r *Registry) sponsors(rd registry.Reader, clID string) error {
	if !r.Accounts.Table.Has(rd, clID) {
		return fmt.Errorf("%w: %q", ErrNoRegistrar, clID)
	}
	return nil
}

// sponsored is what registrars have.
type sponsored interface{ object() *registry.Object }

func (d *Domain) object() *registry.Object  { return &d.Object }
func (h *Host) object() *registry.Object    { return &h.Object }
func (c *Contact) object() *registry.Object { return &c.Object }

// tellChange queues a message with an object in one state of a change; kept says whether
// the object stays.
func (r *Registry) tellChange(tx *registry.Tx, clID, name, state string, kept bool, c Change, data epp.Element, more []epp.Element) {
	if c.Operation == "" && !kept {
		c.Operation, c.Op = changepoll.Delete, cmp.Or(c.Op, "purge")
	}
	m := &changepoll.ChangeData{
		State:     state,
		Operation: changepoll.Operation{Name: cmp.Or(c.Operation, changepoll.Update), Op: c.Op},
		Date:      tx.Now(), SvTRID: fmt.Sprintf("CHANGE-%d", tx.Commit()+1), Who: cmp.Or(c.Who, "registry"),
	}
	if c.CaseType != "" {
		m.CaseID = &changepoll.CaseID{Type: c.CaseType, Name: c.CaseName, ID: c.CaseID}
	}
	if c.Reason != "" {
		m.Reason = &epp.Reason{Text: c.Reason}
	}
	if slices.Contains(r.Schema().ExtURI(), changepoll.NS) {
		more = append([]epp.Element{m}, more...)
	}
	r.Queue.Put(tx, registry.Message{
		ClID: clID, Text: fmt.Sprintf("The registry changed %s: %s %s.", name, state, strings.TrimSpace(m.Operation.Name+" "+c.Op)),
		ResData: []epp.Element{data}, Extension: more,
	})
}

// ownQuery is a query in a registrar's name that the registry itself makes.
func ownQuery(tx *registry.Tx, clID string) *op {
	x := &mockserver.Exchange{Command: new(epp.Command), Session: &mockserver.Session{ClID: clID}}
	return &op{Exchange: x, Reader: tx, tx: tx}
}
