package domain

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"clientDeleteProhibited", "clientHold", "clientRenewProhibited", "clientTransferProhibited",
	"clientUpdateProhibited", "inactive", "ok", "pendingCreate", "pendingDelete", "pendingRenew",
	"pendingTransfer", "pendingUpdate", "serverDeleteProhibited", "serverHold",
	"serverRenewProhibited", "serverTransferProhibited", "serverUpdateProhibited",
}
