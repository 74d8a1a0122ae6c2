package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	freddomain "github.com/eppkit/eppkit/fred/domain"
)

func domainVerbs() objectType {
	return objectType{"domain", "Domain names", []verb{
		checkVerb("NAME", "domain names",
			check(func(names []string) epp.Request[*domain.ChkData] { return &domain.Check{Names: names} }),
			check(func(names []string) epp.Request[*freddomain.ChkData] { return &freddomain.Check{Names: names} }),
			"mydomain.cz free.cz"),
		infoVerb("domain", "NAME", domainInfo,
			infoFRED(func(name string, pw *epp.Secret) epp.Request[*freddomain.InfData] {
				return &freddomain.Info{Name: name, AuthInfo: pw}
			}),
			"mydomain.cz", "mydomain.cz --authinfo-file code.txt -o json"),
		{
			use: "create NAME", short: "Register a domain", gtld: domainCreate, fred: fredDomainCreate,
			long: `Register a domain. Without --authinfo-file a domain of a gtld registry has an empty
authInfo, with which nobody can transfer it (RFC 9154).`,
			examples: []string{
				"sauna.example --registrant jr-1 --admin jr-1 --tech kt-2 --ns ns1.sauna.example=192.0.2.1 --period 2y",
				"sauna.cz --registrant CID-MYOWN --admin CID-ADMIN1 --nsset NID-MYNSSET",
			},
		},
		{
			use: "renew NAME", short: "Register a domain for longer",
			gtld: renew(func(name string, until time.Time, period *epp.Period) epp.Request[*domain.RenData] {
				return &domain.Renew{Name: name, CurExpDate: until, Period: period}
			}),
			fred: renew(func(name string, until time.Time, period *epp.Period) epp.Request[*freddomain.RenData] {
				return &freddomain.Renew{Name: name, CurExpDate: until, Period: period}
			}),
			examples: []string{"mydomain.cz --cur-exp-date 2031-04-15 --period 1y"},
		},
		transferVerb("domain", "NAME", domainTransfer,
			transferFRED("domain", func(op, name string, pw epp.Secret) epp.Request[*epp.NoData] {
				return &freddomain.Transfer{Op: op, Name: name, AuthInfo: pw}
			}), "mydomain.cz"),
		{
			use: "update NAME", short: "Change a domain", gtld: domainUpdate, fred: fredDomainUpdate,
			examples: []string{
				"sauna.example --add-ns ns3.sauna.example --rem-ns ns1.sauna.example --add-status clientHold='Not paid'",
				"sauna.cz --chg-nsset NID-MYNSSET --add-admin CID-ADMIN1",
			},
		},
		deleteVerb("domain", "NAME",
			func(name string) epp.Request[*epp.NoData] { return &domain.Delete{Name: name} },
			func(name string) epp.Request[*epp.NoData] { return &freddomain.Delete{Name: name} },
			"mydomain.cz"),
		sendAuthInfoVerb("domain", "NAME", "the holder and the administrative contacts",
			func(name string) epp.Request[*freddomain.SendAuthInfoData] {
				return &freddomain.SendAuthInfo{Name: name}
			},
			"mydomain.cz"),
	}}
}

func domainInfo(x *fields) builder {
	auth := shownAuthInfo(x, true)
	m := &domain.Info{}
	choice(x, "hosts", "which `HOSTS` to list", &m.Hosts,
		domain.HostsAll, domain.HostsDelegated, domain.HostsSubordinate, domain.HostsNone)
	return func(args []string) (question, error) {
		m.Name, m.AuthInfo = args[0], auth.rfc()
		return ask(m, nil), nil
	}
}

func domainCreate(x *fields) builder {
	m := &domain.Create{}
	periodFlag(x, &m.Period)
	ns := nameServerFlags(x, "ns", "a name server is")
	one(x, "registrant", "the holder is the contact with this `ID`", &m.Registrant, text)
	for _, role := range roles {
		each(x, role, contactHelp[role]+" contact has this `ID`", &m.Contacts, func(id string) (domain.Contact, error) {
			return domain.Contact{Type: role, ID: id}, nil
		})
	}
	var pw *epp.Secret
	newAuthInfo(x, &pw)
	return func(args []string) (question, error) {
		m.Name, m.NS, m.AuthInfo = args[0], nameServers(*ns), createdAuthInfo(pw)
		return ask(m, nil), nil
	}
}

// roles are those of a domain's contacts.
var roles = []string{domain.Admin, domain.Tech, domain.Billing}

var contactHelp = map[string]string{
	domain.Admin: "an administrative", domain.Tech: "a technical", domain.Billing: "a billing",
}

