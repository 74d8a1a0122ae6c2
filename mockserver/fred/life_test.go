package fred_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

func at(day string, clock ...string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", day+" "+strings.Join(append(clock, "00:00:00")[:1], ""))
	if err != nil {
		panic(err)
	}
	return t
}

// seen is what there is to see of a domain: its statuses, "gone" for none.
func seen(c *wiretest.Client, name string) []string {
	a := c.Do(info("domain", name))
	if a.Text("roid") == "" {
		return []string{"gone"}
	}
	return a.Attrs("status", "s")
}

// message is a poll message, taken from the queue: its name, its day and its qDate.
func message(t *testing.T, c *wiretest.Client, day string) string {
	t.Helper()
	a := c.Do(`<poll op="req"/>`)
	ids := a.Attrs("msgQ", "id")
	if len(ids) == 0 {
		return ""
	}
	name := strings.Join(a.Names("msgQ/msg"), " ")
	c.Do(`<poll op="ack" msgID="` + ids[0] + `"/>`).Code(1000)
	return name + " " + a.Text(name+"/"+day) + " " + a.Text("qDate")
}

// The periods are those that FRED's documents give as defaults.
func TestDomainLife(t *testing.T) {
	m := start(t, fred.Options{IdleMonths: -1})
	a := m.loginA(t)
	drain(t, a)
	a.Do(domainCommand("create", "sauna.cz", el("nsset", "NID-MYNSSET"), holder)).Code(1000)
	for _, tt := range []struct {
		name    string
		at      time.Time
		message string
		status  []string
	}{
		{"the day before the warning", at("2027-01-29", "23:59:59"), "", []string{"ok"}},
		{"expirationWarning", at("2027-01-30"), "impendingExpData 2027-03-01 2027-01-30T00:00:00Z", []string{"ok"}},
		{"a second before", at("2027-02-28", "23:59:59"), "", []string{"ok"}},
		{"expired", at("2027-03-01"), "expData 2027-03-01 2027-03-01T00:00:00Z", []string{"expired"}},
		{"before the hour", at("2027-03-31", "13:59:59"), "", []string{"expired"}},
		{"unguarded, outzone", at("2027-03-31", "14:00:00"), "dnsOutageData 2027-03-01 2027-03-31T14:00:00Z", []string{"expired", "outzone"}},
		{"the day before", at("2027-04-30", "23:59:59"), "", []string{"expired", "outzone"}},
		{"deleteCandidate", at("2027-05-01"), "", []string{"expired", "outzone", "deleteCandidate"}},
		{"deleted", at("2027-05-01", "12:00:00"), "delData 2027-03-01 2027-05-01T12:00:00Z", []string{"gone"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m.SetTime(tt.at)
			require.Equal(t, tt.message, message(t, a, "exDate"))
			require.Equal(t, tt.status, seen(a, "sauna.cz"))
		})
	}
	require.Equal(t, []string{"1"}, a.Do(check("domain", "sauna.cz")).Attrs("cd/name", "avail"))
}

func TestDomainLifeIsData(t *testing.T) {
	prague, err := time.LoadLocation("Europe/Prague")
	if err != nil {
		t.Skip("there are no time zones: ", err)
	}
	m := start(t, fred.Options{IdleMonths: -1, Life: &fred.Life{Notice: 7, Outage: 5, OutageHour: 3, Delete: 10, DeleteHour: 4, Location: prague}})
	a := m.loginA(t)
	drain(t, a)
	a.Do(domainCommand("create", "sauna.cz", el("nsset", "NID-MYNSSET"), holder)).Code(1000)
	m.SetTime(at("2026-04-30", "22:30:00")) // it is May there
	require.Equal(t, "2027-05-01", a.Do(domainCommand("create", "kiuas.cz", holder)).Code(1000).Text("exDate"))
	a.Do(domainCommand("delete", "kiuas.cz")).Code(1000)
	var got []string
	for range 4 {
		for m.Queue.Len("REG-MORAVA") == 0 {
			m.Advance(30 * time.Minute)
		}
		got = append(got, message(t, a, "exDate"))
	}
	require.Equal(t, []string{
		"impendingExpData 2027-03-01 2027-02-21T23:00:00Z",
		"expData 2027-03-01 2027-02-28T23:00:00Z",
		"dnsOutageData 2027-03-01 2027-03-06T02:00:00Z",
		"delData 2027-03-01 2027-03-11T03:00:00Z",
	}, got)
}

