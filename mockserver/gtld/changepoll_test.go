package gtld_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// next polls a message and acknowledges it.
func next(t *testing.T, c *wiretest.Client) *wiretest.Answer {
	t.Helper()
	a := c.Do(`<poll op="req"/>`).Code(1301)
	c.Do(`<poll op="ack" msgID="` + a.Attrs("msgQ", "id")[0] + `"/>`).Code(1000)
	return a
}

func TestChangePoll(t *testing.T) {
	m := extended(t, gtld.Options{}, `
zones: [example]
hosts: [{name: ns1.sauna.invalid, clID: reg-north, crDate: 2024-01-12T08:00:00Z}]
`)
	x := m.loginX(t)
	require.Contains(t, x.Greeting.All("extURI"), changepoll.NS)
	x.Do(extCreate("sauna.example", "", secDNS("create", ds(11, "0a")))).Code(1000)

	t.Run("R8590-001 2.2 before, and then after", func(t *testing.T) {
		require.NoError(t, m.ChangeDomain("Sauna.example", gtld.Change{
			Who: "Duty officer", CaseType: changepoll.URS, CaseID: "urs-7", Reason: "Rapid suspension",
		}, func(d *gtld.Domain) error {
			d.Status = append(d.Status, "serverHold")
			return nil
		}))
		before, after := next(t, x), next(t, x)
		require.Equal(t, []string{"before"}, before.Attrs("changeData", "state"))
		require.Equal(t, []string{"inactive"}, before.Attrs("domain:status", "s"))
		require.Equal(t, []string{"after"}, after.Attrs("changeData", "state"))
		require.Equal(t, []string{"serverHold", "inactive"}, after.Attrs("domain:status", "s"))
		require.Equal(t, []string{"update", "Duty officer", "urs-7", "Rapid suspension", "2026-03-01T12:00:00Z"}, []string{
			after.Text("operation"), after.Text("who"), after.Text("caseId"), after.Text("reason"), after.Text("changeData/date"),
		})
		require.Equal(t, before.Text("changeData/svTRID"), after.Text("changeData/svTRID"))
		require.Equal(t, "11", after.Text("dsData/keyTag"), "as an info shows it")
		require.NotContains(t, after.XML, "Sauna-Kiulu-7")
		require.Equal(t, []string{"serverHold", "inactive"}, x.Do(infoDomain("sauna.example", "", "")).Attrs("domain:status", "s"))
	})
	t.Run("hosts and contacts", func(t *testing.T) {
		require.NoError(t, m.ChangeHost("ns1.sauna.invalid", gtld.Change{}, func(h *gtld.Host) error {
			h.Status = append(h.Status, "serverUpdateProhibited")
			return nil
		}))
		require.Equal(t, []string{"ok"}, next(t, x).Attrs("host:status", "s"))
		require.Equal(t, []string{"serverUpdateProhibited"}, next(t, x).Attrs("host:status", "s"))
		require.NoError(t, m.ChangeContact("jr-1", gtld.Change{}, func(c *gtld.Contact) error {
			c.Email = "jil@kiulu.example"
			return nil
		}))
		require.Equal(t, "jil@rombach.example", next(t, x).Text("email"))
		require.Equal(t, "jil@kiulu.example", next(t, x).Text("email"))
	})
	t.Run("a change that fails changes nothing, and says nothing", func(t *testing.T) {
		no := errors.New("no")
		require.ErrorIs(t, m.ChangeDomain("sauna.example", gtld.Change{}, func(d *gtld.Domain) error { d.Status = nil; return no }), no)
		require.ErrorIs(t, m.ChangeDomain("kiulu.example", gtld.Change{}, nil), gtld.ErrNoObject)
		require.ErrorIs(t, m.ChangeHost("ns9.sauna.invalid", gtld.Change{}, nil), gtld.ErrNoObject)
		require.ErrorContains(t, m.ChangeDomain("sauna.example", gtld.Change{}, func(d *gtld.Domain) error { d.Name = "a.example"; return nil }), "another name")
		require.ErrorContains(t, m.ChangeContact("jr-1", gtld.Change{}, func(c *gtld.Contact) error { c.ID = "jr-2"; return nil }), "another name")
		require.ErrorContains(t, m.ChangeContact("jr-1", gtld.Change{}, nil), "sauna.example")
		x.Do(`<poll op="req"/>`).Code(1300)
	})
	t.Run("2.2 what is purged has no state after", func(t *testing.T) {
		require.NoError(t, m.ChangeDomain("sauna.example", gtld.Change{}, nil))
		a := next(t, x)
		require.Equal(t, []string{"before"}, a.Attrs("changeData", "state"))
		require.Equal(t, []string{"purge"}, a.Attrs("operation", "op"))
		require.Equal(t, "delete", a.Text("operation"))
		x.Do(`<poll op="req"/>`).Code(1300)
		x.Do(infoDomain("sauna.example", "", "")).Code(2303)
	})
	t.Run("R9038-001 for who did not name it", func(t *testing.T) {
		require.NoError(t, m.ChangeHost("ns1.sauna.invalid", gtld.Change{}, nil))
		c := m.with(t, "reg-north", "north-Gate9", []string{hostNS}, nil)
		require.Equal(t, []string{changepoll.NS + " not in login services"}, c.Do(`<poll op="req"/>`).Code(1301).All("extValue/reason"))
	})
	t.Run("where it is not announced, the object alone", func(t *testing.T) {
		m := extended(t, gtld.Options{Announce: []string{secDNSNS}}, "zones: [example]")
		x := m.loginX(t)
		x.Do(extCreate("sauna.example", "", "")).Code(1000)
		require.NoError(t, m.ChangeDomain("sauna.example", gtld.Change{}, func(*gtld.Domain) error { return nil }))
		require.NotContains(t, x.Do(`<poll op="req"/>`).Code(1301).XML, changepoll.NS)
	})
}
