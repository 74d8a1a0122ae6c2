// Package addlemail is the EPP extension for a second e-mail address of a contact: RFC
// 9873. It is for addresses with characters beyond ASCII (RFC 6531), which may then be
// the first or the second of the two.
package addlemail

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:epp:addlEmail-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 9873",
		Elements: []func() epp.Element{epp.Make[AddlEmail]},
	}
}