// A domain that is renewed begins again.
func TestRenewedLife(t *testing.T) {
	m := start(t, fred.Options{IdleMonths: -1})
	a := m.loginA(t)
	drain(t, a)
	a.Do(domainCommand("create", "sauna.cz", el("nsset", "NID-MYNSSET"), holder)).Code(1000)
	m.SetTime(at("2027-04-01"))
	require.Equal(t, []string{"expired", "outzone"}, seen(a, "sauna.cz"))
	a.Do(domainCommand("renew", "sauna.cz", el("curExpDate", "2027-03-01"))).Code(1000)
	require.Equal(t, []string{"ok"}, seen(a, "sauna.cz"))
	drain(t, a)
	m.SetTime(at("2028-01-31"))
	require.Equal(t, "impendingExpData 2028-03-01 2028-01-31T00:00:00Z", message(t, a, "exDate"))
}

// FRED's rules for its automatic states: what keeps them from being set.
func TestHeldLife(t *testing.T) {
	for _, tt := range []struct {
		name     string
		status   string
		messages []string
		seen     []string // after a hundred days
		after    []string // messages when the status is taken away
	}{
		{"serverRenewProhibited", "serverRenewProhibited", nil, []string{"serverRenewProhibited"}, []string{"impendingExpData", "expData", "dnsOutageData"}},
		{"serverInzoneManual", "serverInzoneManual", []string{"impendingExpData", "expData", "delData"}, []string{"gone"}, nil},
		{
			"serverDeleteProhibited", "serverDeleteProhibited",
			[]string{"impendingExpData", "expData", "dnsOutageData"},
			[]string{"serverDeleteProhibited", "expired", "outzone"},
			nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := start(t, fred.Options{IdleMonths: -1})
			a := m.loginA(t)
			a.Do(domainCommand("create", "sauna.cz", el("nsset", "NID-MYNSSET"), holder)).Code(1000)
			require.NoError(t, m.UpdateDomain("sauna.cz", func(d *fred.Domain) { d.Status = []string{tt.status} }))
			drain(t, a)
			var got []string
			for day := at("2027-01-01"); day.Before(at("2027-06-15")); day = day.AddDate(0, 0, 3) {
				m.SetTime(day)
				got = append(got, drain(t, a)...)
			}
			require.Equal(t, tt.messages, got)
			require.Equal(t, tt.seen, seen(a, "sauna.cz"))
			if seen(a, "sauna.cz")[0] == "gone" {
				return
			}
			require.NoError(t, m.UpdateDomain("sauna.cz", func(d *fred.Domain) { d.Status = nil }))
			require.Equal(t, append([]string{"updateData"}, tt.after...), drain(t, a))
			require.Equal(t, []string{"expired", "outzone", "deleteCandidate"}, seen(a, "sauna.cz"))
			m.Advance(12 * time.Hour)
			require.Equal(t, []string{"delData"}, drain(t, a))
		})
	}
}

// What fixtures bring may have expired long ago: nobody is told.
func TestLifeOfFixtures(t *testing.T) {
	f, err := fred.DefaultFixtures()
	require.NoError(t, err)
	f.Domains[0].ExDate = at("2026-02-15")
	f.Domains[1].ExDate = at("2020-02-15")
	m := start(t, fred.Options{Fixtures: f})
	a := m.loginA(t)
	require.Equal(t, []string{"expired"}, seen(a, "mydomain.cz"))
	require.Equal(t, []string{"serverTransferProhibited", "expired", "outzone", "deleteCandidate"}, seen(a, "lockeddomain.cz"))
	drained := drain(t, a)
	require.NotContains(t, strings.Join(drained, " "), "Data")
	m.Advance(12 * time.Hour)
	require.Equal(t, []string{"delData"}, drain(t, a))
}

