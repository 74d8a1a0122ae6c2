package contact

import "github.com/eppkit/eppkit/epp"

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"clientDeleteProhibited", "clientTransferProhibited", "clientUpdateProhibited", "linked", "ok",
	"pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate", "serverDeleteProhibited",
	"serverTransferProhibited", "serverUpdateProhibited",
}

// status is a child that must occur and may seven times, and is a status of a contact.
func status(x *epp.Codec, v *[]epp.Status) {
	epp.Statuses(x, v, 7, statuses)
	x.NotEmpty(len(*v), "status")
}
