// Package fee is the EPP extension for what commands cost: RFC 8748, and the drafts of
// it that registries still speak.
//
// # Versions
//
// Every element has a [Version]; its zero value is RFC 8748. Reading sets it, and writing
// follows it: where a version has no place for what a value holds, writing is an error,
// and nothing is left out in silence. So a program that means to speak several versions
// sets the fields that they share, and looks at [Check] and [CD] for the ones that they
// don't.
//
// A registry that has one of these versions at another URI is spoken to with the
// extension's At: fee.V0_8.Extension().At("urn:example:fee-0.8").
//
// # Money
//
// Amounts are decimals, kept as the text that they are written with.
package fee

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of [V1_0].
const NS = "urn:ietf:params:xml:ns:epp:fee-1.0"

// Extension is RFC 8748 as a value for [epp.NewSchema].
func Extension() epp.Extension { return V1_0.Extension() }

// Extensions is every version, the newest first. A server answers with the newest that a
// login names, unless the command holds another (RFC 8748, section 2).
func Extensions() []epp.Extension {
	var out []epp.Extension
	for v := range Version(len(dialects)) {
		out = append(out, v.Extension())
	}
	return out
}

// Extension is the version as a value for [epp.NewSchema]. It must be one of the
// constants.
func (v Version) Extension() epp.Extension {
	d := dialects[v]
	out := epp.Extension{
		URI:      d.uri,
		Level:    epp.CommandLevel,
		Document: d.document,
		Elements: []func() epp.Element{
			func() epp.Element { return &Check{Version: v} },
			func() epp.Element { return &ChkData{Version: v} },
			func() epp.Element { return &Create{Version: v} },
			func() epp.Element { return &CreData{Version: v} },
			func() epp.Element { return &DelData{Version: v} },
			func() epp.Element { return &Renew{Version: v} },
			func() epp.Element { return &RenData{Version: v} },
			func() epp.Element { return &Transfer{Version: v} },
			func() epp.Element { return &TrnData{Version: v} },
			func() epp.Element { return &Update{Version: v} },
			func() epp.Element { return &UpdData{Version: v} },
		},
	}
	if d.features&infoElements != 0 {
		out.Elements = append(out.Elements,
			func() epp.Element { return &Info{Version: v} },
			func() epp.Element { return &InfData{Version: v} })
	}
	return out
}
