package fred_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

func TestCheck(t *testing.T) {
	c := start(t, fred.Options{}).loginA(t)
	long := "a23456789012345678901234567890x"
	for _, tt := range []struct{ name, kind, handle, avail, reason string }{
		{"a free handle", "contact", "CID-FREE", "1", ""},
		{"a handle that is taken", "contact", "CID-MYOWN", "0", "Registered already"},
		{"in lower case", "contact", "cid-myown", "0", "Registered already"},
		{"a handle that was deleted", "contact", "CID-GONE", "0", "Within the protection period"},
		{"two hyphens", "contact", "CID--A", "0", "An invalid format"},
		{"31 characters", "contact", long, "0", "An invalid format"},
		{"30 characters", "contact", long[1:], "1", ""},
		{"a free name", "domain", "free.cz", "1", ""},
		{"a name that is taken", "domain", "MyDomain.cz", "0", "Registered already"},
		{"prohibited", "domain", "zakazane.cz", "0", "Registration is prohibited"},
		{"another zone", "domain", "free.example", "0", "The domain name not applicable"},
		{"below a name", "domain", "www.free.cz", "0", "The domain name not applicable"},
		{"a dotless i for an I", "contact", "C\u0131D-MYOWN", "0", "An invalid format"},
		{"a long s for an S", "contact", "CID-\u017fILENT", "0", "An invalid format"},
		{"a Kelvin sign for a k", "domain", "loc\u212aeddomain.cz", "0", "An invalid format"},
		{"ENUM", "domain", "3.2.1.0.2.4.e164.arpa", "1", ""},
		{"ENUM, not digits", "domain", "x.2.1.0.2.4.e164.arpa", "0", "The domain name not applicable"},
		{"a hyphen first", "domain", "-free.cz", "0", "An invalid format"},
		{"a dot last", "domain", "free.cz.", "0", "An invalid format"},
	} {
		t.Run(tt.kind+" "+tt.name, func(t *testing.T) {
			id := namespaces[tt.kind].id
			a := c.Do(check(tt.kind, tt.handle)).Code(1000)
			require.Equal(t, []string{tt.handle}, a.All("cd/"+id))
			require.Equal(t, []string{tt.avail}, a.Attrs("cd/"+id, "avail"))
			require.Equal(t, tt.reason, a.Text("cd/reason"))
		})
	}
	t.Run("R5730-051 each name gets its answer", func(t *testing.T) {
		a := c.Do(check("domain", "free.cz", "mydomain.cz", "other.cz"))
		require.Equal(t, []string{"free.cz", "mydomain.cz", "other.cz"}, a.All("cd/name"))
		require.Equal(t, []string{"1", "0", "1"}, a.Attrs("cd/name", "avail"))
	})
}

// Letters whose other case is one of ASCII's are letters of their own.
func TestOnlyASCIIHasCase(t *testing.T) {
	m := start(t, fred.Options{})
	c := m.loginA(t)
	for kind, handles := range map[string][]string{
		"contact": {"C\u0131D-MYOWN", "CID-\u017fILENT"},
		"domain":  {"loc\u212aeddomain.cz", "\u017filentdomain.cz"},
		"nsset":   {"N\u0131D-MYNSSET"},
		"keyset":  {"\u212aID-MYKEYSET"},
	} {
		for _, h := range handles {
			if kind == "contact" || kind == "domain" {
				c.Do(info(kind, h)).Code(2303)
			}
			c.Send(sendAuthInfo(kind, h)).Code(2303)
		}
	}
}

func TestDomainInfo(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	t.Run("all of it, in the order of the schema", func(t *testing.T) {
		d := a.Do(info("domain", "MYDOMAIN.cz")).Code(1000)
		require.Equal(t, []string{
			"name", "roid", "status", "registrant", "admin", "admin", "nsset", "keyset",
			"clID", "crID", "crDate", "upID", "upDate", "exDate",
		}, d.Names("infData"))
		require.Equal(t, "mydomain.cz", d.Text("infData/name"))
		require.Equal(t, "D0000000001-CZ", d.Text("roid"))
		require.Equal(t, []string{"ok"}, d.Attrs("status", "s"))
		require.Equal(t, "Object is without restrictions", d.Text("status"))
		require.Equal(t, "CID-MYOWN", d.Text("registrant"))
		require.Equal(t, []string{"CID-ADMIN1", "CID-ADMIN2"}, d.All("admin"))
		require.Equal(t, "2031-04-15", d.Text("exDate"))
	})
	t.Run("a stranger sees the same", func(t *testing.T) {
		require.Equal(t, a.Do(info("domain", "mydomain.cz")).Names("infData"), b.Do(info("domain", "mydomain.cz")).Names("infData"))
	})
	t.Run("what there is not is left out", func(t *testing.T) {
		d := a.Do(info("domain", "silentdomain.cz"))
		require.Equal(t, []string{"name", "roid", "status", "registrant", "clID", "crID", "crDate", "exDate"}, d.Names("infData"))
		require.Contains(t, a.Do(info("domain", "otherdomain.cz")).Names("infData"), "trDate")
	})
	t.Run("a status in place of ok", func(t *testing.T) {
		require.Equal(t, []string{"serverTransferProhibited", "outzone"}, a.Do(info("domain", "lockeddomain.cz")).Attrs("status", "s"), "it has no name servers")
	})
	t.Run("R5730-102 2303 quotes the element", func(t *testing.T) {
		d := a.Do(info("domain", "nodomain.cz")).Code(2303)
		require.Equal(t, "nodomain.cz", d.Text("extValue/value/name"))
		require.Contains(t, d.XML, `xmlns:domain="`+nic+`domain-1.4"`)
		require.NotEmpty(t, d.Text("extValue/reason"))
	})
}

