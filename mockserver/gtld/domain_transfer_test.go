package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

func TestTransfer(t *testing.T) {
	const name, pw = "steam.sauna", "steam-Secret7"
	request := transfer("request", name, "", pw)
	// parties checks what both sides were told.
	parties := func(t *testing.T, m *life, statuses ...string) {
		t.Helper()
		for _, c := range []*wiretest.Client{m.x, m.y} {
			var got []string
			for _, a := range drain(c) {
				got = append(got, a.Text("trnData/trStatus"))
				require.Equal(t, name, a.Text("trnData/name"), "R5730-069")
			}
			require.Equal(t, statuses, got)
		}
	}
	pending := func(t *testing.T) *life {
		t.Helper()
		m := startLife(t, gtld.Options{})
		m.y.Do(request).Code(1001)
		return m
	}

	t.Run("R5730-066 R5730-068 R5730-075 R5731-017 epp-19 requested", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		a := m.y.Do(request).Code(1001)
		require.Equal(t, []string{"name", "trStatus", "reID", "reDate", "acID", "acDate", "exDate"}, a.Names("trnData"))
		for el, want := range map[string]string{
			"trStatus": "pending", "reID": "reg-south", "reDate": "2026-03-01T12:00:00Z",
			"acID": "reg-north", "acDate": "2026-03-06T12:00:00Z", "exDate": "2028-03-10T10:00:00Z",
		} {
			require.Equal(t, want, a.Text("trnData/"+el), el)
		}
		statuses, _ := shows(m.x, name)
		require.Equal(t, []string{"pendingTransfer"}, statuses)
		parties(t, m, "pending")
		require.Equal(t, "100.00", m.credit("reg-south", "sauna"), "not paid for yet")
		m.x.Do(deleteDomain("steam.sauna")).Code(2304)
		m.x.Do(renewDomain("steam.sauna", "2027-03-10", "")).Code(2304)
	})
	t.Run("R5731-043 R5731-019 R5731-044 epp-19 approved", func(t *testing.T) {
		m := pending(t)
		m.Advance(time.Hour)
		a := m.x.Do(transfer("approve", name, years(9), "")).Code(1000)
		require.Equal(t, "clientApproved", a.Text("trStatus"))
		require.Equal(t, "reg-north", a.Text("acID"))
		require.Equal(t, "2026-03-01T13:00:00Z", a.Text("acDate"))
		require.Equal(t, "2028-03-10T10:00:00Z", a.Text("exDate"))
		parties(t, m, "pending", "clientApproved")
		info := m.y.Do(infoDomain(name, "", "")).Code(1000)
		require.Equal(t, []string{"ok"}, info.Attrs("infData/status", "s"))
		require.Equal(t, []string{"transferPeriod"}, info.Attrs("rgpStatus", "s"))
		require.Equal(t, "reg-south", info.Text("clID"))
		require.Equal(t, "2026-03-01T13:00:00Z", info.Text("trDate"))
		require.Equal(t, "2028-03-10T10:00:00Z", info.Text("exDate"))
		require.Equal(t, pw, info.Text("authInfo/pw"))
		require.Equal(t, "93.00", m.credit("reg-south", "sauna"))
		host := m.x.Do(`<info><h:info xmlns:h="urn:ietf:params:xml:ns:host-1.0"><h:name>ns1.steam.sauna</h:name></h:info></info>`).Code(1000)
		require.Equal(t, "reg-south", host.Text("infData/clID"))
		require.Equal(t, "2026-03-01T13:00:00Z", host.Text("trDate"))
	})
	t.Run("epp-20 R5730-074 rejected", func(t *testing.T) {
		m := pending(t)
		m.y.Do(transfer("reject", name, "", "")).Code(2201)
		m.z.Do(transfer("reject", name, "", "")).Code(2201)
		a := m.x.Do(transfer("reject", name, "", "")).Code(1000)
		require.Equal(t, []string{"name", "trStatus", "reID", "reDate", "acID", "acDate"}, a.Names("trnData"))
		require.Equal(t, "clientRejected", a.Text("trStatus"))
		require.Equal(t, "reg-north", a.Text("acID"))
		parties(t, m, "pending", "clientRejected")
		statuses, _ := shows(m.x, name)
		require.Equal(t, []string{"ok"}, statuses)
		require.Equal(t, "100.00", m.credit("reg-south", "sauna"))
		m.y.Do(request).Code(1001)
	})
	t.Run("R5730-074 cancelled", func(t *testing.T) {
		m := pending(t)
		m.x.Do(transfer("cancel", name, "", "")).Code(2201)
		m.z.Do(transfer("cancel", name, "", "")).Code(2201)
		a := m.y.Do(transfer("cancel", name, "", "")).Code(1000)
		require.Equal(t, "clientCancelled", a.Text("trStatus"))
		require.Equal(t, "reg-south", a.Text("acID"))
		parties(t, m, "pending", "clientCancelled")
	})
	t.Run("approved by the clock", func(t *testing.T) {
		m := pending(t)
		m.Advance(5*day - time.Second)
		parties(t, m, "pending")
		m.Advance(9 * day)
		a := m.y.Do(transfer("query", name, "", "")).Code(1000)
		require.Equal(t, "serverApproved", a.Text("trStatus"))
		require.Equal(t, "2026-03-06T12:00:00Z", a.Text("acDate"))
		require.Equal(t, "reg-north", a.Text("acID"))
		parties(t, m, "serverApproved")
		require.Equal(t, "reg-south", m.y.Do(infoDomain(name, "", "")).Text("clID"))
		require.Equal(t, "93.00", m.credit("reg-south", "sauna"))
		m.x.Do(transfer("query", name, "", "")).Code(1000)
	})
	t.Run("R5730-071 R5730-072 R5730-073 nothing pending, and two", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		for _, op := range []string{"approve", "reject", "cancel"} {
			m.x.Do(transfer(op, name, "", "")).Code(2301)
		}
		m.x.Do(transfer("query", name, "", "")).Code(2301)
		m.y.Do(request).Code(1001)
		m.y.Do(request).Code(2300)
		m.z.Do(request).Code(2300)
		m.x.Do(transfer("approve", name, "", "")).Code(1000)
		m.y.Do(transfer("cancel", name, "", "")).Code(2301)
	})
	t.Run("RFC 5730, 2.9.2.4 who may ask", func(t *testing.T) {
		m := pending(t)
		m.x.Do(transfer("query", name, "", "")).Code(1000)
		m.y.Do(transfer("query", name, "", "")).Code(1000)
		m.z.Do(transfer("query", name, "", "")).Code(2201)
		m.z.Do(transfer("query", name, "", "wrong")).Code(2202)
		require.Equal(t, "pending", m.z.Do(transfer("query", name, "", pw)).Code(1000).Text("trStatus"))
		m.z.Do(transfer("query", "none.sauna", "", "")).Code(2303)
	})
	m := startLife(t, gtld.Options{})
	m.x.Do(deleteDomain("stone.sauna")).Code(1001)
	for _, tt := range []struct {
		name, domain, period, pw string
		code                     int
	}{
		{"R5730-070 no authInfo", name, "", "", 2003},
		{"R5730-070 epp-19 a wrong authInfo", name, "", "steam-secret7", 2202},
		{"R5731-011 prohibited", "lock.sauna", "", "lock-Secret7", 2304},
		{"deleted", "stone.sauna", "", "stone-Secret7", 2304},
		{"unknown", "none.sauna", "", "none-Secret7", 2303},
		{"epp-19 months", name, `<d:period unit="m">12</d:period>`, pw, 2306},
		{"epp-19 more than ten years from now", name, years(10), pw, 2306},
		{"epp-19 a year too many", "long.sauna", years(1), "long-Secret7", 2306},
		{"99 years", name, years(99), pw, 2004},
		{"a period where there is none", "desk.stern", years(1), "desk-Secret7", 2306},
		{"locked", "desk2.stern", "", "desk2-Secret7", 2106},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m.y.Do(transfer("request", tt.domain, tt.period, tt.pw)).Code(tt.code)
		})
	}
	t.Run("one's own", func(t *testing.T) { m.x.Do(request).Code(2106) })
	t.Run("R5731-045 no op", func(t *testing.T) { m.y.Do(command("transfer", "", named(name))).Code(2001) })
	t.Run("no room for the usual year", func(t *testing.T) {
		a := m.y.Do(transfer("request", "long.sauna", "", "long-Secret7")).Code(1001)
		require.NotContains(t, a.Names("trnData"), "exDate")
		m.x.Do(transfer("approve", "long.sauna", "", "")).Code(1000)
		require.Equal(t, "2035-09-10T10:00:00Z", m.exDate(t, m.y, "long.sauna"))
		require.Equal(t, "93.00", m.credit("reg-south", "sauna"))
	})
}

