package main

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/nsset"
)

func nssetVerbs() objectType {
	return objectType{"nsset", "Sets of name servers (FRED)", []verb{
		checkVerb("ID", "handles of nssets", nil,
			check(func(ids []string) epp.Request[*nsset.ChkData] { return &nsset.Check{IDs: ids} }),
			"NID-MYNSSET NID-FREE"),
		infoVerb("nsset", "ID", nil,
			infoFRED(func(id string, pw *epp.Secret) epp.Request[*nsset.InfData] {
				return &nsset.Info{ID: id, AuthInfo: pw}
			}),
			"NID-MYNSSET"),
		{
			use: "create ID", short: "Register an nsset", fred: nssetCreate,
			examples: []string{"NSS-SAUNA --dns ns1.sauna.cz=192.0.2.1,2001:db8::1 --dns ns2.kiuas.example --tech CID-MYOWN"},
		},
		transferVerb("nsset", "ID", nil,
			transferFRED("nsset", func(op, id string, pw epp.Secret) epp.Request[*epp.NoData] {
				return &nsset.Transfer{Op: op, ID: id, AuthInfo: pw}
			}), "NID-MYNSSET"),
		{
			use: "update ID", short: "Change an nsset", fred: nssetUpdate,
			examples: []string{"NSS-SAUNA --add-dns ns3.sauna.cz=192.0.2.3 --rem-dns ns2.kiuas.example --report-level 4"},
		},
		deleteVerb("nsset", "ID", nil,
			func(id string) epp.Request[*epp.NoData] { return &nsset.Delete{ID: id} }, "NID-MYNSSET"),
		sendAuthInfoVerb("nsset", "ID", "the technical contacts",
			func(id string) epp.Request[*nsset.SendAuthInfoData] { return &nsset.SendAuthInfo{ID: id} },
			"NID-MYNSSET"),
		{
			use: "test ID", short: "Have the registry test the name servers of an nsset", fred: nssetTest,
			long: `Have the registry test the name servers of an nsset. What the test showed comes
later, as a message of the queue.`,
			examples: []string{"NSS-SAUNA --level 4 --name sauna.cz"},
		},
	}}
}

func nssetCreate(x *fields) builder {
	m := &nsset.Create{}
	each(x, "dns", "a name server is this `HOST`; HOST=IP,IP gives its addresses", &m.NS, dns)
	each(x, "tech", "a technical contact has this `ID`", &m.Techs, text)
	opt(x, "report-level", "how thorough the technical tests are, a `NUMBER` from 0 to 10", &m.ReportLevel, number)
	newAuthInfo(x, &m.AuthInfo)
	x.required("dns", "tech")
	return func(args []string) (question, error) {
		m.ID = args[0]
		return ask(m, nil), nil
	}
}

func nssetUpdate(x *fields) builder {
	var add nsset.Add
	var rem nsset.Rem
	var chg nsset.Chg
	each(x, "add-dns", "add this name server, as `HOST` or HOST=IP,IP", &add.NS, dns)
	each(x, "rem-dns", "remove the name server `HOST`", &rem.Names, text)
	each(x, "add-tech", "add the technical contact with this `ID`", &add.Techs, text)
	each(x, "rem-tech", "remove the technical contact with this `ID`", &rem.Techs, text)
	opt(x, "report-level", "how thorough the technical tests are, a `NUMBER` from 0 to 10", &chg.ReportLevel, number)
	newAuthInfo(x, &chg.AuthInfo)
	return func(args []string) (question, error) {
		return ask(&nsset.Update{ID: args[0], Add: some(add), Rem: some(rem), Chg: some(chg)}, nil), nil
	}
}

func nssetTest(x *fields) builder {
	m := &nsset.Test{}
	opt(x, "level", "how thorough the test is, a `NUMBER` from 0 to 10 (default the nsset's)", &m.Level, number)
	each(x, "name", "test with the domain of this `NAME` (default those that use the nsset)", &m.Names, text)
	return func(args []string) (question, error) {
		m.ID = args[0]
		return ask(fred.Test(m), isNow("test of the nsset", args[0], "ordered")), nil
	}
}

func dns(s string) (nsset.NameServer, error) {
	host, err := parseNameServer(s)
	if err != nil {
		return nsset.NameServer{}, err
	}
	ns := nsset.NameServer{Name: host.host}
	for _, addr := range host.addrs {
		ns.Addrs = append(ns.Addrs, addr.Addr)
	}
	return ns, nil
}
