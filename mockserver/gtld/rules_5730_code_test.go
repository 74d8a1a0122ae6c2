package gtld_test

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/nsset"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// coded are rules that say when a code is the answer. The registry that breaks one answers
// another.
func coded(id string, code, other epp.Code, provoke func(s *site) *wiretest.Answer) rule {
	return rule{id: id, deviate: recode(code, other), check: func(s *site) { provoke(s).Code(int(code)) }}
}

// where says what a rule is about.
func (r rule) where(given func(*plan)) rule {
	r.given = given
	return r
}

// asked is a command of a registrar that is logged in.
func asked(element string) func(s *site) *wiretest.Answer {
	return func(s *site) *wiretest.Answer { return s.north().Do(element) }
}

// loginAs is a login with something in it replaced.
func loginAs(old, fresh string) func(s *site) *wiretest.Answer {
	return func(s *site) *wiretest.Answer {
		c := s.dial()
		return c.Do(strings.Replace(c.LoginXML("reg-north", "north-Gate9", ""), old, fresh, 1))
	}
}

// priced has creates below sauna cost money, of which reg-north has enough for one.
func priced(p *plan) {
	p.fixtures.TLDs = append(p.fixtures.TLDs, gtld.Policy{
		Name:     "sauna",
		Contacts: gtld.ContactPolicy{Model: gtld.ThinModel},
		Prices:   gtld.Prices{Standard: gtld.Price{Create: 10_00}},
	})
	p.fixtures.Registrars[0].Credit = map[string]registry.Amount{"sauna": 15_00}
}

