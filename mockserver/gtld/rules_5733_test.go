package gtld_test

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// taaviWith is the create of a contact that is called taavi, with something in it replaced.
func taaviWith(old, fresh string) string {
	all := "<id>taavi</id>" + taavi + "<voice>+358.401234567</voice>" + taaviMail + taaviPW + `<disclose flag="0"><voice/></disclose>`
	return contactCommand("create", strings.Replace(all, old, fresh, 1))
}

func updateContact(id, content string) string {
	return contactCommand("update", "<id>"+id+"</id>"+content)
}

func transferContact(op, id, pw string) string {
	if pw != "" {
		pw = "<authInfo><pw>" + pw + "</pw></authInfo>"
	}
	return contactCommand("transfer "+op, "<id>"+id+"</id>"+pw)
}

func deleteContact(id string) string { return contactCommand("delete", "<id>"+id+"</id>") }

const otherMail = "<chg><email>other@sauna.example</email></chg>"

// contactRequested has reg-south ask for jr-1.
func contactRequested(s *site) (losing, gaining *wiretest.Client, asked *wiretest.Answer) {
	losing, gaining = s.north(), s.south()
	drain(losing)
	return losing, gaining, gaining.Do(transferContact("request", "jr-1", "jil-Secret7")).Code(1001)
}

