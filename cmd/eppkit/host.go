package main

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
)

func hostVerbs() objectType {
	return objectType{"host", "Hosts that are objects of their own (gtld)", []verb{
		checkVerb("NAME", "host names",
			check(func(names []string) epp.Request[*host.ChkData] { return &host.Check{Names: names} }), nil,
			"ns1.sauna.example ns1.kiuas.example"),
		infoVerb("host", "NAME",
			info(func(name string) epp.Request[*host.InfData] { return &host.Info{Name: name} }), nil,
			"ns1.sauna.example"),
		{
			use: "create NAME", short: "Register a host", gtld: hostCreate,
			examples: []string{"ns1.sauna.example --addr 192.0.2.1 --addr 2001:db8::1", "ns1.kiuas.example"},
		},
		{
			use: "update NAME", short: "Change a host", gtld: hostUpdate,
			examples: []string{
				"ns1.sauna.example --add-addr 192.0.2.7 --rem-addr 192.0.2.1",
				"ns1.sauna.example --chg-name ns7.sauna.example",
			},
		},
		deleteVerb("host", "NAME",
			func(name string) epp.Request[*epp.NoData] { return &host.Delete{Name: name} }, nil,
			"ns1.sauna.example"),
	}}
}

func hostCreate(x *fields) builder {
	m := &host.Create{}
	each(x, "addr", "`IP` address", &m.Addr, hostAddr)
	return func(args []string) (question, error) {
		m.Name = args[0]
		return ask(m, nil), nil
	}
}

func hostUpdate(x *fields) builder {
	var add, rem host.AddRem
	var chg host.Chg
	each(x, "add-addr", "add this `IP` address", &add.Addr, hostAddr)
	each(x, "rem-addr", "remove this `IP` address", &rem.Addr, hostAddr)
	statusFlags(x, &add.Status, &rem.Status, []string{"clientDeleteProhibited", "clientUpdateProhibited"})
	one(x, "chg-name", "the host is to have this `NAME`", &chg.Name, hostName)
	return func(args []string) (question, error) {
		return ask(&host.Update{Name: args[0], Add: some(add), Rem: some(rem), Chg: some(chg)}, nil), nil
	}
}
