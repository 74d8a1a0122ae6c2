package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// trn reads the latest message of a registrar, which tells of a transfer, and takes it off.
func trn(t *testing.T, c *wiretest.Client) (status, text string) {
	t.Helper()
	a := c.Do(`<poll op="req"/>`).Code(1301)
	require.Equal(t, []string{"id", "trStatus", "reID", "reDate", "acID", "acDate"}, a.Names("trnData"), a.XML)
	c.Do(`<poll op="ack" msgID="` + a.Attrs("msgQ", "id")[0] + `"/>`).Code(1000)
	return a.Text("trStatus"), a.Text("msgQ/msg")
}

func TestContactTransfer(t *testing.T) {
	setup := func(t *testing.T, rules gtld.ContactRules, secure bool) (m *mock, x, y *wiretest.Client, do func(*wiretest.Client, string, string) *wiretest.Answer) {
		f, err := gtld.DefaultFixtures()
		require.NoError(t, err)
		f.ContactRules, f.Messages = rules, nil
		f.Registrars = append(f.Registrars, registry.Account{ClID: "reg-west", Password: "west-Gate9"})
		m = startWith(t, gtld.Options{Fixtures: f, SecureAuthInfo: secure})
		x, y = m.loginX(t), m.loginY(t)
		return m, x, y, func(c *wiretest.Client, op, pw string) *wiretest.Answer {
			if pw != "" {
				pw = "<authInfo><pw>" + pw + "</pw></authInfo>"
			}
			return c.Do(contactCommand("transfer "+op, "<id>jr-1</id>"+pw))
		}
	}
	const pw = "jil-Secret7"

	t.Run("R5733-021 RFC 5733, 3.2.4 request and approve", func(t *testing.T) {
		m, x, y, do := setup(t, gtld.ContactRules{}, false)
		a := do(y, "request", pw).Code(1001)
		require.Equal(t, []string{"id", "trStatus", "reID", "reDate", "acID", "acDate"}, a.Names("trnData"), "R5733-015")
		require.Equal(t, "pending", a.Text("trStatus"))
		require.Equal(t, "reg-south", a.Text("reID"))
		require.Equal(t, "reg-north", a.Text("acID"))
		require.Equal(t, "2026-03-06T12:00:00Z", a.Text("acDate"))
		require.Equal(t, []string{"pendingTransfer", "linked"}, x.Do(infoContact("jr-1", "")).Attrs("status", "s"), "R5733-004")
		for _, c := range []*wiretest.Client{x, y} {
			status, text := trn(t, c)
			require.Equal(t, "pending", status)
			require.Equal(t, "The transfer of contact jr-1 is requested.", text)
			require.Equal(t, "pending", do(c, "query", "").Code(1000).Text("trStatus"))
		}
		do(y, "request", pw).Code(2300)
		x.Do(contactCommand("update", "<id>jr-1</id><chg><voice/></chg>")).Code(2304)
		x.Do(contactCommand("delete", "<id>jr-1</id>")).Code(2304)

		m.Advance(time.Hour)
		a = do(x, "approve", "").Code(1000)
		require.Equal(t, "clientApproved", a.Text("trStatus"))
		require.Equal(t, "2026-03-01T13:00:00Z", a.Text("acDate"))
		for _, c := range []*wiretest.Client{x, y} {
			status, _ := trn(t, c)
			require.Equal(t, "clientApproved", status)
			require.Equal(t, "clientApproved", do(c, "query", "").Code(1000).Text("trStatus"))
		}
		a = y.Do(infoContact("jr-1", "")).Code(1000)
		require.Equal(t, "reg-south", a.Text("clID"))
		require.Equal(t, "2026-03-01T13:00:00Z", a.Text("trDate"))
		require.Equal(t, "reg-north", a.Text("crID"))
		require.Equal(t, []string{"ok", "linked"}, a.Attrs("status", "s"))
		require.Equal(t, pw, a.Text("authInfo/pw"), "without RFC 9154 it stays")
		x.Do(infoContact("jr-1", "")).Code(2201)
		m.Advance(10 * 24 * time.Hour)
		y.Do(`<poll op="req"/>`).Code(1300)
	})
	t.Run("RFC 5730, 2.9.3.4 refused", func(t *testing.T) {
		m, x, y, do := setup(t, gtld.ContactRules{}, false)
		z := m.dial(t).Login("reg-west", "west-Gate9")
		do(x, "request", pw).Code(2106)
		do(y, "request", "").Code(2003)
		do(y, "request", "Jil-Secret7").Code(2202)
		do(x, "query", "").Code(2301)
		do(y, "query", "").Code(2201)
		do(x, "approve", "").Code(2301)
		do(x, "reject", "").Code(2301)
		do(x, "cancel", "").Code(2301)
		do(y, "approve", "").Code(2201)
		y.Do(contactCommand("transfer request", "<id>nobody</id>"+taaviPW)).Code(2303)
		y.Do(contactCommand("transfer query", "<id>nobody</id>")).Code(2303)
		do(y, "request", pw).Code(1001)
		for _, op := range []string{"approve", "reject", "cancel", "query"} {
			do(z, op, "").Code(2201)
		}
		do(z, "query", pw).Code(1000)
		do(y, "approve", "").Code(2201)
		do(y, "reject", "").Code(2201)
		do(x, "cancel", "").Code(2201)
		do(x, "approve", "wrong").Code(2202)
	})
	t.Run("R5733-003 2304", func(t *testing.T) {
		_, x, y, do := setup(t, gtld.ContactRules{}, false)
		x.Do(contactCommand("update", `<id>jr-1</id><add><status s="clientTransferProhibited"/></add>`)).Code(1000)
		do(y, "request", pw).Code(2304)
	})
	t.Run("reject, and cancel", func(t *testing.T) {
		_, x, y, do := setup(t, gtld.ContactRules{}, false)
		do(y, "request", pw).Code(1001)
		require.Equal(t, "reg-north", do(x, "reject", "").Code(1000).Text("acID"))
		do(y, "request", pw).Code(1001)
		require.Equal(t, "reg-south", do(y, "cancel", "").Code(1000).Text("acID"))
		for _, c := range []*wiretest.Client{x, y} {
			for _, want := range []string{"pending", "clientRejected", "pending", "clientCancelled"} {
				status, _ := trn(t, c)
				require.Equal(t, want, status)
			}
		}
		require.Equal(t, "reg-north", x.Do(infoContact("jr-1", "")).Code(1000).Text("clID"))
	})
	for outcome, want := range map[string]string{"": "serverApproved", "approve": "serverApproved", "cancel": "serverCancelled"} {
		t.Run("decided by the clock: "+outcome, func(t *testing.T) {
			m, x, y, do := setup(t, gtld.ContactRules{Transfer: gtld.TransferPolicy{Outcome: outcome}}, false)
			do(y, "request", pw).Code(1001)
			m.Advance(5*24*time.Hour - time.Second)
			require.Equal(t, "pending", do(x, "query", "").Text("trStatus"))
			m.Advance(time.Hour)
			a := do(x, "query", "").Code(1000)
			require.Equal(t, want, a.Text("trStatus"))
			require.Equal(t, "2026-03-06T12:00:00Z", a.Text("acDate"), "its own time, not that of who looks")
			for _, c := range []*wiretest.Client{x, y} {
				trn(t, c)
				status, _ := trn(t, c)
				require.Equal(t, want, status)
			}
			winner := x
			if want == "serverApproved" {
				winner = y
			}
			winner.Do(contactCommand("update", "<id>jr-1</id><chg><voice/></chg>")).Code(1000)
		})
	}
	t.Run("at once", func(t *testing.T) {
		none := registry.Duration(0)
		_, x, y, do := setup(t, gtld.ContactRules{Transfer: gtld.TransferPolicy{Pending: &none}}, false)
		require.Equal(t, "serverApproved", do(y, "request", pw).Code(1000).Text("trStatus"))
		y.Do(infoContact("jr-1", "")).Code(1000)
		status, _ := trn(t, x)
		require.Equal(t, "serverApproved", status)
	})
	t.Run("2106 too short a time after the last", func(t *testing.T) {
		m, x, y, _ := setup(t, gtld.ContactRules{Transfer: gtld.TransferPolicy{Lock: registry.Day}}, false)
		newContact(x, "taavi").Code(1000)
		y.Do(contactCommand("transfer request", "<id>taavi</id>"+taaviPW)).Code(2106)
		m.Advance(24 * time.Hour)
		y.Do(contactCommand("transfer request", "<id>taavi</id>"+taaviPW)).Code(1001)
	})
	t.Run("R9154-013 RFC 9154, 5.4 the authInfo is unset", func(t *testing.T) {
		_, x, y, do := setup(t, gtld.ContactRules{}, true)
		do(y, "request", pw).Code(1001)
		do(x, "approve", "").Code(1000)
		y.Do(infoContact("jr-1", pw)).Code(2202)
		require.NotContains(t, y.Do(infoContact("jr-1", "")).Code(1000).Names("infData"), "authInfo")
	})
	t.Run("R9154-005 R9154-006 RFC 9154, 5.1 and 5.2", func(t *testing.T) {
		_, x, _, _ := setup(t, gtld.ContactRules{}, true)
		x.Do(contactCommand("create", "<id>later-1</id>"+taavi+taaviMail+"<authInfo><pw/></authInfo>")).Code(1000)
		x.Do(contactCommand("update", "<id>later-1</id><chg><authInfo><pw>weak</pw></authInfo></chg>")).Code(2202)
		x.Do(contactCommand("update", "<id>later-1</id><chg><authInfo><pw>qT7!vw-K2p$Zr8mX^e4b</pw></authInfo></chg>")).Code(1000)
		require.Empty(t, x.Do(infoContact("later-1", "")).Code(1000).Text("authInfo/pw"))
	})
}
