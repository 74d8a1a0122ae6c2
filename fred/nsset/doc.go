// Package nsset is CZ.NIC's mapping of sets of name servers, nsset-1.2
// of the FRED registry.
//
// Its types are the elements of http://www.nic.cz/xml/epp/nsset-1.2 and are called
// as they are: nsset:check is [Check], nsset:infData is [InfData]. [SendAuthInfo] and
// [Test] travel inside a protocol extension; package fred wraps them. [TrnData],
// [UpdateData], [IdleDelData] and [TestData] come as poll messages.
package nsset

import (
	"github.com/eppkit/eppkit/epp"
)

// NS is the namespace of the mapping.
const NS = "http://www.nic.cz/xml/epp/nsset-1.2"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "FRED EPP schema 2.4.7, nsset-1.2.4",
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[Create], epp.Make[CreData],
			epp.Make[Delete], epp.Make[IdleDelData],
			epp.Make[Update], epp.Make[UpdateData],
			epp.Make[Transfer], epp.Make[TrnData],
			epp.Make[List], epp.Make[ListData],
			epp.Make[SendAuthInfo], epp.Make[SendAuthInfoData],
			epp.Make[Test], epp.Make[TestData],
		},
	}
}

// level is the child that says how thorough a technical test is: 0 to 10.
func level(x *epp.Codec, local string, v **int) {
	if x.Opt(local, epp.Optional(v, epp.Int)); *v != nil {
		x.Range(local, **v, 0, 10)
	}
}
