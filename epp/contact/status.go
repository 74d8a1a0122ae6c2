package contact

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"clientDeleteProhibited", "clientTransferProhibited", "clientUpdateProhibited", "linked", "ok",
	"pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate", "serverDeleteProhibited",
	"serverTransferProhibited", "serverUpdateProhibited",
}
