// Package unhandled is RFC 9038: what becomes of data whose namespace the client did not
// name in its login, as happens with messages in the queue, which the server wrote
// before it knew. Such data would break what the login agreed on, and a refusal would
// leave the message at the head of the queue for ever. It goes into an extValue of the
// result instead, which nobody has to look into, with a reason that names the namespace.
//
// It is a way of using what there is: its namespace has no elements, and is announced to
// say that one keeps to it. A server writes with [Wrap]; a client reads with [Of].
package unhandled

import "github.com/eppkit/eppkit/epp"

// NS is the namespace (RFC 9038, section 4).
const NS = "urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"

// Extension is the practice as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{URI: NS, Level: epp.CommandLevel, Document: "RFC 9038"}
}
