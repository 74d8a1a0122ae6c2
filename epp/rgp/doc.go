// Package rgp is the EPP extension for grace periods, RFC 3915: the states of a
// domain that was deleted, and how it is restored.
//
// Its types are the elements of urn:ietf:params:xml:ns:rgp-1.0, which extend the
// commands and answers of a domain, and are called as they are: rgp:update is
// [Update], rgp:infData is [InfData].
//
// A restore is asked for in an update of the domain in which nothing changes, and is
// complete when its report was accepted.
package rgp

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:rgp-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 3915",
		Elements: []func() epp.Element{
			epp.Make[Update], epp.Make[InfData], epp.Make[UpData],
		},
	}
}
