// Package domain is CZ.NIC's mapping of domain names, domain-1.4 of the FRED
// registry.
//
// Its types are the elements of http://www.nic.cz/xml/epp/domain-1.4 and are called
// as they are: domain:check is [Check], domain:sendAuthInfo is [SendAuthInfo].
// The latter travels inside a protocol extension; package fred wraps it. [TrnData],
// [UpdateData], [ImpendingExpData], [ExpData], [DNSOutageData] and [DelData] come as
// messages of the queue.
package domain

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "http://www.nic.cz/xml/epp/domain-1.4"

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel,
		Document: "FRED EPP schema 2.4.7, domain-1.4.5",
		Elements: []func() epp.Element{
			epp.Make[Check], epp.Make[ChkData],
			epp.Make[Create], epp.Make[CreData],
			epp.Make[Delete], epp.Make[DelData],
			epp.Make[ImpendingExpData], epp.Make[ExpData], epp.Make[DNSOutageData],
			epp.Make[Info], epp.Make[InfData],
			epp.Make[List], epp.Make[ListData],
			epp.Make[Renew], epp.Make[RenData],
			epp.Make[Transfer], epp.Make[TrnData],
			epp.Make[Update], epp.Make[UpdateData],
			epp.Make[SendAuthInfo], epp.Make[SendAuthInfoData],
		},
	}
}

// name is the child <domain:name>: 1 to 255 characters (labelType).
func name(x *epp.Codec, v *string) { epp.Label(x, "name", v) }
