package gtld_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

const (
	rgpNS = "urn:ietf:params:xml:ns:rgp-1.0"
	day   = 24 * time.Hour
)

// lifeFixtures are domains below top-level domains with prices: sauna has the default
// periods, leaf deletes what expires, swift transfers at once, stern extends no transfer
// and locks, and lets transfers lapse.
const lifeFixtures = `
tlds:
  - name: sauna
    contacts: {model: optional}
    prices:
      standard: {create: 10.00, renew: 8.00, transfer: 7.00, restore: 40.00}
      classes: {gold: {create: 900.00, renew: 600.00, transfer: 500.00, restore: 70.00}}
      premium: {ruby: gold}
      lowBalance: 50.00
  - name: leaf
    contacts: {model: optional}
    autoRenew: false
  - name: swift
    contacts: {model: optional}
    transfer: {pending: 0s, years: 2}
    prices: {standard: {transfer: 7.00}}
  - name: stern
    contacts: {model: optional}
    transfer: {outcome: cancel, noExtension: true, lock: 60d}
registrars:
  - {clID: reg-north, password: north-Gate9, credit: {sauna: 1000.00}}
  - {clID: reg-south, password: south-Gate9, credit: {sauna: 100.00, swift: 20.00}}
  - {clID: reg-east, password: east-Gate9, credit: {USD: 60.00}}
contacts:
  - id: ow-1
    clID: reg-north
    crDate: 2024-01-10T08:00:00Z
    postal: [{type: int, name: Olli Warm, city: Oulu, cc: FI}]
    email: olli@warm.example
    authInfo: olli-Secret7
hosts:
  - {name: ns1.steam.sauna, clID: reg-north, crDate: 2024-01-12T08:00:00Z, addrs: [192.0.2.11]}
domains:
  - {name: steam.sauna, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2027-03-10T10:00:00Z, ns: [ns1.steam.sauna], registrant: ow-1, authInfo: steam-Secret7}
  - {name: stone.sauna, clID: reg-north, crDate: 2024-03-20T10:00:00Z, exDate: 2026-03-20T10:00:00Z, ns: [ns1.steam.sauna], authInfo: stone-Secret7}
  - {name: ruby.sauna, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2027-03-10T10:00:00Z, authInfo: ruby-Secret7}
  - {name: long.sauna, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2035-09-10T10:00:00Z, authInfo: long-Secret7}
  - {name: lock.sauna, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2027-03-10T10:00:00Z, authInfo: lock-Secret7, status: [clientTransferProhibited, clientRenewProhibited, clientDeleteProhibited]}
  - {name: fall.leaf, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2026-04-10T10:00:00Z, authInfo: fall-Secret7, status: [clientDeleteProhibited, clientHold]}
  - {name: bird.swift, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2027-03-10T10:00:00Z, authInfo: bird-Secret7}
  - {name: wasp.swift, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2027-03-10T10:00:00Z, authInfo: wasp-Secret7}
  - {name: desk.stern, clID: reg-north, crDate: 2024-03-10T10:00:00Z, exDate: 2027-03-10T10:00:00Z, authInfo: desk-Secret7}
  - {name: desk2.stern, clID: reg-north, crDate: 2026-01-10T10:00:00Z, exDate: 2027-03-10T10:00:00Z, authInfo: desk2-Secret7}
`

// A life is a mock with sessions of three registrars.
type life struct {
	*mock
	x, y, z *wiretest.Client // reg-north, reg-south, reg-east
}

func startLife(t *testing.T, o gtld.Options) *life {
	t.Helper()
	f, err := gtld.ParseFixtures("life.yaml", []byte(lifeFixtures))
	require.NoError(t, err)
	o.Fixtures = f
	m := startWith(t, o)
	return &life{m, m.loginX(t), m.loginY(t), m.dial(t).Login("reg-east", "east-Gate9")}
}

// credit is what a registrar has left in a zone.
func (m *life) credit(clID, zone string) string {
	for _, c := range m.Accounts.Credit(clID) {
		if c.Zone == zone {
			return c.Credit.String()
		}
	}
	return ""
}

