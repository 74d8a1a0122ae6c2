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
		URI:   NS,
		Level: epp.ObjectLevel,
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
		},
	}
}

// id is a child that names a contact or a client: 3 to 16 characters (clIDType).
func id(x *epp.Codec, local string, v *string) {
	x.Elem(local, epp.Token(v))
	x.Length(local, *v, 3, 16)
}
