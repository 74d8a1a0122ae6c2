package mockserver

import "github.com/eppkit/eppkit/epp"

// A Match says which entries of a [Journal] are meant. [Received] and [Sent] are
// matches themselves; [Name], [Verb], [ClID], [InSession] and [Code] make one,
// and [And] and [Or] join them.
type Match func(*Entry) bool

// Received matches what clients sent.
func Received(e *Entry) bool { return !e.Sent }

// Sent matches what the Server said.
func Sent(e *Entry) bool { return e.Sent }

// Any matches every entry.
func Any(*Entry) bool { return true }

// Name matches a command, and its answer, by its payload, as
// epp.Name{domain.NS, "check"} does.
func Name(n epp.Name) Match { return func(e *Entry) bool { return e.Name == n } }

// Verb matches a command, and its answer, by its verb, such as "login" or "info".
func Verb(verb string) Match { return func(e *Entry) bool { return e.Verb == verb } }

// ClID matches the frames of a registrar's sessions, from the answer to the login
// on.
func ClID(id string) Match { return func(e *Entry) bool { return e.ClID == id } }

// InSession matches the frames of one connection.
func InSession(id int64) Match { return func(e *Entry) bool { return e.Session == id } }

// Code matches answers by their result code.
func Code(c epp.Code) Match { return func(e *Entry) bool { return e.Code == c } }

// And matches what all of the matches do.
func And(all ...Match) Match {
	return func(e *Entry) bool {
		for _, m := range all {
			if !m(e) {
				return false
			}
		}
		return true
	}
}

// Or matches what one of the matches does.
func Or(some ...Match) Match {
	return func(e *Entry) bool {
		for _, m := range some {
			if m(e) {
				return true
			}
		}
		return false
	}
}
