// Package fred is CZ.NIC's protocol extension fred-1.5: the commands that the FRED
// registry adds to EPP. They don't stand in a <command>, but in an <extension> of
// their own, inside the element fred:extcommand, which also holds the clTRID.
//
// What such a command does to an object is defined by the object's mapping, in the
// packages below this one:
//
//	fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-ANNA"})
//	fred.Test(&nsset.Test{ID: "NSS-SAUNA"})
//
// A list is prepared by one command, such as [ListDomains] or [DomainsByContact], and
// then fetched part by part with [GetResults]. [LowCreditData] and [RequestFeeInfoData]
// come as poll messages.
package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/auction"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// NS is the namespace of the protocol extension.
const NS = "http://www.nic.cz/xml/epp/fred-1.5"

// Extension is the protocol extension as a value for [epp.NewSchema]. It is hidden:
// FRED speaks it without announcing it.
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ProtocolLevel,
		Document: "FRED EPP schema 2.4.7, fred-1.5.0",
		Hidden:   true,
		Elements: []func() epp.Element{
			epp.Make[ExtCommand],
			sendAuthInfo, test,
			epp.Make[CreditInfo], epp.Make[ResCreditInfo], epp.Make[LowCreditData],
			epp.Make[ListContacts], epp.Make[ListDomains], epp.Make[ListNssets], epp.Make[ListKeysets],
			epp.Make[DomainsByContact], epp.Make[DomainsByNsset], epp.Make[DomainsByKeyset],
			epp.Make[NssetsByContact], epp.Make[KeysetsByContact], epp.Make[NssetsByNs],
			epp.Make[InfoResponse], epp.Make[GetResults], epp.Make[ResultsList],
			epp.Make[RequestFeeInfoData],
		},
	}
}

// Extensions is all that FRED speaks: the protocol extension, and the mappings and
// their extensions in the order in which FRED's greeting announces them. Whether it
// announces auction-1.0, its newest, is not known.
func Extensions() []epp.Extension {
	return []epp.Extension{
		Extension(), contact.Extension(), domain.Extension(), nsset.Extension(), keyset.Extension(),
		enumval.Extension(), extraaddr.Extension(), auction.Extension(),
	}
}
