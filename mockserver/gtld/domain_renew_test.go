package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

func TestRenew(t *testing.T) {
	t.Run("R5731-042 epp-18 the expiry moves by the period, in renewPeriod", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		a := m.x.Do(renewDomain("steam.sauna", "2027-03-10", years(2))).Code(1000)
		require.Equal(t, []string{"name", "exDate"}, a.Names("renData"))
		require.Equal(t, "2029-03-10T10:00:00Z", a.Text("exDate"))
		statuses, rgp := shows(m.x, "steam.sauna")
		require.Equal(t, []string{"ok"}, statuses)
		require.Equal(t, []string{"renewPeriod"}, rgp)
		require.Equal(t, "984.00", m.credit("reg-north", "sauna"))
		m.Advance(5*day - time.Second)
		_, rgp = shows(m.x, "steam.sauna")
		require.Equal(t, []string{"renewPeriod"}, rgp)
		m.Advance(time.Second)
		_, rgp = shows(m.x, "steam.sauna")
		require.Empty(t, rgp)
	})
	t.Run("without a period it is a year", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		require.Equal(t, "2028-03-10T10:00:00Z", m.x.Do(renewDomain("steam.sauna", "2027-03-10", "")).Code(1000).Text("exDate"))
	})
	m := startLife(t, gtld.Options{})
	for _, tt := range []struct {
		name, domain, cur, period string
		code                      int
	}{
		{"R5731-041 another day", "steam.sauna", "2027-03-11", years(1), 2306},
		{"R5731-041 a day that is another in UTC", "steam.sauna", "2027-03-10+14:00", years(1), 2306},
		{"epp-18 months", "steam.sauna", "2027-03-10", `<d:period unit="m">12</d:period>`, 2306},
		{"epp-18 more than ten years from now", "steam.sauna", "2027-03-10", years(10), 2306},
		{"99 years", "steam.sauna", "2027-03-10", years(99), 2004},
		{"no period fits", "long.sauna", "2035-09-10", years(1), 2105},
		{"R5731-010 prohibited", "lock.sauna", "2027-03-10", years(1), 2304},
		{"unknown", "none.sauna", "2027-03-10", years(1), 2303},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m.x.Do(renewDomain(tt.domain, tt.cur, tt.period)).Code(tt.code)
		})
	}
	t.Run("another's", func(t *testing.T) { m.y.Do(renewDomain("steam.sauna", "2027-03-10", "")).Code(2201) })
	t.Run("nothing of that was done", func(t *testing.T) {
		require.Equal(t, "1000.00", m.credit("reg-north", "sauna"))
		require.Equal(t, "2027-03-10T10:00:00Z", m.exDate(t, m.x, "steam.sauna"))
	})
	t.Run("R5731-041 twice", func(t *testing.T) {
		m.x.Do(renewDomain("steam.sauna", "2027-03-10Z", years(1))).Code(1000)
		m.x.Do(renewDomain("steam.sauna", "2027-03-10Z", years(1))).Code(2306)
		require.Equal(t, "2028-03-10T10:00:00Z", m.exDate(t, m.x, "steam.sauna"))
	})
	t.Run("a deleted domain", func(t *testing.T) {
		m.x.Do(deleteDomain("ruby.sauna")).Code(1001)
		m.x.Do(renewDomain("ruby.sauna", "2027-03-10", "")).Code(2105)
	})
}
