package main

import "github.com/eppkit/eppkit/fred/domain"

func fredDomainCreate(x *fields) builder {
	m := &domain.Create{}
	periodFlag(x, &m.Period)
	one(x, "nsset", "the name servers are those of the nsset with this `ID`", &m.Nsset, text)
	one(x, "keyset", "the DNSSEC keys are those of the keyset with this `ID`", &m.Keyset, text)
	one(x, "registrant", "the holder is the contact with this `ID`", &m.Registrant, text)
	each(x, "admin", "an administrative contact has this `ID`", &m.Admins, text)
	newAuthInfo(x, &m.AuthInfo)
	x.required("registrant")
	return func(args []string) (question, error) {
		m.Name = args[0]
		return ask(m, nil), nil
	}
}

func fredDomainUpdate(x *fields) builder {
	var add domain.Add
	var rem domain.Rem
	var chg domain.Chg
	each(x, "add-admin", "add the administrative contact with this `ID`", &add.Admins, text)
	each(x, "rem-admin", "remove the administrative contact with this `ID`", &rem.Admins, text)
	each(x, "rem-tempcontact", "remove the temporary contact with this `ID`", &rem.TempContacts, text)
	opt(x, "chg-nsset", "the new nsset has this `ID`", &chg.Nsset, text)
	opt(x, "chg-keyset", "the new keyset has this `ID`", &chg.Keyset, text)
	x.emptyForNone("chg-nsset", "chg-keyset")
	one(x, "chg-registrant", "the new holder is the contact with this `ID`", &chg.Registrant, text)
	newAuthInfo(x, &chg.AuthInfo)
	return func(args []string) (question, error) {
		return ask(&domain.Update{Name: args[0], Add: some(add), Rem: some(rem), Chg: some(chg)}, nil), nil
	}
}
