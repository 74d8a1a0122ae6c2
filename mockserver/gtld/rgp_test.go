package gtld_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

func TestDelete(t *testing.T) {
	t.Run("epp-21 R5731-038 in the addPeriod it is gone, and paid back", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(createPlain("new.sauna", years(2))).Code(1000)
		m.x.Do(renewDomain("new.sauna", "2028-03-01", "")).Code(1000)
		_, rgp := shows(m.x, "new.sauna")
		require.Equal(t, []string{"addPeriod", "renewPeriod"}, rgp, "R3915-006")
		require.Equal(t, "972.00", m.credit("reg-north", "sauna"))
		m.Advance(5*day - time.Second)
		require.NotContains(t, m.x.Do(deleteDomain("new.sauna")).Code(1000).XML, "resData")
		m.x.Do(infoDomain("new.sauna", "", "")).Code(2303)
		require.Equal(t, "1000.00", m.credit("reg-north", "sauna"))
		m.y.Do(createPlain("new.sauna", "")).Code(1000)
	})
	t.Run("R3915-001 R3915-004 R5731-016 after it, it can be restored, and is purged at last", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		require.NotContains(t, m.x.Do(deleteDomain("stone.sauna")).Code(1001).XML, "resData")
		step := func(want string) {
			t.Helper()
			statuses, rgp := shows(m.x, "stone.sauna")
			require.Equal(t, []string{"pendingDelete"}, statuses)
			require.Equal(t, []string{want}, rgp)
		}
		step("redemptionPeriod")
		m.x.Do(deleteDomain("stone.sauna")).Code(2304)
		m.Advance(30*day - time.Second)
		step("redemptionPeriod")
		m.Advance(time.Second)
		step("pendingDelete")
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(2304)
		m.Advance(5*day - time.Second)
		step("pendingDelete")
		require.Empty(t, texts(m.x))
		m.Advance(time.Second)
		m.x.Do(infoDomain("stone.sauna", "", "")).Code(2303)
		all := drain(m.x)
		require.Len(t, all, 1, "R5731-019")
		require.Equal(t, []string{"1"}, all[0].Attrs("panData/name", "paResult"))
		require.Equal(t, []string{"wire-1"}, all[0].All("paTRID/clTRID"))
		require.Equal(t, "2026-04-05T12:00:00Z", all[0].Text("paDate"))
		m.y.Do(createPlain("stone.sauna", "")).Code(1000)
	})
	m := startLife(t, gtld.Options{})
	t.Run("R5731-039 hosts below it", func(t *testing.T) { m.x.Do(deleteDomain("steam.sauna")).Code(2305) })
	t.Run("R5731-009 prohibited", func(t *testing.T) { m.x.Do(deleteDomain("lock.sauna")).Code(2304) })
	t.Run("another's", func(t *testing.T) { m.y.Do(deleteDomain("ruby.sauna")).Code(2201) })
	t.Run("unknown", func(t *testing.T) { m.x.Do(deleteDomain("none.sauna")).Code(2303) })
}

