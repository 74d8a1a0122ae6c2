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
	t.Run("a renewal that waits is decided first", func(t *testing.T) {
		f, err := gtld.ParseFixtures("life.yaml", []byte(strings.Replace(lifeFixtures,
			"- name: sauna\n", "- name: sauna\n    offline: [{names: [stone], commands: [renew], after: 60d}]\n", 1)))
		require.NoError(t, err)
		m := startWith(t, gtld.Options{Fixtures: f})
		x := m.loginX(t)
		x.Do(renewDomain("stone.sauna", "2026-03-20", years(2))).Code(1001)
		m.Advance(30 * day)
		require.Equal(t, []string{"The renew of stone.sauna was carried out."}, texts(x))
		require.Equal(t, "2028-03-20T10:00:00Z", x.Do(infoDomain("stone.sauna", "", "")).Text("exDate"))
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
