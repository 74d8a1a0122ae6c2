package gtld_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

func TestPrices(t *testing.T) {
	t.Run("RFC 5730, 3, 2104", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		a := m.y.Do(createPlain("big.sauna", years(10))).Code(1000)
		require.Equal(t, "2036-03-01T12:00:00Z", a.Text("exDate"))
		require.Equal(t, "0.00", m.credit("reg-south", "sauna"))
		require.Equal(t, []string{"Low balance: the credit of zone sauna is 0.00 USD, below 50.00."}, texts(m.y))
		require.Contains(t, m.y.Do(createPlain("more.sauna", "")).Code(2104).XML, "10.00 USD")
		m.y.Do(infoDomain("more.sauna", "", "")).Code(2303)
		require.Empty(t, texts(m.y))
	})
	t.Run("a zone's credit, or else the currency's", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.z.Do(createPlain("two.sauna", "")).Code(1000)
		require.Equal(t, "50.00", m.credit("reg-east", "USD"))
		require.Empty(t, texts(m.z), "50 is not below 50")
		m.z.Do(createPlain("three.sauna", "")).Code(1000)
		m.z.Do(createPlain("four.sauna", "")).Code(1000)
		require.Equal(t, []string{"Low balance: the credit of zone USD is 40.00 USD, below 50.00."}, texts(m.z))
	})
	t.Run("a zone without prices is free", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(createPlain("new.leaf", years(3))).Code(1000)
		require.Equal(t, "1000.00", m.credit("reg-north", "sauna"))
	})
}

// TestRefunds is RFC 3915, section 3.1.
func TestRefunds(t *testing.T) {
	t.Run("renewPeriod", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(renewDomain("ruby.sauna", "2027-03-10", years(1))).Code(2003)
		m.x.Do(renewDomain("stone.sauna", "2026-03-20", years(3))).Code(1000)
		require.Equal(t, "976.00", m.credit("reg-north", "sauna"))
		m.x.Do(deleteDomain("stone.sauna")).Code(1001)
		require.Equal(t, "1000.00", m.credit("reg-north", "sauna"))
		require.Equal(t, "2026-03-20T10:00:00Z", m.exDate(t, m.x, "stone.sauna"))
	})
	t.Run("renewPeriod is over", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(renewDomain("stone.sauna", "2026-03-20", years(3))).Code(1000)
		m.Advance(5 * day)
		m.x.Do(deleteDomain("stone.sauna")).Code(1001)
		require.Equal(t, "976.00", m.credit("reg-north", "sauna"))
	})
	t.Run("autoRenewPeriod", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.Advance(60 * day)
		_, rgp := shows(m.x, "stone.sauna")
		require.Equal(t, []string{"autoRenewPeriod"}, rgp)
		require.Equal(t, "992.00", m.credit("reg-north", "sauna"))
		m.x.Do(deleteDomain("stone.sauna")).Code(1001)
		require.Equal(t, "1000.00", m.credit("reg-north", "sauna"))
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(1000)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "report", fullReport())).Code(1000)
		require.Equal(t, "952.00", m.credit("reg-north", "sauna"), "the restore, and the year again")
		require.Equal(t, "2027-03-20T10:00:00Z", m.exDate(t, m.x, "stone.sauna"))
		_, rgp = shows(m.x, "stone.sauna")
		require.Equal(t, []string{"autoRenewPeriod"}, rgp)
	})
	t.Run("transferPeriod", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.y.Do(transfer("request", "stone.sauna", "", "stone-Secret7")).Code(1001)
		m.x.Do(transfer("approve", "stone.sauna", "", "")).Code(1000)
		require.Equal(t, "93.00", m.credit("reg-south", "sauna"))
		m.y.Do(deleteDomain("stone.sauna")).Code(1001)
		require.Equal(t, "100.00", m.credit("reg-south", "sauna"))
		require.Equal(t, "2026-03-20T10:00:00Z", m.exDate(t, m.y, "stone.sauna"))
	})
}
