// Package org is the EPP mapping of organizations, RFC 8543: registrars, resellers,
// privacy proxies and whoever else has a part in a registration.
//
// Its types are the elements of urn:ietf:params:xml:ns:epp:org-1.0 and are called as
// they are: org:check is [Check], org:chkData is [ChkData]. An organization is tied to
// a domain by package epp/orgext.
package org

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:epp:org-1.0"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "RFC 8543",
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
