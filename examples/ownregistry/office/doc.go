// Package office is an extension that the invented registry registry.example has: each of
// its domains belongs to one of the registry's offices, which the sponsor chooses.
//
// It shows what an extension takes outside eppkit: one folder, with a type for each
// element, the schema, and a value that says how it is announced.
package office

import (
	_ "embed" // for the schema

	"github.com/eppkit/eppkit/epp"
)

// NS is the namespace of the extension.
const NS = "https://registry.example/epp/office-1.0"

//go:embed office-1.0.xsd
var schema string

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "registry.example, manual for registrars, chapter 7",
		Elements: []func() epp.Element{epp.Make[Create], epp.Make[InfData]},
		XSD:      schema,
	}
}
