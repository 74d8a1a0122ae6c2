package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// An Outcome is what became of a command.
type Outcome uint8

// The outcomes.
const (
	// CantTell: what the registry shows fits both.
	CantTell Outcome = iota
	// Done: the command was carried out, once.
	Done
	// NotDone: the command changed nothing, be it that it never arrived or that it was
	// refused.
	NotDone
)

var outcomes = []string{"can't tell", "done", "not done"}

func (m Outcome) String() string {
	if int(m) < len(outcomes) {
		return outcomes[m]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(m))
}

// MarshalText writes what String does.
func (m Outcome) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (m *Outcome) UnmarshalText(text []byte) error {
	i := slices.Index(outcomes, string(text))
	if i < 0 {
		return fmt.Errorf("reconcile: %q is no outcome", text)
	}
	*m = Outcome(i)
	return nil
}

// A Verdict is what became of a command, and why that is believed. It holds no secrets:
// in the place of an authInfo there is [epp.Redacted].
type Verdict struct {
	Outcome Outcome `json:"outcome"`
	// Command is what was to be reconciled, such as "domain:create", and Object the name
	// or handle that it was about, or the id of a message.
	Command string `json:"command"`
	Object  string `json:"object,omitempty"`
	ClTRID  string `json:"clTRID,omitempty"` // of the command, where it is known
	// Why is the reason in a sentence for people.
	Why string `json:"why"`
	// Pending: the registry has taken the command, and has yet to carry it out (1001). A
	// message will tell how it ended.
	Pending bool `json:"pending,omitempty"`
	// Asked is what the registry was asked, in order.
	Asked []Question `json:"asked,omitempty"`
	// Fields are the parts of the command that were compared with what the registry
	// showed. It is empty where the outcome is clear without.
	Fields []Field `json:"fields,omitempty"`
}

// String is one line: the command, its outcome and the reason.
func (m Verdict) String() string {
	s := m.Command
	if m.Object != "" {
		s += " " + m.Object
	}
	s += ": " + m.Outcome.String()
	if m.Pending {
		s += ", and pending"
	}
	return s + ": " + m.Why
}

// A Question is a query that was put to the registry.
type Question struct {
	Query string   `json:"query"` // such as "domain:info"
	Code  epp.Code `json:"code"`  // of the answer
	// Answer has the data, as in a *domain.InfData, or nil. Its secrets are in it.
	Answer epp.Element `json:"-"`
}

// A Field is a part of a command, and what the registry shows of it.
type Field struct {
	Name string `json:"name"` // such as "registrant" or "add status"
	// Asked and Shown are the values, in alphabetical order.
	Asked []string `json:"asked"`
	Shown []string `json:"shown,omitempty"`
	Match Match    `json:"match"`
	// Before reports whether an earlier answer, Options.Before, showed it so already.
	Before bool `json:"before,omitempty"`
}

// A Match is whether what was asked for is the case.
type Match string

// The matches.
const (
	Agrees   Match = "agrees"
	Differs  Match = "differs"
	NotShown Match = "not shown"
)

// namesOf lists the fields of a match, for a sentence.
func (m *Verdict) namesOf(match Match) string {
	var names []string
	for _, f := range m.Fields {
		if f.Match == match {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (m *Verdict) count(match Match) (n int) {
	for _, f := range m.Fields {
		if f.Match == match {
			n++
		}
	}
	return n
}