// drain takes all messages of a registrar.
func drain(c *wiretest.Client) (list []*wiretest.Answer) {
	for {
		a := c.Do(`<poll op="req"/>`)
		if strings.Contains(a.XML, `code="1300"`) {
			return list
		}
		list = append(list, a.Code(1301))
		c.Do(`<poll op="ack" msgID="` + a.Attrs("msgQ", "id")[0] + `"/>`).Code(1000)
	}
}

// texts are those of all messages of a registrar, which it takes.
func texts(c *wiretest.Client) (list []string) {
	for _, a := range drain(c) {
		list = append(list, a.Text("msgQ/msg"))
	}
	return list
}

func command(local, op, content string) string {
	if op != "" {
		op = ` op="` + op + `"`
	}
	return "<" + local + op + "><d:" + local + ` xmlns:d="` + domainNS + `">` + content + "</d:" + local + "></" + local + ">"
}

func named(name string) string { return "<d:name>" + name + "</d:name>" }

func deleteDomain(name string) string { return command("delete", "", named(name)) }

// renewDomain takes a period element, which may be "".
func renewDomain(name, curExpDate, period string) string {
	return command("renew", "", named(name)+"<d:curExpDate>"+curExpDate+"</d:curExpDate>"+period)
}

func years(n int) string { return fmt.Sprintf(`<d:period unit="y">%d</d:period>`, n) }

// transfer takes a period element and an authInfo, either of which may be "".
func transfer(op, name, period, pw string) string {
	if pw != "" {
		pw = "<d:authInfo><d:pw>" + pw + "</d:pw></d:authInfo>"
	}
	return command("transfer", op, named(name)+period+pw)
}

func createPlain(name, period string) string {
	return command("create", "", named(name)+period+"<d:authInfo><d:pw>fresh-Secret7</d:pw></d:authInfo>")
}

// restore extends an update with these parts by a restore.
func restore(name, parts, op, report string) string {
	return command("update", "", named(name)+parts) + `<extension><r:update xmlns:r="` + rgpNS + `"><r:restore op="` + op + `">` +
		report + `</r:restore></r:update></extension>`
}

const (
	statements = `<r:statement>Not to sell it.</r:statement><r:statement>All of it is true.</r:statement>`
	delTime    = `<r:delTime>2026-03-01T12:00:00Z</r:delTime>`
	resTime    = `<r:resTime>2026-03-01T12:00:00Z</r:resTime>`
)

func report(content string) string { return "<r:report>" + content + "</r:report>" }

func fullReport() string {
	return report(`<r:preData>Olli</r:preData><r:postData>Olli</r:postData>` + delTime + resTime +
		`<r:resReason>A slip</r:resReason>` + statements)
}

// shows is a domain's statuses and its RGP statuses, to its sponsor.
func shows(c *wiretest.Client, name string) (statuses, rgp []string) {
	a := c.Do(infoDomain(name, "", "")).Code(1000)
	return a.Attrs("infData/status", "s"), a.Attrs("rgpStatus", "s")
}

func (m *life) exDate(t *testing.T, c *wiretest.Client, name string) string {
	t.Helper()
	return c.Do(infoDomain(name, "", "")).Code(1000).Text("exDate")
}

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

