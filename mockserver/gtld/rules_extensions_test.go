package gtld_test

import (
	"errors"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/epp/ttl"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// rules8334 are those of launch phases (RFC 8334).
var rules8334 = []rule{
	{
		id: "R8334-001", deviate: bare("create"),
		given: func(p *plan) {
			p.fixtures.TLDs = append(p.fixtures.TLDs, gtld.Policy{
				Name: "dune", Contacts: gtld.ContactPolicy{Model: gtld.ThinModel}, Launch: []gtld.Phase{{Phase: launch.Landrush, Applications: true}},
			})
		},
		check: func(s *site) {
			c := s.north()
			a := c.Do(createPlain("moss.dune", "") + ext(launched(`create type="application"`, "landrush", ""))).Code(1001)
			id := a.Text("launch:creData/applicationID")
			require.NotEmpty(s, id)
			a = c.Do(infoDomain("moss.dune", "", "") + ext(launched("info", "landrush", "<l:applicationID>"+id+"</l:applicationID>"))).Code(1000)
			require.Contains(s, a.Attrs("domain:status", "s"), "pendingCreate")
			require.Equal(s, id, a.Text("launch:infData/applicationID"))
		},
	},
	{id: "R8334-002", deviate: lenient[*domain.Check](epp.UnimplementedObjectService), check: func(s *site) {
		c := s.north()
		for _, form := range []string{"claims", "trademark"} {
			c.Do(checkDomains("moss.example") + ext(launched(`check type="`+form+`"`, "open", ""))).Code(2307)
		}
		c.Do(checkDomains("moss.example") + ext(launched(`check type="avail"`, "open", ""))).Code(1000)
	}},
	{id: "R8334-003", deviate: lenient[epp.Element](epp.UnimplementedOption), check: func(s *site) {
		c := s.north()
		const id = "<l:applicationID>A1</l:applicationID>"
		c.Do(updateDomain("beta.example", "<d:chg/>") + ext(launched("update", "open", id))).Code(2102)
		c.Do(deleteDomain("beta.example") + ext(launched("delete", "open", id))).Code(2102)
		require.NotContains(s, status(c, "beta.example"), "pendingDelete")
	}},
}

// rules8495 are those of allocation tokens (RFC 8495).
var rules8495 = []rule{{
	id: "R8495-001", deviate: lenient[*domain.Create](epp.AuthorizationError),
	given: func(p *plan) { p.fixtures.Tokens = []gtld.Token{{Token: "vesi-5", Names: []string{"hamam.example"}}} },
	check: func(s *site) {
		c := s.north()
		for _, value := range []string{"vesi-5", "vesi-6"} {
			c.Do(extCreate("moss.example", "", token(value))).Code(2201)
		}
		c.Do(extCreate("hamam.example", "", token("vesi-5"))).Code(1000)
		info := ext(`<a:info xmlns:a="` + tokenNS + `"/>`)
		require.Equal(s, "vesi-5", c.Do(infoDomain("hamam.example", "", "")+info).Code(1000).Text("allocationToken"))
		c.Do(infoDomain("alpha.example", "", "") + info).Code(2303)
	},
}}

// rules8590 are those of changes that a registry makes (RFC 8590).
var rules8590 = []rule{{
	id: "R8590-001",
	deviate: finish(func(_ *mockserver.Exchange, m *epp.Response) {
		for _, e := range m.Extension {
			if d, ok := e.(*changepoll.ChangeData); ok && d.State == changepoll.Before {
				d.State = changepoll.After
			} else if ok {
				d.State = changepoll.Before
			}
		}
	}),
	check: func(s *site) {
		c := s.north()
		drain(c)
		require.NoError(s, s.reg.ChangeDomain("alpha.example", gtld.Change{}, func(d *gtld.Domain) error {
			d.Status = append(d.Status, "serverHold")
			return nil
		}))
		all := drain(c)
		require.Len(s, all, 2)
		for i, want := range []struct{ state, status string }{{"before", "ok"}, {"after", "serverHold"}} {
			require.Equal(s, []string{want.state}, all[i].Attrs("changeData", "state"))
			require.Equal(s, []string{want.status}, all[i].Attrs("infData/status", "s"))
		}
	},
}}

// priceOf has names below example cost something, and kulta.example more.
func priceOf(p *plan) {
	p.registry.Policies = append(p.registry.Policies, gtld.Policy{
		Name: "example",
		Prices: gtld.Prices{
			Standard: gtld.Price{Create: 8_00, Renew: 8_00},
			Classes:  map[string]gtld.Price{"gold": {Create: 50_00}}, Premium: map[string]string{"kulta": "gold"},
		},
	})
	p.fixtures.Registrars[0].Credit = map[string]registry.Amount{"USD": 200_00}
}

// twoPhases has two custom phases be beside the open one.
func twoPhases(p *plan) {
	p.registry.Policies = append(p.registry.Policies, gtld.Policy{
		Name: "example", Launch: []gtld.Phase{{Phase: launch.Open}, {Phase: launch.Custom, Name: "dawn"}, {Phase: launch.Custom, Name: "dusk"}},
	})
}

// feeCheck asks what names cost to be created; the attributes may be "".
func feeCheck(attr string, names ...string) string {
	return checkDomains(names...) + ext(feeElement("check", `<f:command name="create"`+attr+`/>`))
}

// rules8748 are those of fees (RFC 8748).
var rules8748 = []rule{
	{
		id: "R8748-001", given: priceOf,
		deviate: rewriteTo("<renew>", `<\w+:currency>[^<]*</\w+:currency>`, ""),
		check: func(s *site) {
			c := s.north()
			for _, a := range []*wiretest.Answer{
				c.Do(feeCheck("", "moss.example")), c.Do(extCreate("moss.example", "", offer("create", "", "8.00"))),
				c.Do(renewDomain("moss.example", "2027-03-01", "") + ext(offer("renew", "USD", "8.00"))),
			} {
				require.NotEmpty(s, a.Code(1000).All("fee"))
				require.Equal(s, "USD", a.Text("currency"))
			}
		},
	},
	{id: "R8748-002", given: twoPhases, deviate: lenient[*domain.Check](epp.ParameterRangeError), check: func(s *site) {
		c := s.north()
		c.Do(feeCheck(` phase="custom" subphase="dawn"`, "moss.example")).Code(1000)
		c.Do(feeCheck(` phase="custom"`, "moss.example")).Code(2003)
		c.Do(feeCheck(` phase="landrush"`, "moss.example")).Code(2004)
		c.Do(feeCheck(` phase="custom" subphase="noon"`, "moss.example")).Code(2004)
	}},
	{id: "R8748-003", given: priceOf, deviate: lenient[*domain.Create](epp.ParameterRangeError), check: func(s *site) {
		c := s.north()
		c.Do(extCreate("kulta.example", "", "")).Code(2003)
		c.Do(extCreate("kulta.example", "", offer("create", "USD", "49.99"))).Code(2004)
		c.Do(extCreate("kulta.example", "", offer("create", "EUR", "50.00"))).Code(2004)
		c.Do(extCreate("kulta.example", "", offer("create", "USD", "50.00"))).Code(1000)
	}},
	{
		id: "R8748-004", given: priceOf,
		deviate: result(func(r *domain.ChkData) { r.CD[0].Avail, r.CD[0].Reason = true, nil }),
		check: func(s *site) {
			c := s.north()
			require.Equal(s, []string{"0", "1"}, c.Do(checkDomains("kulta.example", "moss.example")).Code(1000).Attrs("cd/name", "avail"))
			require.Equal(s, []string{"1", "1"}, c.Do(feeCheck("", "kulta.example", "moss.example")).Code(1000).Attrs("domain:cd/name", "avail"))
		},
	},
	{
		id: "R8748-005", given: priceOf,
		deviate: rewriteTo("<check>", `<fee:reason>[^<]*</fee:reason>`, ""),
		check: func(s *site) {
			names := []string{"moss.example", "moss.nowhere", "kulta.example"}
			a := s.north().Do(feeCheck("", names...)).Code(1000)
			require.Equal(s, names, a.All("fee:cd/objID"))
			require.Equal(s, []string{"1", "0", "1"}, a.Attrs("fee:cd", "avail"))
			for i, cd := range a.Root().FindElements("//fee:cd") {
				require.Equal(s, i == 1, cd.FindElement("reason") != nil)
			}
		},
	},
}

// expiring has passwords be good for 90 days.
func expiring(p *plan) {
	p.fixtures.Passwords = gtld.PasswordRules{Valid: 90 * registry.Day, Warn: 14 * registry.Day, Failures: 2}
}

// rules8807 are those of secure logins (RFC 8807).
var rules8807 = []rule{
	{
		id: "R8807-001",
		deviate: func(p *plan) {
			p.deviant.login = func(x *mockserver.Exchange, q *epp.Login, next loginFunc) error {
				if err := next(x, q); !errors.Is(err, epp.ParameterPolicyError) {
					return err
				}
				return nil
			}
		},
		check: func(s *site) {
			c := s.dial()
			c.Do(c.LoginXML("reg-north", elsewhere, "")).Code(2200)
			c.Do(c.LoginXML("reg-north", elsewhere, elsewhere) + loginSec("north-Gate9", elsewhere)).Code(2306)
			c.Do(c.LoginXML("reg-north", "north-Gate9", elsewhere) + loginSec("", "A longer word than there is room for")).Code(1000)
			c.Do(logout).Code(1500)
			c = s.dial()
			c.Do(c.LoginXML("reg-north", elsewhere, "") + loginSec("A longer word than there is room for", "")).Code(1000)
		},
	},
	{id: "R8807-003", given: expiring, deviate: bare("login"), check: func(s *site) {
		c := s.dial()
		require.NotContains(s, c.Do(c.LoginXML("reg-south", "south-Gate9", "")).Code(1000).Names("response"), "extension")
		s.reg.Advance(80 * day)
		c = s.dial()
		with := c.LoginXML("reg-north", "north-Gate9", "")
		without := strings.Replace(with, "<extURI>"+loginsec.NS+"</extURI>", "", 1)
		require.NotContains(s, c.Do(without).Code(1000).Names("response"), "extension")
		require.Equal(s, []string{"loginSecData"}, s.dial().Do(with).Code(1000).Names("extension"))
		s.reg.Advance(20 * day)
		require.Equal(s, []string{"loginSecData"}, s.dial().Do(with).Code(2200).Names("extension"))
	}},
	{id: "R8807-004", given: expiring, deviate: rewriteTo("<login>", ` exDate="[^"]*"`, ""), check: func(s *site) {
		s.reg.Advance(80 * day)
		c := s.dial()
		for range 2 {
			c.Do(c.LoginXML("reg-north", "wrong-Gate9", "")).Code(2200)
		}
		a := c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(1000)
		require.Equal(s, []string{"password", "stat"}, a.Attrs("event", "type"))
		require.Equal(s, []string{"2026-05-30T12:00:00Z"}, a.Attrs("event[@type='password']", "exDate"))
		require.Equal(s, []string{"failedLogins"}, a.Attrs("event[@type='stat']", "name"))
	}},
}

// told queues a message for reg-south about a domain that was signed, and returns what it is
// to a session that named some services.
func told(s *site, obj, exts []string) *wiretest.Answer {
	require.NoError(s, s.reg.Change(func(tx *registry.Tx) error {
		s.reg.Queue.Put(tx, registry.Message{
			ClID: "reg-south", Text: "gamma.test was signed.",
			ResData:   []epp.Element{&domain.InfData{Name: "gamma.test", ROID: "D3-MOCK", ClID: "reg-south"}},
			Extension: []epp.Element{&secdns.InfData{KeyData: []secdns.KeyData{{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmE="}}}},
		})
		return nil
	}))
	c := s.dial()
	login(c, "reg-south", "south-Gate9", obj, exts)
	return c.Do(pollReq).Code(1301)
}

// rules9038 are those of what the client did not name (RFC 9038).
var rules9038 = []rule{
	{id: "R9038-001", deviate: rewriteTo("<poll", "<extValue>.*?</extValue>", ""), check: func(s *site) {
		a := told(s, []string{domainNS}, []string{unhandledNS})
		require.Equal(s, []string{"infData"}, a.Names("result/extValue/value"))
		require.Equal(s, secDNSNS, a.Root().FindElement("//extValue/value/infData").NamespaceURI())
		require.Equal(s, "c2F1bmE=", a.Text("extValue/value/infData/keyData/pubKey"))
		require.Equal(s, "gamma.test", a.Text("resData/infData/name"))
	}},
	{
		id:      "R9038-002",
		deviate: rewriteTo("<poll", "</msgQ>", `$0<resData><d:infData xmlns:d="`+domainNS+`"/></resData>`),
		check: func(s *site) {
			a := told(s, []string{contactNS}, []string{secDNSNS, unhandledNS})
			wantNoData(s, a)
			require.Equal(s, domainNS, a.Root().FindElement("//extValue/value/infData").NamespaceURI())
			require.Equal(s, "gamma.test", a.Text("extValue/value/infData/name"))
		},
	},
	{id: "R9038-003", deviate: rewriteTo("<poll", "<trID>", "<extension/>$0"), check: func(s *site) {
		require.NotContains(s, told(s, []string{domainNS}, []string{unhandledNS}).Names("response"), "extension")
	}},
	{id: "R9038-004", deviate: rewrite("not in login services", "is not known"), check: func(s *site) {
		a := told(s, []string{contactNS}, []string{unhandledNS})
		require.ElementsMatch(s, []string{domainNS + " not in login services", secDNSNS + " not in login services"}, a.All("extValue/reason"))
	}},
}

// rules9167 are those of maintenance (RFC 9167).
var rules9167 = []rule{{
	id: "R9167-001", deviate: lenient[*maintenance.Info](epp.ObjectDoesNotExist), check: func(s *site) {
		c := s.north()
		c.Do(maintenanceInfo("<m:id>M99</m:id>")).Code(2303)
		id, err := s.reg.SetMaintenance(gtld.Maintenance{Systems: []gtld.System{{Name: "EPP"}}, Start: noon.AddDate(0, 0, 7), End: noon.AddDate(0, 0, 8)})
		require.NoError(s, err)
		c.Do(maintenanceInfo("<m:id>" + id + "</m:id>")).Code(1000)
	},
}}

// infoTTL is an info of alpha.example with what the extension asks for, "" for nothing.
func infoTTL(attr string) string {
	return infoDomain("alpha.example", "", "") + ext(`<t:info xmlns:t="`+ttl.NS+`"`+attr+`/>`)
}

// rules9803 are those of times to live (RFC 9803).
var rules9803 = []rule{
	{
		id: "R9803-001", // all is told, asked for or not
		deviate: before(func(x *mockserver.Exchange, _ *domain.Info) {
			x.Command.Extension = []epp.Element{&ttl.Info{Policy: new(true)}}
		}),
		check: func(s *site) {
			c := s.north()
			c.Do(extUpdate("alpha.example", ttls("update", "NS", "7200"))).Code(1000)
			require.NotContains(s, c.Do(infoDomain("alpha.example", "", "")).Code(1000).XML, ttl.NS)
			for _, attr := range []string{"", ` policy="0"`} {
				a := c.Do(infoTTL(attr)).Code(1000)
				require.Equal(s, []string{"NS"}, a.Attrs("ttl", "for"))
				require.Equal(s, "7200", a.Text("ttl"))
				for _, limit := range []string{"min", "default", "max"} {
					require.Equal(s, []string{"absent"}, a.Attrs("ttl", limit))
				}
			}
			a := c.Do(infoTTL(` policy="1"`)).Code(1000)
			require.ElementsMatch(s, []string{"NS", "DS"}, a.Attrs("ttl", "for"))
			for _, limit := range []string{"min", "default", "max"} {
				require.NotContains(s, a.Attrs("ttl", limit), "absent")
			}
		},
	},
	{id: "R9803-002", deviate: lenient[epp.Element](epp.ParameterRangeError), check: func(s *site) {
		c := s.north()
		for _, seconds := range []string{"0", "3599", "604801", "2147483647"} {
			c.Do(extUpdate("alpha.example", ttls("update", "NS", seconds))).Code(2004)
			c.Do(extCreate("moss.example", "", ttls("create", "NS", seconds))).Code(2004)
		}
		c.Do(extCreate("moss.example", "", ttls("create", "NS", "3600"))).Code(1000)
		c.Do(extUpdate("moss.example", ttls("update", "NS", "604800"))).Code(1000)
	}},
	{id: "R9803-003", deviate: lenient[epp.Element](epp.ParameterPolicyError), check: func(s *site) {
		c := s.north()
		for _, kind := range []string{"A", "AAAA"} {
			c.Do(extUpdate("alpha.example", ttls("update", kind, "7200"))).Code(2306)
			c.Do(extCreate("moss.example", "", ttls("create", kind, "7200"))).Code(2306)
		}
		c.Do(hostCommand("update", "<name>ns1.alpha.example</name>") + ext(ttls("update", "NS", "7200"))).Code(2306)
		c.Do(hostCommand("update", "<name>ns1.alpha.example</name>") + ext(ttls("update", "A", "7200"))).Code(1000)
	}},
}

// unseenExtensions are those of extensions that the registry has no part in.
var unseenExtensions = map[string]string{
	"R9873-001": "the registry does not speak the extension, and keeps no second address",
}
