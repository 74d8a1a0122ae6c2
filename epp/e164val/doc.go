// Package e164val is the EPP extension that says who made sure that a domain for a
// telephone number belongs to the number's user (ENUM validation), RFC 5076.
//
// Its types are the elements of urn:ietf:params:xml:ns:e164val-1.0 and are called as
// they are: e164val:infData is [InfData]. What is known of a validation is an element
// of another namespace, such as that of package epp/e164valex.
package e164val

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:e164val-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 5076",
		Elements: []func() epp.Element{
			epp.Make[InfData], epp.Make[Create], epp.Make[Renew], epp.Make[Transfer], epp.Make[Update],
			epp.Make[ValidationInfo],
		},
	}
}