func TestExpiry(t *testing.T) {
	t.Run("it renews itself, on credit if need be", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.y.Do(createPlain("owed.sauna", years(9))).Code(1000)
		m.y.Do(createPlain("year.sauna", "")).Code(1000)
		texts(m.y)
		m.SetTime(time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC).Add(-time.Second))
		_, rgp := shows(m.y, "year.sauna")
		require.Empty(t, rgp)
		m.Advance(time.Second)
		require.Equal(t, "-8.00", m.credit("reg-south", "sauna"))
		require.Equal(t, "2028-03-01T12:00:00Z", m.exDate(t, m.y, "year.sauna"))
		all := drain(m.y)
		require.Len(t, all, 2)
		require.Equal(t, "Low balance: the credit of zone sauna is -8.00 USD, below 0.00.", all[0].Text("msgQ/msg"))
		require.Equal(t, "2028-03-01T12:00:00Z", all[1].Text("renData/exDate"))
		m.Advance(45*day - time.Second)
		_, rgp = shows(m.y, "year.sauna")
		require.Equal(t, []string{"autoRenewPeriod"}, rgp)
		m.Advance(time.Second)
		_, rgp = shows(m.y, "year.sauna")
		require.Empty(t, rgp)
	})
	t.Run("29 February", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.SetTime(time.Date(2028, 2, 29, 12, 0, 0, 0, time.UTC))
		require.Equal(t, "2029-02-28T12:00:00Z", m.x.Do(createPlain("leap.leaf", "")).Code(1000).Text("exDate"))
		require.Equal(t, "2032-02-29T12:00:00Z", m.x.Do(createPlain("leap4.leaf", years(4))).Code(1000).Text("exDate"))
	})
	t.Run("or it is deleted, whatever forbids that", func(t *testing.T) {
		m := startLife(t, gtld.Options{})
		m.Advance(39 * day)
		m.y.Do(transfer("request", "fall.leaf", "", "fall-Secret7")).Code(1001)
		m.Advance(day)
		statuses, rgp := shows(m.x, "fall.leaf")
		require.Equal(t, []string{"clientHold", "pendingDelete", "inactive"}, statuses, "R5731-016 R5731-018")
		require.Equal(t, []string{"redemptionPeriod"}, rgp)
		require.Contains(t, texts(m.y), "The transfer of domain fall.leaf is cancelled: the registration has ended.")
		m.x.Do(restore("fall.leaf", "<d:chg/>", "request", "")).Code(1000)
		m.Advance(day)
		m.x.Do(restore("fall.leaf", "<d:chg/>", "report", fullReport())).Code(1000)
		require.Equal(t, "2027-04-10T10:00:00Z", m.exDate(t, m.x, "fall.leaf"))
		statuses, _ = shows(m.x, "fall.leaf")
		require.Equal(t, []string{"clientHold", "inactive"}, statuses)
	})
}

// TestPurge deletes a domain by the clock that has hosts on which others depend.
func TestPurge(t *testing.T) {
	f, err := gtld.ParseFixtures("life.yaml", []byte(strings.Replace(lifeFixtures,
		"- name: sauna\n", "- name: sauna\n    autoRenew: false\n    offline: [{names: [ruby], commands: [update], after: 1000d}]\n", 1)))
	require.NoError(t, err)
	f.Domains[1].ExDate = noon.AddDate(5, 0, 0) // stone.sauna, which is delegated to steam.sauna's host
	f.Domains[2].ExDate = noon.AddDate(5, 0, 0) // ruby.sauna, which is going to be
	m := startWith(t, gtld.Options{Fixtures: f})
	x := m.loginX(t)
	x.Do(command("update", "", named("ruby.sauna")+"<d:add><d:ns><d:hostObj>ns1.steam.sauna</d:hostObj></d:ns></d:add>")).Code(1001)
	m.SetTime(time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC))
	x.Do(infoDomain("steam.sauna", "", "")).Code(2303)
	statuses, _ := shows(x, "stone.sauna")
	require.Equal(t, []string{"inactive"}, statuses)
	require.Contains(t, texts(x), "Domain stone.sauna has lost its name server ns1.steam.sauna: domain steam.sauna is deleted.")
}

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

// TestClock lets ten years pass at once and in days: the same happens, at the same times.
func TestClock(t *testing.T) {
	run := func(step time.Duration) (all []string) {
		m := startLife(t, gtld.Options{})
		m.y.Do(transfer("request", "steam.sauna", "", "steam-Secret7")).Code(1001)
		m.y.Do(transfer("request", "desk.stern", "", "desk-Secret7")).Code(1001)
		m.z.Do(createPlain("fire.sauna", "")).Code(1000)
		m.z.Do(createPlain("ice.leaf", years(2))).Code(1000)
		m.x.Do(deleteDomain("lock.sauna")).Code(2304)
		m.x.Do(deleteDomain("bird.swift")).Code(1001)
		m.x.Do(deleteDomain("wasp.swift")).Code(1001)
		m.x.Do(restore("wasp.swift", "<d:chg/>", "request", "")).Code(1000)
		for left := 3652 * day; left > 0; left -= step {
			m.Advance(min(step, left))
		}
		for _, c := range []*wiretest.Client{m.x, m.y, m.z} {
			for _, a := range drain(c) {
				all = append(all, a.XML)
			}
			for _, name := range []string{"steam.sauna", "stone.sauna", "fire.sauna", "ice.leaf", "fall.leaf", "bird.swift", "wasp.swift", "desk.stern"} {
				all = append(all, c.Do(infoDomain(name, "", "")).XML)
			}
		}
		for _, clID := range []string{"reg-north", "reg-south", "reg-east"} {
			all = append(all, fmt.Sprint(m.Accounts.Credit(clID)))
		}
		return all
	}
	once := run(3652 * day)
	require.Greater(t, len(once), 60)
	require.Equal(t, once, run(day))
	require.Equal(t, once, run(100*time.Hour+time.Second))
}

