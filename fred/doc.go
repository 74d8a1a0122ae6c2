// Package fred is CZ.NIC's protocol extension fred-1.5: the commands that the FRED
// registry adds to EPP. They don't stand in a <command>, but in an <extension> of
// their own, inside the element fred:extcommand, which also holds the clTRID.
//
// What such a command does to an object is defined by the object's mapping, in the
// packages below this one:
//
//	fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-ANNA"})
package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// NS is the namespace of the protocol extension.
const NS = "http://www.nic.cz/xml/epp/fred-1.5"

// Extension is the protocol extension as a value for [epp.NewSchema]. It is hidden:
// FRED speaks it without announcing it.
func Extension() epp.Extension {
	return epp.Extension{
		URI:    NS,
		Level:  epp.ProtocolLevel,
		Hidden: true,
		Elements: []func() epp.Element{
			epp.Make[ExtCommand], epp.Make[sendAuthInfo], epp.Make[CreditInfo],
			epp.Make[ResCreditInfo],
		},
	}
}

// Extensions is all that FRED speaks: the protocol extension, and the mappings in
// the order in which FRED's greeting announces them.
func Extensions() []epp.Extension {
	return []epp.Extension{
		Extension(), contact.Extension(), domain.Extension(), nsset.Extension(), keyset.Extension(),
	}
}
