package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const waiting = `tlds:
- name: hut
  contacts: {model: thin}
  prices: {standard: {create: 10, renew: 10}, currency: EUR}
  offline:
  - {names: [slow*], commands: [create, renew, update, delete], after: 2d}
  - {names: ["*no*"], after: 12h, deny: true}
  - {names: [late], commands: [update], after: 200d}
- {name: leaf, contacts: {model: thin}, autoRenew: false}
`

// startWaiting gives the first registrar 100 EUR. The queues are empty.
func startWaiting(t *testing.T) (*mock, *wiretest.Client) {
	t.Helper()
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.Messages = nil
	f.Registrars[0].Credit = map[string]registry.Amount{"hut": 100_00}
	m := startWith(t, gtld.Options{Fixtures: f, Policies: policies(t, waiting)})
	return m, m.loginX(t)
}

func credit(m *mock) string { return m.Accounts.Credit("reg-north")[0].Credit.String() }

// verdict is the panData of the next message, which is acknowledged.
func verdict(t *testing.T, c *wiretest.Client) *wiretest.Answer {
	t.Helper()
	a := c.Do(`<poll op="req"/>`).Code(1301)
	require.Equal(t, []string{"name", "paTRID", "paDate"}, a.Names("panData"), "R5731-051")
	c.Do(`<poll op="ack" msgID="` + a.Attrs("msgQ", "id")[0] + `"/>`).Code(1000)
	return a
}

func TestPendingCreate(t *testing.T) {
	m, x := startWaiting(t)
	y := m.loginY(t)
	asked := x.Do(makeDomain("slow-1.hut", years(2)+hushed)).Code(1001)
	t.Run("R5730-005 R5731-033 the answer and the status say so", func(t *testing.T) {
		require.Equal(t, "2028-03-01T12:00:00Z", asked.Text("creData/exDate"))
		require.Equal(t, []string{"pendingCreate", "inactive"}, status(x, "slow-1.hut"))
		require.Equal(t, []string{"0"}, y.Do(checkDomains("slow-1.hut")).Attrs("cd/name", "avail"))
		y.Do(makeDomain("slow-1.hut", hushed)).Code(2302)
		require.Equal(t, "80.00", credit(m))
	})
	t.Run("R5731-018 nothing else can begin", func(t *testing.T) {
		x.Do(updateDomain("slow-1.hut", addStatus("clientHold"))).Code(2304)
		x.Do(deleteDomain("slow-1.hut")).Code(2304)
		x.Do(renewDomain("slow-1.hut", "2028-03-01", years(1))).Code(2304)
	})
	t.Run("R5730-006 R5731-019 R5731-051 it is carried out, and the client is told", func(t *testing.T) {
		x.Do(`<poll op="req"/>`).Code(1300)
		m.Advance(48 * time.Hour)
		a := verdict(t, x)
		require.Equal(t, "slow-1.hut", a.Text("panData/name"))
		require.Equal(t, []string{"1"}, a.Attrs("panData/name", "paResult"))
		require.Equal(t, asked.Text("trID/clTRID"), a.Text("paTRID/clTRID"))
		require.Equal(t, asked.Text("trID/svTRID"), a.Text("paTRID/svTRID"))
		require.Equal(t, "2026-03-03T12:00:00Z", a.Text("paDate"))
		require.Equal(t, []string{"inactive"}, status(x, "slow-1.hut"))
	})
	t.Run("it is refused, and gone", func(t *testing.T) {
		x.Do(makeDomain("bad-note.hut", hushed)).Code(1001)
		require.Equal(t, "70.00", credit(m))
		m.Advance(12 * time.Hour)
		require.Equal(t, []string{"0"}, verdict(t, x).Attrs("panData/name", "paResult"))
		x.Do(infoDomain("bad-note.hut", "", "")).Code(2303)
		require.Equal(t, "80.00", credit(m))
	})
	t.Run("by control", func(t *testing.T) {
		x.Do(makeDomain("nova.hut", hushed)).Code(1001)
		require.NoError(t, m.Decide("NOVA.hut", true))
		require.ErrorIs(t, m.Decide("nova.hut", true), gtld.ErrNothingPending)
		require.Equal(t, []string{"1"}, verdict(t, x).Attrs("panData/name", "paResult"))
		m.Advance(24 * time.Hour)
		require.Equal(t, []string{"inactive"}, status(x, "nova.hut"))
		x.Do(`<poll op="req"/>`).Code(1300)
	})
	t.Run("others are created at once", func(t *testing.T) { x.Do(makeDomain("fast.hut", hushed)).Code(1000) })
}

