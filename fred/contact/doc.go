// Package contact is CZ.NIC's mapping of contacts, contact-1.6 of the FRED registry.
//
// Its types are the elements of http://www.nic.cz/xml/epp/contact-1.6 and are called
// as they are: contact:check is [Check], contact:sendAuthInfo is [SendAuthInfo].
// The latter travels inside a protocol extension; package fred wraps it.
package contact

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "http://www.nic.cz/xml/epp/contact-1.6"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:   NS,
		Level: epp.ObjectLevel,
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[SendAuthInfo], epp.Make[SendAuthInfoData],
		},
	}
}

// handle is the child <contact:id>: 1 to 63 characters (objIDType).
func handle(x *epp.Codec, v *string) {
	x.Elem("id", epp.Token(v))
	x.Length("id", *v, 1, 63)
}

// authInfo is the child <contact:authInfo>: at most 300 characters, and maybe none.
func authInfo(x *epp.Codec, v **epp.Secret) {
	if x.Opt("authInfo", epp.Optional(v, epp.SecretString)); *v != nil {
		x.StringLength("authInfo", string(**v), 0, 300)
	}
}
