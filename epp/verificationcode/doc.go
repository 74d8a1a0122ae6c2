// Package verificationcode is the EPP extension for verification codes,
// draft-ietf-regext-verificationcode-06: a third party (the verification service
// provider) has verified the data of a command, and signs a code that says so. It is in
// use at registries, though the draft has expired.
//
// Its types are the elements of urn:ietf:params:xml:ns:verificationCode-1.0 and are
// called as they are: verificationCode:infData is [InfData].
//
// A signature holds as long as nothing in what was signed is changed. A signed code
// that was read is therefore written as it was, octet for octet.
package verificationcode

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:verificationCode-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "draft-ietf-regext-verificationcode-06",
		Elements: []func() epp.Element{
			epp.Make[Info], epp.Make[InfData], epp.Make[EncodedSignedCode], epp.Make[SignedCode],
		},
	}
}
