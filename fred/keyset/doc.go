// Package keyset is CZ.NIC's mapping of sets of DNSSEC keys, keyset-1.3 of the FRED
// registry.
//
// Its types are the elements of http://www.nic.cz/xml/epp/keyset-1.3 and are called
// as they are: keyset:check is [Check], keyset:infData is [InfData]. [SendAuthInfo] and
// [Test] travel inside a protocol extension; package fred wraps them. [TrnData],
// [UpdateData], [IdleDelData] and [TestData] come as poll messages.
package keyset

import (
	"regexp"

	"github.com/eppkit/eppkit/epp"
)

// NS is the namespace of the mapping.
const NS = "http://www.nic.cz/xml/epp/keyset-1.3"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "FRED EPP schema 2.4.7, keyset-1.3.4",
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

// handle is the child <keyset:id>: 1 to 63 characters (objIDType).
func handle(x *epp.Codec, v *string) {
	x.Sized("id", v, 1, 63)
}

// created is the form of a handle that is new.
var created = regexp.MustCompile(`^[a-zA-Z0-9](-?[a-zA-Z0-9])*$`)

// newHandle is the child <keyset:id> of a keyset that is to be created: 1 to 30 letters and
// digits, between which single hyphens may stand (objIDCreateType).
func newHandle(x *epp.Codec, v *string) {
	x.Sized("id", v, 1, 30)
	x.Check(created.MatchString(epp.Collapse(*v)), "id", "must be letters and digits, with single hyphens between them")
}

// techs are children <keyset:tech>, each the handle of a technical contact.
func techs(x *epp.Codec, v *[]string) { labels(x, "tech", v, 63) }

// labels are children that may not be empty and have at most so many characters.
func labels(x *epp.Codec, local string, v *[]string, most int) {
	x.SizedList(local, v, 1, most)
}

// authInfo is the child <keyset:authInfo>: at most 300 characters, and maybe none.
func authInfo(x *epp.Codec, v **epp.Secret) {
	if x.Opt("authInfo", epp.Optional(v, epp.SecretString)); *v != nil {
		x.StringLength("authInfo", string(**v), 0, 300)
	}
}
