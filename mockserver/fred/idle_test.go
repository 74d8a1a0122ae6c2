package fred_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

func TestIdle(t *testing.T) {
	day := func(month time.Month, d, hour int) time.Time {
		return time.Date(2026, month, d, hour, 0, 0, 0, time.UTC)
	}
	t.Run("six months after the registry began, or the object was made", func(t *testing.T) {
		m := start(t, fred.Options{})
		a, b := m.loginA(t), m.loginB(t)
		acknowledge(a)
		m.Advance(24 * time.Hour)
		a.Do(createContact("CID-NEW", "")).Code(1000)
		m.SetTime(day(9, 1, 12))
		require.Equal(t, "CID-HIDDEN", next(t, b).Text("idleDelData/id"), "the sponsor is told")
		var gone []string
		for range 3 {
			msg := a.Do(`<poll op="req"/>`).Code(1301)
			gone = append(gone, msg.All("idleDelData/id")...)
			a.Do(`<poll op="ack" msgID="` + msg.Attrs("msgQ", "id")[0] + `"/>`)
		}
		require.ElementsMatch(t, []string{"CID-LOCKED", "NID-LOCKED", "KID-LOCKED"}, gone)
		silent(t, a)
		a.Do(info("contact", "CID-HIDDEN")).Code(2303)
		a.Do(info("contact", "CID-TECH1")).Code(1000) // a tech
		require.Equal(t, "Within the protection period", a.Do(check("nsset", "NID-LOCKED")).Text("reason"))
		m.SetTime(day(9, 2, 11))
		a.Do(info("contact", "CID-NEW")).Code(1000)
		m.SetTime(day(9, 2, 12))
		a.Do(info("contact", "CID-NEW")).Code(2303)
	})
	t.Run("an update and a use begin it anew", func(t *testing.T) {
		m := start(t, fred.Options{})
		a := m.loginA(t)
		a.Do(createContact("CID-NEW", "")).Code(1000)
		a.Do(createContact("CID-TECH", "")).Code(1000)
		a.Do(createNSSet("NID-NEW", two, "CID-TECH")).Code(1000)
		m.SetTime(day(8, 1, 12))
		a.Do(updateContact("CID-NEW", email)).Code(1000)
		a.Do(command("update", "nsset", id("NID-NEW")+`<o:chg/>`)).Code(1000)
		m.SetTime(day(9, 1, 12))
		a.Do(info("contact", "CID-NEW")).Code(1000)
		a.Do(info("nsset", "NID-NEW")).Code(1000)
		m.SetTime(time.Date(2027, 2, 1, 11, 0, 0, 0, time.UTC))
		a.Do(info("contact", "CID-NEW")).Code(1000)
		a.Do(info("nsset", "NID-NEW")).Code(1000)
		m.Advance(time.Hour)
		a.Do(info("contact", "CID-NEW")).Code(2303)
		a.Do(info("nsset", "NID-NEW")).Code(2303) // and its tech is idle since then
		m.SetTime(time.Date(2027, 8, 1, 11, 0, 0, 0, time.UTC))
		a.Do(info("contact", "CID-TECH")).Code(1000)
		m.Advance(time.Hour)
		a.Do(info("contact", "CID-TECH")).Code(2303)
	})
	t.Run("in one jump as in two", func(t *testing.T) {
		m := start(t, fred.Options{})
		a := m.loginA(t)
		acknowledge(a)
		m.Queue.TTL = 0
		a.Do(createContact("CID-TECH", "")).Code(1000)
		a.Do(createNSSet("NID-NEW", two, "CID-TECH")).Code(1000)
		m.SetTime(day(12, 31, 12).AddDate(10, 0, 0))
		a.Do(info("contact", "CID-TECH")).Code(2303)
		require.Equal(t, "1", a.Do(check("contact", "CID-TECH")).Attrs("cd/id", "avail")[0], "the protection has ended too")
	})
	t.Run("never", func(t *testing.T) {
		m := start(t, fred.Options{IdleMonths: -1})
		a := m.loginA(t)
		m.Advance(20 * 365 * 24 * time.Hour)
		a.Do(info("contact", "CID-HIDDEN")).Code(1000)
	})
	t.Run("what may not be deleted stays", func(t *testing.T) {
		f, err := fred.DefaultFixtures()
		require.NoError(t, err)
		f.Contacts[6].Status, f.NSSets[1].Status, f.KeySets[1].Status =
			[]string{"mojeidContact"}, []string{"serverDeleteProhibited"}, []string{"serverUpdateProhibited"}
		m := start(t, fred.Options{Fixtures: f})
		a := m.loginA(t)
		m.SetTime(day(12, 1, 12))
		a.Do(info("contact", "CID-LOCKED")).Code(1000)
		a.Do(info("nsset", "NID-LOCKED")).Code(1000)
		a.Do(info("keyset", "KID-LOCKED")).Code(1000)
	})
	t.Run("what the operator has linked stays", func(t *testing.T) {
		m := start(t, fred.Options{})
		a := m.loginA(t)
		_, err := m.PutRecord("domain", []byte(`{"name":"put.cz","roid":"D0000000099-CZ","clID":"REG-MORAVA","crID":"REG-MORAVA",`+
			`"crDate":"2026-03-01T12:00:00Z","registrant":"CID-HIDDEN","exDate":"2030-03-01T00:00:00Z"}`))
		require.NoError(t, err)
		m.SetTime(day(12, 1, 12))
		a.Do(info("contact", "CID-HIDDEN")).Code(1000)
	})
}
