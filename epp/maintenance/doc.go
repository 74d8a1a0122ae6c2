// Package maintenance is the EPP mapping of registry maintenance notifications, RFC
// 9167: when which of the registry's systems will not answer, asked for by an info or
// told by a poll message.
//
// Its types are the elements of urn:ietf:params:xml:ns:epp:maintenance-1.0 and are
// called as they are: maint:infData is [InfData].
package maintenance

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:epp:maintenance-1.0"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel, // by an objURI: section 2
		Document: "RFC 9167",
		Elements: []func() epp.Element{epp.Make[Info], epp.Make[InfData]},
	}
}
