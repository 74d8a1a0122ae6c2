package fred

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// The statuses that rules look at.
const (
	transferProhibited = "serverTransferProhibited"
	deleteProhibited   = "serverDeleteProhibited"
	updateProhibited   = "serverUpdateProhibited"
	deleteCandidate    = "deleteCandidate"

	nameLocked    = "serverContactNameChangeProhibited"
	orgLocked     = "serverContactOrganizationChangeProhibited"
	identLocked   = "serverContactIdentChangeProhibited"
	addressLocked = "serverContactPermanentAddressChangeProhibited"
	linkLocked    = "serverLinkProhibited"
)

// statusTexts are the words that go with a status. That of ok is FRED's.
var statusTexts = map[string]phrase{
	"ok":             {"Object is without restrictions", "Objekt je bez omezení"},
	"linked":         {"Other objects refer to this one", "Na objekt odkazují jiné objekty"},
	deleteCandidate:  {"The object is going to be deleted", "Objekt bude smazán"},
	deleteProhibited: {"Deletion is not permitted", "Objekt nelze smazat"},
	updateProhibited: {"Update is not permitted", "Objekt nelze změnit"},
	transferProhibited: {
		"Change of the sponsoring registrar is not permitted", "Určeného registrátora nelze změnit",
	},

	"conditionallyIdentifiedContact": {
		"Identity of the contact was confirmed in part", "Totožnost kontaktu byla zčásti ověřena",
	},
	"identifiedContact": {"Identity of the contact was confirmed", "Totožnost kontaktu byla ověřena"},
	"validatedContact":  {"Data of the contact were validated", "Údaje kontaktu byly ověřeny"},
	"mojeidContact":     {"The contact is a mojeID account", "Kontakt je účtem mojeID"},
	nameLocked:          {"The name is not to be changed", "Jméno nelze změnit"},
	orgLocked:           {"The organization is not to be changed", "Organizaci nelze změnit"},
	identLocked:         {"The identification is not to be changed", "Identifikaci nelze změnit"},
	addressLocked:       {"The permanent address is not to be changed", "Trvalou adresu nelze změnit"},
	linkLocked:          {"No object may refer to this one", "Na objekt nelze odkázat"},

	"serverRenewProhibited":            {"Renewal is not permitted", "Doménu nelze prodloužit"},
	"serverRegistrantChangeProhibited": {"Change of the holder is not permitted", "Držitele nelze změnit"},
	"serverBlocked":                    {"The domain is blocked", "Doména je blokována"},
	"serverOutzoneManual":              {"The domain was taken out of the zone", "Doména byla vyjmuta ze zóny"},
	"serverInzoneManual":               {"The domain is kept in the zone", "Doména je držena v zóně"},
	"expired":                          {"The domain has expired", "Platnost domény skončila"},
	"outzone":                          {"The domain is not in the zone", "Doména není v zóně"},
	"notValidated":                     {"The domain is not validated", "Doména není validována"},
	"premiumDomain":                    {"The domain is a premium one", "Doména je prémiová"},
}

// statuses says what an object's statuses are; one without any is ok.
func statuses(lang string, list ...string) []epp.Status {
	if len(list) == 0 {
		list = []string{"ok"}
	}
	out := make([]epp.Status, len(list))
	for i, s := range list {
		text := statusTexts[s].in(lang)
		out[i] = epp.Status{S: s, Lang: text.Lang, Text: text.Text}
	}
	return out
}

// withLinked are an object's statuses with what follows from others.
func withLinked(v *registry.View, obj registry.Ref, status []string) []string {
	if v.Linked(obj) {
		return append(slices.Clone(status), "linked")
	}
	return status
}

// has reports whether an object has one of some statuses.
func has(status []string, any ...string) bool {
	return slices.ContainsFunc(status, func(s string) bool { return slices.Contains(any, s) })
}
