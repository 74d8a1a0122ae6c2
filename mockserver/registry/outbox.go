package registry

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// A Mail is one that a registry would have sent, to all its recipients at once.
type Mail struct {
	To       []string
	About    Ref
	AuthInfo epp.Secret
	At       time.Time
	// RequestedBy is the registrar whose command caused it.
	RequestedBy string
}

// String describes the mail without its authInfo.
func (m Mail) String() string {
	return fmt.Sprintf("mail of %s to %s about %s, asked for by %s: authInfo %s",
		m.At.Format(time.RFC3339), strings.Join(m.To, ", "), m.About, m.RequestedBy, epp.Redacted)
}

func (m Mail) clone() Mail {
	m.To = slices.Clone(m.To)
	return m
}

// An Outbox keeps mail instead of sending it. Its methods may be called by any
// number of goroutines.
type Outbox struct {
	mu    sync.Mutex
	mails []Mail
}

// Add puts a mail at the end.
func (o *Outbox) Add(m Mail) {
	m = m.clone()
	for i, to := range m.To {
		m.To[i] = strings.Clone(to)
	}
	m.About = m.About.clone()
	m.AuthInfo, m.RequestedBy = epp.Secret(strings.Clone(string(m.AuthInfo))), strings.Clone(m.RequestedBy)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mails = append(o.mails, m)
}

// All returns every mail, oldest first.
func (o *Outbox) All() []Mail { return o.find(func(Mail) bool { return true }) }

// For returns the mail about an object by its handle or name, whatever its kind,
// oldest first.
func (o *Outbox) For(handle string) []Mail {
	return o.find(func(m Mail) bool { return strings.EqualFold(m.About.Handle, handle) })
}

// Last returns the newest mail, and false when there is none.
func (o *Outbox) Last() (Mail, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.mails) == 0 {
		return Mail{}, false
	}
	return o.mails[len(o.mails)-1].clone(), true
}

func (o *Outbox) find(want func(Mail) bool) []Mail {
	o.mu.Lock()
	defer o.mu.Unlock()
	var list []Mail
	for _, m := range o.mails {
		if want(m) {
			list = append(list, m.clone())
		}
	}
	return list
}
