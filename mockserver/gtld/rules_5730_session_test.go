package gtld_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/match"
)

const hello = "<hello/>"

// whole is a document around its content.
func whole(content string) string { return `<epp xmlns="` + epp.NS + `">` + content + `</epp>` }

func commandOf(element, clTRID string) string {
	return "<command>" + element + "<clTRID>" + clTRID + "</clTRID></command>"
}

// first is what is in the frame's root.
func first(a *wiretest.Answer) string { return a.Root().ChildElements()[0].Tag }

// waits gives the commands on these labels below slow to somebody: they end a day later.
func waits(commands ...string) func(*plan) {
	return func(p *plan) {
		p.fixtures.TLDs = append(p.fixtures.TLDs, gtld.Policy{
			Name:     "slow",
			Contacts: gtld.ContactPolicy{Model: gtld.ThinModel},
			Offline:  []gtld.Offline{{Names: []string{"*"}, Commands: commands}},
		})
	}
}

// rules5730Session are about connections and documents (sections 1 to 2.4).
var rules5730Session = []rule{
	{id: "R5730-001", deviate: rewriteTo("^$", "greeting", "response"), check: func(s *site) {
		require.Equal(s, "greeting", first(s.dial().Greeting))
	}},
	{id: "R5730-002", deviate: faulty(fault.Fault{Kind: fault.Duplicate, Match: fault.Match{Match: match.Match{ClTRID: "one-c"}}}), check: func(s *site) {
		c := s.south()
		ids := []string{"one-a", "one-b", "one-c", "one-d", "one-e"}
		for _, id := range ids {
			c.Write(commandOf(checkDomains(id+".example"), id))
		}
		for _, id := range ids {
			require.Equal(s, id, c.Read().Text("trID/clTRID"))
		}
		require.Equal(s, "greeting", first(c.Send(hello)), "no further response")
	}},
	{id: "R5730-003", deviate: faulty(fault.Fault{Kind: fault.StaleRead, Match: fault.Match{Match: match.Match{Verb: "info"}}}), check: func(s *site) {
		c := s.north()
		c.Write(commandOf(makeDomain("first.example", holder+hushed), "order-1"))
		c.Write(commandOf(infoDomain("first.example", "", ""), "order-2"))
		c.Read().Code(1000)
		require.Equal(s, "first.example", c.Read().Code(1000).Text("infData/name"))
	}},
	{
		id: "R5730-004",
		deviate: around(func(_ *mockserver.Exchange, q *domain.Update, next func() (epp.Element, error)) (epp.Element, error) {
			_, err := next()
			if err != nil {
				q.Add.NS.HostObj = q.Add.NS.HostObj[:1]
				next()
			}
			return nil, err
		}),
		check: func(s *site) {
			c := s.north()
			was := c.Do(infoDomain("beta.example", "", "")).Code(1000)
			c.Do(updateDomain("beta.example", "<d:add>"+hostObjs("ns2.alpha.example", "ns9.nowhere.invalid")+"</d:add>")).Code(2303)
			is := c.Do(infoDomain("beta.example", "", "")).Code(1000)
			require.Equal(s, was.All("hostObj"), is.All("hostObj"))
			require.Equal(s, was.Names("infData"), is.Names("infData"))
		},
	},
	{id: "R5730-005", given: waits("create", "delete"), deviate: rewrite(`s="pendingCreate"`, `s="ok"`), check: func(s *site) {
		c := s.north()
		c.Do(createPlain("moss.slow", "")).Code(1001)
		require.Contains(s, status(c, "moss.slow"), "pendingCreate")
	}},
	{
		id: "R5730-006", given: waits("create"),
		deviate: finish(func(x *mockserver.Exchange, m *epp.Response) {
			if _, ok := x.Command.Request.(*epp.Poll); ok {
				m.ResData = nil
			}
		}),
		check: func(s *site) {
			c := s.south()
			asked := c.Do(createPlain("moss.slow", "")).Code(1001)
			s.reg.Advance(25 * time.Hour)
			a := c.Do(`<poll op="req"/>`).Code(1301)
			require.Equal(s, "moss.slow", a.Text("panData/name"))
			require.Equal(s, asked.Text("trID/svTRID"), a.Text("paTRID/svTRID"))
		},
	},
	{id: "R5730-007", deviate: answering(`<odd:epp`, 2001), check: func(s *site) {
		c := s.south()
		const content = `<command><check><d:check xmlns:d="` + domainNS + `"><d:name>alpha.example</d:name></d:check></check><clTRID>same-1</clTRID></command>`
		odd := strings.NewReplacer("</d:", "</epp:", "</", "</odd:", "<d:", "<epp:", "<", "<odd:", "xmlns:d=", "xmlns:epp=")
		for _, doc := range []string{
			whole(content),
			`<odd:epp xmlns:odd="` + epp.NS + `">` + odd.Replace(content) + `</odd:epp>`,
			// The prefix stands for one namespace outside, for another inside.
			`<d:epp xmlns:d="` + epp.NS + `"><d:command><d:check><d:check xmlns:d="` + domainNS +
				`"><d:name>alpha.example</d:name></d:check></d:check><d:clTRID>same-1</d:clTRID></d:command></d:epp>`,
			`<epp xmlns="` + epp.NS + `"><command><check><check xmlns="` + domainNS +
				`"><name>alpha.example</name></check></check><clTRID>same-1</clTRID></command></epp>`,
		} {
			a := c.SendDoc(doc).Code(1000)
			require.Equal(s, []string{"alpha.example"}, a.All("cd/name"))
			require.Equal(s, []string{"0"}, a.Attrs("cd/name", "avail"))
			require.Equal(s, "same-1", a.Text("trID/clTRID"))
		}
	}},
	{id: "R5730-008", deviate: answering("^\ufeff", 2001), check: func(s *site) {
		s.south().SendDoc("\ufeff" + whole(commandOf(checkDomains("free.example"), "mark-1"))).Code(1000)
	}},
	{
		id: "R5730-009",
		deviate: tampering(func(frame []byte, honest func([]byte) []byte) []byte {
			if len(frame) > 1 && frame[1] == 0xFE {
				return []byte(refusal(2001, ""))
			}
			return honest(frame)
		}),
		check: func(s *site) {
			var frame []byte
			for _, unit := range utf16.Encode([]rune("\ufeff" + `<?xml version="1.0" encoding="UTF-16"?>` + whole(commandOf(checkDomains("free.example"), "wide-1")))) {
				frame = binary.LittleEndian.AppendUint16(frame, unit)
			}
			require.Equal(s, "free.example", s.south().SendDoc(string(frame)).Code(1000).Text("cd/name"))
		},
	},
	{id: "R5730-010", deviate: answering(`^<epp.*plain-1`, 2001), check: func(s *site) {
		c := s.south()
		plain := whole(commandOf(checkDomains("free.example"), "plain-1"))
		for _, start := range []string{"", `<?xml version="1.0"?>`, `<?xml version="1.0" encoding="UTF-8" standalone="no"?>`} {
			c.SendDoc(start + plain).Code(1000)
		}
	}},
	{id: "R5730-011", deviate: misread("LOGIN", "login"), check: func(s *site) {
		c := s.dial()
		shouted := strings.ReplaceAll(c.LoginXML("reg-south", "south-Gate9", ""), "login>", "LOGIN>")
		require.Contains(s, []string{"2000", "2001"}, c.Do(shouted).Attrs("result", "code")[0])
		c.Send(`<Command><logout/></Command>`).Code(2001)
		c.Do(checkDomains("free.example")).Code(2002)
	}},
	{id: "R5730-012", deviate: misread("urn:example:other", epp.NS), check: func(s *site) {
		c := s.south()
		for _, a := range []*wiretest.Answer{
			c.Greeting, c.Do(checkDomains("free.example")), c.Do(checkDomains()),
			c.SendDoc(`<epp xmlns="urn:example:other">` + hello + `</epp>`).Code(2001),
		} {
			require.Equal(s, "epp", a.Root().Tag)
			require.Equal(s, epp.NS, a.Root().NamespaceURI())
		}
	}},
	{id: "R5730-014", deviate: answering("<hello", 2002), check: func(s *site) {
		c := s.south()
		require.Equal(s, "greeting", first(c.Send(hello)))
		c.Do(checkDomains("free.example")).Code(1000)
	}},
	{id: "R5730-015", deviate: answering("<hello", 2002), check: func(s *site) {
		c := s.dial()
		require.Equal(s, "greeting", first(c.Send(hello)))
		c.Login("reg-south", "south-Gate9")
	}},

	{id: "R5730-016", deviate: rewriteTo("^$", "(<svID>.*</svID>)(<svDate>.*</svDate>)", "$2$1"), check: func(s *site) {
		g := s.dial().Greeting
		require.Equal(s, []string{"svID", "svDate", "svcMenu", "dcp"}, g.Names("greeting"))
		require.Regexp(s, `^.{3,64}$`, g.Text("svID"))
	}},
	{id: "R5730-017", deviate: rewriteTo("^$", "(<svDate>[^<]*)Z", "$1+00:00"), check: func(s *site) {
		date := s.dial().Greeting.Text("svDate")
		at, err := time.Parse("2006-01-02T15:04:05.999999999Z", date)
		require.NoError(s, err)
		require.WithinDuration(s, s.reg.Now(), at, 30*time.Second)
	}},
	{id: "R5730-018", deviate: rewriteTo("^$", "<lang>en</lang>", "<lang>e_n</lang>"), check: func(s *site) {
		g := s.dial().Greeting
		require.Regexp(s, `^(version )+(lang )+(objURI )+(svcExtension )?$`, strings.Join(g.Names("svcMenu"), " ")+" ")
		for _, lang := range g.All("svcMenu/lang") {
			require.Regexp(s, `^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`, lang)
		}
		require.Regexp(s, `^(extURI )+$`, strings.Join(g.Names("svcExtension"), " ")+" ")
	}},
	{id: "R5730-019", deviate: rewriteTo("^$", "<all/>", "<all/><none/>"), check: func(s *site) {
		require.Regexp(s, `^(all|none|null|personal|personalAndOther|other)$`, strings.Join(s.dial().Greeting.Names("dcp/access"), " "))
	}},
	{id: "R5730-020", deviate: rewriteTo("^$", "<purpose>.*</purpose>", "<purpose/>"), check: func(s *site) {
		g := s.dial().Greeting
		require.Equal(s, []string{"purpose", "recipient", "retention"}, g.Names("dcp/statement"))
		for _, part := range g.Names("dcp/statement") {
			require.NotEmpty(s, g.Names("statement/"+part), part)
		}
	}},
	{
		id: "R5730-021",
		given: func(p *plan) {
			p.deviant.greeting = func(g *epp.Greeting) { g.DCP.Expiry = &epp.Expiry{Relative: "P1Y"} }
		},
		deviate: rewriteTo("^$", "<relative>P1Y</relative>", "<relative>P1Y</relative><absolute>2031-01-01T00:00:00Z</absolute>"),
		check: func(s *site) {
			g := s.dial().Greeting
			require.Regexp(s, `^(absolute|relative)$`, strings.Join(g.Names("dcp/expiry"), " "))
			require.Regexp(s, `^(P\d+Y|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$`, strings.Join(append(g.All("expiry/relative"), g.All("expiry/absolute")...), " "))
		},
	},
}

