// Package launch is the EPP extension for the launch of a zone, RFC 8334: sunrise,
// claims and other phases, in which marks give a right to a name, and applications that
// compete for one.
//
// Its types are the elements of urn:ietf:params:xml:ns:launch-1.0, which extend the
// commands and answers of a domain, and are called as they are: launch:check is
// [Check], launch:creData is [CreData]. Marks, signed or not, are elements of the
// namespaces of RFC 7848; packages mark and signedmark read them.
package launch

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:launch-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 8334",
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[Create], epp.Make[CreData],
			epp.Make[Update], epp.Make[Delete],
		},
	}
}
