package main

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/keyset"
)

func keysetVerbs() objectType {
	return objectType{"keyset", "Sets of DNSSEC keys (FRED)", []verb{
		checkVerb("ID", "handles of keysets", nil,
			check(func(ids []string) epp.Request[*keyset.ChkData] { return &keyset.Check{IDs: ids} }),
			"KID-MYKEYSET KID-FREE"),
		infoVerb("keyset", "ID", nil,
			infoFRED(func(id string, pw *epp.Secret) epp.Request[*keyset.InfData] {
				return &keyset.Info{ID: id, AuthInfo: pw}
			}),
			"KID-MYKEYSET"),
		{
			use: "create ID", short: "Register a keyset", fred: keysetCreate,
			examples: []string{"KEY-SAUNA --dnskey '257 3 13 c2F1bmE=' --tech CID-MYOWN"},
		},
		transferVerb("keyset", "ID", nil,
			transferFRED("keyset", func(op, id string, pw epp.Secret) epp.Request[*epp.NoData] {
				return &keyset.Transfer{Op: op, ID: id, AuthInfo: pw}
			}), "KID-MYKEYSET"),
		{
			use: "update ID", short: "Change a keyset", fred: keysetUpdate,
			examples: []string{"KEY-SAUNA --add-dnskey '257 3 13 a2l1YXM=' --rem-dnskey '257 3 13 c2F1bmE='"},
		},
		deleteVerb("keyset", "ID", nil,
			func(id string) epp.Request[*epp.NoData] { return &keyset.Delete{ID: id} }, "KID-MYKEYSET"),
		sendAuthInfoVerb("keyset", "ID", "the technical contacts",
			func(id string) epp.Request[*keyset.SendAuthInfoData] { return &keyset.SendAuthInfo{ID: id} },
			"KID-MYKEYSET"),
		{
			use: "test ID", short: "Have the registry test the keys of a keyset", fred: keysetTest,
			long: `Have the registry test the keys of a keyset. FRED's schema has this command; its
documents know of tests of nssets alone.`,
			examples: []string{"KEY-SAUNA --name sauna.cz"},
		},
	}}
}

const dnskeyHelp = " `KEY`, as \"FLAGS PROTOCOL ALG PUBKEY\""

func keysetCreate(x *fields) builder {
	m := &keyset.Create{}
	each(x, "dnskey", "a"+dnskeyHelp, &m.DNSKeys, dnsKey)
	each(x, "tech", "a technical contact has this `ID`", &m.Techs, text)
	newAuthInfo(x, &m.AuthInfo)
	x.required("dnskey", "tech")
	return func(args []string) (question, error) {
		m.ID = args[0]
		return ask(m, nil), nil
	}
}

func keysetUpdate(x *fields) builder {
	var add, rem keyset.AddRem
	var chg keyset.Chg
	each(x, "add-dnskey", "add a"+dnskeyHelp, &add.DNSKeys, dnsKey)
	each(x, "rem-dnskey", "remove a"+dnskeyHelp, &rem.DNSKeys, dnsKey)
	each(x, "add-tech", "add the technical contact with this `ID`", &add.Techs, text)
	each(x, "rem-tech", "remove the technical contact with this `ID`", &rem.Techs, text)
	newAuthInfo(x, &chg.AuthInfo)
	return func(args []string) (question, error) {
		return ask(&keyset.Update{ID: args[0], Add: some(add), Rem: some(rem), Chg: some(chg)}, nil), nil
	}
}

func keysetTest(x *fields) builder {
	m := &keyset.Test{}
	each(x, "name", "test with the domain of this `NAME`", &m.Names, text)
	return func(args []string) (question, error) {
		m.ID = args[0]
		return ask(fred.Test(m), isNow("test of the keyset", args[0], "ordered")), nil
	}
}

func dnsKey(s string) (keyset.DNSKey, error) {
	key, err := keyData(s)
	return keyset.DNSKey(key), err
}
