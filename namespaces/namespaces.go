// Package namespaces lists all that eppkit speaks: each namespace is a package of its
// own, and a line here. Who speaks to one registry makes a set of those that it has;
// who reads frames of many, such as a validator or a test, takes [All].
package namespaces

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/secureauthinfo"
	"github.com/eppkit/eppkit/fred"
)

// RFC are the mappings and extensions of the RFCs and of drafts in use.
func RFC() []epp.Extension {
	return []epp.Extension{
		domain.Extension(),
		contact.Extension(),
		secureauthinfo.Extension(),
	}
}

// All are those of [RFC] and CZ.NIC's.
func All() []epp.Extension { return append(RFC(), fred.Extensions()...) }
