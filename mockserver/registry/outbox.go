package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// A Mail is one that a registry would have sent, to all its recipients at once.
type Mail struct {
	N        uint64 // counts the mails of a registry, from 1; set when it is added
	To       []string
	About    Ref
	AuthInfo epp.Secret
	At       time.Time // where it is zero, now
	// RequestedBy is the registrar whose command caused it.
	RequestedBy string
}

// String describes the mail without its authInfo.
func (m Mail) String() string {
	return fmt.Sprintf("mail of %s to %s about %s, asked for by %s: authInfo %s",
		m.At.Format(time.RFC3339), strings.Join(m.To, ", "), m.About, m.RequestedBy, epp.Redacted)
}

// An Outbox keeps mail instead of sending it. Its methods may be called by any
// number of goroutines.
type Outbox struct {
	state *State
	mails *Table[*mail]
}

func newOutbox(s *State) *Outbox {
	return &Outbox{state: s, mails: NewTable[*mail](s, "mail", nil)}
}

// mail is a Mail as it is kept.
type mail struct {
	N           uint64    `json:"n"`
	To          []string  `json:"to"`
	About       Ref       `json:"about"`
	AuthInfo    Kept      `json:"authInfo,omitempty"`
	At          time.Time `json:"at"`
	RequestedBy string    `json:"requestedBy,omitempty"`
}

func (m *mail) Key() string { return fmt.Sprintf("%020d", m.N) }

func (m *mail) mail() Mail {
	return Mail{
		N: m.N, To: slices.Clone(m.To), About: m.About, AuthInfo: epp.Secret(m.AuthInfo),
		At: m.At, RequestedBy: m.RequestedBy,
	}
}

// Put adds a mail as a part of a change.
func (o *Outbox) Put(tx *Tx, m Mail) {
	kept := &mail{
		N: tx.Count("mail"), About: m.About.clone(), AuthInfo: Kept(strings.Clone(string(m.AuthInfo))),
		At: m.At.UTC(), RequestedBy: strings.Clone(m.RequestedBy),
	}
	if m.At.IsZero() {
		kept.At = tx.Now()
	}
	for _, to := range m.To {
		kept.To = append(kept.To, strings.Clone(to))
	}
	o.mails.Put(tx, kept)
}

// relayed counts the mails that were brought to where their readers are.
const relayed = "relayed"

// Relayed is the number of the last mail that was relayed, or 0.
func (o *Outbox) Relayed() uint64 {
	if c := o.state.counters.Get(o.state.View(nil), relayed); c != nil {
		return c.N
	}
	return 0
}

// SetRelayed notes that the mails up to number n were relayed, so that they are not again
// where the registry goes on from disk. A lower number than the one there is changes
// nothing.
func (o *Outbox) SetRelayed(n uint64) error {
	s := o.state
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock.Now()
	s.settle(now)
	tx := s.begin(now)
	tx.StartCount(relayed, n)
	if len(tx.changed) == 0 {
		return nil
	}
	if err := s.commit(tx); err != nil {
		return err
	}
	s.past = slices.Delete(s.past, len(s.past)-1, len(s.past)) // no command's change, for stale reads
	return nil
}

// All returns every mail, oldest first.
func (o *Outbox) All() []Mail { return o.find(func(*mail) bool { return true }) }

// Since returns the mails after number n, oldest first.
func (o *Outbox) Since(n uint64) []Mail {
	var list []Mail
	for m := range o.mails.From(o.state.View(nil), (&mail{N: n + 1}).Key()) {
		list = append(list, m.mail())
	}
	return list
}

// For returns the mail about an object by its handle or name, whatever its kind,
// oldest first.
func (o *Outbox) For(handle string) []Mail {
	return o.find(func(m *mail) bool { return strings.EqualFold(m.About.Handle, handle) })
}

// Last returns the newest mail, and false when there is none.
func (o *Outbox) Last() (Mail, bool) {
	all := o.All()
	if len(all) == 0 {
		return Mail{}, false
	}
	return all[len(all)-1], true
}

func (o *Outbox) find(want func(*mail) bool) []Mail {
	var list []Mail
	for m := range o.mails.All(o.state.View(nil)) {
		if want(m) {
			list = append(list, m.mail())
		}
	}
	return list
}
