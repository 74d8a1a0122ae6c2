// Package host is the EPP mapping of hosts, RFC 5732.
//
// Its types are the elements of urn:ietf:params:xml:ns:host-1.0 and are called as they
// are: host:check is [Check], host:infData is [InfData]. A host can't be renewed, and
// is transferred with the domain that it is below.
package host

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:host-1.0"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "RFC 5732",
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[Create], epp.Make[CreData],
			epp.Make[Delete],
			epp.Make[Update],
			epp.Make[PanData],
		},
	}
}
