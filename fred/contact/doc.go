// Package contact is CZ.NIC's mapping of contacts, contact-1.6 of the FRED registry.
//
// Its types are the elements of http://www.nic.cz/xml/epp/contact-1.6 and are called
// as they are: contact:check is [Check], contact:sendAuthInfo is [SendAuthInfo].
// The latter travels inside a protocol extension; package fred wraps it. [TrnData],
// [UpdateData] and [IdleDelData] come as messages of the queue.
package contact

import (
	"github.com/eppkit/eppkit/epp"
)

// NS is the namespace of the mapping.
const NS = "http://www.nic.cz/xml/epp/contact-1.6"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "FRED EPP schema 2.4.7, contact-1.6.6",
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Create], epp.Make[CreData],
			epp.Make[Delete], epp.Make[IdleDelData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[List], epp.Make[ListData],
			epp.Make[Transfer], epp.Make[TrnData],
			epp.Make[Update], epp.Make[UpdateData],
			epp.Make[SendAuthInfo], epp.Make[SendAuthInfoData],
		},
	}
}

// phone is a child that holds a telephone number or nothing (e164StringType).
func phone(x *epp.Codec, local string, v **string) {
	if x.Opt(local, epp.OptToken(v)); *v != nil {
		x.Check(epp.IsE164(epp.Collapse(**v)), local, "is not a telephone number like +420.222123456")
	}
}

// emails is a child that lists at least one address (emailCommaListType).
func emails(x *epp.Codec, local string, v *[]string) {
	if x.Opt(local, epp.CommaList(v)); *v != nil {
		x.NotEmpty(len(*v), local)
		epp.CheckEmails(x, local, *v)
	}
}

// vat is the child <contact:vat>: at most 20 characters, and maybe none.
func vat(x *epp.Codec, v **string) {
	if x.Opt("vat", epp.OptToken(v)); *v != nil {
		x.Length("vat", **v, 0, 20)
	}
}
