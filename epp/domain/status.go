package domain

import "github.com/eppkit/eppkit/epp"

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"clientDeleteProhibited", "clientHold", "clientRenewProhibited", "clientTransferProhibited",
	"clientUpdateProhibited", "inactive", "ok", "pendingCreate", "pendingDelete", "pendingRenew",
	"pendingTransfer", "pendingUpdate", "serverDeleteProhibited", "serverHold",
	"serverRenewProhibited", "serverTransferProhibited", "serverUpdateProhibited",
}

// status is a child that may occur 11 times and is a status of a domain.
func status(x *epp.Codec, v *[]epp.Status) {
	epp.Statuses(x, v, 11, statuses)
}
