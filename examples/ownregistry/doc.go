// Package ownregistry shows a registry with namespaces of its own: registry.example, which
// nobody has, calls EPP and the mapping of domains by other URIs than the RFCs, as some
// registries do, and has an extension of its own, in package office.
//
// It uses what anybody can use who imports eppkit, and nothing else.
package ownregistry

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/examples/ownregistry/office"
)

// README: begin

// Namespaces is what registry.example speaks, for epp.NewSchema.
func Namespaces() []epp.Extension {
	return []epp.Extension{
		epp.Protocol().At("urn:registry.example:epp-2.1"),
		domain.Extension().At("urn:registry.example:domain-1.3"),
		secdns.Extension(),
		office.Extension(),
	}
}

// README: end
