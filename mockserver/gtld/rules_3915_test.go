package gtld_test

import (
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/match"
)

var (
	askRestore    = restore("beta.example", "<d:chg/>", "request", "")
	reportRestore = restore("beta.example", "<d:chg/>", "report", fullReport())
)

// deleted has reg-north delete beta.example, whose addPeriod is long over.
func deleted(s *site) *wiretest.Client {
	c := s.north()
	c.Do(deleteDomain("beta.example")).Code(1001)
	return c
}

// wantRGP wants beta.example to be on its way from a deletion.
func wantRGP(s *site, c *wiretest.Client, want string) {
	s.Helper()
	statuses, rgp := shows(c, "beta.example")
	require.Contains(s, statuses, "pendingDelete")
	require.Equal(s, []string{want}, rgp)
}

// living has an info of a domain show none of its pending statuses.
var living = result(func(d *domain.InfData) {
	d.Status = slices.DeleteFunc(d.Status, func(st epp.Status) bool { return strings.HasPrefix(st.S, "pending") })
})

// rules3915 are those of grace periods and restores (RFC 3915).
var rules3915 = []rule{
	{id: "R3915-001", deviate: living, check: func(s *site) { wantRGP(s, deleted(s), "redemptionPeriod") }},
	{
		id: "R3915-002", // the restore is complete at once
		deviate: func(p *plan) {
			p.deviant.around = func(x *mockserver.Exchange, q epp.Element, next mockserver.Handler) (epp.Element, error) {
				a, err := next(x, q)
				if x.Command.Verb == "update" && err == nil {
					answer := x.Extension
					x.Command.Extension[0].(*rgp.Update).Restore = rgp.Restore{Op: rgp.OpReport, Report: theReport()}
					_, err = next(x, q)
					x.Extension = answer
				}
				return a, err
			}
		},
		check: func(s *site) {
			c := deleted(s)
			c.Do(askRestore).Code(1000)
			wantRGP(s, c, "pendingRestore")
		},
	},
	{
		id:      "R3915-003",
		deviate: faulty(fault.Fault{Kind: fault.StaleRead, Match: fault.Match{Match: match.Match{Verb: "info"}}}),
		check: func(s *site) {
			c := deleted(s)
			c.Do(askRestore).Code(1000)
			c.Do(reportRestore).Code(1000)
			statuses, rgp := shows(c, "beta.example")
			require.NotContains(s, statuses, "pendingDelete")
			require.Empty(s, rgp)
		},
	},
	{id: "R3915-004", deviate: living, check: func(s *site) {
		c := deleted(s)
		s.reg.Advance(31 * day)
		wantRGP(s, c, "pendingDelete")
	}},
	{id: "R3915-005", deviate: withOffsets("<info>"), check: func(s *site) {
		c := deleted(s)
		a := c.Do(infoDomain("beta.example", "", "")).Code(1000)
		wantUTC(s, a)
		require.Regexp(s, `\d\dT\d\d:\d\d:\d\dZ$`, a.Text("rgpStatus"))
		c.Do(askRestore).Code(1000)
		c.Do(reportRestore).Code(1000)
		wantUTC(s, c.Do(infoDomain("beta.example", "", "")).Code(1000))
	}},
	{id: "R3915-006", deviate: bare("info"), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("moss.example", holder+hushed)).Code(1000)
		_, rgp := shows(c, "moss.example")
		require.Equal(s, []string{"addPeriod"}, rgp)
		c.Do(renewDomain("beta.example", "2031-01-12", "")).Code(1000)
		_, rgp = shows(c, "beta.example")
		require.Equal(s, []string{"renewPeriod"}, rgp)
		plain := s.dial()
		login(plain, "reg-north", "north-Gate9", []string{domainNS}, nil)
		require.NotContains(s, plain.Do(infoDomain("beta.example", "", "")).Code(1000).XML, "rgp")
	}},
	{id: "R3915-007", deviate: lenient[*domain.Update](epp.ParameterPolicyError), check: func(s *site) {
		c := deleted(s)
		for _, parts := range []string{addStatus("clientHold"), remStatus("clientTransferProhibited"), chgRegistrant("kt-2")} {
			c.Do(restore("beta.example", parts, "request", "")).Code(2306)
		}
		wantOneOf(s, c.Do(restore("beta.example", "", "request", "")), 2001, 2003)
		wantRGP(s, c, "redemptionPeriod")
	}},
	{id: "R3915-008", deviate: lenient[*domain.Update](epp.RequiredParameterMissing), check: func(s *site) {
		c := deleted(s)
		require.Regexp(s, `code="2\d{3}"`, c.Do(restore("beta.example", "<d:chg/>", "request", fullReport())).XML)
		c.Do(askRestore).Code(1000)
		wantOneOf(s, c.Do(restore("beta.example", "<d:chg/>", "report", "")), 2001, 2003)
		wantRGP(s, c, "pendingRestore")
	}},
	{id: "R3915-009", deviate: lenient[*domain.Update](epp.RequiredParameterMissing), check: func(s *site) {
		c := deleted(s)
		c.Do(askRestore).Code(1000)
		one, _, _ := strings.Cut(statements, "</r:statement>")
		one += "</r:statement>"
		for _, part := range []string{delTime, resTime, "<r:preData>Olli</r:preData>", "<r:resReason>A slip</r:resReason>", statements, one} {
			wantOneOf(s, c.Do(strings.Replace(reportRestore, part, "", 1)), 2001, 2003)
		}
		c.Do(strings.Replace(reportRestore, statements, statements+"<r:other>No more</r:other>", 1)).Code(1000)
	}},
	{id: "R3915-010", deviate: bare("update"), check: func(s *site) {
		a := deleted(s).Do(askRestore).Code(1000)
		require.Equal(s, []string{"rgpStatus"}, a.Names("extension/upData"))
		require.Equal(s, []string{"pendingRestore"}, a.Attrs("rgpStatus", "s"))
	}},
	{
		id:      "R3915-011",
		deviate: rewriteTo(`op="report"`, "<trID>", `<extension><r:upData xmlns:r="`+rgpNS+`"><r:rgpStatus s="pendingDelete"/></r:upData></extension>$0`),
		check: func(s *site) {
			c := deleted(s)
			c.Do(askRestore).Code(1000)
			require.NotContains(s, c.Do(reportRestore).Code(1000).XML, rgpNS)
		},
	},
	{id: "R3915-012", deviate: lenient[*domain.Update](epp.StatusProhibitsOperation), check: func(s *site) {
		s.north().Do(askRestore).Code(2304)
		c := deleted(s)
		c.Do(askRestore).Code(1000)
		c.Do(askRestore).Code(2304)
		c.Do(reportRestore).Code(1000)
		c.Do(askRestore).Code(2304)
	}},
}

// theReport is one that is accepted.
func theReport() *rgp.Report {
	said := func(s string) epp.Mixed { return epp.Mixed{Text: s} }
	return &rgp.Report{
		PreData: said("Olli"), PostData: said("Olli"), DelTime: noon, ResTime: noon,
		ResReason: epp.Msg{Mixed: said("A slip")}, Statement: []epp.Msg{{Mixed: said("It is true.")}, {Mixed: said("So is that.")}},
	}
}
