// Package allocationtoken is the EPP extension by which a token lets a client have an
// object that is not for everyone: RFC 8495. [AllocationToken] stands in a check, a
// create, an update or a transfer, and in the answer to an info that asks for it with
// [Info].
package allocationtoken

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:allocationToken-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 8495",
		Elements: []func() epp.Element{epp.Make[AllocationToken], epp.Make[Info]},
	}
}