func TestRestore(t *testing.T) {
	t.Run("R3915-002 R3915-003 R3915-010 R3915-011 request and report", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(deleteDomain("stone.sauna")).Code(1001)
		a := m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(1000)
		require.Equal(t, []string{"pendingRestore"}, a.Attrs("upData/rgpStatus", "s"))
		require.Equal(t, "960.00", m.credit("reg-north", "sauna"))
		statuses, rgp := shows(m.x, "stone.sauna")
		require.Equal(t, []string{"pendingDelete"}, statuses)
		require.Equal(t, []string{"pendingRestore"}, rgp)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(2304)
		require.NotContains(t, m.x.Do(restore("stone.sauna", "<d:rem/>", "report", fullReport())).Code(1000).XML, "extension")
		statuses, rgp = shows(m.x, "stone.sauna")
		require.Equal(t, []string{"ok"}, statuses)
		require.Empty(t, rgp)
		require.Equal(t, "reg-north", m.x.Do(infoDomain("stone.sauna", "", "")).Text("upID"))
	})
	t.Run("RFC 3915, 2, step 6: without a report the redemptionPeriod begins again", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(deleteDomain("ruby.sauna")).Code(1001)
		m.x.Do(restore("ruby.sauna", "<d:chg/>", "request", "")).Code(2003)
		m.x.Do(deleteDomain("stone.sauna")).Code(1001)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(1000)
		m.Advance(7 * day)
		_, rgp := shows(m.x, "stone.sauna")
		require.Equal(t, []string{"redemptionPeriod"}, rgp)
		require.Equal(t, []string{"There was no report on the restore of domain stone.sauna: it can be restored until 2026-04-07T12:00:00Z."}, texts(m.x))
		m.x.Do(restore("stone.sauna", "<d:chg/>", "report", fullReport())).Code(2304)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(1000)
	})
	t.Run("refused by the registry", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		require.ErrorIs(t, m.RefuseRestore("stone.sauna"), gtld.ErrNotRestoring)
		m.x.Do(deleteDomain("stone.sauna")).Code(1001)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(1000)
		require.NoError(t, m.RefuseRestore("Stone.sauna"))
		_, rgp := shows(m.x, "stone.sauna")
		require.Equal(t, []string{"redemptionPeriod"}, rgp)
		require.Equal(t, []string{"The restore of domain stone.sauna was refused: it can be restored until 2026-03-31T12:00:00Z."}, texts(m.x))
	})
	t.Run("R3915-012 R3915-007 R3915-008 R3915-009 refused", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(2304)
		m.x.Do(deleteDomain("stone.sauna")).Code(1001)
		m.y.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(2201)
		m.x.Do(restore("none.sauna", "<d:chg/>", "request", "")).Code(2303)
		m.x.Do(restore("stone.sauna", "", "request", "")).Code(2003)
		m.x.Do(restore("stone.sauna", `<d:add><d:status s="clientHold"/></d:add>`, "request", "")).Code(2306)
		m.x.Do(restore("stone.sauna", `<d:chg><d:registrant/></d:chg>`, "request", "")).Code(2306)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", fullReport())).Code(2306)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "report", fullReport())).Code(2304)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "request", "")).Code(1000)
		m.x.Do(restore("stone.sauna", "<d:chg/>", "report", "")).Code(2003)
		m.x.Do(strings.Replace(restore("stone.sauna", "<d:chg/>", "report", fullReport()), "</extension>",
			`<s:update xmlns:s="urn:ietf:params:xml:ns:secDNS-1.1"><s:rem><s:all>true</s:all></s:rem></s:update></extension>`, 1)).Code(2306)
		full := fullReport()
		for name, tt := range map[string]struct {
			old, with string
			code      int
		}{
			"no data before":             {"<r:preData>Olli<", "<r:preData><", 2003},
			"no data after":              {"<r:postData>Olli<", "<r:postData> <", 2003},
			"no reason":                  {"A slip", "", 2003},
			"one statement":              {"<r:statement>Not to sell it.</r:statement>", "", 2003},
			"a statement of nothing":     {"Not to sell it.", " ", 2003},
			"restored before deletion":   {"<r:resTime>2026-03-01T12:00:00Z", "<r:resTime>2026-03-01T11:59:59Z", 2004},
			"restored in the future":     {"<r:resTime>2026-03-01T12:00:00Z", "<r:resTime>2026-03-01T12:00:01Z", 2004},
			"no statement at all":        {statements, "", 2001},
			"a date that is none at all": {delTime, "<r:delTime>soon</r:delTime>", 2001},
		} {
			t.Run(name, func(t *testing.T) {
				require.Contains(t, full, tt.old)
				m.x.Do(restore("stone.sauna", "<d:chg/>", "report", strings.Replace(full, tt.old, tt.with, 1))).Code(tt.code)
			})
		}
		m.x.Do(restore("stone.sauna", "<d:chg/>", "report", full)).Code(1000)
	})
	t.Run("2104", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			m.z.Do(createPlain(name+".sauna", "")).Code(1000)
		}
		m.Advance(6 * day)
		m.z.Do(deleteDomain("a.sauna")).Code(1001)
		m.z.Do(restore("a.sauna", "<d:chg/>", "request", "")).Code(2104)
		_, rgp := shows(m.z, "a.sauna")
		require.Equal(t, []string{"redemptionPeriod"}, rgp)
	})
}
