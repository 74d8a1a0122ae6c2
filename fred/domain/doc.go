// Package domain is CZ.NIC's mapping of domain names, domain-1.4 of the FRED
// registry.
//
// Its types are the elements of http://www.nic.cz/xml/epp/domain-1.4 and are called
// as they are: domain:check is [Check], domain:sendAuthInfo is [SendAuthInfo].
// The latter travels inside a protocol extension; package fred wraps it.
package domain

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "http://www.nic.cz/xml/epp/domain-1.4"

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

// name is the child <domain:name>: 1 to 255 characters (labelType).
func name(x *epp.Codec, v *string) {
	x.Elem("name", epp.Token(v))
	x.Length("name", *v, 1, 255)
}

// authInfo is the child <domain:authInfo>: at most 300 characters, and maybe none.
func authInfo(x *epp.Codec, v **epp.Secret) {
	if x.Opt("authInfo", epp.Optional(v, epp.SecretString)); *v != nil {
		x.StringLength("authInfo", string(**v), 0, 300)
	}
}
