package netim

import (
	"sync"

	"github.com/eppkit/eppkit/authcode"
)

// An entry is an operation that the handler answered with.
type entry struct {
	Operation
	domain string
	// upstream is the Provider's name for what is pending; "" where it has none.
	upstream string
}

// A ledger keeps each account's last operations, so that they can be asked for.
type ledger struct {
	max int // of each account

	mu   sync.Mutex
	next int64
	of   map[string][]entry // by the account's name, oldest first
}

// add gives an operation its number.
func (l *ledger) add(account string, e entry) entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.ID = l.next
	l.next++
	list := append(l.of[account], e)
	l.of[account] = list[max(len(list)-l.max, 0):]
	return e
}

// find returns an account's operation.
func (l *ledger) find(account string, id int64) (entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.of[account] {
		if e.ID == id {
			return e, true
		}
	}
	return entry{}, false
}

// pending returns those of an account that go on.
func (l *ledger) pending(account string) []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []entry
	for _, e := range l.of[account] {
		if e.Status == Pending {
			list = append(list, e)
		}
	}
	return list
}

// settle writes down what became of an operation.
func (l *ledger) settle(account string, id int64, out authcode.Outcome) entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.of[account] {
		e := &l.of[account][i]
		if e.ID == id {
			e.Status, e.Message = statusAndMessage(out)
			return *e
		}
	}
	return entry{}
}

// statusAndMessage is an outcome in an operation's words.
func statusAndMessage(out authcode.Outcome) (Status, string) {
	switch out := out.(type) {
	case authcode.Code:
		return Done, "a new code was made; domain info shows it"
	case authcode.Pending:
		return Pending, out.Text
	case authcode.Refused:
		return Failed, message(out)
	}
	return Done, out.String()
}
