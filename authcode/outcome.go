package authcode

import (
	"fmt"
	"strings"
	"time"
)

// An Outcome is what became of a request: a Code, a Sent, a Pending or a Refused, as
// values. No other type is one.
type Outcome interface {
	Kind() Kinds
	// String tells the outcome without the code, with addresses masked.
	String() string
	outcome()
}

// Kinds is a set of kinds of outcome.
type Kinds uint8

// The kinds of outcome.
const (
	KindCode Kinds = 1 << iota
	KindSent
	KindPending
	KindRefused
)

// Names are the names of the kinds in the set.
func (k Kinds) Names() []string {
	var list []string
	for i, name := range []string{"code", "sent", "pending", "refused"} {
		if k&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	return list
}

func (k Kinds) String() string { return strings.Join(k.Names(), ", ") }

// A Code is shown to the caller, and was sent to nobody else.
type Code struct {
	Value Secret
	// Expires is when the code stops working; zero where it does not, or nobody
	// says.
	Expires time.Time
	Scope   Scope
}

// Sent says that the code was sent. The caller does not see it.
type Sent struct {
	// To are the recipients, as far as they are known.
	To []Recipient
	// Addresses are where it went, masked as in "j*****@e*****.*"; nil where
	// the system does not say.
	Addresses []string
	Expires   time.Time // as in Code
}

// Pending says that the system took the request and has not finished with it.
type Pending struct {
	// Operation is the system's name for what goes on, to ask for with an
	// Operator; "" where it gives none.
	Operation string
	Text      string // the system's words
}

// Kind is KindCode.
func (Code) Kind() Kinds { return KindCode }

// Kind is KindSent.
func (Sent) Kind() Kinds { return KindSent }

// Kind is KindPending.
func (Pending) Kind() Kinds { return KindPending }

// Kind is KindRefused.
func (Refused) Kind() Kinds { return KindRefused }

func (Code) outcome()    {}
func (Sent) outcome()    {}
func (Pending) outcome() {}
func (Refused) outcome() {}

func (o Code) String() string {
	s := "a code was given"
	if o.Scope == Internal {
		s = "an internal code was given"
	}
	return s + until(o.Expires)
}

func (o Sent) String() string {
	s := "the code was sent"
	if len(o.To) > 0 {
		s += " to " + join(o.To)
	}
	if len(o.Addresses) > 0 {
		s += " at " + strings.Join(o.Addresses, ", ")
	}
	return s + until(o.Expires)
}

func (o Pending) String() string {
	s := "the system is at work"
	if o.Operation != "" {
		s += fmt.Sprintf(" (operation %s)", o.Operation)
	}
	return withText(s, o.Text)
}

func until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ", valid until " + t.UTC().Format(time.RFC3339)
}

func withText(s, text string) string {
	if text == "" {
		return s
	}
	return s + ": " + text
}

func join(list []Recipient) string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}