// rules5730Login are about sessions (section 2.9.1).
var rules5730Login = []rule{
	{id: "R5730-038", deviate: recode(2002, 2201), check: func(s *site) {
		c := s.dial()
		for _, q := range []string{
			checkDomains("free.example"), infoDomain("alpha.example", "", ""), `<poll op="req"/>`,
			makeDomain("early.example", holder+hushed), deleteDomain("alpha.example"),
			renewDomain("alpha.example", "2031-01-12", ""), transfer("query", "alpha.example", "", ""),
		} {
			c.Do(q).Code(2002)
		}
	}},
	{id: "R5730-042", deviate: caseless, check: func(s *site) {
		c := s.dial()
		c.Do(c.LoginXML("reg-north", "NORTH-gATE9", "")).Code(2200)
		c.Login("reg-north", "north-Gate9")
		c.Do(logout).Code(1500)
		c = s.dial()
		c.Do(c.LoginXML("reg-north", "north-Gate9", "Changed-7")).Code(1000)
		c = s.dial()
		c.Do(c.LoginXML("reg-north", "cHANGED-7", "")).Code(2200)
	}},
	{
		id: "R5730-043",
		deviate: func(p *plan) {
			p.deviant.login = func(x *mockserver.Exchange, q *epp.Login, next loginFunc) error {
				q.NewPW = ""
				return next(x, q)
			}
		},
		check: func(s *site) {
			c := s.dial()
			c.Do(c.LoginXML("reg-north", "north-Gate9", "changed-7")).Code(1000)
			c.Do(logout).Code(1500)
			c = s.dial()
			c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(2200)
			c.Login("reg-north", "changed-7")
		},
	},
	{id: "R5730-044", deviate: rewriteTo("<login>", "</result>", `</result><resData><x:x xmlns:x="urn:example:x"/></resData>`), check: func(s *site) {
		c := s.dial()
		require.Equal(s, []string{"result", "trID"}, c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(1000).Names("response"))
	}},
	{id: "R5730-045", deviate: rewriteTo("<login>", "2002", "1000"), check: func(s *site) {
		c := s.north()
		c.Do(c.LoginXML("reg-south", "south-Gate9", "")).Code(2002)
		c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(2002)
		require.Equal(s, "reg-north", c.Do(infoDomain("alpha.example", "", "")).Code(1000).Text("infData/clID"))
	}},
	{id: "R5730-046", deviate: ignoringServices, check: func(s *site) {
		c := s.dial()
		plain := c.LoginXML("reg-north", "north-Gate9", "")
		c.Do(strings.Replace(plain, "<svcs>", "<svcs><objURI>urn:example:object-1.0</objURI>", 1)).Code(2307)
		c.Do(strings.Replace(plain, "<svcExtension>", "<svcExtension><extURI>urn:example:extension-1.0</extURI>", 1)).Code(2103)
		c.Do(plain).Code(1000)
	}},
	{id: "R5730-047", deviate: ignoringServices, check: func(s *site) {
		c := s.dial()
		c.Do(strings.Replace(c.LoginXML("reg-north", "north-Gate9", ""), "<objURI>"+contactNS+"</objURI>", "", 1)).Code(1000)
		c.Do(checkContacts("jr-1")).Code(2307)
		c.Do(checkDomains("free.example")).Code(1000)
	}},
	{id: "R5730-049", deviate: staying(1500, "logout"), check: func(s *site) {
		c := s.north()
		require.Equal(s, []string{"result", "trID"}, c.Do(logout).Code(1500).Names("response"))
		c.Over()
	}},
	{id: "R5730-050", deviate: rewriteTo("<logout", "2002", "1500"), check: func(s *site) {
		s.dial().Do(logout).Code(2002)
	}},
}

const logout = "<logout/>"

// ignoringServices takes any login, and lets its session use anything.
func ignoringServices(p *plan) {
	p.server.Profile = func(f *mockserver.Profile) { f.IgnoreServices = true }
}

// caseless takes the passwords that are used here in letters of either case.
func caseless(p *plan) {
	p.deviant.login = func(x *mockserver.Exchange, q *epp.Login, next loginFunc) error {
		err := next(x, q)
		for _, pw := range []epp.Secret{"north-Gate9", "Changed-7"} {
			if errors.Is(err, epp.AuthenticationError) && strings.EqualFold(string(q.PW), string(pw)) {
				like := *q
				like.PW = pw
				err = next(x, &like)
			}
		}
		return err
	}
}

// staying answers commands with a code that ends the connection, and does not end it.
func staying(code epp.Code, verb string) deviation {
	stay := false
	return faulty(fault.Fault{Kind: fault.Result, Code: code, Close: &stay, Match: fault.Match{Match: match.Match{Verb: verb}}})
}
