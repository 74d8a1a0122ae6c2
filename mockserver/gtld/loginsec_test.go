package gtld_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const elsewhere = "[LOGIN-SECURITY]"

// loginSec is an extension of a login with these passwords, "" for none.
func loginSec(pw, newPW string) string {
	if pw != "" {
		pw = "<l:pw>" + pw + "</l:pw>"
	}
	if newPW != "" {
		newPW = "<l:newPW>" + newPW + "</l:newPW>"
	}
	return ext(`<l:loginSec xmlns:l="` + loginsec.NS + `"><l:userAgent><l:app>Sauna 1.0</l:app></l:userAgent>` + pw + newPW + `</l:loginSec>`)
}

func startLoginSec(t *testing.T, rules string) *mock {
	f, err := gtld.ParseFixtures("test.yaml", []byte(`
zones: [example]
registrars:
  - {clID: reg-north, password: north-Gate9}
  - {clID: reg-south, password: a much longer password than a login has room for}
passwords: `+rules))
	require.NoError(t, err)
	return startWith(t, gtld.Options{Fixtures: f})
}

func TestLoginSecPasswords(t *testing.T) {
	m := startLoginSec(t, "{min: 8, kinds: 3}")
	try := func(login string, code int) *wiretest.Answer {
		t.Helper()
		return m.dial(t).Do(login).Code(code)
	}
	c := m.dial(t)
	require.Contains(t, c.Greeting.All("extURI"), loginsec.NS)
	const long, longer = "a much longer password than a login has room for", "Another one that no login has room for: 9"

	t.Run("R8807-001 3.2 a long password", func(t *testing.T) {
		try(c.LoginXML("reg-south", elsewhere, "")+loginSec(long, ""), 1000)
		try(c.LoginXML("reg-south", elsewhere, "")+loginSec("\n a  much longer password than a login has room for ", ""), 1000)
		try(c.LoginXML("reg-south", elsewhere, "")+loginSec(long+"!", ""), 2200)
		try(c.LoginXML("reg-south", elsewhere, ""), 2200)
		try(c.LoginXML("reg-north", "north-Gate9", "")+loginSec("", ""), 1000)
	})
	t.Run("R8807-002 4.1 a password that is in the wrong place", func(t *testing.T) {
		try(c.LoginXML("reg-south", elsewhere, "")+loginSec("", ""), 2003)
		try(c.LoginXML("reg-north", "north-Gate9", elsewhere)+loginSec("", ""), 2003)
		try(c.LoginXML("reg-north", "north-Gate9", "")+loginSec("north-Gate9", ""), 2306)
		try(c.LoginXML("reg-north", "north-Gate9", "")+loginSec("", longer), 2306)
	})
	t.Run("R8807-001 3.2 the word is nobody's password", func(t *testing.T) {
		for _, login := range []string{
			c.LoginXML("reg-south", elsewhere, elsewhere) + loginSec(long, elsewhere),
			c.LoginXML("reg-north", "north-Gate9", elsewhere),
		} {
			a := try(login, 2306)
			require.Equal(t, []string{"newPW"}, a.Attrs("event", "type"))
			require.Equal(t, []string{"error"}, a.Attrs("event", "level"))
		}
	})
	t.Run("4.1 a new password", func(t *testing.T) {
		for _, weak := range []string{"Ab-1567", "alllower-only", strings.Repeat("Ab1", 43)} {
			a := try(c.LoginXML("reg-south", elsewhere, elsewhere)+loginSec(long, weak), 2306)
			require.Equal(t, []string{"newPW"}, a.Attrs("event", "type"), "R8807-003")
			require.NotContains(t, a.XML, weak)
		}
		try(c.LoginXML("reg-north", "north-Gate9", "north-gate"), 2306)
		try(c.LoginXML("reg-south", elsewhere, elsewhere)+loginSec(long, longer), 1000)
		try(c.LoginXML("reg-south", elsewhere, "")+loginSec(long, ""), 2200)
		try(c.LoginXML("reg-south", elsewhere, "")+loginSec(longer, ""), 1000)
		try(c.LoginXML("reg-north", "north-Gate9", elsewhere)+loginSec("", longer), 1000)
		try(c.LoginXML("reg-north", elsewhere, "")+loginSec(longer, ""), 1000)
	})
}