func TestTransferPolicies(t *testing.T) {
	t.Run("R9154-010 at once", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		a := m.y.Do(transfer("request", "bird.swift", "", "bird-Secret7")).Code(1000)
		require.Equal(t, "serverApproved", a.Text("trStatus"))
		require.Equal(t, "2029-03-10T10:00:00Z", a.Text("exDate"))
		require.Equal(t, "reg-south", m.y.Do(infoDomain("bird.swift", "", "")).Text("clID"))
		require.Len(t, drain(m.x), 1, "R9154-012")
		m.y.Do(transfer("request", "wasp.swift", "", "wasp-Secret7")).Code(2104)
		require.Equal(t, "reg-north", m.y.Do(infoDomain("wasp.swift", "", "")).Text("clID"))
		require.Empty(t, drain(m.x))
	})
	t.Run("cancelled by the clock, without an extension", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		a := m.y.Do(transfer("request", "desk.stern", "", "desk-Secret7")).Code(1001)
		require.NotContains(t, a.Names("trnData"), "exDate")
		m.Advance(5 * day)
		a = m.x.Do(transfer("query", "desk.stern", "", "")).Code(1000)
		require.Equal(t, "serverCancelled", a.Text("trStatus"))
		require.Equal(t, "reg-north", m.x.Do(infoDomain("desk.stern", "", "")).Text("clID"))
		m.y.Do(transfer("request", "desk.stern", "", "desk-Secret7")).Code(1001)
		m.x.Do(transfer("approve", "desk.stern", "", "")).Code(1000)
		require.Equal(t, "2027-03-10T10:00:00Z", m.exDate(t, m.y, "desk.stern"))
	})
	t.Run("what can't be paid for", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.y.Do(transfer("request", "steam.sauna", "", "steam-Secret7")).Code(1001)
		m.y.Do(createPlain("a.sauna", years(9))).Code(1000)
		m.y.Do(transfer("request", "stone.sauna", years(2), "stone-Secret7")).Code(2104)
		m.y.Do(createPlain("b.sauna", "")).Code(1000)
		m.x.Do(transfer("approve", "steam.sauna", "", "")).Code(2104)
		texts(m.y)
		m.Advance(5 * day)
		require.Equal(t, []string{"The transfer of domain steam.sauna is cancelled: the credit of reg-south does not suffice."}, texts(m.y))
		require.Equal(t, "reg-north", m.x.Do(infoDomain("steam.sauna", "", "")).Text("clID"))
	})
	t.Run("the year of autoRenewPeriod is taken back", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.y.Do(transfer("request", "stone.sauna", "", "stone-Secret7")).Code(1001)
		m.x.Do(transfer("reject", "stone.sauna", "", "")).Code(1000)
		m.SetTime(time.Date(2026, 3, 19, 0, 0, 0, 0, time.UTC))
		before := m.y.Do(transfer("request", "stone.sauna", "", "stone-Secret7")).Code(1001)
		require.Equal(t, "2027-03-20T10:00:00Z", before.Text("trnData/exDate"))
		m.Advance(2 * day) // it renews itself meanwhile
		require.Equal(t, "992.00", m.credit("reg-north", "sauna"))
		after := m.x.Do(transfer("approve", "stone.sauna", "", "")).Code(1000)
		require.Equal(t, "2027-03-20T10:00:00Z", after.Text("trnData/exDate"))
		require.Equal(t, "1000.00", m.credit("reg-north", "sauna"))
		require.Equal(t, "93.00", m.credit("reg-south", "sauna"))
		_, rgp := shows(m.y, "stone.sauna")
		require.Equal(t, []string{"transferPeriod"}, rgp)
	})
	t.Run("RFC 3915, 3.1 another's grace periods end", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.x.Do(createPlain("new.sauna", "")).Code(1000)
		m.y.Do(transfer("request", "new.sauna", "", "fresh-Secret7")).Code(1001)
		m.x.Do(transfer("approve", "new.sauna", "", "")).Code(1000)
		_, rgp := shows(m.y, "new.sauna")
		require.Equal(t, []string{"transferPeriod"}, rgp)
		m.y.Do(deleteDomain("new.sauna")).Code(1001)
	})
	t.Run("R9154-011 R9154-013 the authInfo is unset", func(t *testing.T) {
		m := startLife(t, gtld.Options{SecureAuthInfo: true})
		m.y.Do(transfer("request", "steam.sauna", "", "nonsense")).Code(2202)
		m.y.Do(transfer("request", "steam.sauna", "", "steam-Secret7")).Code(1001)
		m.x.Do(transfer("approve", "steam.sauna", "", "")).Code(1000)
		require.NotContains(t, m.y.Do(infoDomain("steam.sauna", "", "")).Names("infData"), "authInfo")
		m.x.Do(infoDomain("steam.sauna", "", "<d:pw>steam-Secret7</d:pw>")).Code(2202)
		m.x.Do(transfer("request", "steam.sauna", "", "steam-Secret7")).Code(2202)
	})
	t.Run("R5731-026 a contact's authInfo", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.y.Do(command("transfer", "request", named("steam.sauna")+
			`<d:authInfo><d:pw roid="C1-MOCK">olli-Secret7</d:pw></d:authInfo>`)).Code(1001)
	})
}
