// Package nsset is CZ.NIC's mapping of sets of name servers, nsset-1.2
// of the FRED registry.
//
// Its types are the elements of http://www.nic.cz/xml/epp/nsset-1.2 and are called
// as they are: nsset:sendAuthInfo is [SendAuthInfo]. It travels inside a protocol
// extension; package fred wraps it.
package nsset

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "http://www.nic.cz/xml/epp/nsset-1.2"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:   NS,
		Level: epp.ObjectLevel,
		Elements: []func() epp.Element{
			epp.Make[SendAuthInfo], epp.Make[SendAuthInfoData],
		},
	}
}