func TestLoginSecEvents(t *testing.T) {
	m := startLoginSec(t, "{valid: 90d, warn: 14d, failures: 3}")
	c := m.dial(t)
	plain := c.LoginXML("reg-north", "north-Gate9", "")
	kinds := func(a *wiretest.Answer) []string {
		return append(a.Attrs("event", "type"), a.Attrs("event", "level")...)
	}

	t.Run("R8807-003 nothing to tell", func(t *testing.T) {
		require.Empty(t, m.dial(t).Do(plain).Code(1000).All("extension"))
	})
	t.Run("R8807-003 R8807-004 a password that will expire", func(t *testing.T) {
		m.Advance(77 * registry.Day.D())
		a := m.dial(t).Do(plain).Code(1000)
		require.Equal(t, []string{"password", "warning"}, kinds(a))
		require.Equal(t, []string{"2026-05-30T12:00:00Z"}, a.Attrs("event", "exDate"))
		require.NotContains(t, m.dial(t).Do(strings.Replace(plain, "<extURI>"+loginsec.NS+"</extURI>", "", 1)).Code(1000).XML, loginsec.NS, "the login did not name it")
	})
	t.Run("3.1 one that has expired", func(t *testing.T) {
		m.Advance(13 * registry.Day.D())
		a := m.dial(t).Do(plain).Code(2200)
		require.Equal(t, []string{"password", "error"}, kinds(a))
		m.dial(t).Do(c.LoginXML("reg-north", "wrong-Gate9", "")).Code(2200)
		require.Equal(t, []string{"password", "newPW", "error", "error"}, kinds(m.dial(t).Do(c.LoginXML("reg-north", "north-Gate9", elsewhere)).Code(2200)))
		require.Empty(t, m.dial(t).Do(c.LoginXML("reg-north", "north-Gate9", "North-gatE8")).Code(1000).All("extension"))
		require.Empty(t, m.dial(t).Do(c.LoginXML("reg-north", "North-gatE8", "")).Code(1000).All("extension"))
	})
	t.Run("R8807-004 logins that failed", func(t *testing.T) {
		for range 2 {
			m.dial(t).Do(plain).Code(2200)
		}
		a := m.dial(t).Do(c.LoginXML("reg-north", "North-gatE8", "")).Code(1000)
		require.Equal(t, []string{"stat", "warning"}, kinds(a))
		require.Equal(t, []string{"failedLogins", "3", "P1D"}, append(append(a.Attrs("event", "name"), a.Attrs("event", "value")...), a.Attrs("event", "duration")...))
		m.Advance(registry.Day.D())
		require.Empty(t, m.dial(t).Do(c.LoginXML("reg-north", "North-gatE8", "")).Code(1000).All("extension"))
	})
	t.Run("R8807-004 a certificate", func(t *testing.T) {
		m := startLoginSec(t, "{}")
		m.SetTime(time.Now().AddDate(10, 0, -7))
		dial := func() *wiretest.Client { return wiretest.Dial(t, m.srv, "reg-north", schema) }
		a := dial().Do(plain).Code(1000)
		require.Equal(t, []string{"certificate", "warning"}, kinds(a))
		require.NotEmpty(t, a.Attrs("event", "exDate")[0])
		m.Advance(8 * registry.Day.D())
		require.Equal(t, []string{"certificate", "error"}, kinds(dial().Do(plain).Code(1000)))
	})
	t.Run("R8807-003 also when the failure closes", func(t *testing.T) {
		m := startLoginSec(t, "{valid: 1d}")
		m.Advance(2 * registry.Day.D())
		c := m.dial(t)
		c.Do(plain).Code(2200)
		c.Do(plain).Code(2200)
		require.Equal(t, []string{"password", "error"}, kinds(c.Do(plain).Code(2501)))
	})
}

func TestPasswordRules(t *testing.T) {
	for _, tt := range []struct{ rules, error string }{
		{"{min: 5}", "min must be 6 or more"},
		{"{min: 9, max: 8}", "max not less"},
		{"{kinds: 5}", "four kinds"},
	} {
		_, err := gtld.ParseFixtures("test.yaml", []byte("zones: [example]\nregistrars: [{clID: reg-north, password: north-Gate9}]\npasswords: "+tt.rules))
		require.ErrorContains(t, err, tt.error)
	}
}