func renew[R epp.Element](q func(string, time.Time, *epp.Period) epp.Request[R]) func(*fields) builder {
	return func(x *fields) builder {
		var until time.Time
		var period *epp.Period
		one(x, "cur-exp-date", "the `DAY` on which it expires now, so that it can't be renewed twice by mistake", &until, day)
		periodFlag(x, &period)
		x.required("cur-exp-date")
		return func(args []string) (question, error) { return ask(q(args[0], until, period), nil), nil }
	}
}

func periodFlag(x *fields, v **epp.Period) {
	opt(x, "period", "for this `TIME`, as 2y or 18m (default the registry's)", v, parsePeriod)
}

// nameServerFlags adds a flag for name servers.
func nameServerFlags(x *fields, name, what string) *[]nameServer {
	v := new([]nameServer)
	each(x, name, what+" `HOST`; HOST=IP,IP gives a host attribute, HOST= one without addresses", v, parseNameServer)
	return v
}

// nameServers makes host objects of hosts, or attributes where one is given as such.
func nameServers(list []nameServer) *domain.NameServers {
	m := &domain.NameServers{}
	attrs := false
	for _, ns := range list {
		attrs = attrs || ns.given
	}
	for _, ns := range list {
		if !attrs {
			m.HostObj = append(m.HostObj, ns.host)
			continue
		}
		attr := domain.HostAttr{HostName: ns.host}
		for _, a := range ns.addrs {
			attr.HostAddr = append(attr.HostAddr, domain.HostAddr(a))
		}
		m.HostAttr = append(m.HostAttr, attr)
	}
	return some(*m)
}

func domainTransfer(x *fields) builder {
	var period *epp.Period
	periodFlag(x, &period)
	return transferRFC(x, "domain", func(op, name string, auth *epp.AuthInfo) epp.Request[*domain.TrnData] {
		return &domain.Transfer{Op: op, Name: name, Period: period, AuthInfo: auth}
	})
}

func domainUpdate(x *fields) builder {
	var add, rem domain.AddRem
	var chg domain.Chg
	addNS, remNS := nameServerFlags(x, "add-ns", "add the name server"), nameServerFlags(x, "rem-ns", "remove the name server")
	each(x, "add-contact", "add a contact as `ROLE=ID`", &add.Contacts, domainContact)
	each(x, "rem-contact", "remove a contact as `ROLE=ID`", &rem.Contacts, domainContact)
	statusFlags(x, &add.Status, &rem.Status, domainStatuses)
	opt(x, "chg-registrant", "the new holder is the contact with this `ID`", &chg.Registrant, text)
	x.emptyForNone("chg-registrant")
	var pw *epp.Secret
	newAuthInfo(x, &pw)
	none := false
	yes(x, "null-authinfo", "the domain is to have no authInfo", &none)
	x.notBoth("null-authinfo", "authinfo-file")
	return func(args []string) (question, error) {
		add.NS, rem.NS = nameServers(*addNS), nameServers(*remNS)
		switch {
		case none:
			chg.AuthInfo = &domain.AuthInfoChg{Null: true}
		case pw != nil:
			chg.AuthInfo = &domain.AuthInfoChg{PW: *pw}
		}
		m := &domain.Update{Name: args[0], Add: some(add), Rem: some(rem), Chg: some(chg)}
		if x.given("restore") && m.Add == nil && m.Rem == nil && m.Chg == nil {
			m.Chg = &domain.Chg{} // RFC 3915, section 4.2.5
		}
		return ask(m, nil), nil
	}
}

// domainStatuses are those that a client may set.
var domainStatuses = []string{
	"clientDeleteProhibited", "clientHold", "clientRenewProhibited", "clientTransferProhibited", "clientUpdateProhibited",
}

func domainContact(s string) (domain.Contact, error) {
	role, id, ok := strings.Cut(s, "=")
	if _, err := wordOf(roles...)(role); err != nil || !ok || id == "" {
		return domain.Contact{}, fmt.Errorf("it must be ROLE=ID, with one of the roles %s", strings.Join(roles, ", "))
	}
	return domain.Contact{Type: role, ID: id}, nil
}

// statusFlags adds flags for statuses to add and to remove.
func statusFlags(x *fields, add, rem *[]epp.Status, known []string) {
	help := " a `STATUS` of these: " + strings.Join(known, ", ")
	read := func(s string) (epp.Status, error) {
		st, err := status(s)
		if err == nil {
			_, err = wordOf(known...)(st.S)
		}
		return st, err
	}
	x.offer(each(x, "add-status", "add"+help+"; STATUS=TEXT says why", add, read), known)
	x.offer(each(x, "rem-status", "remove"+help, rem, func(s string) (epp.Status, error) {
		st, err := read(s)
		if st.Text != "" {
			err = errors.New("it must be STATUS alone")
		}
		return st, err
	}), known)
}
