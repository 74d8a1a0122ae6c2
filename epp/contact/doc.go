// Package contact is the EPP mapping of contacts, RFC 5733.
//
// Its types are the elements of urn:ietf:params:xml:ns:contact-1.0 and are called
// as they are: contact:check is [Check], contact:infData is [InfData].
package contact

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:contact-1.0"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "RFC 5733",
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[Create], epp.Make[CreData],
			epp.Make[Delete],
			epp.Make[Transfer], epp.Make[TrnData],
			epp.Make[Update],
			epp.Make[PanData],
		},
	}
}

// email is the child that must be there and must not be empty.
func email(x *epp.Codec, v *string) {
	x.Elem("email", epp.Token(v))
	x.NotBlank("email", *v)
}
