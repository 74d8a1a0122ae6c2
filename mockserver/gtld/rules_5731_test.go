package gtld_test

import (
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/match"
)

// rules5731 are those of domains (RFC 5731).
var rules5731 = slices.Concat(rules5731Object, rules5731Status, rules5731Query, rules5731Transform)

var unseen5731 = map[string]string{
	"R5731-013": "what is published in the DNS is not seen in EPP",
}

// attributes has name servers be attributes of their domains.
func attributes(p *plan) { p.registry.HostModel = gtld.HostAttributes }

// wantOneForm wants name servers in the form that the greeting announces, and in no other.
func wantOneForm(s *site) {
	c := s.north()
	right, wrong := hostObjs("ns1.alpha.example"), attrs(hostAttr("ns1.alpha.example", "192.0.2.11"))
	if !slices.Contains(c.Greeting.All("objURI"), hostNS) {
		right, wrong = wrong, right
	}
	c.Do(makeDomain("fern.example", wrong+holder+hushed)).Code(2306)
	c.Do(makeDomain("moss.example", right+holder+hushed)).Code(1000)
}

// rules5731Object are about what domains are (sections 1.1 to 2.5, but statuses).
var rules5731Object = []rule{
	{id: "R5731-001", deviate: lenient[*host.Create](epp.AuthorizationError), check: func(s *site) {
		c := s.north()
		newHost(c, "ns1.gamma.test").Code(2201)
		wantOneOf(s, s.south().Do(hostCommand("transfer request", "<name>ns1.alpha.example</name>")), 2001, 2101)
		require.Equal(s, "reg-north", infoHost(c, "ns1.alpha.example").Text("infData/clID"))
	}},
	{id: "R5731-002", deviate: lenient[*domain.Create](epp.ParameterPolicyError), check: func(s *site) {
		wantOneForm(s)
		wantOneForm(s.beside(attributes))
	}},
	{
		id:      "R5731-003",
		deviate: rewriteTo("<info>", `(<(\w+):ns>)`, `$1<$2:hostAttr><$2:hostName>ns1.hosting.invalid</$2:hostName></$2:hostAttr>`),
		check: func(s *site) {
			c := s.north()
			mixed := strings.Replace(hostObjs("ns1.alpha.example"), "</d:ns>", hostAttr("ns1.hosting.invalid")+"</d:ns>", 1)
			c.Do(makeDomain("moss.example", mixed+holder+hushed)).Code(2001)
			c.Do(makeDomain("moss.example", attrs()+holder+hushed)).Code(2001)
			wantShape(s, c.Do(infoDomain("alpha.example", "", "")).Code(1000), "infData/ns", "((hostObj )+|(hostAttr )+)")
			c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
			require.NotContains(s, c.Do(infoDomain("moss.example", "", "")).Code(1000).Names("infData"), "ns")
		},
	},
	{
		id: "R5731-004", given: attributes, // the form of an address is guessed
		deviate: misread("<d:hostAddr>([0-9a-f]*:)", `<d:hostAddr ip="v6">$1`),
		check: func(s *site) {
			c := s.north()
			plain := func(addr string) string {
				return attrs("<d:hostAttr><d:hostName>ns7.alpha.example</d:hostName><d:hostAddr>"+addr+"</d:hostAddr></d:hostAttr>") + holder + hushed
			}
			c.Do(makeDomain("moss.example", plain("2001:db8::9"))).Code(2005)
			c.Do(makeDomain("moss.example", plain("192.0.2.9"))).Code(1000)
			require.Contains(s, []string{"v4", "absent"}, c.Do(infoDomain("moss.example", "", "")).Code(1000).Attrs("hostAddr", "ip")[0])
		},
	},
	{id: "R5731-005", deviate: lenient[*domain.Create](epp.ObjectDoesNotExist), check: func(s *site) {
		c := s.south()
		holder := "<d:registrant>lu-3</d:registrant>"
		c.Do(makeDomain("moss.example", hostObjs("ns9.alpha.example")+holder+hushed)).Code(2303)
		c.Do(makeDomain("moss.example", hostObjs("ns1.alpha.example")+holder+hushed)).Code(1000)
	}},
	{id: "R5731-006", deviate: misread(`\.</d:name>`, "</d:name>"), check: func(s *site) {
		c := s.north()
		for _, name := range []string{"mo_ss.example", "-moss.example", "moss-.example", "mo ss.example", "moss..example", "moss.example."} {
			c.Do(makeDomain(name, holder+hushed)).Code(2005)
		}
		for _, text := range c.Do(infoDomain("alpha.example", "", "")).Code(1000).All("infData//*") {
			require.NotRegexp(s, `\.$`, text)
		}
	}},
	{id: "R5731-020", deviate: withOffsets("<renew>"), check: func(s *site) {
		c := s.north()
		wantUTC(s,
			c.Do(makeDomain("moss.example", holder+hushed)), c.Do(renewDomain("moss.example", "2027-03-01", "")),
			s.south().Do(transfer("request", "alpha.example", "", "alpha-Secret7")), c.Do(infoDomain("alpha.example", "", "")))
	}},
	{id: "R5731-021", deviate: misread(`<d:period unit="\w">(0|100|1\.5)<`, `<d:period unit="y">1<`), check: func(s *site) {
		c := s.north()
		for _, period := range []string{
			years(0), years(100), years(-1), `<d:period unit="y">1.5</d:period>`, `<d:period unit="w">1</d:period>`, `<d:period>1</d:period>`,
		} {
			wantOneOf(s, c.Do(makeDomain("moss.example", period+holder+hushed)), 2001, 2004, 2005)
			wantOneOf(s, c.Do(renewDomain("alpha.example", "2031-01-12", period)), 2001, 2004, 2005)
		}
		c.Do(makeDomain("moss.example", years(1)+holder+hushed)).Code(1000)
	}},
	{id: "R5731-052", deviate: withOffsets("contact-1.0"), check: func(s *site) {
		c := s.north()
		wantUTC(s, c.Greeting, c.Do(infoDomain("alpha.example", "", "")), c.Do(infoContact("jr-1", "")), infoHost(c, "ns1.alpha.example"), c.Do(pollReq))
	}},
}

