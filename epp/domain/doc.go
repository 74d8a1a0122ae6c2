// Package domain is the EPP mapping of domain names, RFC 5731.
//
// Its types are the elements of urn:ietf:params:xml:ns:domain-1.0 and are called
// as they are: domain:check is [Check], domain:chkData is [ChkData].
package domain

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:domain-1.0"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:   NS,
		Level: epp.ObjectLevel,
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[Update],
		},
	}
}
