package fred

import "github.com/eppkit/eppkit/epp"

// ResultText answers in the session's language (see [mockserver.Translator]). The
// Czech texts are the mock's own.
func (r *Registry) ResultText(code epp.Code, lang string) epp.Text {
	if text := czech[code]; lang == "cs" && text != "" {
		return epp.Text{Lang: "cs", Text: text}
	}
	return epp.Text{Text: code.Text()}
}

// czech has the codes that FRED uses.
var czech = map[epp.Code]string{
	epp.Success:                    "Příkaz byl proveden",
	epp.NoMessages:                 "Příkaz byl proveden; žádné zprávy",
	epp.AckToDequeue:               "Příkaz byl proveden; potvrďte přijetí zprávy",
	epp.EndingSession:              "Příkaz byl proveden; konec relace",
	epp.UnknownCommand:             "Neznámý příkaz",
	epp.CommandSyntaxError:         "Chybná syntaxe příkazu",
	epp.CommandUseError:            "Příkaz zde nelze použít",
	epp.RequiredParameterMissing:   "Chybí povinný parametr",
	epp.ParameterRangeError:        "Hodnota parametru je mimo rozsah",
	epp.ParameterSyntaxError:       "Chybná syntaxe hodnoty parametru",
	epp.UnimplementedVersion:       "Tato verze protokolu není podporována",
	epp.UnimplementedCommand:       "Tento příkaz není podporován",
	epp.UnimplementedOption:        "Tato volba není podporována",
	epp.UnimplementedExtension:     "Toto rozšíření není podporováno",
	epp.BillingFailure:             "Nedostatečný kredit",
	epp.NotEligibleForTransfer:     "Objekt nelze převést",
	epp.AuthorizationError:         "Chybí oprávnění",
	epp.InvalidAuthInfo:            "Neplatná autorizační informace",
	epp.ObjectExists:               "Objekt již existuje",
	epp.ObjectDoesNotExist:         "Objekt neexistuje",
	epp.StatusProhibitsOperation:   "Stav objektu operaci nedovoluje",
	epp.AssociationProhibitsOp:     "Vazby objektu operaci nedovolují",
	epp.ParameterPolicyError:       "Hodnota parametru odporuje pravidlům",
	epp.CommandFailed:              "Příkaz se nezdařil",
	epp.CommandFailedClosing:       "Příkaz se nezdařil; server ukončuje spojení",
	epp.AuthenticationErrorClosing: "Ověření se nezdařilo; server ukončuje spojení",
	epp.SessionLimitExceeded:       "Překročen počet relací; server ukončuje spojení",
}
