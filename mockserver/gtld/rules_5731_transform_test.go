package gtld_test

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// optional has domains below example need no contacts.
func optional(p *plan) {
	p.registry.Policies = append(p.registry.Policies, gtld.Policy{Name: "example", Contacts: gtld.ContactPolicy{Model: gtld.OptionalModel}})
}

// rules5731Transform are about the commands that change a domain (sections 3.2 and 3.3).
var rules5731Transform = []rule{
	{id: "R5731-032", deviate: lenient[epp.Element](epp.AuthorizationError), check: func(s *site) {
		c := s.south()
		c.Do(updateDomain("beta.example", addStatus("clientHold"))).Code(2201)
		c.Do(renewDomain("beta.example", "2031-01-12", "")).Code(2201)
		c.Do(deleteDomain("beta.example")).Code(2201)
		require.Equal(s, "2031-01-12T07:10:00Z", s.north().Do(infoDomain("beta.example", "", "")).Text("exDate"))
	}},
	{id: "R5731-033", given: waits("create", "renew"), deviate: recode(1001, 1000), check: func(s *site) {
		c := s.north()
		c.Do(createPlain("moss.slow", "")).Code(1001)
		require.Contains(s, status(c, "moss.slow"), "pendingCreate")
		s.reg.Advance(25 * time.Hour)
		c.Do(renewDomain("moss.slow", "2027-03-01", "")).Code(1001)
		require.Contains(s, status(c, "moss.slow"), "pendingRenew")
	}},
	{id: "R5731-034", deviate: before(func(_ *mockserver.Exchange, q *domain.Create) { q.NS = nil }), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", hostObjs("ns1.alpha.example", "ns9.nowhere.invalid")+holder+hushed)).Code(2303)
		c.Do(infoDomain("moss.example", "", "")).Code(2303)
	}},
	{
		id:      "R5731-035",
		deviate: before(func(_ *mockserver.Exchange, q *domain.Create) { q.Registrant, q.Contacts = "jr-1", nil }),
		check: func(s *site) {
			c := s.north()
			c.Do(makeDomain("moss.example", "<d:registrant>nobody-1</d:registrant>"+hushed)).Code(2303)
			c.Do(makeDomain("moss.example", holder+role("tech", "nobody-1")+hushed)).Code(2303)
		},
	},
	{
		id:      "R5731-036",
		deviate: misread(`(</d:registrant>)(</d:create>)`, "$1<d:authInfo><d:pw>made-Up-77</d:pw></d:authInfo>$2"),
		check: func(s *site) {
			wantOneOf(s, s.north().Do(makeDomain("moss.example", holder)), 2001, 2003)
		},
	},
	{id: "R5731-037", deviate: result(func(r *domain.CreData) { r.ExDate = r.ExDate.AddDate(1, 0, 0) }), check: func(s *site) {
		a := s.north().Do(makeDomain("moss.example", years(3)+holder+hushed)).Code(1000)
		require.Equal(s, []string{"name", "crDate", "exDate"}, a.Names("creData"))
		require.Equal(s, "moss.example", a.Text("creData/name"))
		require.Equal(s, "2026-03-01T12:00:00Z", a.Text("creData/crDate"))
		require.Equal(s, "2029-03-01T12:00:00Z", a.Text("creData/exDate"))
	}},
	{id: "R5731-038", deviate: talkative("<delete>"), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
		wantNoData(s, c.Do(deleteDomain("moss.example")).Code(1000))
		wantNoData(s, c.Do(deleteDomain("beta.example")).Code(1001))
	}},
	{id: "R5731-039", deviate: lenient[*domain.Delete](epp.AssociationProhibitsOp), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
		newHost(c, "ns1.moss.example", "192.0.2.31").Code(1000)
		c.Do(deleteDomain("moss.example")).Code(2305)
		c.Do(hostCommand("delete", "<name>ns1.moss.example</name>")).Code(1000)
		c.Do(deleteDomain("moss.example")).Code(1000)
	}},
	{
		id:      "R5731-040",
		deviate: misread(`(<d:renew .*</d:name>)(</d:renew>)`, `$1<d:curExpDate>2031-01-12</d:curExpDate>$2`),
		check: func(s *site) {
			c := s.north()
			wantOneOf(s, c.Do(command("renew", "", named("alpha.example"))), 2001, 2003)
			wantOneOf(s, c.Do(renewDomain("alpha.example", "2031-01-12T07:00:00Z", "")), 2001, 2005)
			c.Do(renewDomain("alpha.example", "2031-01-12", "")).Code(1000)
		},
	},
	{
		id: "R5731-041", // it is renewed from whenever it ends
		deviate: tampering(func(frame []byte, honest func([]byte) []byte) []byte {
			answer := honest(frame)
			if bytes.Contains(frame, []byte("<renew>")) && bytes.Contains(answer, []byte(`"2306"`)) {
				return honest(bytes.ReplaceAll(frame, []byte("2031-"), []byte("2032-")))
			}
			return answer
		}),
		check: func(s *site) {
			c := s.north()
			c.Do(renewDomain("alpha.example", "2031-01-12", years(1))).Code(1000)
			require.Regexp(s, `code="2\d{3}"`, c.Do(renewDomain("alpha.example", "2031-01-12", years(1))).XML)
			require.Equal(s, "2032-01-12T07:00:00Z", c.Do(infoDomain("alpha.example", "", "")).Text("exDate"))
		},
	},
	{id: "R5731-042", deviate: result(func(r *domain.RenData) { r.ExDate = r.ExDate.AddDate(-1, 0, 0) }), check: func(s *site) {
		a := s.north().Do(renewDomain("alpha.example", "2031-01-12", years(2))).Code(1000)
		require.Equal(s, []string{"name", "exDate"}, a.Names("renData"))
		require.Equal(s, "alpha.example", a.Text("renData/name"))
		require.Equal(s, "2033-01-12T07:00:00Z", a.Text("renData/exDate"))
	}},
	{
		id:      "R5731-043",
		deviate: result(func(h *host.InfData) { h.ClID, h.TrDate = "reg-north", time.Time{} }),
		check: func(s *site) {
			losing, gaining := requested(s)
			losing.Do(transfer("approve", "alpha.example", "", "")).Code(1000)
			for _, name := range []string{"ns1.alpha.example", "ns2.alpha.example", "mail.alpha.example"} {
				a := infoHost(gaining, name).Code(1000)
				require.Equal(s, "reg-south", a.Text("infData/clID"))
				require.Equal(s, "2026-03-01T12:00:00Z", a.Text("infData/trDate"))
			}
			require.Equal(s, "reg-north", infoHost(gaining, "ns1.hosting.invalid").Text("infData/clID"))
		},
	},
	{
		id: "R5731-044", // the period of an approval counts, too
		deviate: func(p *plan) {
			around(func(_ *mockserver.Exchange, q *domain.Transfer, next func() (epp.Element, error)) (epp.Element, error) {
				a, err := next()
				if q.Op != epp.TransferApprove || q.Period == nil || err != nil {
					return a, err
				}
				return a, p.deviant.ChangeDomain(q.Name, gtld.Change{}, func(d *gtld.Domain) error {
					d.ExDate = d.ExDate.AddDate(q.Period.N, 0, 0)
					return nil
				})
			})(p)
		},
		check: func(s *site) {
			losing, gaining := requested(s)
			losing.Do(transfer("approve", "alpha.example", years(3), "")).Code(1000)
			require.Equal(s, "2032-01-12T07:00:00Z", gaining.Do(infoDomain("alpha.example", "", "")).Text("exDate"))
		},
	},
	{id: "R5731-045", deviate: misread("<transfer>", `<transfer op="request">`), check: func(s *site) {
		wantOneOf(s, s.south().Do(strings.Replace(request, ` op="request"`, "", 1)), 2001, 2003)
	}},
	{id: "R5731-046", deviate: lenient[*domain.Update](epp.RequiredParameterMissing), check: func(s *site) {
		c := s.north()
		wantOneOf(s, c.Do(updateDomain("beta.example", "")), 2001, 2003)
		c.Do(updateDomain("beta.example", "") + ext(secDNS("update", "<s:add>"+ds(11, "0a")+"</s:add>"))).Code(1000)
	}},
	{
		id: "R5731-047", // the text must be the same
		deviate: before(func(_ *mockserver.Exchange, q *domain.Update) {
			if q.Rem != nil {
				q.Rem.Status = slices.DeleteFunc(q.Rem.Status, func(st epp.Status) bool { return st.Text != "Unpaid" })
			}
		}),
		check: func(s *site) {
			c := s.north()
			for _, st := range []string{
				`<d:status s="clientHold"/>`, `<d:status s="clientHold">Paid</d:status>`, `<d:status s="clientHold" lang="fi">Unpaid</d:status>`,
			} {
				c.Do(updateDomain("alpha.example", `<d:add><d:status s="clientHold" lang="en">Unpaid</d:status></d:add>`)).Code(1000)
				c.Do(updateDomain("alpha.example", "<d:rem>"+st+"</d:rem>")).Code(1000)
				require.Equal(s, []string{"ok"}, status(c, "alpha.example"))
			}
		},
	},
	{
		id: "R5731-048", given: attributes, // the addresses must be the same
		deviate: before(func(_ *mockserver.Exchange, q *domain.Update) {
			q.Rem.NS.HostAttr = slices.DeleteFunc(q.Rem.NS.HostAttr, func(h domain.HostAttr) bool { return len(h.HostAddr) == 0 })
		}),
		check: func(s *site) {
			c := s.north()
			c.Do(updateDomain("alpha.example", "<d:rem>"+attrs(hostAttr("ns1.alpha.example"))+"</d:rem>")).Code(1000)
			require.Equal(s, []string{"ns2.alpha.example"}, c.Do(infoDomain("alpha.example", "", "")).All("hostName"))
			c.Do(updateDomain("alpha.example", "<d:rem>"+attrs(hostAttr("ns2.alpha.example", "192.0.2.99"))+"</d:rem>")).Code(1000)
			require.Empty(s, c.Do(infoDomain("alpha.example", "", "")).All("hostName"))
		},
	},
	{
		id: "R5731-049", given: optional, // what is empty stays
		deviate: before(func(_ *mockserver.Exchange, q *domain.Update) { q.Chg.Registrant = nil }),
		check: func(s *site) {
			c := s.north()
			c.Do(updateDomain("alpha.example", chgAuthInfo("<d:null/>"))).Code(1000)
			require.NotContains(s, c.Do(infoDomain("alpha.example", "", "")).Code(1000).Names("infData"), "authInfo")
			c.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(2202)
			c.Do(updateDomain("alpha.example", chgRegistrant(""))).Code(1000)
			require.NotContains(s, c.Do(infoDomain("alpha.example", "", "")).Code(1000).Names("infData"), "registrant")
		},
	},
	{id: "R5731-050", deviate: talkative("<update>"), check: func(s *site) {
		wantNoData(s, s.north().Do(updateDomain("alpha.example", addStatus("clientHold"))).Code(1000))
	}},
	{
		id: "R5731-051", given: waits("create", "delete"),
		deviate: result(func(r *domain.PanData) { r.PaTRID.SvTRID = "MOCK-999" }),
		check: func(s *site) {
			c := s.south()
			a := c.Do(createPlain("moss.slow", "")).Code(1001)
			require.NoError(s, s.reg.Decide("moss.slow", false))
			said := c.Do(pollReq).Code(1301)
			require.NotEmpty(s, said.Text("msgQ/msg"))
			require.Equal(s, []string{"name", "paTRID", "paDate"}, said.Names("panData"))
			require.Equal(s, "moss.slow", said.Text("panData/name"))
			require.Contains(s, []string{"0", "false"}, said.Attrs("panData/name", "paResult")[0])
			require.Equal(s, a.Text("trID/clTRID"), said.Text("paTRID/clTRID"))
			require.Equal(s, a.Text("trID/svTRID"), said.Text("paTRID/svTRID"))
			require.Equal(s, "2026-03-01T12:00:00Z", said.Text("panData/paDate"))
		},
	},
	{id: "R5731-053", deviate: lenient[*domain.Create](epp.InvalidAuthInfo), check: func(s *site) {
		c := s.north()
		require.Regexp(s, `code="2\d{3}"`, c.Do(makeDomain("moss.example", holder+"<d:authInfo/>")).XML)
		require.Regexp(s, `code="2\d{3}"`, c.Do(makeDomain("moss.example", holder+"<d:authInfo><d:pw/></d:authInfo>")).XML)
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
	}},
}