// TestLifeFixtures begins in the middle of things.
func TestLifeFixtures(t *testing.T) {
	const stone = "stone.sauna, clID: reg-north, "
	parse := func(more, status string) (*gtld.Fixtures, error) {
		return gtld.ParseFixtures("life.yaml", []byte(strings.Replace(lifeFixtures, stone, stone+"status: ["+status+"], "+more+", ", 1)))
	}
	const asked = "reID: reg-south, reDate: 2026-02-27T12:00:00Z, acID: reg-north, acDate: 2026-03-04T12:00:00Z, years: 1"
	f, err := parse("transfer: {status: pending, "+asked+"}, grace: [{kind: renewPeriod, until: 2026-03-02T00:00:00Z, years: 1, paid: 8.00}]", "pendingTransfer")
	require.NoError(t, err)
	m := startWith(t, gtld.Options{Fixtures: f})
	x, y := m.loginX(t), m.loginY(t)
	_, rgp := shows(x, "stone.sauna")
	require.Equal(t, []string{"renewPeriod"}, rgp)
	m.Advance(3 * day)
	require.Equal(t, "reg-south", y.Do(infoDomain("stone.sauna", "", "")).Text("clID"))

	f, err = parse("rgp: redemptionPeriod, rgpUntil: 2026-02-20T12:00:00Z", "pendingDelete")
	require.NoError(t, err)
	m = startWith(t, gtld.Options{Fixtures: f})
	x = m.loginX(t)
	x.Do(infoDomain("stone.sauna", "", "")).Code(2303)
	require.Equal(t, "2026-02-25T12:00:00Z", x.Do(`<poll op="req"/>`).Code(1301).Text("qDate"))

	for name, tt := range map[string][3]string{
		"an rgp that there is not":     {"rgp: addPeriod, rgpUntil: 2026-02-20T12:00:00Z", "pendingDelete", "addPeriod"},
		"an rgp without its status":    {"rgp: pendingDelete, rgpUntil: 2026-02-20T12:00:00Z", "clientHold", "pendingDelete"},
		"an rgp without its end":       {"rgp: pendingDelete", "pendingDelete", "rgpUntil"},
		"a grace that there is not":    {"grace: [{kind: redemptionPeriod, until: 2026-02-20T12:00:00Z}]", "", "grace"},
		"a grace without its end":      {"grace: [{kind: addPeriod}]", "", "until"},
		"another's grace":              {"grace: [{kind: addPeriod, until: 2026-02-20T12:00:00Z, paidBy: reg-south}]", "", "paidBy"},
		"a refund below zero":          {"grace: [{kind: addPeriod, until: 2026-02-20T12:00:00Z, years: -1}]", "", "negative"},
		"a transfer to nobody":         {"transfer: {status: pending, " + strings.Replace(asked, "reg-south", "reg-west", 1) + "}", "pendingTransfer", "reg-west"},
		"a transfer without status":    {"transfer: {" + asked + "}", "", "status"},
		"a transfer without its mark":  {"transfer: {status: pending, " + asked + "}", "", "pendingTransfer"},
		"a transfer from somebody":     {"transfer: {status: pending, " + strings.Replace(asked, "reg-north", "reg-east", 1) + "}", "pendingTransfer", "sponsor"},
		"a transfer at no time at all": {"transfer: {status: pending, reID: reg-south, acID: reg-north}", "pendingTransfer", "reDate"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(tt[0], tt[1])
			require.ErrorContains(t, err, tt[2])
		})
	}
}
