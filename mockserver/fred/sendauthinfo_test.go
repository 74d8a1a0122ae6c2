package fred_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func TestSendAuthInfoRecipients(t *testing.T) {
	m := start(t, fred.Options{})
	c := m.loginB(t) // who does not sponsor all of them: it need not
	for _, tt := range []struct {
		name, kind, handle string
		want               []string
	}{
		{
			"a contact's own addresses: split, the invalid dropped, each once", "contact", "CID-MYOWN",
			[]string{"adam@bartos.example", "cyril@dum.example"},
		},
		{
			"a domain's registrant and all admins, each address once", "domain", "mydomain.cz",
			[]string{"adam@bartos.example", "cyril@dum.example", "gita@hory.example", "ivan@jelen.example"},
		},
		{"an nsset's techs", "nsset", "NID-MYNSSET", []string{"karla@lesy.example", "milan@novotny.example"}},
		{"a keyset's techs", "keyset", "KID-MYKEYSET", []string{"milan@novotny.example", "karla@lesy.example"}},
		{"a contact with serverTransferProhibited", "contact", "CID-LOCKED", []string{"radek@smutny.example"}},
		{"handles in any case", "nsset", "nid-mynsset", []string{"karla@lesy.example", "milan@novotny.example"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := len(m.Outbox.All())
			a := c.Send(sendAuthInfo(tt.kind, tt.handle)).Code(1000)
			require.Equal(t, "send-1", a.Text("clTRID"))
			require.NotContains(t, a.XML, "resData", "the answer is plain")

			require.Len(t, m.Outbox.All(), before+1, "one mail to all")
			mail, _ := m.Outbox.Last()
			require.Equal(t, tt.want, mail.To)
			require.Equal(t, tt.kind, mail.About.Kind)
			require.True(t, strings.EqualFold(tt.handle, mail.About.Handle))
			require.Equal(t, noon, mail.At)
			require.Equal(t, "REG-SLEZSKO", mail.RequestedBy)
			require.Regexp(t, `^[A-HJ-NP-Za-hjkmnp-z2-9]{8}$`, string(mail.AuthInfo))
		})
	}
}

func TestSendAuthInfoRefusals(t *testing.T) {
	m := start(t, fred.Options{PartiallyDiscloseContactEmails: true})
	c := m.loginA(t)
	for _, tt := range []struct {
		name, kind, handle string
		code               int
	}{
		{"unknown contact", "contact", "CID-NOBODY", 2303},
		{"unknown domain", "domain", "nodomain.cz", 2303},
		{"unknown nsset", "nsset", "NID-NONE", 2303},
		{"unknown keyset", "keyset", "KID-NONE", 2303},
		{"an nsset is no keyset", "keyset", "NID-MYNSSET", 2303},
		{"serverTransferProhibited domain", "domain", "lockeddomain.cz", 2304},
		{"serverTransferProhibited nsset", "nsset", "NID-LOCKED", 2304},
		{"serverTransferProhibited keyset", "keyset", "KID-LOCKED", 2304},
		{"a contact without a usable address", "contact", "CID-SILENT", 2400},
		{"a domain whose contacts have none", "domain", "silentdomain.cz", 2400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := c.Send(sendAuthInfo(tt.kind, tt.handle)).Code(tt.code)
			if tt.code != 2400 {
				require.Equal(t, tt.handle, a.Text("extValue/value/"+namespaces[tt.kind].id))
			}
			require.NotContains(t, a.XML, "resData")
			require.Empty(t, m.Outbox.All())
			require.Empty(t, m.AuthInfos.Active(registry.Ref{Kind: tt.kind, Handle: tt.handle}))
		})
	}
	t.Run("2400 keeps the session", func(t *testing.T) { c.Do(check("domain", "free.cz")).Code(1000) })
	t.Run("before the login", func(t *testing.T) {
		m.dial(t, "REG-MORAVA").Send(sendAuthInfo("contact", "CID-MYOWN")).Code(2002)
	})
	t.Run("an object that FRED does not have", func(t *testing.T) {
		el := `<o:sendAuthInfo xmlns:o="urn:ietf:params:xml:ns:contact-1.0"><o:id>CID-MYOWN</o:id></o:sendAuthInfo>`
		c.Send(extcommand("<fred:sendAuthInfo>"+el+"</fred:sendAuthInfo>", "send-1")).Code(2001)
		el = `<c:check xmlns:c="http://www.nic.cz/xml/epp/contact-1.6"><c:id>CID-MYOWN</c:id></c:check>` // valid, but no such command
		c.Send(extcommand("<fred:sendAuthInfo>"+el+"</fred:sendAuthInfo>", "send-1")).Code(2000)
	})
}

