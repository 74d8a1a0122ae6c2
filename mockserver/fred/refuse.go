package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

var (
	reasonUnknown = phrase{"There is no such object", "Takový objekt neexistuje"}
	reasonLocked  = phrase{"The object's status forbids this", "Stav objektu to nedovoluje"}
	reasonOwn     = phrase{"The object is yours already", "Objekt již spravujete"}
	reasonLinked  = phrase{"Other objects refer to this one", "Na objekt odkazují jiné objekty"}
)

// unknown refuses a command for what does not exist.
func unknown(x *mockserver.Exchange, space, local, handle string) error {
	return refuse(x.Session.Lang, epp.ObjectDoesNotExist, space, local, handle, reasonUnknown)
}

// exists refuses to create what does.
func exists(x *mockserver.Exchange, space, local, handle string) error {
	return refuse(x.Session.Lang, epp.ObjectExists, space, local, handle, reasonRegistered)
}

// locked refuses what an object's status forbids.
func locked(x *mockserver.Exchange, space, local, handle string) error {
	return refuse(x.Session.Lang, epp.StatusProhibitsOperation, space, local, handle, reasonLocked)
}

// linked refuses to delete what other objects refer to.
func linked(x *mockserver.Exchange, space, local, handle string) error {
	return refuse(x.Session.Lang, epp.AssociationProhibitsOp, space, local, handle, reasonLinked)
}

// own refuses a transfer to who is the sponsor already.
func own(x *mockserver.Exchange, space, local, handle string) error {
	return refuse(x.Session.Lang, epp.NotEligibleForTransfer, space, local, handle, reasonOwn)
}