func TestPendingOthers(t *testing.T) {
	m, x := startWaiting(t)
	x.Do(makeDomain("slow-2.hut", hushed)).Code(1001)
	require.NoError(t, m.Decide("slow-2.hut", true))
	verdict(t, x)

	t.Run("RFC 5731, 3.2.5 update", func(t *testing.T) {
		newHost(x, "ns1.far.invalid").Code(1000)
		x.Do(updateDomain("slow-2.hut", add(hostObjs("ns1.far.invalid")+`<d:status s="clientHold"/>`))).Code(1001)
		require.Equal(t, []string{"pendingUpdate", "inactive"}, status(x, "slow-2.hut"))
		x.Do(hostCommand("delete", "<name>ns1.far.invalid</name>")).Code(2305)
		rename(x, "ns1.far.invalid", "ns1.moved.invalid").Code(1000)
		m.Advance(48 * time.Hour)
		verdict(t, x)
		a := x.Do(infoDomain("slow-2.hut", "", ""))
		require.Equal(t, []string{"clientHold"}, a.Attrs("status", "s"))
		require.Equal(t, "ns1.moved.invalid", a.Text("hostObj"))
		require.Equal(t, "2026-03-03T12:00:00Z", a.Text("upDate"))
	})
	t.Run("an update that is refused", func(t *testing.T) {
		x.Do(updateDomain("slow-2.hut", remStatus("clientHold"))).Code(1001)
		require.NoError(t, m.Decide("slow-2.hut", false))
		verdict(t, x)
		require.Equal(t, []string{"clientHold"}, status(x, "slow-2.hut"))
	})
	t.Run("R5731-018 of two statuses that can't stand together the one comes back", func(t *testing.T) {
		x.Do(updateDomain("slow-2.hut", addStatus("clientUpdateProhibited"))).Code(1001)
		require.NoError(t, m.Decide("slow-2.hut", true))
		verdict(t, x)
		x.Do(updateDomain("slow-2.hut", remStatus("clientUpdateProhibited"))).Code(1001)
		require.Equal(t, []string{"clientHold", "pendingUpdate"}, status(x, "slow-2.hut"))
		require.NoError(t, m.Decide("slow-2.hut", false))
		verdict(t, x)
		require.Equal(t, []string{"clientHold", "clientUpdateProhibited"}, status(x, "slow-2.hut"))
		x.Do(updateDomain("slow-2.hut", remStatus("clientUpdateProhibited"))).Code(1001)
		require.NoError(t, m.Decide("slow-2.hut", true))
		verdict(t, x)
		require.Equal(t, []string{"clientHold"}, status(x, "slow-2.hut"))
	})
	t.Run("RFC 5731, 3.2.3 renew", func(t *testing.T) {
		before := credit(m)
		x.Do(renewDomain("slow-2.hut", "2027-03-01", years(1))).Code(1001)
		require.Equal(t, []string{"clientHold", "pendingRenew"}, status(x, "slow-2.hut"))
		require.Equal(t, "2027-03-01T12:00:00Z", x.Do(infoDomain("slow-2.hut", "", "")).Text("exDate"))
		require.NoError(t, m.Decide("slow-2.hut", false))
		verdict(t, x)
		require.Equal(t, before, credit(m))
		x.Do(renewDomain("slow-2.hut", "2027-03-01", years(1))).Code(1001)
		require.NoError(t, m.Decide("slow-2.hut", true))
		verdict(t, x)
		require.Equal(t, "2028-03-01T12:00:00Z", x.Do(infoDomain("slow-2.hut", "", "")).Text("exDate"))
	})
	t.Run("RFC 5731, 3.2.2 delete", func(t *testing.T) {
		x.Do(deleteDomain("slow-2.hut")).Code(1001)
		require.Equal(t, []string{"clientHold", "pendingDelete"}, status(x, "slow-2.hut"))
		require.NoError(t, m.Decide("slow-2.hut", false))
		verdict(t, x)
		require.Equal(t, []string{"clientHold"}, status(x, "slow-2.hut"))
		x.Do(deleteDomain("slow-2.hut")).Code(1001)
		require.NoError(t, m.Decide("slow-2.hut", true))
		verdict(t, x)
		x.Do(infoDomain("slow-2.hut", "", "")).Code(2303) // it was in its addPeriod
	})
	t.Run("a host that is purged meanwhile is in nothing that waits", func(t *testing.T) {
		x.Do(makeDomain("mist.leaf", hushed)).Code(1000)
		newHost(x, "ns1.mist.leaf", "192.0.2.8").Code(1000)
		x.Do(makeDomain("late.hut", hostObjs("ns1.mist.leaf", "ns1.alpha.example")+hushed)).Code(1000)
		m.Advance(300 * 24 * time.Hour)
		x.Do(updateDomain("late.hut", rem(hostObjs("ns1.alpha.example")))).Code(1001)
		m.Advance(101 * 24 * time.Hour)
		x.Do(infoDomain("mist.leaf", "", "")).Code(2303)
		require.Equal(t, []string{"ns1.alpha.example"}, x.Do(infoDomain("late.hut", "", "")).All("hostObj"))
		m.Advance(100 * 24 * time.Hour)
		require.Equal(t, []string{"inactive"}, status(x, "late.hut"))
	})
	t.Run("what waits for long does not stop what falls due", func(t *testing.T) {
		x.Do(makeDomain("slow-3.hut", hushed)).Code(1001)
		m.Advance(3 * 365 * 24 * time.Hour)
		require.Equal(t, "2030-07-17T12:00:00Z", x.Do(infoDomain("slow-3.hut", "", "")).Text("exDate"))
	})
}