// alsoShown has an info of a domain with one status show another as well; in that, Any
// stands for what is pending.
func alsoShown(has, another string) deviation {
	return result(func(d *domain.InfData) {
		for _, st := range d.Status {
			if act, ok := strings.CutPrefix(st.S, has); ok {
				d.Status = append(d.Status, epp.Status{S: strings.Replace(another, "Any", act, 1)})
				return
			}
		}
	})
}

// prohibited is a rule that a command is refused as long as a status forbids it: one that
// the client has set, and one of the registry's.
func prohibited(id, act string, deviate deviation, command func(name, curExpDate, pw string) string) rule {
	return rule{
		id: id, deviate: deviate,
		given: func(p *plan) { p.fixtures.Domains[2].Status = []string{"server" + act + "Prohibited"} }, // gamma.test
		check: func(s *site) {
			north, south := s.north(), s.south()
			north.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
			north.Do(updateDomain("moss.example", addStatus("client"+act+"Prohibited"))).Code(1000)
			moss, gamma := north, south
			if act == "Transfer" {
				moss, gamma = south, north
			}
			gamma.Do(command("gamma.test", "2031-01-12", "gamma-Secret7")).Code(2304)
			of := command("moss.example", "2027-03-01", "hush-7-Hush")
			moss.Do(of).Code(2304)
			north.Do(updateDomain("moss.example", remStatus("client"+act+"Prohibited"))).Code(1000)
			require.Regexp(s, `code="1\d{3}"`, moss.Do(of).XML)
		},
	}
}