// rules5730Code are the result codes (section 3), and what closes (section 2, figure 1).
var rules5730Code = []rule{
	{id: "R5730-078", deviate: rewriteTo("<check>", "1000", "1300"), check: func(s *site) {
		c := s.north()
		for _, q := range []string{checkDomains("free.example"), infoDomain("alpha.example", "", ""), updateDomain("alpha.example", addStatus("clientHold"))} {
			c.Do(q).Code(1000)
		}
	}},
	coded("R5730-079", 1001, 1000, asked(createPlain("moss.slow", ""))).where(waits("create")),
	coded("R5730-080", 1300, 1000, func(s *site) *wiretest.Answer { return s.south().Do(pollReq) }),
	coded("R5730-081", 1301, 1000, asked(pollReq)),
	coded("R5730-082", 1500, 1000, asked(logout)),
	coded("R5730-083", 2000, 2101, asked(`<frob/>`)),
	{id: "R5730-084", deviate: recode(2001, 2400), check: func(s *site) {
		c := s.north()
		c.SendDoc(`<epp xmlns="` + epp.NS + `"><command>`).Code(2001)
		c.Do(checkDomains()).Code(2001)
		c.Do(`<info/>`).Code(2001)
	}},
	coded("R5730-085", 2002, 2001, func(s *site) *wiretest.Answer { return s.dial().Do(checkDomains("free.example")) }),
	coded("R5730-086", 2003, 2001, asked(`<poll op="ack"/>`)),
	coded("R5730-087", 2004, 2306, asked(makeDomain("long.example", years(11)+holder+hushed))),
	{id: "R5730-088", deviate: recode(2005, 2001), check: func(s *site) {
		c := s.north()
		newHost(c, "ns-.alpha.example").Code(2005)
		newHost(c, "ns7.alpha.example", "192.0.2.300").Code(2005)
	}},
	coded("R5730-089", 2100, 2001, loginAs("<version>1.0", "<version>2.0")),
	coded("R5730-090", 2101, 2400, asked(`<check><n:check xmlns:n="`+nsset.NS+`"><n:id>set-1</n:id></n:check></check>`)).where(func(p *plan) {
		p.registry.Extensions = []epp.Extension{nsset.Extension()} // without handlers
	}),
	coded("R5730-091", 2102, 2001, loginAs("<lang>en", "<lang>fi")),
	coded("R5730-092", 2103, 1000, asked(checkDomains("free.example")+`<extension><x:x xmlns:x="urn:example:x"/></extension>`)),
	{id: "R5730-093", given: priced, deviate: recode(2104, 1000), check: func(s *site) {
		c := s.north()
		c.Do(createPlain("paid.sauna", "")).Code(1000)
		c.Do(createPlain("owed.sauna", "")).Code(2104)
		c.Do(infoDomain("owed.sauna", "", "")).Code(2303)
	}},
	coded("R5730-094", 2105, 2304, asked(renewDomain("alpha.example", "2036-01-12", ""))).where(func(p *plan) {
		p.fixtures.Domains[0].ExDate = noon.AddDate(9, 10, 11)
	}),
	coded("R5730-095", 2106, 2304, asked(request)),
	coded("R5730-096", 2200, 2201, loginAs("north-Gate9", "north-Gate8")),
	{id: "R5730-097", deviate: recode(2201, 2303), check: func(s *site) {
		c := s.south()
		c.Do(updateDomain("alpha.example", addStatus("clientHold"))).Code(2201)
		c.Do(deleteDomain("alpha.example")).Code(2201)
		c.Do(renewDomain("alpha.example", "2031-01-12", "")).Code(2201)
	}},
	{id: "R5730-098", deviate: recode(2202, 2201), check: func(s *site) {
		c := s.south()
		c.Do(infoDomain("alpha.example", "", pw("other-Secret7"))).Code(2202)
		c.Do(transfer("request", "alpha.example", "", "other-Secret7")).Code(2202)
	}},
	coded("R5730-099", 2300, 2304, func(s *site) *wiretest.Answer {
		_, gaining := requested(s)
		return gaining.Do(request)
	}),
	coded("R5730-100", 2301, 2304, asked(transfer("approve", "alpha.example", "", ""))),
	coded("R5730-101", 2302, 2306, asked(makeDomain("alpha.example", holder+hushed))),
	{id: "R5730-102", deviate: recode(2303, 2201), check: func(s *site) {
		c := s.north()
		for _, q := range []string{
			infoDomain("none.example", "", ""), deleteDomain("none.example"), updateDomain("none.example", addStatus("clientHold")),
			renewDomain("none.example", "2031-01-12", ""), transfer("request", "none.example", "", "x-Secret7"),
		} {
			c.Do(q).Code(2303)
		}
	}},
	{id: "R5730-103", deviate: recode(2304, 2201), check: func(s *site) {
		c := s.north()
		c.Do(updateDomain("alpha.example", addStatus("clientDeleteProhibited"))).Code(1000)
		c.Do(deleteDomain("alpha.example")).Code(2304)
	}},
	{id: "R5730-104", deviate: recode(2305, 2304), check: func(s *site) {
		c := s.north()
		c.Do(contactCommand("delete", "<id>jr-1</id>")).Code(2305)
		c.Do(hostCommand("delete", "<name>ns1.alpha.example</name>")).Code(2305)
		c.Do(deleteDomain("alpha.example")).Code(2305)
	}},
	coded("R5730-105", 2306, 2004, asked(renewDomain("alpha.example", "2031-01-12", years(9)))),
	coded("R5730-106", 2307, 2001, asked(`<check><x:check xmlns:x="urn:example:x"><x:id>1</x:id></x:check></check>`)),
	coded("R5730-107", 2308, 2306, asked(contactCommand("update",
		`<id>jr-1</id><chg><disclose flag="0"><email/></disclose></chg>`))).where(func(p *plan) {
		p.fixtures.ContactRules.Fixed = []string{"email"}
	}),

	{id: "R5730-108", given: failing(2400), deviate: closing(true), check: func(s *site) {
		c := s.south()
		c.Do(checkDomains("bad.example")).Code(2400)
		c.Do(checkDomains("free.example")).Code(1000)
	}},
	{id: "R5730-109", given: failing(2500), deviate: closing(false), check: func(s *site) {
		c := s.south()
		c.Do(checkDomains("bad.example")).Code(2500)
		c.Over()
	}},
	{id: "R5730-110", deviate: func(p *plan) {
		p.server.Profile = func(f *mockserver.Profile) { f.MaxLoginFailures = 100 }
	}, check: func(s *site) {
		c := s.dial()
		for _, code := range []int{2200, 2200, 2501} {
			c.Do(c.LoginXML("reg-north", "wrong-Gate9", "")).Code(code)
		}
		c.Over()
	}},
	{id: "R5730-111", deviate: func(p *plan) {
		p.server.Profile = func(f *mockserver.Profile) { f.MaxSessions = 100 }
	}, check: func(s *site) {
		for range 5 {
			s.north()
		}
		c := s.dial()
		c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(2502)
		c.Over()
		s.south()
	}},
	{id: "R5730-112", deviate: staying(1500, "logout"), check: func(s *site) {
		c := s.dial()
		for _, code := range []int{2200, 2200, 2501} {
			c.Do(c.LoginXML("reg-south", "wrong-Gate9", "")).Code(code)
		}
		c.Over()
		for range 5 {
			s.north()
		}
		c = s.dial()
		c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(2502)
		c.Over()
		c = s.south()
		c.Do(logout).Code(1500)
		c.Over()
	}},
	{id: "R5730-113", deviate: impatient, check: func(s *site) {
		c := s.dial()
		c.Do(c.LoginXML("reg-north", "wrong-Gate9", "")).Code(2200)
		c.Login("reg-north", "north-Gate9")
	}},
}

// failing answers checks of bad.example with a code.
func failing(code epp.Code) func(*plan) {
	return faulty(fault.Fault{Kind: fault.Result, Code: code, Match: fault.Match{Match: match.Match{Object: "bad.example"}}})
}

// closing decides whether the connection ends after what failing answers.
func closing(yes bool) deviation {
	return func(p *plan) { p.deviant.faults[0].Close = &yes }
}

// impatient ends the connection after the first login that fails.
func impatient(p *plan) {
	end := true
	faulty(fault.Fault{Kind: fault.Result, Code: epp.AuthenticationError, Close: &end, Match: fault.Match{Match: match.Match{Text: "wrong-Gate9"}}})(p)
}
