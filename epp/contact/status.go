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
	epp.Each(x, "status", v)
	x.NotEmpty(len(*v), "status")
	x.Check(len(*v) <= 7, "status", "may occur seven times at most")
	epp.CheckStatus(x, *v, statuses)
}