// Ten years in one advance are the same as in many.
func TestTenYears(t *testing.T) {
	run := func(steps int) (docs []string) {
		m := start(t, fred.Options{})
		m.Queue.TTL = 0
		a := m.loginA(t)
		a.Do(domainCommand("create", "sauna.cz", el("nsset", "NID-MYNSSET"), holder)).Code(1000)
		a.Do(domainCommand("create", "kiuas.cz", years(3), holder)).Code(1000)
		a.Do(domainCommand("create", telephone, years(2), holder) + enum("create", valEx("2026-09-01"))).Code(1000)
		a.Send(testFrame("<n:id>NID-MYNSSET</n:id>")).Code(1000)
		total := at("2036-03-01").Sub(noon)
		for range steps {
			m.Advance(total / time.Duration(steps))
		}
		m.SetTime(noon.Add(total))
		for range 40 {
			docs = append(docs, strings.ReplaceAll(a.Do(`<poll op="req"/>`).XML, "\n", ""))
			if ids := a.Do(`<poll op="req"/>`).Attrs("msgQ", "id"); len(ids) > 0 {
				a.Do(fmt.Sprintf(`<poll op="ack" msgID="%s"/>`, ids[0])).Code(1000)
			}
			docs = append(docs, a.Do(info("domain", "mydomain.cz")).XML)
		}
		return docs
	}
	once := run(1)
	require.Contains(t, strings.Join(once, ""), "delData")
	require.Contains(t, strings.Join(once, ""), "valExpData")
	require.Contains(t, strings.Join(once, ""), "testData")
	require.Equal(t, once, run(2000))
}

// What an operator puts goes on as if it had always been so.
func TestLifeOfRecords(t *testing.T) {
	m := start(t, fred.Options{IdleMonths: -1})
	a := m.loginA(t)
	drain(t, a)
	put := func(old, fresh string) {
		t.Helper()
		rec, err := m.Record("domain", "mydomain.cz")
		require.NoError(t, err)
		require.Contains(t, string(rec.Value), old)
		_, err = m.PutRecord("domain", []byte(strings.Replace(string(rec.Value), old, fresh, 1)))
		require.NoError(t, err)
	}
	put(`"exDate":"2031-04-15T00:00:00Z"`, `"exDate":"2026-01-30T00:00:00Z"`)
	require.Equal(t, []string{"expired"}, seen(a, "mydomain.cz"))
	require.Empty(t, drain(t, a), "messages of January are gone")
	m.SetTime(at("2026-03-02"))
	require.Equal(t, []string{"expired", "outzone"}, seen(a, "mydomain.cz"))
	require.Equal(t, []string{"dnsOutageData"}, drain(t, a))
	put(`"exDate":"2026-01-30T00:00:00Z"`, `"status":["serverRenewProhibited"],"exDate":"2026-01-30T00:00:00Z"`)
	m.SetTime(at("2026-06-01"))
	require.Equal(t, []string{"serverRenewProhibited"}, seen(a, "mydomain.cz"))
	put(`"status":["serverRenewProhibited"],`, "")
	require.Equal(t, []string{"gone"}, seen(a, "mydomain.cz"))
}

// The time of what a domain refers to begins when the domain is gone, or refers to
// something else.
func TestIdleAfterADomain(t *testing.T) {
	months := func(n int) time.Time { return noon.AddDate(0, n, 0) }
	t.Run("deleted", func(t *testing.T) {
		m := start(t, fred.Options{})
		a := m.loginA(t)
		a.Do(domainCommand("create", "sauna.cz", el("registrant", "CID-LOCKED"))).Code(1000)
		m.SetTime(months(5))
		a.Do(domainCommand("delete", "sauna.cz")).Code(1000)
		m.SetTime(months(11).Add(-time.Second))
		a.Do(info("contact", "CID-LOCKED")).Code(1000)
		m.SetTime(months(11))
		a.Do(info("contact", "CID-LOCKED")).Code(2303)
	})
	t.Run("updated", func(t *testing.T) {
		m := start(t, fred.Options{})
		a := m.loginA(t)
		m.SetTime(months(7))
		a.Do(domainCommand("update", "silentdomain.cz", el("chg", holder))).Code(1000)
		m.SetTime(months(13).Add(-time.Second))
		a.Do(info("contact", "CID-SILENT")).Code(1000)
		m.SetTime(months(13))
		a.Do(info("contact", "CID-SILENT")).Code(2303)
	})
}
