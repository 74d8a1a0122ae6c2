package gtld

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Waiting is a command on a host or a contact that waits for somebody (RFC 5732 and RFC
// 5733, section 3.3). Of a domain it is a part (see [Pending]).
type Waiting struct {
	Of registry.Ref `json:"of"`
	// ROID is the object's, for its name may be another's by the time.
	ROID    string    `json:"roid"`
	Command string    `json:"command"` // create, update or delete
	ClID    string    `json:"clID"`
	ClTRID  string    `json:"clTRID,omitempty"`
	SvTRID  string    `json:"svTRID"`
	Until   time.Time `json:"until"`
	Deny    bool      `json:"deny,omitempty"`
	// Status are those that the object has but for the pending one.
	Status []string `json:"status,omitempty"`
	// Host or Contact is what an update makes of it.
	Host    *Host    `json:"host,omitempty"`
	Contact *Contact `json:"contact,omitempty"`
}

// Key is the object's kind and name.
func (w *Waiting) Key() string { return w.Of.String() }

// Due is when it is decided.
func (w *Waiting) Due() time.Time { return w.Until }

// wait has a command wait where the rules say so, and reports whether it does. The caller
// gives the object its pending status.
func (r *Registry) wait(o *op, rules []Offline, w *Waiting) bool {
	rule := ruleFor(rules, w.Of.Handle, w.Command)
	if rule == nil {
		return false
	}
	w.ClID, w.ClTRID, w.SvTRID = strings.Clone(o.ClID()), strings.Clone(o.Command.ClTRID), o.SvTRID()
	w.Until, w.Deny = o.Now().Add(rule.after()), rule.Deny
	r.waiting.Put(o.tx, w)
	o.Code = epp.ActionPending
	return true
}

// hostWaits is wait for a command on a host; next is what an update makes of it.
func (r *Registry) hostWaits(o *op, command string, h, next *Host) bool {
	if !r.wait(o, r.hostRules.Offline, &Waiting{Of: h.ref(), ROID: h.ROID, Command: command, Status: h.Status, Host: next}) {
		return false
	}
	marked := h.clone()
	marked.Status = with(h.Status, pendingStatus(command))
	r.hosts.Put(o.tx, marked)
	return true
}

// contactWaits is wait for a command on a contact.
func (r *Registry) contactWaits(o *op, command string, c, next *Contact) bool {
	if !r.wait(o, r.contactRules.Offline, &Waiting{Of: c.ref(), ROID: c.ROID, Command: command, Status: c.Status, Contact: next}) {
		return false
	}
	marked := c.clone()
	marked.Status = with(c.Status, pendingStatus(command))
	r.contacts.Put(o.tx, marked)
	return true
}

// waitingDue decides what nobody did.
func (r *Registry) waitingDue(tx *registry.Tx, w *Waiting) { r.endWaiting(tx, w, !w.Deny) }

// endWaiting ends what waits, and tells the client that asked.
func (r *Registry) endWaiting(tx *registry.Tx, w *Waiting, approve bool) {
	r.waiting.Delete(tx, w.Key())
	m := registry.Message{ClID: w.ClID}
	trID := epp.TrID{ClTRID: w.ClTRID, SvTRID: w.SvTRID}
	if w.Of.Kind == registry.Host {
		approve = r.endHostWaiting(tx, w, approve)
		m.ResData = []epp.Element{&host.PanData{Name: w.Of.Handle, PaResult: approve, PaTRID: trID, PaDate: tx.Now()}}
	} else {
		approve = r.endContactWaiting(tx, w, approve)
		m.ResData = []epp.Element{&contact.PanData{ID: w.Of.Handle, PaResult: approve, PaTRID: trID, PaDate: tx.Now()}}
	}
	m.Text = fmt.Sprintf("The %s of %s was %s.", w.Command, w.Of, outcome(approve))
	r.Queue.Put(tx, m)
}

// refuseWaiting ends what waits with an object that is about to be removed.
func (r *Registry) refuseWaiting(tx *registry.Tx, of registry.Ref) {
	if w := r.waiting.Get(tx, of.String()); w != nil {
		r.endWaiting(tx, w, false)
	}
}

func outcome(approved bool) string {
	if approved {
		return "carried out"
	}
	return "refused"
}

// endHostWaiting carries out a command on a host, or does not, and reports whether it
// did: what has changed meanwhile may stand in the way.
func (r *Registry) endHostWaiting(tx *registry.Tx, w *Waiting, approve bool) bool {
	h := r.hosts.Get(tx, w.Of.Handle)
	if h == nil || h.ROID != w.ROID {
		return false
	}
	now := h.clone()
	now.Status = slices.Clone(w.Status)
	switch {
	case w.Command == commandCreate && !approve, w.Command == commandDelete && approve && !tx.Linked(h.ref()):
		r.hosts.Delete(tx, h.Name)
	case w.Command == commandUpdate && approve && (w.Host.Name == h.Name || r.rename(tx, h.clone(), w.Host.Name) == nil):
		next := w.Host.clone()
		next.ClID, next.TrDate, next.UpDate = h.ClID, h.TrDate, tx.Now()
		r.putHost(tx, h, next)
	default:
		r.hosts.Put(tx, now)
		return approve && w.Command == commandCreate
	}
	return approve
}

// endContactWaiting is endHostWaiting for a contact.
func (r *Registry) endContactWaiting(tx *registry.Tx, w *Waiting, approve bool) bool {
	c := r.contacts.Get(tx, w.Of.Handle)
	if c == nil || c.ROID != w.ROID {
		return false
	}
	now := c.clone()
	now.Status = slices.Clone(w.Status)
	switch {
	case w.Command == commandCreate && !approve, w.Command == commandDelete && approve && !tx.Linked(c.ref()):
		r.contacts.Delete(tx, c.ID)
	case w.Command == commandUpdate && approve:
		next := w.Contact.clone()
		next.UpDate = tx.Now()
		r.contacts.Put(tx, next)
	default:
		r.contacts.Put(tx, now)
		return approve && w.Command == commandCreate
	}
	return approve
}

// DecideHost ends what waits for somebody with a host (see HostRules.Offline), and tells
// the client. The error is ErrNothingPending.
func (r *Registry) DecideHost(name string, approve bool) error {
	return r.decideWaiting(registry.Ref{Kind: registry.Host, Handle: lower(name)}, approve)
}

// DecideContact is DecideHost for a contact (see ContactRules.Offline).
func (r *Registry) DecideContact(id string, approve bool) error {
	return r.decideWaiting(registry.Ref{Kind: registry.Contact, Handle: id}, approve)
}

func (r *Registry) decideWaiting(of registry.Ref, approve bool) error {
	return r.Change(func(tx *registry.Tx) error {
		w := r.waiting.Get(tx, of.String())
		if w == nil {
			return fmt.Errorf("%w: %s", ErrNothingPending, of)
		}
		r.endWaiting(tx, w, approve)
		return nil
	})
}
