// Package signedmark is marks with the signature of who validated them, RFC 7848,
// sections 2.3 and 2.4: signed mark data, or SMD.
//
// Its types are the elements of urn:ietf:params:xml:ns:signedMark-1.0 and are called as
// they are: smd:signedMark is [SignedMark], smd:encodedSignedMark is
// [EncodedSignedMark]. They stand in the elements of launch phases (RFC 8334), so that
// their namespace is not announced.
//
// A signature holds as long as nothing in what was signed is changed. A signed mark
// that was read is therefore written as it was, octet for octet.
package signedmark

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of signed marks.
const NS = "urn:ietf:params:xml:ns:signedMark-1.0"

// Extension is what there is to know of signed marks, as a value for [epp.NewSchema].
// The marks inside are read by package mark, which is an extension of its own.
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 7848",
		Hidden:   true,
		Elements: []func() epp.Element{epp.Make[SignedMark], epp.Make[EncodedSignedMark]},
	}
}
