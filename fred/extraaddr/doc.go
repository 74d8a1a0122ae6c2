// Package extraaddr is CZ.NIC's extension extra-addr-1.0 of the FRED registry: a mailing
// address that a contact has beside its permanent one.
//
// [Create], [Update] and [InfData] extend the elements of package fred/contact that are
// called as they are.
package extraaddr

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "http://www.nic.cz/xml/epp/extra-addr-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "FRED EPP schema 2.4.7, extra-addr-1.0.0",
		Elements: []func() epp.Element{epp.Make[Create], epp.Make[InfData], epp.Make[Update]},
	}
}
