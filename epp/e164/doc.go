// Package e164 is the EPP extension for domains that stand for telephone numbers
// (E.164), RFC 4114: it holds their NAPTR records.
//
// Its types are the elements of urn:ietf:params:xml:ns:e164epp-1.0 and are called as
// they are: e164:naptr is [Naptr].
package e164

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:e164epp-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 4114",
		Elements: []func() epp.Element{
			epp.Make[InfData], epp.Make[Create], epp.Make[Update], epp.Make[Naptr],
		},
	}
}
