// Package changepoll is the EPP change poll extension, RFC 8590: a message in the queue
// tells what somebody else than the client did to one of its objects, by the object's
// own infData and by who, when and why in the extension.
//
// Its one element, of urn:ietf:params:xml:ns:changePoll-1.0, is [ChangeData].
package changepoll

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:changePoll-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 8590",
		Elements: []func() epp.Element{epp.Make[ChangeData]},
	}
}
