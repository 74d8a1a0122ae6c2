package gtld_test

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

// Parts of an update of a host that forbid it, and let it be.
const (
	hostHeld   = `<add><status s="clientDeleteProhibited"/><status s="clientUpdateProhibited"/></add>`
	hostLoosed = `<rem><status s="clientUpdateProhibited"/></rem>`
)

// hostsWait gives commands on hosts called slow to somebody.
func hostsWait(p *plan) {
	p.fixtures.HostRules.Offline = []gtld.Offline{{Names: []string{"slow.*"}, Commands: []string{"create", "update", "delete"}}}
}

// rules5732 are those of hosts (RFC 5732).
var rules5732 = []rule{
	{
		id:      "R5732-001",
		deviate: rewriteTo("<info>", `<\w+:status [^>]*/>`, ""),
		check: func(s *site) {
			c := s.north()
			newHost(c, "ns7.alpha.example").Code(1000)
			for _, name := range []string{"ns7.alpha.example", "ns1.alpha.example"} {
				require.NotEmpty(s, infoHost(c, name).Code(1000).Attrs("status", "s"))
			}
		},
	},
	{
		id:      "R5732-002",
		deviate: result(func(h *host.InfData) { h.Status = append(h.Status, epp.Status{S: "ok"}) }),
		check: func(s *site) {
			c := s.north()
			updateHost(c, "ns2.alpha.example", hostHeld).Code(1000)
			for name, want := range map[string][]string{
				"ns1.alpha.example": {"ok", "linked"}, "ns2.alpha.example": {"clientDeleteProhibited", "clientUpdateProhibited", "linked"}, "mail.alpha.example": {"ok"},
			} {
				require.ElementsMatch(s, want, infoHost(c, name).Code(1000).Attrs("status", "s"))
			}
		},
	},
	{
		id:      "R5732-003",
		deviate: lenient[epp.Element](epp.StatusProhibitsOperation),
		given: func(p *plan) { // ns1.hosting.invalid
			p.fixtures.Hosts[3].Status = []string{"serverDeleteProhibited", "serverUpdateProhibited"}
		},
		check: func(s *site) {
			c := s.north()
			const addr = "<add><addr>192.0.2.26</addr></add>"
			updateHost(c, "mail.alpha.example", hostHeld).Code(1000)
			for _, name := range []string{"mail.alpha.example", "ns1.hosting.invalid"} {
				updateHost(c, name, addr).Code(2304)
				c.Do(hostCommand("delete", "<name>"+name+"</name>")).Code(2304)
			}
			updateHost(c, "mail.alpha.example", hostLoosed).Code(1000)
			updateHost(c, "mail.alpha.example", addr).Code(1000)
			updateHost(c, "mail.alpha.example", strings.Replace(hostLoosed, "Update", "Delete", 1)).Code(1000)
			c.Do(hostCommand("delete", "<name>mail.alpha.example</name>")).Code(1000)
		},
	},
	{
		id: "R5732-004", given: hostsWait,
		deviate: result(func(h *host.InfData) {
			if h.Status[0].S == "pendingUpdate" {
				h.Status = append(h.Status, epp.Status{S: "clientUpdateProhibited"})
			}
		}),
		check: func(s *site) {
			c := s.north()
			newHost(c, "slow.alpha.example", "192.0.2.41").Code(1001)
			require.Equal(s, []string{"pendingCreate"}, infoHost(c, "slow.alpha.example").Attrs("status", "s"))
			s.reg.Advance(25 * time.Hour)
			updateHost(c, "slow.alpha.example", "<add><addr>192.0.2.42</addr></add>").Code(1001)
			updateHost(c, "slow.alpha.example", hostHeld).Code(2304)
			c.Do(hostCommand("delete", "<name>slow.alpha.example</name>")).Code(2304)
			require.Equal(s, []string{"pendingUpdate"}, infoHost(c, "slow.alpha.example").Attrs("status", "s"))
		},
	},
	{id: "R5732-005", deviate: lenient[*host.Update](epp.ParameterPolicyError), check: func(s *site) {
		c := s.north()
		for _, st := range []string{"clientHold", "clientRenewProhibited", "clientTransferProhibited"} {
			updateHost(c, "mail.alpha.example", `<add><status s="`+st+`"/></add>`).Code(2001)
		}
		for _, st := range []string{"serverUpdateProhibited", "linked", "ok", "pendingDelete"} {
			updateHost(c, "mail.alpha.example", `<add><status s="`+st+`"/></add>`).Code(2306)
		}
		require.Equal(s, []string{"ok"}, infoHost(c, "mail.alpha.example").Attrs("status", "s"))
	}},
	{id: "R5732-006", deviate: lenient[*host.Create](epp.ParameterSyntaxError), check: func(s *site) {
		c := s.north()
		for _, addr := range []string{"256.1.1.1", "a.b.c.d", "192.0.2", "192.0.2.07", "2001:db8::1:2::3", "::X", "2001:db8::1/64", "fe80::1%1"} {
			newHost(c, "ns7.alpha.example", addr).Code(2005)
		}
		c.Do(hostCommand("create", `<name>ns7.alpha.example</name><addr ip="v4">2001:db8::7</addr>`)).Code(2005)
		c.Do(hostCommand("create", `<name>ns7.alpha.example</name><addr ip="v6">192.0.2.7</addr>`)).Code(2005)
		newHost(c, "ns7.alpha.example", "192.0.2.7", "2001:db8::7").Code(1000)
	}},
	{id: "R5732-007", deviate: result(func(r *host.ChkData) { r.CD = r.CD[:1] }), check: func(s *site) {
		a := s.south().Do(hostCommand("check", "<name>ns1.alpha.example</name><name>ns7.alpha.example</name>")).Code(1000)
		require.Equal(s, []string{"cd", "cd"}, a.Names("chkData"))
		require.Equal(s, []string{"ns1.alpha.example", "ns7.alpha.example"}, a.All("cd/name"))
		require.Equal(s, []string{"0", "1"}, a.Attrs("cd/name", "avail"))
	}},
	{id: "R5732-008", deviate: swapped("host-1.0", "crID", "crDate"), check: func(s *site) {
		c := s.north()
		updateHost(c, "mail.alpha.example", hostHeld).Code(1000)
		for _, name := range []string{"ns1.alpha.example", "mail.alpha.example", "ns1.hosting.invalid"} {
			wantShape(s, infoHost(c, name).Code(1000), "infData", "name roid (status )+(addr )*clID crID crDate (upID )?(upDate )?(trDate )?")
		}
	}},
	{
		id:      "R5732-009",
		deviate: result(func(h *host.InfData) { h.UpID, h.UpDate = h.CrID, h.CrDate }),
		check: func(s *site) {
			c := s.north()
			newHost(c, "ns7.alpha.example", "192.0.2.7").Code(1000)
			names := infoHost(c, "ns7.alpha.example").Code(1000).Names("infData")
			for _, el := range []string{"upID", "upDate", "trDate"} {
				require.NotContains(s, names, el)
			}
		},
	},
	{id: "R5732-010", deviate: rewriteTo(`op="query".*host-1.0`, `code="2...`, `code="1000`), check: func(s *site) {
		wantOneOf(s, s.north().Do(hostCommand("transfer query", "<name>ns1.alpha.example</name>")), 2001, 2101)
	}},
	{id: "R5732-011", deviate: lenient[epp.Element](epp.AuthorizationError), check: func(s *site) {
		c := s.south()
		updateHost(c, "mail.alpha.example", hostHeld).Code(2201)
		rename(c, "mail.alpha.example", "post.alpha.example").Code(2201)
		c.Do(hostCommand("delete", "<name>mail.alpha.example</name>")).Code(2201)
		infoHost(c, "mail.alpha.example").Code(1000)
	}},
	{
		id:      "R5732-012", // a host stays with its sponsor
		deviate: result(func(h *host.InfData) { h.ClID = h.CrID }),
		check: func(s *site) {
			losing, gaining := requested(s)
			for _, command := range []string{"transfer request", "transfer approve", "renew"} {
				wantOneOf(s, gaining.Do(hostCommand(command, "<name>ns1.alpha.example</name>")), 2001, 2101)
			}
			require.Equal(s, "reg-north", infoHost(gaining, "ns1.alpha.example").Text("infData/clID"))
			losing.Do(transfer("approve", "alpha.example", "", "")).Code(1000)
			require.Equal(s, "reg-south", infoHost(gaining, "ns1.alpha.example").Text("infData/clID"))
		},
	},
	{id: "R5732-013", deviate: lenient[*host.Create](epp.ObjectDoesNotExist), check: func(s *site) {
		c := s.north()
		wantOneOf(s, newHost(c, "ns1.nobody.example", "192.0.2.7"), 2303, 2306)
		c.Do(makeDomain("nobody.example", holder+hushed)).Code(1000)
		newHost(c, "ns1.nobody.example", "192.0.2.7").Code(1000)
	}},
	{id: "R5732-014", deviate: swapped("<create>", "name", "crDate"), check: func(s *site) {
		a := newHost(s.north(), "ns7.alpha.example", "192.0.2.7").Code(1000)
		require.Equal(s, []string{"name", "crDate"}, a.Names("creData"))
		require.Equal(s, "ns7.alpha.example", a.Text("creData/name"))
		require.Equal(s, "2026-03-01T12:00:00Z", a.Text("creData/crDate"))
	}},
	{
		id:      "R5732-015", // the form of an address is guessed
		deviate: misread("<addr>([0-9a-f]*:)", `<addr ip="v6">$1`),
		check: func(s *site) {
			c := s.north()
			c.Do(hostCommand("create", "<name>ns7.alpha.example</name><addr>2001:db8::7</addr>")).Code(2005)
			c.Do(hostCommand("create", "<name>ns7.alpha.example</name><addr>192.0.2.7</addr>")).Code(1000)
			require.Contains(s, []string{"v4", "absent"}, infoHost(c, "ns7.alpha.example").Attrs("addr", "ip")[0])
		},
	},
	{id: "R5732-016", deviate: lenient[*host.Delete](epp.AssociationProhibitsOp), check: func(s *site) {
		c := s.north()
		c.Do(hostCommand("delete", "<name>ns1.alpha.example</name>")).Code(2305)
		wantNoData(s, c.Do(hostCommand("delete", "<name>mail.alpha.example</name>")).Code(1000))
		infoHost(c, "mail.alpha.example").Code(2303)
	}},
	{id: "R5732-017", deviate: lenient[*host.Update](epp.RequiredParameterMissing), check: func(s *site) {
		wantOneOf(s, updateHost(s.north(), "mail.alpha.example", ""), 2001, 2003)
	}},
	{
		id: "R5732-018",
		deviate: result(func(d *domain.InfData) {
			if d.NS.HostObj[0] == "ns9.alpha.example" {
				d.NS.HostObj = d.NS.HostObj[1:]
			}
		}),
		check: func(s *site) {
			c := s.north()
			rename(c, "ns1.alpha.example", "ns9.alpha.example").Code(1000)
			for name, want := range map[string][]string{
				"alpha.example": {"ns9.alpha.example", "ns2.alpha.example"}, "beta.example": {"ns9.alpha.example", "ns1.hosting.invalid"},
			} {
				require.ElementsMatch(s, want, c.Do(infoDomain(name, "", "")).Code(1000).All("hostObj"))
			}
			require.Contains(s, infoHost(c, "ns9.alpha.example").Code(1000).Attrs("status", "s"), "linked")
		},
	},
	{id: "R5732-019", deviate: lenient[*host.Update](epp.AssociationProhibitsOp), check: func(s *site) {
		rename(s.north(), "ns1.hosting.invalid", "ns2.hosting.invalid").Code(2305)
		require.Equal(s, []string{"ns1.hosting.invalid"}, s.south().Do(infoDomain("delta.test", "", "")).All("hostObj"))
	}},
	{id: "R5732-020", deviate: talkative("<update>"), check: func(s *site) {
		wantNoData(s, updateHost(s.north(), "mail.alpha.example", hostHeld).Code(1000))
	}},
	{
		id: "R5732-021", given: func(p *plan) { hostsWait(p); p.fixtures.Messages = nil },
		deviate: result(func(r *host.PanData) { r.PaTRID.ClTRID = "wire-99" }),
		check: func(s *site) {
			c := s.north()
			a := newHost(c, "slow.alpha.example", "192.0.2.41").Code(1001)
			require.NoError(s, s.reg.DecideHost("slow.alpha.example", true))
			said := c.Do(pollReq).Code(1301)
			require.NotEmpty(s, said.Text("msgQ/msg"))
			require.Equal(s, []string{"name", "paTRID", "paDate"}, said.Names("panData"))
			require.Equal(s, "slow.alpha.example", said.Text("panData/name"))
			require.Contains(s, []string{"1", "true"}, said.Attrs("panData/name", "paResult")[0])
			require.Equal(s, a.Text("trID/clTRID"), said.Text("paTRID/clTRID"))
			require.Equal(s, a.Text("trID/svTRID"), said.Text("paTRID/svTRID"))
		},
	},
}