// rules5731Status are about statuses (section 2.3).
var rules5731Status = []rule{
	{id: "R5731-007", deviate: result(func(d *domain.InfData) { d.Status = nil }), check: func(s *site) {
		c := s.north()
		for _, name := range []string{"alpha.example", "beta.example"} {
			require.NotEmpty(s, status(c, name))
		}
		require.NotEmpty(s, status(s.south(), "gamma.test"))
	}},
	{id: "R5731-008", deviate: lenient[*domain.Update](epp.ParameterPolicyError), check: func(s *site) {
		c := s.north()
		for _, st := range []string{"serverHold", "serverUpdateProhibited", "ok", "inactive", "pendingTransfer", "pendingDelete"} {
			c.Do(updateDomain("alpha.example", addStatus(st))).Code(2306)
		}
		c.Do(updateDomain("alpha.example", remStatus("ok"))).Code(2306)
		require.Equal(s, []string{"ok"}, status(c, "alpha.example"))
	}},
	prohibited("R5731-009", "Delete", lenient[*domain.Delete](epp.StatusProhibitsOperation), func(name, _, _ string) string {
		return deleteDomain(name)
	}),
	prohibited("R5731-010", "Renew", lenient[*domain.Renew](epp.StatusProhibitsOperation), func(name, curExpDate, _ string) string {
		return renewDomain(name, curExpDate, "")
	}),
	prohibited("R5731-011", "Transfer", lenient[*domain.Transfer](epp.StatusProhibitsOperation), func(name, _, pw string) string {
		return transfer("request", name, "", pw)
	}),
	prohibited("R5731-012", "Update", lenient[*domain.Update](epp.StatusProhibitsOperation), func(name, _, _ string) string {
		return updateDomain(name, chgAuthInfo(pw("other-7-Hush")))
	}),
	{id: "R5731-014", deviate: alsoShown("inactive", "ok"), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
		require.Equal(s, []string{"inactive"}, status(c, "moss.example"))
		require.Equal(s, []string{"ok"}, status(c, "alpha.example"))
	}},
	{id: "R5731-015", deviate: alsoShown("clientHold", "ok"), check: func(s *site) {
		c := s.north()
		require.Equal(s, []string{"ok"}, status(c, "alpha.example"))
		c.Do(updateDomain("alpha.example", addStatus("clientHold"))).Code(1000)
		require.Equal(s, []string{"clientHold"}, status(c, "alpha.example"))
		c.Do(updateDomain("alpha.example", remStatus("clientHold"))).Code(1000)
		require.Equal(s, []string{"ok"}, status(c, "alpha.example"))
	}},
	{
		id: "R5731-016", deviate: alsoShown("pending", "clientAnyProhibited"),
		given: func(p *plan) {
			p.fixtures.TLDs = append(p.fixtures.TLDs, gtld.Policy{Name: "leaf", AutoRenew: new(false), Contacts: gtld.ContactPolicy{Model: gtld.ThinModel}})
		},
		check: func(s *site) {
			c := s.north()
			c.Do(createPlain("fall.leaf", "")).Code(1000)
			c.Do(updateDomain("fall.leaf", addStatus("clientDeleteProhibited"))).Code(1000)
			s.reg.Advance(366 * day)
			require.Equal(s, []string{"pendingDelete", "inactive"}, status(c, "fall.leaf"))
			c.Do(updateDomain("fall.leaf", addStatus("clientDeleteProhibited"))).Code(2304)
		},
	},
	{
		id: "R5731-017", deviate: alsoShown("pending", "clientAnyProhibited"),
		given: func(p *plan) {
			waits("renew")(p)
			p.fixtures.TLDs = append(p.fixtures.TLDs, p.fixtures.TLDs[0])
			p.fixtures.TLDs[1].Name, p.fixtures.TLDs[1].Offline = "slower", []gtld.Offline{{Names: []string{"*"}, Commands: []string{"update"}}}
		},
		check: func(s *site) {
			c := s.north()
			c.Do(createPlain("moss.slow", "")).Code(1000)
			c.Do(createPlain("moss.slower", "")).Code(1000)
			c.Do(renewDomain("moss.slow", "2027-03-01", "")).Code(1001)
			c.Do(updateDomain("moss.slower", addStatus("clientHold"))).Code(1001)
			s.south().Do(request).Code(1001)
			for name, act := range map[string]string{"moss.slow": "Renew", "moss.slower": "Update", "alpha.example": "Transfer"} {
				require.Contains(s, status(c, name), "pending"+act)
				c.Do(updateDomain(name, addStatus("client"+act+"Prohibited"))).Code(2304)
				require.NotContains(s, status(c, name), "client"+act+"Prohibited")
			}
		},
	},
	{id: "R5731-018", deviate: alsoShown("pendingTransfer", "pendingDelete"), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
		s.south().Do(transfer("request", "moss.example", "", "hush-7-Hush")).Code(1001)
		c.Do(deleteDomain("moss.example")).Code(2304)
		c.Do(renewDomain("moss.example", "2027-03-01", "")).Code(2304)
		c.Do(updateDomain("moss.example", addStatus("clientHold"))).Code(2304)
		wantOneOf(s, s.east().Do(transfer("request", "moss.example", "", "hush-7-Hush")), 2300, 2304)
		require.Equal(s, []string{"pendingTransfer", "inactive"}, status(c, "moss.example"))
	}},
	{
		id:      "R5731-019",
		deviate: faulty(fault.Fault{Kind: fault.StaleRead, Match: fault.Match{Match: match.Match{Verb: "info"}}}),
		check: func(s *site) {
			losing, gaining := requested(s)
			losing.Do(transfer("approve", "alpha.example", "", "")).Code(1000)
			a := gaining.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(1000)
			require.Equal(s, []string{"ok"}, a.Attrs("infData/status", "s"))
			for _, c := range []*wiretest.Client{losing, gaining} {
				all := drain(c)
				require.Equal(s, "clientApproved", all[len(all)-1].Text("trnData/trStatus"))
			}
		},
	},
}

