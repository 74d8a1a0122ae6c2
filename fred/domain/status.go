package domain

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"ok", "serverDeleteProhibited", "serverRenewProhibited", "serverTransferProhibited",
	"serverUpdateProhibited", "serverRegistrantChangeProhibited", "serverBlocked",
	"serverOutzoneManual", "serverInzoneManual", "expired", "outzone", "notValidated",
	"deleteCandidate", "premiumDomain",
}
