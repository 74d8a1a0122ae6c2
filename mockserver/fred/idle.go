package fred

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Idle is a part of what FRED deletes when nothing refers to it for long.
type Idle struct {
	// IdleAt is when that will be, or zero as long as something does.
	IdleAt time.Time `json:"idleAt,omitzero"`
}

// idleAt is when an object will have been idle for too long, which is zero for never.
func (r *Registry) idleAt(tx *registry.Tx, obj registry.Ref) time.Time {
	if r.opts.IdleMonths < 0 || tx.Linked(obj) {
		return time.Time{}
	}
	return tx.Now().AddDate(0, r.opts.IdleMonths, 0)
}

// relink starts and stops the time of what is referred to, when references have come
// and gone. A reference may be named more than once.
func (r *Registry) relink(tx *registry.Tx, before, after []registry.Ref) {
	for _, list := range [][]registry.Ref{before, after} {
		for _, obj := range list {
			r.setIdle(tx, obj)
		}
	}
}

func (r *Registry) setIdle(tx *registry.Tx, obj registry.Ref) {
	at := r.idleAt(tx, obj)
	switch obj.Kind {
	case registry.Contact:
		if c := r.contacts.Get(tx, obj.Handle); c != nil && c.IdleAt.IsZero() != at.IsZero() {
			c = c.clone()
			c.IdleAt = at
			r.contacts.Put(tx, c)
		}
	case registry.NSSet:
		if s := r.nssets.Get(tx, obj.Handle); s != nil && s.IdleAt.IsZero() != at.IsZero() {
			s = s.clone()
			s.IdleAt = at
			r.nssets.Put(tx, s)
		}
	case registry.KeySet:
		if s := r.keysets.Get(tx, obj.Handle); s != nil && s.IdleAt.IsZero() != at.IsZero() {
			s = s.clone()
			s.IdleAt = at
			r.keysets.Put(tx, s)
		}
	}
}

// stays reports whether an object stays although its time has come: because of a status,
// or because the registry's operator has put something that refers to it.
func stays(tx *registry.Tx, obj registry.Ref, status []string) bool {
	return tx.Linked(obj) || has(status, deleteProhibited, updateProhibited, "mojeidContact")
}

// contactIdle deletes a contact that was idle for too long, and tells its sponsor.
func (r *Registry) contactIdle(tx *registry.Tx, c *Contact) {
	if stays(tx, c.ref(), c.Status) {
		c = c.clone()
		c.IdleAt = r.idleAt(tx, c.ref())
		r.contacts.Put(tx, c)
		return
	}
	r.removeContact(tx, c)
	r.tell(tx, c.ClID, &contact.IdleDelData{ID: c.ID})
}

// nssetIdle is contactIdle for an nsset.
func (r *Registry) nssetIdle(tx *registry.Tx, s *NSSet) {
	if stays(tx, s.ref(), s.Status) {
		s = s.clone()
		s.IdleAt = r.idleAt(tx, s.ref())
		r.nssets.Put(tx, s)
		return
	}
	r.removeNSSet(tx, s)
	r.tell(tx, s.ClID, &nsset.IdleDelData{ID: s.ID})
}

// keysetIdle is contactIdle for a keyset.
func (r *Registry) keysetIdle(tx *registry.Tx, s *KeySet) {
	if stays(tx, s.ref(), s.Status) {
		s = s.clone()
		s.IdleAt = r.idleAt(tx, s.ref())
		r.keysets.Put(tx, s)
		return
	}
	r.removeKeySet(tx, s)
	r.tell(tx, s.ClID, &keyset.IdleDelData{ID: s.ID})
}

// tell queues a message that is nothing but data.
func (r *Registry) tell(tx *registry.Tx, clID string, data epp.Element) {
	r.Queue.Put(tx, registry.Message{ClID: clID, ResData: []epp.Element{data}})
}
