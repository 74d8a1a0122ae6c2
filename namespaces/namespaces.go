// Package namespaces lists all that eppkit speaks: each namespace is a package of its
// own, and a line here. Who speaks to one registry makes a set of those that it has;
// who reads frames of many, such as a validator or a test, takes [All].
package namespaces

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/addlemail"
	"github.com/eppkit/eppkit/epp/allocationtoken"
	"github.com/eppkit/eppkit/epp/bdn"
	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/e164"
	"github.com/eppkit/eppkit/epp/e164val"
	"github.com/eppkit/eppkit/epp/e164valex"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/idn"
	"github.com/eppkit/eppkit/epp/keyrelay"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/epp/namestore"
	"github.com/eppkit/eppkit/epp/org"
	"github.com/eppkit/eppkit/epp/orgext"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/epp/secureauthinfo"
	"github.com/eppkit/eppkit/epp/signedmark"
	"github.com/eppkit/eppkit/epp/ttl"
	"github.com/eppkit/eppkit/epp/unhandled"
	"github.com/eppkit/eppkit/epp/verificationcode"
	"github.com/eppkit/eppkit/fred"
)

// RFC are the mappings and extensions of the RFCs and of drafts in use.
func RFC() []epp.Extension {
	return append([]epp.Extension{
		domain.Extension(),
		contact.Extension(),
		host.Extension(),
		org.Extension(),
		keyrelay.Extension(),
		maintenance.Extension(),

		secdns.Extension(),
		rgp.Extension(),
		launch.Extension(),
		mark.Extension(),
		signedmark.Extension(),
		idn.Extension(),
		allocationtoken.Extension(),
		changepoll.Extension(),
		orgext.Extension(),
		loginsec.Extension(),
		namestore.Extension(),
		ttl.Extension(),
		addlemail.Extension(),
		bdn.Extension(),
		e164.Extension(),
		e164val.Extension(),
		e164valex.Extension(),
		verificationcode.Extension(),
		secureauthinfo.Extension(),
		unhandled.Extension(),
	}, fee.Extensions()...)
}

// All are those of [RFC] and CZ.NIC's.
func All() []epp.Extension { return append(RFC(), fred.Extensions()...) }
