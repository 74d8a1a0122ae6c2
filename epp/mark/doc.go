// Package mark describes trademarks and other marks that give a prior right to a
// domain name, RFC 7848, section 2.2.
//
// Its types are the elements of urn:ietf:params:xml:ns:mark-1.0 and are called as they
// are: mark:mark is [Mark], mark:trademark is [Trademark]. A mark stands in elements of
// other namespaces, those of launch phases (RFC 8334) and of signed marks, so that its
// namespace is not announced.
package mark

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of marks.
const NS = "urn:ietf:params:xml:ns:mark-1.0"

// Extension is what there is to know of marks, as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 7848",
		Hidden:   true,
		Elements: []func() epp.Element{epp.Make[Mark]},
	}
}