func TestPartiallyDiscloseContactEmails(t *testing.T) {
	t.Run("all four objects", func(t *testing.T) {
		c := start(t, fred.Options{PartiallyDiscloseContactEmails: true}).loginA(t)
		for kind, tt := range map[string]struct{ handle, email string }{
			"contact": {"CID-MYOWN", "a*****@b*****.*,c*****@d*****.*"},
			"domain":  {"mydomain.cz", "a*****@b*****.*,c*****@d*****.*,g*****@h*****.*,i*****@j*****.*"},
			"nsset":   {"NID-MYNSSET", "k*****@l*****.*,m*****@n*****.*"},
			"keyset":  {"KID-MYKEYSET", "m*****@n*****.*,k*****@l*****.*"},
		} {
			a := c.Send(sendAuthInfo(kind, tt.handle)).Code(1000)
			require.Equal(t, tt.email, a.Text("resData/sendAuthInfoData/email"))
			require.Contains(t, a.XML, `xmlns:`+kind+`="`+namespaces[kind].uri+`"`)
		}
	})

	// emails starts with a contact that has these addresses.
	emails := func(t *testing.T, mask fred.Mask, list ...string) ([]string, []string) {
		f, err := fred.DefaultFixtures()
		require.NoError(t, err)
		f.Contacts[0].Email = strings.Join(list, ",")
		f.Contacts[0].Disclose = []string{"email"}
		m := start(t, fred.Options{PartiallyDiscloseContactEmails: true, Mask: mask, Fixtures: f})
		a := m.loginA(t).Send(sendAuthInfo("contact", "CID-MYOWN")).Code(1000)
		mail, _ := m.Outbox.Last()
		return strings.Split(a.Text("email"), ","), mail.To
	}
	t.Run("sub-domains disappear", func(t *testing.T) {
		shown, _ := emails(t, fred.Mask{}, "x@very.long.host.example")
		require.Equal(t, []string{"x*****@v*****.*"}, shown)
	})
	t.Run("addresses that look alike are both there", func(t *testing.T) {
		shown, to := emails(t, fred.Mask{}, "anna@beta.example", "axel@berg.example")
		require.Equal(t, []string{"a*****@b*****.*", "a*****@b*****.*"}, shown)
		require.Len(t, to, 2)
	})
	t.Run("or once, when the mask says so", func(t *testing.T) {
		shown, to := emails(t, fred.Mask{Once: true, Stars: 3}, "anna@beta.example", "axel@berg.example")
		require.Equal(t, []string{"a***@b***.*"}, shown)
		require.Len(t, to, 2)
	})
	t.Run("in full when disclosed and the mask says so", func(t *testing.T) {
		shown, _ := emails(t, fred.Mask{ShowDisclosed: true}, "anna@beta.example")
		require.Equal(t, []string{"anna@beta.example"}, shown)
	})
	t.Run("at most 320 characters, whole addresses", func(t *testing.T) {
		var list []string
		for i := range 30 {
			list = append(list, fmt.Sprintf("a%d@b.cz", i))
		}
		shown, to := emails(t, fred.Mask{}, list...)
		require.Equal(t, list, to, "all get the mail")
		require.Len(t, shown, 20) // 20*15 + 19 commas = 319
		require.Equal(t, slices.Repeat([]string{"a*****@b*****.*"}, 20), shown)

		shown, _ = emails(t, fred.Mask{Stars: 4}, list...)
		require.Len(t, shown, 22) // 23*13 + 22 commas would be 321

		host := "@" + strings.Repeat("h", 50) + ".cz"
		list = nil
		for _, c := range []string{"a", "b", "c"} {
			list = append(list, strings.Repeat(c, 106-len(host))+host)
		}
		shown, _ = emails(t, fred.Mask{ShowDisclosed: true}, list...)
		require.Equal(t, list, shown) // 3*106 + 2 commas = 320
	})
}

