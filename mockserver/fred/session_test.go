package fred_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func TestGreeting(t *testing.T) {
	g := start(t, fred.Options{}).dial(t, "REG-MORAVA").Greeting
	require.Equal(t, "EPP server (DSDng)", g.Text("svID"))
	require.Equal(t, "2026-03-01T12:00:00Z", g.Text("svDate"))
	require.Equal(t, []string{"1.0"}, g.All("version"))
	require.Equal(t, []string{"en", "cs"}, g.All("lang"))
	require.Equal(t, []string{nic + "contact-1.6", nic + "domain-1.4", nic + "nsset-1.2", nic + "keyset-1.3"}, g.All("objURI"))
	require.NotContains(t, g.XML, "fred-1.5", "it is spoken, not announced")
	require.Equal(t, []string{"none"}, g.Names("access"))
	require.Equal(t, []string{"admin", "prov"}, g.Names("purpose"))
	require.Equal(t, []string{"public"}, g.Names("recipient"))
	require.Equal(t, []string{"stated"}, g.Names("retention"))
}

func TestLogin(t *testing.T) {
	m := start(t, fred.Options{})
	for name, tt := range map[string]struct{ cert, clID, pw string }{
		"unknown registrar":             {"REG-MORAVA", "REG-NOBODY", "vinice-Sklep73"},
		"R5730-042 password's case":     {"REG-MORAVA", "REG-MORAVA", "VINICE-sKLEP73"},
		"another registrar's passwords": {"REG-MORAVA", "REG-MORAVA", "halda-Vrch58"},
		"another's certificate":         {"REG-SLEZSKO", "REG-MORAVA", "vinice-Sklep73"},
		"a certificate for nobody":      {"REG-NOBODY", "REG-MORAVA", "vinice-Sklep73"},
	} {
		t.Run(name, func(t *testing.T) {
			c := m.dial(t, tt.cert)
			c.Do(c.LoginXML(tt.clID, tt.pw, "")).Code(2501)
			c.Closed()
		})
	}
	t.Run("R5730-043 newPW", func(t *testing.T) {
		c := m.dial(t, "REG-SLEZSKO")
		c.Do(c.LoginXML("REG-SLEZSKO", "halda-Vrch58", "changed-7")).Code(1000)
		c = m.dial(t, "REG-SLEZSKO")
		c.Do(c.LoginXML("REG-SLEZSKO", "halda-Vrch58", "")).Code(2501)
		m.dial(t, "REG-SLEZSKO").Login("REG-SLEZSKO", "changed-7")
	})
	t.Run("R5730-044 no resData", func(t *testing.T) {
		c := m.dial(t, "REG-MORAVA")
		require.NotContains(t, c.Do(c.LoginXML("REG-MORAVA", "vinice-Sklep73", "")).XML, "resData")
	})
	t.Run("blocked is 2201 and may stay", func(t *testing.T) {
		require.NoError(t, m.Accounts.SetBlocked("REG-MORAVA", true))
		c := m.dial(t, "REG-MORAVA")
		c.Do(c.LoginXML("REG-MORAVA", "vinice-Sklep73", "")).Code(2201)
		require.NoError(t, m.Accounts.SetBlocked("REG-MORAVA", false))
		c.Login("REG-MORAVA", "vinice-Sklep73")
	})
	t.Run("services are not looked at", func(t *testing.T) {
		c := m.dial(t, "REG-MORAVA")
		c.Do(`<login><clID>REG-MORAVA</clID><pw>vinice-Sklep73</pw><options><version>1.0</version><lang>cs</lang></options>` +
			`<svcs><objURI>urn:nothing</objURI></svcs></login>`).Code(1000)
		c.Do(info("contact", "CID-MYOWN")).Code(1000)
		a := c.Do(info("contact", "CID-NOBODY")).Code(2303)
		require.Equal(t, "Objekt neexistuje", a.Text("result/msg"), "the session is in Czech")
		require.Equal(t, []string{"cs"}, a.Attrs("result/msg", "lang"))
	})
}

func TestSvTRID(t *testing.T) {
	c := start(t, fred.Options{}).loginA(t)
	require.Equal(t, "ReqID-0000000002", c.Do(check("domain", "free.cz")).Text("svTRID"))
	require.Equal(t, "ReqID-0000000003", c.Do(check("domain", "free.cz")).Text("svTRID"))
}

func TestCreditInfo(t *testing.T) {
	m := start(t, fred.Options{})
	a := m.loginA(t).Send(extcommand("<fred:creditInfo/>", "credit-1")).Code(1000)
	require.Equal(t, "credit-1", a.Text("clTRID"))
	require.Equal(t, []string{"0.2.4.e164.arpa", "cz"}, a.All("zone"))
	require.Equal(t, []string{"18290.00", "41375.50"}, a.All("credit"))
	require.Equal(t, []string{"1250.50"}, m.loginB(t).Send(extcommand("<fred:creditInfo/>", "credit-1")).All("credit"))
}

