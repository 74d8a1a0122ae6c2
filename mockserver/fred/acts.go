package fred

import (
	"errors"
	"fmt"

	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// ErrNoObject is when there is no object to be changed.
var ErrNoObject = errors.New("fred: there is no such object")

// Acts are what the registry's staff can do, for a control (see [registry.Act]): they change
// objects as no registrar could, and the sponsors get the message updateData.
func (r *Registry) Acts() []registry.Act {
	act := func(name, says string, do func(*amendment) error) registry.Act {
		return registry.NewAct(name, says, nil, func(q *amendment) (any, error) {
			if len(q.Set) == 0 {
				return nil, registry.Path{"set"}.Errorf("must have a field at least")
			}
			return nil, do(q)
		})
	}
	return []registry.Act{
		act("update-domain", "Set fields of a domain's record, and tell the sponsor.", r.actUpdateDomain),
		act("update-contact", "Set fields of a contact's record, and tell its sponsor and those of its domains.", r.actUpdateContact),
		act("update-nsset", "Set fields of an nsset's record, and tell the sponsor.", r.actUpdateNSSet),
		act("update-keyset", "Set fields of a keyset's record, and tell the sponsor.", r.actUpdateKeySet),
	}
}

// amendment are fields of an object's record, by its name or handle.
type amendment struct {
	Name string          `yaml:"name" json:"name"`
	Set  registry.Fields `yaml:"set" json:"set"`
}

func (r *Registry) actUpdateDomain(q *amendment) error {
	return r.domainByRegistry(q.Name, func(d *Domain) (*Domain, error) { return r.domains.Amend(d, q.Set) })
}

func (r *Registry) actUpdateContact(q *amendment) error {
	return r.Change(func(tx *registry.Tx) error {
		old, c, err := amended(tx, r.contacts, q)
		if err != nil {
			return err
		}
		c.UpID, c.UpDate = r.opts.SystemRegistrar, moment(tx)
		r.contacts.Put(tx, c)
		r.contactUpdated(tx, "", r.SvTRID(), old, c)
		return nil
	})
}

func (r *Registry) actUpdateNSSet(q *amendment) error {
	return r.Change(func(tx *registry.Tx) error {
		old, s, err := amended(tx, r.nssets, q)
		if err != nil {
			return err
		}
		s.UpID, s.UpDate = r.opts.SystemRegistrar, moment(tx)
		r.nssets.Put(tx, s)
		r.relink(tx, old.Links(), s.Links())
		r.tell(tx, s.ClID, &nsset.UpdateData{
			OpTRID: r.SvTRID(), OldData: *nssetData("", &tx.View, old), NewData: *nssetData("", &tx.View, s),
		})
		return nil
	})
}

func (r *Registry) actUpdateKeySet(q *amendment) error {
	return r.Change(func(tx *registry.Tx) error {
		old, s, err := amended(tx, r.keysets, q)
		if err != nil {
			return err
		}
		s.UpID, s.UpDate = r.opts.SystemRegistrar, moment(tx)
		r.keysets.Put(tx, s)
		r.relink(tx, old.Links(), s.Links())
		r.tell(tx, s.ClID, &keyset.UpdateData{
			OpTRID: r.SvTRID(), OldData: *keysetData("", &tx.View, old), NewData: *keysetData("", &tx.View, s),
		})
		return nil
	})
}

// amended is a record as it is, and as an amendment makes it.
func amended[R registry.Record](tx *registry.Tx, t *registry.Table[R], q *amendment) (old, next R, err error) {
	old, ok := t.Lookup(tx, upper(q.Name))
	if !ok {
		return old, next, fmt.Errorf("%w: %s %q", ErrNoObject, t.Name(), q.Name)
	}
	next, err = t.Amend(old, q.Set)
	return old, next, err
}