func TestAuthInfoLife(t *testing.T) {
	const ttl = 14 * 24 * time.Hour
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	send := func(t *testing.T, kind, handle string) string {
		a.Send(sendAuthInfo(kind, handle)).Code(1000)
		return m.lastCode(t)
	}

	t.Run("R5730-098 a wrong one is 2202, even of the sponsor", func(t *testing.T) {
		d := a.Do(info("contact", "CID-MYOWN", "whatever")).Code(2202)
		require.Equal(t, "whatever", d.Text("extValue/value/authInfo"), "the offending element, as FRED does")
		a.Do(info("domain", "mydomain.cz", "whatever")).Code(2202)
	})
	t.Run("a new one is valid for whoever shows it, and not consumed", func(t *testing.T) {
		code := send(t, "contact", "CID-MYOWN")
		for range 2 {
			a.Do(info("contact", "CID-MYOWN", code)).Code(1000)
			b.Do(info("contact", "CID-MYOWN", code)).Code(1000)
		}
		active := m.AuthInfos.Active(registry.Ref{Kind: "contact", Handle: "CID-MYOWN"})
		require.Len(t, active, 1)
		require.Equal(t, 4, active[0].Uses)
		b.Do(info("contact", "CID-ADMIN1", code)).Code(2202)
		b.Do(info("domain", "mydomain.cz", code)).Code(2202)
	})
	t.Run("a new one replaces only the same registrar's", func(t *testing.T) {
		old := send(t, "domain", "mydomain.cz")
		b.Send(sendAuthInfo("domain", "mydomain.cz")).Code(1000)
		others := m.lastCode(t)
		fresh := send(t, "domain", "mydomain.cz")
		require.NotEqual(t, old, fresh)
		a.Do(info("domain", "mydomain.cz", old)).Code(2202)
		a.Do(info("domain", "mydomain.cz", others)).Code(1000)
		b.Do(info("domain", "mydomain.cz", fresh)).Code(1000)
	})
	t.Run("it ends after fourteen days", func(t *testing.T) {
		code := send(t, "contact", "CID-ADMIN1")
		m.Clock.Advance(ttl - time.Second)
		b.Do(info("contact", "CID-ADMIN1", code)).Code(1000)
		m.Clock.Advance(time.Second)
		b.Do(info("contact", "CID-ADMIN1", code)).Code(2202)
	})
	t.Run("the TTL and the length are options", func(t *testing.T) {
		m := start(t, fred.Options{AuthInfoTTL: time.Hour, AuthInfoLength: 12})
		c := m.loginA(t)
		c.Send(sendAuthInfo("contact", "CID-MYOWN"))
		code := m.lastCode(t)
		require.Len(t, code, 12)
		m.Clock.Advance(time.Hour)
		c.Do(info("contact", "CID-MYOWN", code)).Code(2202)
	})
	t.Run("two runs are alike", func(t *testing.T) {
		run := func(seed uint64) []registry.Mail {
			m := start(t, fred.Options{Options: registry.Options{Seed: seed}})
			c := m.loginA(t)
			c.Send(sendAuthInfo("contact", "CID-MYOWN"))
			c.Send(sendAuthInfo("keyset", "KID-MYKEYSET"))
			return m.Outbox.All()
		}
		require.Equal(t, run(5), run(5))
		require.NotEqual(t, run(5)[0].AuthInfo, run(6)[0].AuthInfo)
	})
}