// rules5731Query are about queries (section 3.1).
var rules5731Query = []rule{
	{id: "R5731-022", deviate: result(func(r *domain.ChkData) { r.CD = r.CD[1:] }), check: func(s *site) {
		c := s.south()
		names := []string{"alpha.example", "moss.example", "fern.test"}
		a := c.Do(checkDomains(names...)).Code(1000)
		require.Equal(s, []string{"chkData"}, a.Names("resData"))
		require.Equal(s, names, a.All("chkData/cd/name"))
		require.Equal(s, []string{"0", "1", "1"}, a.Attrs("cd/name", "avail"))
		a = c.Do(checkDomains())
		require.Regexp(s, `code="2\d{3}"`, a.XML)
		wantNoData(s, a)
	}},
	{id: "R5731-023", deviate: result(func(d *domain.InfData) { d.Registrant = "" }), check: func(s *site) { wantAll(s, s.north(), "") }},
	{id: "R5731-024", deviate: before(func(_ *mockserver.Exchange, q *domain.Info) { q.AuthInfo = nil }), check: func(s *site) {
		wantAll(s, s.south(), pw("alpha-Secret7"))
	}},
	{id: "R5731-025", deviate: before(func(_ *mockserver.Exchange, q *domain.Info) { q.Hosts = "" }), check: func(s *site) {
		c := s.north()
		for hosts, want := range map[string][2]bool{
			"": {true, true}, ` hosts="all"`: {true, true}, ` hosts="del"`: {true, false}, ` hosts="sub"`: {false, true}, ` hosts="none"`: {false, false},
		} {
			names := c.Do(infoDomain("alpha.example", hosts, "")).Code(1000).Names("infData")
			require.Equal(s, want, [2]bool{slices.Contains(names, "ns"), slices.Contains(names, "host")}, hosts)
		}
	}},
	{id: "R5731-026", deviate: before(func(_ *mockserver.Exchange, q *domain.Info) { q.AuthInfo.ROID = "" }), check: func(s *site) {
		c := s.south()
		info := func(roid, value string) *wiretest.Answer {
			return c.Do(infoDomain("alpha.example", "", "<d:pw"+roid+">"+value+"</d:pw>"))
		}
		info("", "alpha-Secret7").Code(1000)
		info(` roid="C1-MOCK"`, "jil-Secret7").Code(1000)
		info("", "jil-Secret7").Code(2202)
		info(` roid="C2-MOCK"`, "jil-Secret7").Code(2202)
		info(` roid="C1-MOCK"`, "alpha-Secret7").Code(2202)
	}},
	{id: "R5731-027", deviate: result(func(d *domain.InfData) { d.UpID, d.UpDate = d.CrID, d.CrDate }), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
		names := c.Do(infoDomain("moss.example", "", "")).Code(1000).Names("infData")
		require.NotContains(s, names, "upID")
		require.NotContains(s, names, "upDate")
		c.Do(updateDomain("moss.example", addStatus("clientHold"))).Code(1000)
		require.Equal(s, "reg-north", c.Do(infoDomain("moss.example", "", "")).Text("infData/upID"))
	}},
	{id: "R5731-028", deviate: result(func(d *domain.InfData) { d.TrDate = d.CrDate }), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
		require.NotContains(s, c.Do(infoDomain("moss.example", "", "")).Code(1000).Names("infData"), "trDate")
	}},
	{id: "R5731-029", deviate: result(func(d *domain.InfData) { d.AuthInfo = &epp.AuthInfo{PW: "alpha-Secret7"} }), check: func(s *site) {
		require.Equal(s, "alpha-Secret7", s.north().Do(infoDomain("alpha.example", "", "")).Code(1000).Text("authInfo/pw"))
		c := s.south()
		require.Equal(s, "alpha-Secret7", c.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(1000).Text("authInfo/pw"))
		require.NotContains(s, c.Do(infoDomain("alpha.example", "", "")).XML, "authInfo")
		c.Do(infoDomain("alpha.example", "", pw("alpha-Secret8"))).Code(2202)
	}},
	{id: "R5731-030", deviate: swapped("<info>", "upDate", "exDate"), check: func(s *site) {
		c := s.north()
		for _, name := range []string{"alpha.example", "beta.example", "gamma.test"} {
			wantShape(s, c.Do(infoDomain(name, "", "")).Code(1000), "infData", "name roid (status )*(registrant )?(contact )*(ns )?(host )*"+
				"clID (crID )?(crDate )?(upID )?(upDate )?(exDate )?(trDate )?(authInfo )?")
		}
	}},
	{id: "R5731-031", deviate: swapped(`op="query"`, "reDate", "acID"), check: func(s *site) {
		_, gaining := requested(s)
		wantShape(s, gaining.Do(transfer("query", "alpha.example", "", "")).Code(1000), "trnData", "name trStatus reID reDate acID acDate (exDate )?")
	}},
}

// wantAll wants a registrar to see all of alpha.example.
func wantAll(s *site, c *wiretest.Client, authInfo string) {
	s.Helper()
	a := c.Do(infoDomain("alpha.example", "", authInfo)).Code(1000)
	require.Equal(s, []string{"ok"}, a.Attrs("infData/status", "s"))
	require.Equal(s, []string{"kt-2", "lu-3"}, a.All("infData/contact"))
	require.Equal(s, []string{"ns1.alpha.example", "ns2.alpha.example"}, a.All("hostObj"))
	require.ElementsMatch(s, []string{"ns1.alpha.example", "ns2.alpha.example", "mail.alpha.example"}, a.All("infData/host"))
	require.NotEmpty(s, a.Text("infData/roid"))
	for el, want := range map[string]string{
		"name": "alpha.example", "registrant": "jr-1", "clID": "reg-north",
		"crID": "reg-south", "crDate": "2024-01-12T07:00:00Z", "upID": "reg-north", "upDate": "2025-03-01T09:00:00Z",
		"exDate": "2031-01-12T07:00:00Z", "trDate": "2024-11-05T12:00:00Z", "authInfo/pw": "alpha-Secret7",
	} {
		require.Equal(s, want, a.Text("infData/"+el), el)
	}
}
