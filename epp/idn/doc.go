// Package idn is the EPP extension for internationalized domain names of
// draft-ietf-eppext-idnmap-02: which table of characters a name is of, and how it is
// written in them.
//
// Its one element, idn:data of urn:ietf:params:xml:ns:idn-1.0, extends the creation of
// a domain, and the answer to an info, and is called as it is: [Data].
package idn

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:idn-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "draft-ietf-eppext-idnmap-02",
		Elements: []func() epp.Element{epp.Make[Data]},
	}
}