func TestPoll(t *testing.T) {
	m := start(t, fred.Options{})
	c := m.loginA(t)
	const req = `<poll op="req"/>`
	ack := func(id string) string { return `<poll op="ack" msgID="` + id + `"/>` }

	t.Run("the fixtures' messages", func(t *testing.T) {
		a := c.Do(req).Code(1301)
		require.Equal(t, []string{"2"}, a.Attrs("msgQ", "count"))
		require.Equal(t, []string{"1"}, a.Attrs("msgQ", "id"))
		require.Equal(t, "2026-03-01T12:00:00Z", a.Text("qDate"))
		require.Contains(t, a.Text("msgQ/msg"), "mydomain.cz")
		require.Equal(t, []string{"2"}, c.Do(ack("1")).Code(1000).Attrs("msgQ", "id"))
		c.Do(ack("2")).Code(1000)
		m.loginB(t).Do(req).Code(1300)
	})
	t.Run("R5730-080 empty", func(t *testing.T) {
		require.NotContains(t, c.Do(req).Code(1300).XML, "msgQ")
	})
	data, err := epp.NewRaw([]byte(`<fred:lowCreditData xmlns:fred="` + nic + `fred-1.5"><fred:zone>cz</fred:zone>` +
		`<fred:limit><fred:zone>cz</fred:zone><fred:credit>100.00</fred:credit></fred:limit>` +
		`<fred:credit><fred:zone>cz</fred:zone><fred:credit>9.00</fred:credit></fred:credit></fred:lowCreditData>`))
	require.NoError(t, err)
	first := m.Queue.Add("REG-MORAVA", "", data)
	m.Clock.Advance(time.Minute)
	second := m.Queue.Add("REG-MORAVA", "Second", nil)
	other := m.Queue.Add("REG-SLEZSKO", "For another", nil)

	t.Run("R5730-058 R5730-081 the first, until it is acknowledged", func(t *testing.T) {
		for range 2 {
			a := c.Do(req).Code(1301)
			require.Equal(t, []string{"2"}, a.Attrs("msgQ", "count"))
			require.Equal(t, []string{first}, a.Attrs("msgQ", "id"))
			require.Equal(t, "2026-03-01T12:00:00Z", a.Text("qDate"))
			require.Equal(t, []string{"lowCreditData"}, a.Names("msgQ/msg"), "FRED's data are in msg")
			require.NotContains(t, a.XML, "resData")
		}
	})
	t.Run("R5730-030 only the answer to req has children", func(t *testing.T) {
		require.NotContains(t, c.Do(check("domain", "free.cz")).XML, "msgQ")
	})
	t.Run("R5730-061 ack without msgID", func(t *testing.T) { c.Do(`<poll op="ack"/>`).Code(2003) })
	t.Run("R5730-065 another's message", func(t *testing.T) { c.Do(ack(other)).Code(2303) })
	t.Run("R5730-060 ack names the next", func(t *testing.T) {
		a := c.Do(ack(first)).Code(1000)
		require.Equal(t, []string{"1"}, a.Attrs("msgQ", "count"))
		require.Equal(t, []string{second}, a.Attrs("msgQ", "id"))
		require.Empty(t, a.Names("msgQ"))
	})
	t.Run("R5730-062 ack again", func(t *testing.T) { c.Do(ack(first)).Code(2303) })
	t.Run("R5730-063 the last ack has no msgQ", func(t *testing.T) {
		require.Equal(t, "Second", c.Do(req).Code(1301).Text("msgQ/msg"))
		require.NotContains(t, c.Do(ack(second)).Code(1000).XML, "msgQ")
		c.Do(req).Code(1300)
	})
	t.Run("messages end after seven days", func(t *testing.T) {
		m.Queue.Add("REG-MORAVA", "Old", nil)
		m.Clock.Advance(7*24*time.Hour - time.Second)
		c.Do(req).Code(1301)
		m.Clock.Advance(time.Second)
		c.Do(req).Code(1300)
	})
}

// TestXMLLint skips where the other tests pass without validating their answers.
func TestXMLLint(t *testing.T) {
	if err := wiretest.HasXMLLint(schema); err != nil {
		t.Skip(err)
	}
	m := start(t, fred.Options{PartiallyDiscloseContactEmails: true, Options: registry.Options{Seed: 3}})
	c := m.loginA(t)
	for kind, handles := range map[string][]string{
		"contact": {"CID-MYOWN", "CID-ADMIN1", "CID-HIDDEN", "CID-LOCKED", "CID-SILENT", "CID-NOBODY"},
		"domain":  {"mydomain.cz", "lockeddomain.cz", "otherdomain.cz", "silentdomain.cz", "nodomain.cz"},
		"nsset":   {"NID-MYNSSET", "NID-LOCKED", "NID-NONE"},
		"keyset":  {"KID-MYKEYSET", "KID-LOCKED", "KID-NONE"},
	} {
		for _, h := range handles {
			c.Send(sendAuthInfo(kind, h))
			if kind == "contact" || kind == "domain" {
				c.Do(check(kind, h, "no-such-thing", "no--format"))
				c.Do(info(kind, h))
				c.Do(info(kind, h, "wrong"))
			}
		}
	}
	wiretest.Validate(t, schema, c.Docs())
}
