package contact

// statuses are those of the schema (statusValueType).
var statuses = []string{
	"ok", "linked", "serverTransferProhibited", "serverDeleteProhibited", "serverUpdateProhibited",
	"deleteCandidate", "conditionallyIdentifiedContact", "identifiedContact", "validatedContact",
	"mojeidContact", "serverContactNameChangeProhibited", "serverContactOrganizationChangeProhibited",
	"serverContactIdentChangeProhibited", "serverContactPermanentAddressChangeProhibited",
	"serverLinkProhibited",
}
