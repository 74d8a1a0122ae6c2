// Package auction is CZ.NIC's extension auction-1.0 of the FRED registry: a check says
// for whom the domain names are wanted, which matters for names that are auctioned.
//
// [Check] extends domain:check of package fred/domain.
package auction

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "http://www.nic.cz/xml/epp/auction-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "FRED EPP schema 2.4.7, auction-1.0.0",
		Elements: []func() epp.Element{epp.Make[Check]},
	}
}
