// Package bdn is the EPP extension for bundles of domain names, RFC 9095: names that a
// registry gives to one registrant together, such as one in simplified and one in
// traditional characters. One of them is registered (the RDN), the others are bundled
// with it (the BDNs), and whatever is done to one is done to all.
//
// Its types are the elements of urn:ietf:params:xml:ns:epp:b-dn and are called as they
// are: b-dn:creData is [CreData].
package bdn

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension. It has no version.
const NS = "urn:ietf:params:xml:ns:epp:b-dn"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 9095",
		Elements: []func() epp.Element{
			epp.Make[InfData], epp.Make[Create], epp.Make[CreData], epp.Make[DelData],
			epp.Make[RenData], epp.Make[TrnData], epp.Make[UpData],
		},
	}
}
