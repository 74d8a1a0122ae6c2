package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// pan reads the next message, which tells how a command ended that had waited.
func pan(t *testing.T, c *wiretest.Client, clTRID string) (result, text string) {
	t.Helper()
	a := c.Do(`<poll op="req"/>`).Code(1301)
	require.Len(t, a.Names("panData"), 3)
	require.Equal(t, clTRID, a.Text("paTRID/clTRID"), "the command's, not the poll's")
	require.Contains(t, a.Text("paTRID/svTRID"), "MOCK-")
	c.Do(`<poll op="ack" msgID="` + a.Attrs("msgQ", "id")[0] + `"/>`).Code(1000)
	return a.Attrs("panData/*[@paResult]", "paResult")[0], a.Text("msgQ/msg")
}

// TestWaiting has commands on hosts and contacts wait for the clock and for a control (RFC
// 5732 and RFC 5733, section 3.3).
func TestWaiting(t *testing.T) {
	all := []string{"create", "update", "delete"}
	setup := func(t *testing.T, deny bool) (*mock, *wiretest.Client) {
		f, err := gtld.DefaultFixtures()
		require.NoError(t, err)
		f.Messages = nil
		f.HostRules.Offline = []gtld.Offline{{Names: []string{"slow*", "mail.alpha.example"}, Commands: all, Deny: deny}}
		f.ContactRules.Offline = []gtld.Offline{{Names: []string{"slow*"}, Deny: deny}, {Names: []string{"jr-1", "slow*"}, Commands: all, Deny: deny}}
		m := startWith(t, gtld.Options{Fixtures: f})
		return m, m.loginX(t)
	}
	t.Run("R5732-021 create, update and delete of a host", func(t *testing.T) {
		m, x := setup(t, false)
		a := newHost(x, "slow.alpha.example", "192.0.2.7").Code(1001)
		require.Equal(t, []string{"name", "crDate"}, a.Names("creData"))
		require.Equal(t, []string{"pendingCreate"}, infoHost(x, "slow.alpha.example").Attrs("status", "s"))
		updateHost(x, "slow.alpha.example", "<add>"+addrElements("192.0.2.8")+"</add>").Code(2304)
		x.Do(hostCommand("delete", "<name>slow.alpha.example</name>")).Code(2304)
		x.Do(`<update><update xmlns="` + domainNS + `"><name>alpha.example</name><add><ns><hostObj>slow.alpha.example</hostObj></ns></add></update></update>`).Code(2303)
		m.Advance(24 * time.Hour)
		result, text := pan(t, x, a.Text("clTRID"))
		require.Equal(t, "1", result)
		require.Equal(t, "The create of host slow.alpha.example was carried out.", text)
		require.Equal(t, []string{"ok"}, infoHost(x, "slow.alpha.example").Attrs("status", "s"))

		a = updateHost(x, "slow.alpha.example", "<add>"+addrElements("192.0.2.8")+`<status s="clientDeleteProhibited"/></add><chg><name>slow.beta.example</name></chg>`).Code(1001)
		require.Equal(t, []string{"192.0.2.7"}, infoHost(x, "slow.alpha.example").All("addr"), "it is as it was")
		require.Equal(t, []string{"pendingUpdate"}, infoHost(x, "slow.alpha.example").Attrs("status", "s"))
		m.Advance(time.Hour)
		require.NoError(t, m.DecideHost("SLOW.alpha.example", true))
		result, _ = pan(t, x, a.Text("clTRID"))
		require.Equal(t, "1", result)
		b := infoHost(x, "slow.beta.example").Code(1000)
		require.Equal(t, []string{"192.0.2.7", "192.0.2.8"}, b.All("addr"))
		require.Equal(t, []string{"clientDeleteProhibited"}, b.Attrs("status", "s"))
		require.Equal(t, "2026-03-02T13:00:00Z", b.Text("upDate"))

		a = x.Do(hostCommand("delete", "<name>mail.alpha.example</name>")).Code(1001)
		require.Equal(t, []string{"pendingDelete"}, infoHost(x, "mail.alpha.example").Attrs("status", "s"))
		m.Advance(10 * 24 * time.Hour)
		result, _ = pan(t, x, a.Text("clTRID"))
		require.Equal(t, "1", result)
		infoHost(x, "mail.alpha.example").Code(2303)
		require.ErrorIs(t, m.DecideHost("mail.alpha.example", true), gtld.ErrNothingPending)
	})
	t.Run("refused, of a host", func(t *testing.T) {
		m, x := setup(t, true)
		a := newHost(x, "slow.alpha.example").Code(1001)
		b := updateHost(x, "mail.alpha.example", "<rem>"+addrElements("192.0.2.25")+"</rem>").Code(1001)
		m.Advance(24 * time.Hour)
		for _, want := range []*wiretest.Answer{b, a} { // those of one moment by their names
			result, text := pan(t, x, want.Text("clTRID"))
			require.Equal(t, "0", result)
			require.Contains(t, text, "was refused.")
		}
		infoHost(x, "slow.alpha.example").Code(2303)
		require.Equal(t, []string{"192.0.2.25"}, infoHost(x, "mail.alpha.example").All("addr"))
		require.Equal(t, []string{"ok"}, infoHost(x, "mail.alpha.example").Attrs("status", "s"))
	})
	t.Run("what has changed meanwhile stands in the way", func(t *testing.T) {
		m, x := setup(t, false)
		a := rename(x, "mail.alpha.example", "ns5.alpha.example").Code(1001)
		newHost(x, "ns5.alpha.example").Code(1000)
		m.Advance(24 * time.Hour)
		result, _ := pan(t, x, a.Text("clTRID"))
		require.Equal(t, "0", result)
		infoHost(x, "mail.alpha.example").Code(1000)

		a = x.Do(hostCommand("delete", "<name>mail.alpha.example</name>")).Code(1001)
		x.Do(`<update><update xmlns="` + domainNS + `"><name>alpha.example</name><add><ns><hostObj>mail.alpha.example</hostObj></ns></add></update></update>`).Code(1000)
		m.Advance(24 * time.Hour)
		result, _ = pan(t, x, a.Text("clTRID"))
		require.Equal(t, "0", result)
		require.Equal(t, []string{"ok", "linked"}, infoHost(x, "mail.alpha.example").Attrs("status", "s"))
	})
	t.Run("RFC 5733, 3.3 a contact", func(t *testing.T) {
		m, x := setup(t, false)
		a := newContact(x, "slow-1").Code(1001)
		require.Equal(t, []string{"pendingCreate"}, x.Do(infoContact("slow-1", "")).Attrs("status", "s"))
		x.Do(`<update><update xmlns="` + domainNS + `"><name>alpha.example</name><chg><registrant>slow-1</registrant></chg></update></update>`).Code(2303)
		require.NoError(t, m.DecideContact("slow-1", true))
		result, text := pan(t, x, a.Text("clTRID"))
		require.Equal(t, "1", result)
		require.Equal(t, "The create of contact slow-1 was carried out.", text)

		a = x.Do(contactCommand("update", "<id>jr-1</id><chg><email>late@sauna.example</email></chg>")).Code(1001)
		require.Equal(t, []string{"pendingUpdate", "linked"}, x.Do(infoContact("jr-1", "")).Attrs("status", "s"))
		require.Equal(t, "jil@rombach.example", x.Do(infoContact("jr-1", "")).Text("infData/email"))
		m.Advance(24 * time.Hour)
		result, _ = pan(t, x, a.Text("clTRID"))
		require.Equal(t, "1", result)
		require.Equal(t, "late@sauna.example", x.Do(infoContact("jr-1", "")).Text("infData/email"))

		x.Do(contactCommand("delete", "<id>slow-1</id>")).Code(1001)
		m.Advance(24 * time.Hour)
		x.Do(infoContact("slow-1", "")).Code(2303)
	})
	t.Run("refused, of a contact", func(t *testing.T) {
		m, x := setup(t, true)
		newContact(x, "slow-1").Code(1001)
		x.Do(contactCommand("update", `<id>jr-1</id><add><status s="clientUpdateProhibited"/></add>`)).Code(1001)
		m.Advance(24 * time.Hour)
		x.Do(infoContact("slow-1", "")).Code(2303)
		require.Equal(t, []string{"ok", "linked"}, x.Do(infoContact("jr-1", "")).Attrs("status", "s"))
		require.ErrorIs(t, m.DecideContact("jr-1", true), gtld.ErrNothingPending)
	})
	t.Run("what waits goes with its object, and not with another of its name", func(t *testing.T) {
		m, x := setup(t, false)
		y := m.loginY(t)
		begin := func(c *wiretest.Client) {
			c.Do(extCreate("sauna.example", "", "")).Code(1000)
			newHost(c, "slow.sauna.example", "192.0.2.7").Code(1001)
			require.NoError(t, m.DecideHost("slow.sauna.example", true))
			drain(c)
		}
		begin(x)
		a := x.Do(hostCommand("delete", "<name>slow.sauna.example</name>")).Code(1001)
		require.NoError(t, m.ChangeDomain("sauna.example", gtld.Change{}, nil))
		told := drain(x)
		require.Equal(t, a.Text("clTRID"), told[1].Text("paTRID/clTRID"))
		require.Equal(t, []string{"0"}, told[1].Attrs("panData/name", "paResult"))
		begin(y)

		newContact(x, "slow-1").Code(1001)
		require.NoError(t, m.ChangeContact("slow-1", gtld.Change{}, nil))
		require.Equal(t, "The create of contact slow-1 was refused.", texts(x)[1])
		newContact(x, "slow-1").Code(1001)
		require.NoError(t, m.DecideContact("slow-1", true))
		x.Do(contactCommand("delete", "<id>slow-1</id>")).Code(1001)
		require.NoError(t, m.DeleteRecord(registry.Contact, "slow-1")) // which knows nothing of what waits
		require.NoError(t, m.Seed([]byte(`contacts: [{id: slow-1, clID: reg-south, crDate: 2026-03-01T12:00:00Z, email: a@sauna.example, postal: [{type: int, name: A, city: B, cc: FI}]}]`)))

		m.Advance(10 * 24 * time.Hour)
		require.Equal(t, "reg-south", infoHost(y, "slow.sauna.example").Code(1000).Text("clID"))
		require.Equal(t, []string{"ok"}, y.Do(infoContact("slow-1", "")).Code(1000).Attrs("status", "s"))
	})
}
