package host

import "github.com/eppkit/eppkit/epp"

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"clientDeleteProhibited", "clientUpdateProhibited", "linked", "ok", "pendingCreate", "pendingDelete",
	"pendingTransfer", "pendingUpdate", "serverDeleteProhibited", "serverUpdateProhibited",
}

// status is a child that may occur seven times and is a status of a host.
func status(x *epp.Codec, v *[]epp.Status) {
	epp.Statuses(x, v, 7, statuses)
}
