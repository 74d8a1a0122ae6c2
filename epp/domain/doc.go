// Package domain is the EPP mapping of domain names, RFC 5731.
//
// Its types are the elements of urn:ietf:params:xml:ns:domain-1.0 and are called
// as they are: domain:check is [Check], domain:chkData is [ChkData].
//
// Names are sent and told as they are given. [ToASCII] and [ToUnicode] turn an
// internationalized one into the form that registries take, and back.
package domain

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:domain-1.0"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "RFC 5731",
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[Create], epp.Make[CreData],
			epp.Make[Delete],
			epp.Make[Renew], epp.Make[RenData],
			epp.Make[Transfer], epp.Make[TrnData],
			epp.Make[Update],
			epp.Make[PanData],
		},
	}
}