func TestContactInfo(t *testing.T) {
	all := []string{
		"id", "roid", "status", "postalInfo", "voice", "email", "clID", "crID", "crDate", "upID", "upDate",
		"disclose", "ident", "notifyEmail",
	}
	hidden := []string{"id", "roid", "status", "postalInfo", "clID", "crID", "crDate"}

	t.Run("show_all", func(t *testing.T) {
		m := start(t, fred.Options{})
		d := m.loginA(t).Do(info("contact", "cid-myown")).Code(1000)
		require.Equal(t, all, d.Names("infData"))
		require.Equal(t, "CID-MYOWN", d.Text("infData/id"))
		require.Equal(t, "C0000000001-CZ", d.Text("roid"))
		require.Equal(t, []string{"linked"}, d.Attrs("status", "s"))
		require.Equal(t, []string{"1"}, d.Attrs("disclose", "flag"))
		require.Equal(t, []string{"addr", "voice"}, d.Names("disclose"))
		require.Equal(t, []string{"birthday"}, d.Attrs("ident", "type"))
		require.Equal(t, all, m.loginB(t).Do(info("contact", "CID-MYOWN")).Names("infData"), "a stranger")
		require.Contains(t, m.loginA(t).Do(info("contact", "CID-HIDDEN")).XML, "olga@pokorna.example")
	})
	t.Run("cznic_specific", func(t *testing.T) {
		m := start(t, fred.Options{HideContacts: true})
		a, b := m.loginA(t), m.loginB(t)
		t.Run("the sponsor sees all", func(t *testing.T) {
			d := b.Do(info("contact", "CID-HIDDEN")).Code(1000)
			require.Contains(t, d.XML, "olga@pokorna.example")
			require.Equal(t, []string{"identifiedContact"}, d.Attrs("status", "s"))
		})
		t.Run("a stranger does not; postalInfo and addr stay", func(t *testing.T) {
			d := a.Do(info("contact", "CID-HIDDEN")).Code(1000)
			require.Equal(t, hidden, d.Names("infData"))
			require.Equal(t, []string{"name", "addr"}, d.Names("postalInfo"))
			require.Empty(t, d.Names("addr"))
		})
		t.Run("a stranger sees what is disclosed", func(t *testing.T) {
			d := b.Do(info("contact", "CID-MYOWN"))
			require.Equal(t, []string{
				"id", "roid", "status", "postalInfo", "voice", "clID", "crID", "crDate", "upID", "upDate", "disclose",
			}, d.Names("infData"))
			require.NotEmpty(t, d.Names("addr"), "nobody confirmed the identity")
		})
		t.Run("the sponsor of a domain whose admin it is sees all", func(t *testing.T) {
			require.Contains(t, a.Do(info("contact", "CID-ADMIN2")).Names("infData"), "email")
		})
		t.Run("a tech of a set is still a stranger", func(t *testing.T) {
			require.NotContains(t, b.Do(info("contact", "CID-TECH1")).Names("infData"), "email")
		})
		t.Run("a valid authInfo shows all", func(t *testing.T) {
			a.Send(sendAuthInfo("contact", "CID-HIDDEN")).Code(1000)
			d := a.Do(info("contact", "CID-HIDDEN", m.lastCode(t))).Code(1000)
			require.Contains(t, d.XML, "olga@pokorna.example")
			require.NotContains(t, d.XML, "authInfo", "info never returns it")
		})
		t.Run("an empty authInfo is none", func(t *testing.T) {
			require.Equal(t, hidden, a.Do(info("contact", "CID-HIDDEN", "")).Code(1000).Names("infData"))
		})
	})
	t.Run("R5730-102 unknown", func(t *testing.T) {
		start(t, fred.Options{}).loginA(t).Do(info("contact", "CID-NOBODY")).Code(2303)
	})
}