// rules5733 are those of contacts (RFC 5733).
var rules5733 = []rule{
	{id: "R5733-001", deviate: misread("<id>ab</id>", "<id>abc</id>"), check: func(s *site) {
		c := s.north()
		for _, id := range []string{"ab", strings.Repeat("a", 17), " a "} {
			wantOneOf(s, newContact(c, id), 2001, 2004, 2005)
		}
		newContact(c, "abc").Code(1000)
		newContact(c, strings.Repeat("a", 16)).Code(1000)
	}},
	{
		id:      "R5733-002",
		deviate: result(func(m *contact.InfData) { m.Status = append(m.Status, epp.Status{S: "ok"}) }),
		check: func(s *site) {
			north, south := s.north(), s.south()
			require.ElementsMatch(s, []string{"ok", "linked"}, north.Do(infoContact("jr-1", "")).Code(1000).Attrs("status", "s"))
			require.ElementsMatch(s, []string{"clientDeleteProhibited", "linked"}, north.Do(infoContact("kt-2", "")).Code(1000).Attrs("status", "s"))
			require.Equal(s, []string{"ok"}, south.Do(infoContact("mv-4", "")).Code(1000).Attrs("status", "s"))
		},
	},
	{
		id:      "R5733-003",
		deviate: lenient[epp.Element](epp.StatusProhibitsOperation),
		given: func(p *plan) { // mv-4
			p.fixtures.Contacts[3].Status = []string{"serverDeleteProhibited", "serverTransferProhibited", "serverUpdateProhibited"}
			p.fixtures.Contacts[3].AuthInfo = "mo-Secret7"
		},
		check: func(s *site) {
			north, south := s.north(), s.south()
			newContact(north, "taavi").Code(1000)
			north.Do(updateContact("taavi", `<add><status s="clientDeleteProhibited"/><status s="clientTransferProhibited"/><status s="clientUpdateProhibited"/></add>`)).Code(1000)
			south.Do(updateContact("mv-4", otherMail)).Code(2304)
			south.Do(deleteContact("mv-4")).Code(2304)
			north.Do(transferContact("request", "mv-4", "mo-Secret7")).Code(2304)
			north.Do(updateContact("taavi", otherMail)).Code(2304)
			north.Do(deleteContact("taavi")).Code(2304)
			south.Do(transferContact("request", "taavi", "Birch-and-Steam-42")).Code(2304)
			north.Do(updateContact("taavi", `<rem><status s="clientUpdateProhibited"/></rem>`)).Code(1000)
			north.Do(updateContact("taavi", `<rem><status s="clientDeleteProhibited"/><status s="clientTransferProhibited"/></rem>`)).Code(1000)
			north.Do(updateContact("taavi", otherMail)).Code(1000)
			north.Do(deleteContact("taavi")).Code(1000)
		},
	},
	{
		id: "R5733-004",
		deviate: result(func(m *contact.InfData) {
			if m.Status[0].S == "pendingTransfer" {
				m.Status = append(m.Status, epp.Status{S: "pendingUpdate"})
			}
		}),
		check: func(s *site) {
			losing, _, _ := contactRequested(s)
			losing.Do(updateContact("jr-1", otherMail)).Code(2304)
			losing.Do(updateContact("jr-1", `<add><status s="clientTransferProhibited"/></add>`)).Code(2304)
			losing.Do(deleteContact("jr-1")).Code(2304)
			require.ElementsMatch(s, []string{"pendingTransfer", "linked"}, losing.Do(infoContact("jr-1", "")).Attrs("status", "s"))
		},
	},
	{id: "R5733-005", deviate: misread(`<voice>[^<]*</voice>`, "<voice>+44.1135550123</voice>"), check: func(s *site) {
		c := s.north()
		for _, number := range []string{"+12345", "+1111.1", "55", "+1.", "+1.a", "1.2025550123", "+1.123456789012345", "+1.202 5550123"} {
			wantOneOf(s, c.Do(taaviWith("+358.401234567", number)), 2001, 2005)
		}
		c.Do(taaviWith("<voice>", `<voice x="77">`)).Code(1000)
		a := c.Do(infoContact("taavi", "")).Code(1000)
		require.Equal(s, "+358.401234567", a.Text("infData/voice"))
		require.Equal(s, []string{"77"}, a.Attrs("infData/voice", "x"))
	}},
	{id: "R5733-006", deviate: lenient[*contact.Create](epp.ParameterSyntaxError), check: func(s *site) {
		c := s.north()
		for _, email := range []string{"sauna.example", "@sauna.example", "taavi@", "taavi lehto@sauna.example", "a@b@sauna.example"} {
			c.Do(taaviWith("taavi@sauna.example", email)).Code(2005)
		}
		c.Do(taaviWith("taavi@sauna.example", "taavi.lehto+steam@sauna.example")).Code(1000)
	}},
	{id: "R5733-007", deviate: lenient[*contact.Create](epp.ParameterRangeError), check: func(s *site) {
		c := s.north()
		for _, cc := range []string{"XX", "ZZ", "fi", "U", "USA", "F1"} {
			wantOneOf(s, c.Do(taaviWith("<cc>FI", "<cc>"+cc)), 2001, 2004, 2005)
		}
		c.Do(taaviWith("<cc>FI", "<cc>SE")).Code(1000)
	}},
	{
		id: "R5733-008", deviate: lenient[*contact.Create](epp.DataManagementPolicyViolated),
		given: func(p *plan) { p.fixtures.ContactRules.Fixed = []string{"email"} },
		check: func(s *site) {
			c := s.north()
			c.Do(taaviWith("<disclose flag=\"0\"><voice/>", `<disclose flag="0"><voice/><email/>`)).Code(2308)
			c.Do(taaviWith("", "")).Code(1000)
			c.Do(updateContact("taavi", `<chg><disclose flag="0"><email/></disclose></chg>`)).Code(2308)
		},
	},
	{id: "R5733-009", deviate: lenient[*contact.Create](epp.RequiredParameterMissing), check: func(s *site) {
		c := s.north()
		wantOneOf(s, c.Do(taaviWith(` flag="0"`, "")), 2001, 2003)
		wantOneOf(s, c.Do(taaviWith("<voice/></disclose>", "</disclose>")), 2001, 2003)
	}},
	{id: "R5733-010", deviate: result(func(r *contact.ChkData) { r.CD[0].Avail = true }), check: func(s *site) {
		a := s.south().Do(checkContacts("jr-1", "free-7")).Code(1000)
		require.Equal(s, []string{"cd", "cd"}, a.Names("chkData"))
		require.Equal(s, []string{"jr-1", "free-7"}, a.All("cd/id"))
		require.Equal(s, []string{"0", "1"}, a.Attrs("cd/id", "avail"))
	}},
	{id: "R5733-011", deviate: swapped("<info>", "voice", "fax"), check: func(s *site) {
		c := s.north()
		for _, id := range []string{"jr-1", "kt-2"} {
			a := c.Do(infoContact(id, "")).Code(1000)
			wantShape(s, a, "infData", "id roid (status )+(postalInfo ){1,2}(voice )?(fax )?email clID crID crDate (upID )?(upDate )?(trDate )?(authInfo )?(disclose )?")
			wantShape(s, a, "infData/postalInfo", "name (org )?addr ")
			wantShape(s, a, "infData/postalInfo/addr", "(street ){0,3}city (sp )?(pc )?cc ")
		}
	}},
	{id: "R5733-012", deviate: lenient[*contact.Create](epp.ParameterSyntaxError), check: func(s *site) {
		c := s.north()
		for _, old := range []string{"Taavi", "Oulu"} {
			wantOneOf(s, c.Do(taaviWith(old, old[:1]+"ä")), 2005, 2306)
		}
		c.Do(taaviWith(`type="int"><name>Taavi`, `type="loc"><name>Päivi`)).Code(1000)
		for _, id := range []string{"jr-1", "kt-2", "taavi"} {
			for _, text := range c.Do(infoContact(id, "")).Code(1000).All("postalInfo[@type='int']//*") {
				require.Regexp(s, `^[\x00-\x7f]*$`, text)
			}
		}
	}},
	{id: "R5733-013", deviate: result(func(m *contact.InfData) { m.AuthInfo = &epp.AuthInfo{PW: "jil-Secret7"} }), check: func(s *site) {
		require.Equal(s, "jil-Secret7", s.north().Do(infoContact("jr-1", "")).Code(1000).Text("authInfo/pw"))
		c := s.south()
		require.NotContains(s, c.Do(infoContact("jr-1", "")).XML, "authInfo")
		require.NotContains(s, c.Do(infoContact("jr-1", "jil-Secret7")).Code(1000).XML, "authInfo")
	}},
	{id: "R5733-014", deviate: result(func(m *contact.InfData) { m.UpID, m.UpDate = m.CrID, m.CrDate }), check: func(s *site) {
		c := s.north()
		newContact(c, "taavi").Code(1000)
		names := c.Do(infoContact("taavi", "")).Code(1000).Names("infData")
		for _, el := range []string{"upID", "upDate", "trDate"} {
			require.NotContains(s, names, el)
		}
		c.Do(updateContact("taavi", otherMail)).Code(1000)
		require.Equal(s, "reg-north", c.Do(infoContact("taavi", "")).Text("infData/upID"))
	}},
	{id: "R5733-015", deviate: swapped(`op="query"`, "reDate", "acID"), check: func(s *site) {
		losing, gaining, asked := contactRequested(s)
		for _, a := range []*wiretest.Answer{
			asked, losing.Do(transferContact("query", "jr-1", "")).Code(1000), gaining.Do(transferContact("query", "jr-1", "")).Code(1000),
		} {
			require.Equal(s, []string{"id", "trStatus", "reID", "reDate", "acID", "acDate"}, a.Names("trnData"))
			require.Equal(s, "pending", a.Text("trnData/trStatus"))
		}
	}},
	{id: "R5733-016", deviate: rewriteTo("<renew>", `code="2...`, `code="1000`), check: func(s *site) {
		wantOneOf(s, s.north().Do(contactCommand("renew", "<id>jr-1</id>")), 2001, 2101)
	}},
	{id: "R5733-017", deviate: lenient[epp.Element](epp.AuthorizationError), check: func(s *site) {
		c := s.north()
		c.Do(updateContact("mv-4", otherMail)).Code(2201)
		c.Do(deleteContact("mv-4")).Code(2201)
		require.Equal(s, "mo@vance.example", s.south().Do(infoContact("mv-4", "")).Code(1000).Text("email"))
	}},
	{id: "R5733-018", deviate: misread("(</voice>)(<authInfo>)", "$1"+taaviMail+"$2"), check: func(s *site) {
		c := s.north()
		for _, part := range []string{
			"<id>taavi</id>", taavi, taaviMail, taaviPW, "<name>Taavi Lehto</name>", "<city>Oulu</city>", "<cc>FI</cc>",
		} {
			wantOneOf(s, c.Do(taaviWith(part, "")), 2001, 2003)
		}
		wantOneOf(s, c.Do(taaviWith(taavi, taavi+taavi+taavi)), 2001, 2306)
		c.Do(taaviWith("", "")).Code(1000)
	}},
	{id: "R5733-019", deviate: swapped("<create>", "id", "crDate"), check: func(s *site) {
		a := newContact(s.north(), "taavi").Code(1000)
		require.Equal(s, []string{"id", "crDate"}, a.Names("creData"))
		require.Equal(s, "taavi", a.Text("creData/id"))
		require.Equal(s, "2026-03-01T12:00:00Z", a.Text("creData/crDate"))
	}},
	{id: "R5733-020", deviate: lenient[*contact.Delete](epp.AssociationProhibitsOp), check: func(s *site) {
		c := s.north()
		newContact(c, "taavi").Code(1000)
		c.Do(makeDomain("moss.example", "<d:registrant>taavi</d:registrant>"+hushed)).Code(1000)
		c.Do(deleteContact("taavi")).Code(2305)
		c.Do(deleteDomain("moss.example")).Code(1000)
		wantNoData(s, c.Do(deleteContact("taavi")).Code(1000))
		c.Do(infoContact("taavi", "")).Code(2303)
	}},
	{id: "R5733-021", deviate: lenient[*contact.Transfer](epp.InvalidAuthInfo), check: func(s *site) {
		losing, gaining := s.north(), s.south()
		drain(losing)
		gaining.Do(transferContact("request", "jr-1", "jil-Secret8")).Code(2202)
		gaining.Do(contactCommand("transfer request", `<id>jr-1</id><period unit="y">1</period><authInfo><pw>jil-Secret7</pw></authInfo>`)).Code(2001)
		gaining.Do(transferContact("request", "jr-1", "jil-Secret7")).Code(1001)
		gaining.Do(transferContact("approve", "jr-1", "")).Code(2201)
		require.Equal(s, "clientApproved", losing.Do(transferContact("approve", "jr-1", "")).Code(1000).Text("trnData/trStatus"))
		a := gaining.Do(infoContact("jr-1", "")).Code(1000)
		require.Equal(s, "reg-south", a.Text("infData/clID"))
		require.Equal(s, "2026-03-01T12:00:00Z", a.Text("infData/trDate"))
		for _, c := range []*wiretest.Client{losing, gaining} {
			require.NotEmpty(s, drain(c))
		}
	}},
	{id: "R5733-022", deviate: lenient[*contact.Update](epp.RequiredParameterMissing), check: func(s *site) {
		c := s.north()
		wantOneOf(s, c.Do(updateContact("jr-1", "")), 2001, 2003)
		wantOneOf(s, c.Do(updateContact("jr-1", "<chg/>")), 2001, 2003)
	}},
	{id: "R5733-023", deviate: talkative("<update>"), check: func(s *site) {
		wantNoData(s, s.north().Do(updateContact("jr-1", otherMail)).Code(1000))
	}},
}
