package fred_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// el is an element of the domain mapping with what is in it; attributes may follow the
// name.
func el(name string, content ...string) string {
	local, _, _ := strings.Cut(name, " ")
	return "<o:" + name + ">" + strings.Join(content, "") + "</o:" + local + ">"
}

// domainCommand is a command for a domain, with what follows its name.
func domainCommand(verb, name string, content ...string) string {
	in := `<o:` + verb + ` xmlns:o="` + namespaces["domain"].uri + `">` + el("name", name) + strings.Join(content, "") + `</o:` + verb + `>`
	if verb == "transfer" {
		return `<transfer op="request">` + in + "</transfer>"
	}
	return "<" + verb + ">" + in + "</" + verb + ">"
}

// enum is a command extension of ENUM.
func enum(verb, content string) string {
	return `<extension><e:` + verb + ` xmlns:e="` + nic + `enumval-1.2">` + content + `</e:` + verb + `></extension>`
}

func valEx(day string) string { return "<e:valExDate>" + day + "</e:valExDate>" }

const (
	holder    = "<o:registrant>CID-MYOWN</o:registrant>"
	telephone = "3.2.1.0.2.4.e164.arpa"
)

func years(n int) string { return el(`period unit="y"`, fmt.Sprint(n)) }

// reasons are the elements that an answer refuses, each with the reason.
func reasons(a *wiretest.Answer) map[string]string {
	m := make(map[string]string)
	for i, why := range a.All("extValue/reason") {
		path := fmt.Sprintf("extValue[%d]/value", i+1)
		m[strings.Join(a.Names(path), " ")+" "+a.Text(path+"/*")] = why
	}
	return m
}

func TestDomainCreate(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	for _, tt := range []struct {
		name, domain, content string
		code                  int
		reasons               []string // elements and texts of which one is to be told
	}{
		{"zone unknown", "free.example", holder, 2306, []string{"name free.example"}},
		{"syntax", "-free.cz", holder, 2005, []string{"name -free.cz"}},
		{"exists", "MyDomain.cz", holder, 2302, []string{"name MyDomain.cz"}},
		{"blacklist", "zakazane.cz", holder, 2306, []string{"name zakazane.cz"}},
		{"missing registrant", "free.cz", el("registrant", "CID-NONE"), 2306, []string{"registrant CID-NONE"}},
		{"missing nsset", "free.cz", el("nsset", "NID-NONE") + holder, 2306, []string{"nsset NID-NONE"}},
		{"missing keyset", "free.cz", el("keyset", "KID-NONE") + holder, 2306, []string{"keyset KID-NONE"}},
		{"missing admin", "free.cz", holder + el("admin", "CID-NONE"), 2306, []string{"admin CID-NONE"}},
		{"duplicate admin", "free.cz", holder + el("admin", "CID-ADMIN1") + el("admin", "cid-admin1"), 2306, []string{"admin cid-admin1"}},
		{
			"all of them in one 2306", "zakazane.cz", el(`period unit="m"`, "18") + el("nsset", "NID-NONE") + el("keyset", "KID-NONE") +
				el("registrant", "CID-NONE") + el("admin", "CID-NOBODY"), 2306,
			[]string{"name zakazane.cz", "nsset NID-NONE", "keyset KID-NONE", "registrant CID-NONE", "period 18", "admin CID-NOBODY"},
		},
		{"below 12 months", "free.cz", el(`period unit="m"`, "11") + holder, 2004, []string{"period 11"}},
		{"above 120 months", "free.cz", years(11) + holder, 2004, []string{"period 11"}},
		{"2004 before the collected 2306", "zakazane.cz", years(11) + holder, 2004, []string{"period 11"}},
		{"not a multiple of 12", "free.cz", el(`period unit="m"`, "13") + holder, 2306, []string{"period 13"}},
		{"ENUM without valExDate", telephone, holder, 2003, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ans := a.Do(domainCommand("create", tt.domain, tt.content)).Code(tt.code)
			got := reasons(ans)
			for _, want := range tt.reasons {
				require.NotEmpty(t, got[want], "%s in %v", want, got)
			}
			require.Len(t, got, len(tt.reasons))
			require.Len(t, ans.All("result"), 1, "one result")
			a.Do(info("domain", "free.cz")).Code(2303)
		})
	}
	t.Run("no zone access", func(t *testing.T) {
		ans := b.Do(domainCommand("create", telephone, el("registrant", "CID-NONE"))).Code(2201)
		require.Empty(t, ans.All("extValue"))
		b.Do(domainCommand("create", "1.2.3.example", holder)).Code(2306)
	})
	t.Run("the period is that of the zone where none is given", func(t *testing.T) {
		ans := a.Do(domainCommand("create", "SAUNA.cz", holder)).Code(1000)
		require.Equal(t, []string{"name", "crDate", "exDate"}, ans.Names("creData"))
		require.Equal(t, "sauna.cz", ans.Text("creData/name"))
		require.Equal(t, "2026-03-01T12:00:00Z", ans.Text("crDate"))
		require.Equal(t, "2027-03-01", ans.Text("exDate"))
	})
	t.Run("all elements", func(t *testing.T) {
		ans := a.Do(domainCommand("create", "kiuas.cz", el(`period unit="m"`, "24"), el("nsset", "nid-mynsset"),
			el("keyset", "kid-mykeyset"), el("registrant", "cid-admin1"), el("admin", "CID-ADMIN2"), el("admin", "cid-myown"),
			el("authInfo", "ignored-Heslo"))).Code(1000)
		require.Equal(t, "2028-03-01", ans.Text("exDate"))
		ans = b.Do(info("domain", "kiuas.cz")).Code(1000)
		require.Equal(t, "CID-ADMIN1", ans.Text("registrant"))
		require.Equal(t, []string{"CID-ADMIN2", "CID-MYOWN"}, ans.All("admin"))
		require.Equal(t, "NID-MYNSSET", ans.Text("infData/nsset"))
		require.Equal(t, "KID-MYKEYSET", ans.Text("infData/keyset"))
		require.Equal(t, "REG-MORAVA", ans.Text("infData/clID"))
		require.Equal(t, "D0000000006-CZ", ans.Text("roid"))
		require.Equal(t, []string{"ok"}, ans.Attrs("status", "s"))
		require.Equal(t, "2028-03-01", ans.Text("exDate"))
		require.Empty(t, ans.Text("upDate"))
		a.Do(info("domain", "kiuas.cz", "ignored-Heslo")).Code(2202)
	})
	t.Run("a contact that nothing may refer to", func(t *testing.T) {
		f, err := fred.DefaultFixtures()
		require.NoError(t, err)
		f.Contacts[0].Status = []string{"serverLinkProhibited"}
		c := start(t, fred.Options{Fixtures: f}).loginA(t)
		c.Do(domainCommand("create", "sauna.cz", holder, el("admin", "CID-MYOWN"))).Code(2306)
		c.Do(domainCommand("create", "sauna.cz", el("registrant", "CID-ADMIN1"), el("admin", "CID-MYOWN"))).Code(2306)
		c.Do(domainCommand("update", "silentdomain.cz", el("chg", holder))).Code(2306)
		c.Do(domainCommand("update", "silentdomain.cz", el("add", el("admin", "CID-MYOWN")))).Code(2306)
	})
	t.Run("29 February", func(t *testing.T) {
		m.SetTime(time.Date(2028, 2, 29, 8, 0, 0, 0, time.UTC))
		require.Equal(t, "2029-02-28", a.Do(domainCommand("create", "loyly.cz", holder)).Code(1000).Text("exDate"))
	})
}

func TestCzechSession(t *testing.T) {
	m := start(t, fred.Options{})
	c := m.dial(t, "REG-MORAVA")
	c.Do(strings.Replace(c.LoginXML("REG-MORAVA", "vinice-Sklep73", ""), "<lang>en", "<lang>cs", 1)).Code(1000)
	ans := c.Do(domainCommand("create", "zakazane.cz", holder)).Code(2306)
	require.Equal(t, []string{"Registrace je zakázána"}, ans.All("extValue/reason"))
	require.Equal(t, []string{"cs"}, ans.Attrs("extValue/reason", "lang"))
	ans = c.Do(info("domain", "lockeddomain.cz")).Code(1000)
	require.Equal(t, []string{"serverTransferProhibited", "outzone"}, ans.Attrs("status", "s"))
	require.Equal(t, []string{"cs", "cs"}, ans.Attrs("status", "lang"))
	require.Equal(t, "Doména není v zóně", ans.All("status")[1])
}

func TestDomainRenew(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	a.Do(domainCommand("create", "sauna.cz", holder)).Code(1000)
	cur := func(day string) string { return el("curExpDate", day) }
	for _, tt := range []struct {
		name, domain, content string
		code                  int
		reasons               []string
	}{
		{"zone unknown", "free.example", cur("2027-03-01"), 2303, []string{"name free.example"}},
		{"missing object", "free.cz", cur("2027-03-01"), 2303, []string{"name free.cz"}},
		{"curExpDate mismatch", "sauna.cz", cur("2027-03-02") + years(20), 2306, []string{"curExpDate 2027-03-02"}},
		{"beyond the maximum", "sauna.cz", cur("2027-03-01") + years(10), 2004, []string{"period 10"}},
		{"a period that is too long", "sauna.cz", cur("2027-03-01") + years(11), 2004, []string{"period 11"}},
		{"a period that is no multiple", "sauna.cz", cur("2027-03-01") + el(`period unit="m"`, "6"), 2306, []string{"period 6"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := reasons(a.Do(domainCommand("renew", tt.domain, tt.content)).Code(tt.code))
			for _, want := range tt.reasons {
				require.NotEmpty(t, got[want], "%s in %v", want, got)
			}
			require.Len(t, got, len(tt.reasons))
		})
	}
	t.Run("not sponsor, before the range", func(t *testing.T) {
		ans := b.Do(domainCommand("renew", "sauna.cz", cur("2027-03-01"), years(10))).Code(2201)
		require.Equal(t, []string{"Unauthorized access to the object"}, ans.All("extValue/reason"))
	})
	t.Run("serverRenewProhibited", func(t *testing.T) {
		require.NoError(t, m.UpdateDomain("sauna.cz", func(d *fred.Domain) { d.Status = []string{"serverRenewProhibited"} }))
		a.Do(domainCommand("renew", "sauna.cz", cur("2027-03-01"), years(10))).Code(2304)
		require.NoError(t, m.UpdateDomain("sauna.cz", func(d *fred.Domain) { d.Status = nil }))
	})
	t.Run("up to the maximum", func(t *testing.T) {
		ans := a.Do(domainCommand("renew", "sauna.cz", cur("2027-03-01"), years(9))).Code(1000)
		require.Equal(t, []string{"name", "exDate"}, ans.Names("renData"))
		require.Equal(t, "2036-03-01", ans.Text("exDate"))
		require.Equal(t, "2036-03-01", b.Do(info("domain", "sauna.cz")).Text("exDate"))
		a.Do(domainCommand("renew", "sauna.cz", cur("2036-03-01"))).Code(2004)
	})
}

func TestDomainUpdate(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	update := func(name string, content ...string) string { return domainCommand("update", name, content...) }
	admin := func(id string) string { return el("admin", id) }
	for _, tt := range []struct {
		name, domain, content string
		code                  int
		reasons               []string
	}{
		{"zone unknown", "free.example", "", 2303, []string{"name free.example"}},
		{"missing object", "free.cz", "", 2303, []string{"name free.cz"}},
		{"missing admin", "mydomain.cz", el("add", admin("CID-NONE")), 2306, []string{"admin CID-NONE"}},
		{"admin that is there", "mydomain.cz", el("add", admin("cid-admin1")), 2306, []string{"admin cid-admin1"}},
		{"admin twice", "mydomain.cz", el("add", admin("CID-TECH1")+admin("cid-tech1")), 2306, []string{"admin cid-tech1"}},
		{"admin that is not there", "mydomain.cz", el("rem", admin("CID-TECH1")), 2306, []string{"admin CID-TECH1"}},
		{"tempcontact", "mydomain.cz", el("rem", el("tempcontact", "CID-TECH1")), 2306, []string{"tempcontact CID-TECH1"}},
		{"missing nsset", "mydomain.cz", el("chg", el("nsset", "NID-NONE")), 2306, []string{"nsset NID-NONE"}},
		{"missing keyset", "mydomain.cz", el("chg", el("keyset", "KID-NONE")), 2306, []string{"keyset KID-NONE"}},
		{"missing registrant", "mydomain.cz", el("chg", el("registrant", "CID-NONE")), 2306, []string{"registrant CID-NONE"}},
		{
			"all of them in one 2306", "mydomain.cz", el("add", admin("CID-NONE")) + el("rem", admin("CID-NOBODY")+el("tempcontact", "CID-T")) +
				el("chg", el("nsset", "NID-NONE")+el("keyset", "KID-NONE")+el("registrant", "CID-NO")), 2306,
			[]string{"admin CID-NONE", "admin CID-NOBODY", "tempcontact CID-T", "nsset NID-NONE", "keyset KID-NONE", "registrant CID-NO"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := reasons(a.Do(update(tt.domain, tt.content)).Code(tt.code))
			for _, want := range tt.reasons {
				require.NotEmpty(t, got[want], "%s in %v", want, got)
			}
			require.Len(t, got, len(tt.reasons))
		})
	}
	require.Equal(t, "2025-01-20T07:45:30Z", a.Do(info("domain", "mydomain.cz")).Text("upDate"), "nothing has changed")
	t.Run("tempcontact's text", func(t *testing.T) {
		ans := a.Do(update("mydomain.cz", el("rem", el("tempcontact", "CID-T")))).Code(2306)
		require.Equal(t, []string{"Temporary contacts are discontinued"}, ans.All("extValue/reason"))
	})
	t.Run("by a stranger", func(t *testing.T) {
		ans := b.Do(update("mydomain.cz", el("add", admin("CID-NONE")))).Code(2201)
		require.Equal(t, []string{"Unauthorized access to the object"}, ans.All("extValue/reason"))
	})
	t.Run("adds, removes and replaces", func(t *testing.T) {
		a.Do(update("mydomain.cz", el("add", admin("cid-tech1")), el("rem", admin("CID-ADMIN1")),
			el("chg", el("nsset", "NID-LOCKED"), el("registrant", "cid-hidden"), el("authInfo", "nova-Klika44")))).Code(1000)
		ans := b.Do(info("domain", "mydomain.cz", "nova-Klika44")).Code(1000)
		require.Equal(t, []string{"CID-ADMIN2", "CID-TECH1"}, ans.All("admin"))
		require.Equal(t, "CID-HIDDEN", ans.Text("registrant"))
		require.Equal(t, "NID-LOCKED", ans.Text("infData/nsset"))
		require.Equal(t, "KID-MYKEYSET", ans.Text("infData/keyset"), "it stays")
		require.Equal(t, "REG-MORAVA", ans.Text("upID"))
		require.Equal(t, "2026-03-01T12:00:00Z", ans.Text("upDate"))
		require.Zero(t, m.Queue.Len("REG-SLEZSKO"))
	})
	t.Run("empty ones remove", func(t *testing.T) {
		a.Do(update("mydomain.cz", el("chg", el("nsset"), el("keyset")))).Code(1000)
		ans := b.Do(info("domain", "mydomain.cz")).Code(1000)
		require.NotContains(t, ans.Names("infData"), "nsset")
		require.NotContains(t, ans.Names("infData"), "keyset")
		require.Equal(t, []string{"outzone"}, ans.Attrs("status", "s"), "without name servers")
	})
	t.Run("another nsset takes the keyset away where FRED is told so", func(t *testing.T) {
		c := start(t, fred.Options{NSSetClearsKeySet: true}).loginA(t)
		c.Do(update("mydomain.cz", el("chg", el("nsset", "nid-mynsset")))).Code(1000)
		require.Equal(t, "KID-MYKEYSET", c.Do(info("domain", "mydomain.cz")).Text("infData/keyset"), "the same one")
		c.Do(update("mydomain.cz", el("chg", el("nsset", "NID-LOCKED")))).Code(1000)
		require.NotContains(t, c.Do(info("domain", "mydomain.cz")).Names("infData"), "keyset")
	})
	t.Run("prohibited", func(t *testing.T) {
		set := func(status ...string) {
			require.NoError(t, m.UpdateDomain("mydomain.cz", func(d *fred.Domain) { d.Status = status }))
		}
		set("serverUpdateProhibited")
		a.Do(update("mydomain.cz", el("add", admin("CID-NONE")))).Code(2304)
		a.Do(domainCommand("delete", "mydomain.cz")).Code(2304)
		set("serverRegistrantChangeProhibited")
		a.Do(update("mydomain.cz", el("add", admin("CID-NONE")), el("chg", el("registrant", "CID-NONE")))).Code(2304)
		a.Do(update("mydomain.cz", el("add", admin("CID-ADMIN1")))).Code(1000)
		set("serverDeleteProhibited")
		a.Do(domainCommand("delete", "mydomain.cz")).Code(2304)
		set("deleteCandidate")
		a.Do(update("mydomain.cz")).Code(2304)
		a.Do(domainCommand("delete", "mydomain.cz")).Code(2304)
		a.Do(domainCommand("renew", "mydomain.cz", el("curExpDate", "2031-04-15"))).Code(2304)
		set()
		b.Do(domainCommand("delete", "mydomain.cz")).Code(2201)
		a.Do(domainCommand("delete", "mydomain.cz")).Code(1000)
		a.Do(info("domain", "mydomain.cz")).Code(2303)
		a.Do(domainCommand("delete", "mydomain.cz")).Code(2303)
		require.Equal(t, []string{"1"}, a.Do(check("domain", "mydomain.cz")).Attrs("cd/name", "avail"))
	})
}

func TestDomainTransfer(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	transfer := func(name, authInfo string) string { return domainCommand("transfer", name, el("authInfo", authInfo)) }
	code := func(kind, handle string) string {
		b.Send(sendAuthInfo(kind, handle)).Code(1000)
		return m.lastCode(t)
	}
	for _, tt := range []struct {
		name, domain string
		code         int
	}{
		{"zone unknown", "free.example", 2303},
		{"missing object", "free.cz", 2303},
		{"own object", "otherdomain.cz", 2106},
		{"serverTransferProhibited before authInfo", "lockeddomain.cz", 2304},
		{"wrong authInfo", "mydomain.cz", 2202},
	} {
		t.Run(tt.name, func(t *testing.T) { b.Do(transfer(tt.domain, "wrong")).Code(tt.code) })
	}
	t.Run("no zone access before missing object", func(t *testing.T) { b.Do(transfer(telephone, "wrong")).Code(2201) })
	t.Run("empty authInfo", func(t *testing.T) { b.Do(transfer("mydomain.cz", "")).Code(2202) })
	t.Run("op other than request", func(t *testing.T) {
		for _, op := range []string{"query", "cancel", "approve", "reject"} {
			ans := b.Do(strings.Replace(transfer("mydomain.cz", "wrong"), "request", op, 1)).Code(2102)
			require.Equal(t, []string{"transfer"}, ans.Names("extValue/value"))
		}
	})
	t.Run("deleteCandidate", func(t *testing.T) {
		require.NoError(t, m.UpdateDomain("mydomain.cz", func(d *fred.Domain) { d.Status = []string{"deleteCandidate"} }))
		b.Do(transfer("mydomain.cz", "wrong")).Code(2304)
		require.NoError(t, m.UpdateDomain("mydomain.cz", func(d *fred.Domain) { d.Status = nil }))
	})
	drain(t, a)
	t.Run("own authInfo, which is used up", func(t *testing.T) {
		own := code("domain", "mydomain.cz")
		a.Send(sendAuthInfo("domain", "mydomain.cz")).Code(1000)
		others := m.lastCode(t)
		credit := m.Accounts.Credit("REG-SLEZSKO")
		ans := b.Do(transfer("MYDOMAIN.cz", own)).Code(1000)
		require.NotContains(t, ans.XML, "resData")
		ans = a.Do(info("domain", "mydomain.cz")).Code(1000)
		require.Equal(t, "REG-SLEZSKO", ans.Text("infData/clID"))
		require.Equal(t, "2026-03-01T12:00:00Z", ans.Text("trDate"))
		require.Equal(t, "2031-04-15", ans.Text("exDate"), "no period change")
		require.Equal(t, credit, m.Accounts.Credit("REG-SLEZSKO"), "no charge")
		require.Equal(t, "REG-MORAVA", a.Do(info("contact", "CID-MYOWN")).Text("infData/clID"), "contacts stay")
		a.Do(transfer("mydomain.cz", own)).Code(2202)
		a.Do(transfer("mydomain.cz", others)).Code(2202)
	})
	t.Run("poll trnData to the old registrar", func(t *testing.T) {
		ans := a.Do(`<poll op="req"/>`).Code(1301)
		require.Equal(t, []string{"name", "trDate", "clID"}, ans.Names("trnData"))
		require.Equal(t, "mydomain.cz", ans.Text("trnData/name"))
		require.Equal(t, "2026-03-01", ans.Text("trnData/trDate"), "a plain date")
		require.Equal(t, "REG-SLEZSKO", ans.Text("trnData/clID"))
		require.Zero(t, m.Queue.Len("REG-SLEZSKO"))
		drain(t, a)
	})
	for _, tt := range []struct{ name, id string }{
		{"the registrant's authInfo", "CID-MYOWN"}, {"the authInfo of an admin", "CID-ADMIN2"},
	} {
		t.Run(tt.name+", which stays, while the domain's end", func(t *testing.T) {
			own, linked := code("domain", "mydomain.cz"), code("contact", tt.id)
			from, to := b, a
			if a.Do(info("domain", "mydomain.cz")).Text("infData/clID") == "REG-MORAVA" {
				from, to = a, b
			}
			to.Do(transfer("mydomain.cz", linked)).Code(1000)
			from.Do(transfer("mydomain.cz", own)).Code(2202)
			from.Do(info("contact", tt.id, linked)).Code(1000)
			from.Do(transfer("mydomain.cz", linked)).Code(1000)
		})
	}
	t.Run("not the authInfo of a domain of this name that was deleted", func(t *testing.T) {
		a.Do(domainCommand("create", "sauna.cz", holder)).Code(1000)
		old := code("domain", "sauna.cz")
		a.Do(domainCommand("delete", "sauna.cz")).Code(1000)
		a.Do(domainCommand("create", "sauna.cz", holder)).Code(1000)
		b.Do(transfer("sauna.cz", old)).Code(2202)
	})
	t.Run("not the authInfo of another contact", func(t *testing.T) {
		a.Do(transfer("mydomain.cz", code("contact", "CID-TECH1"))).Code(2202)
	})
}

// drain acknowledges all messages of a client, and returns what they were.
func drain(t *testing.T, c *wiretest.Client) []string {
	t.Helper()
	var names []string
	for {
		a := c.Do(`<poll op="req"/>`)
		ids := a.Attrs("msgQ", "id")
		if len(ids) == 0 {
			return names
		}
		names = append(names, strings.Join(a.Names("msgQ/msg"), " "))
		c.Do(`<poll op="ack" msgID="` + ids[0] + `"/>`).Code(1000)
	}
}

func TestSystemRegistrar(t *testing.T) {
	f, err := fred.DefaultFixtures()
	require.NoError(t, err)
	f.Registrars = append(f.Registrars, registry.Account{ClID: "REG-SPRAVCE", Password: "spravce-Dum19", Credit: map[string]registry.Amount{"cz": 1}, Certificates: []string{registry.CertIssued}})
	f.Domains[0].Status = []string{"serverUpdateProhibited", "serverDeleteProhibited"}
	m := start(t, fred.Options{Fixtures: f, SystemRegistrar: "REG-SPRAVCE"})
	s, a := m.dial(t, "REG-SPRAVCE").Login("REG-SPRAVCE", "spravce-Dum19"), m.loginA(t)
	drain(t, a)
	s.Do(domainCommand("update", "mydomain.cz", el("chg", el("registrant", "CID-HIDDEN")))).Code(1000)
	t.Run("updateData to the sponsor", func(t *testing.T) {
		ans := a.Do(`<poll op="req"/>`).Code(1301)
		require.Equal(t, []string{"opTRID", "oldData", "newData"}, ans.Names("updateData"))
		require.Equal(t, "CID-MYOWN", ans.Text("oldData/infData/registrant"))
		require.Equal(t, "CID-HIDDEN", ans.Text("newData/infData/registrant"))
		require.Equal(t, "REG-SPRAVCE", ans.Text("newData/infData/upID"))
		drain(t, a)
	})
	t.Run("transfers what is prohibited, with an authInfo", func(t *testing.T) {
		s.Do(domainCommand("transfer", "lockeddomain.cz", el("authInfo", "wrong"))).Code(2202)
		a.Do(domainCommand("transfer", "otherdomain.cz", el("authInfo", "wrong"))).Code(2202)
	})
	t.Run("registers what is prohibited, and pays nothing", func(t *testing.T) {
		s.Do(domainCommand("create", "zakazane.cz", holder)).Code(1000)
	})
	t.Run("deletes, and the sponsor is told", func(t *testing.T) {
		s.Do(domainCommand("delete", "mydomain.cz")).Code(1000)
		require.Equal(t, []string{"delData"}, drain(t, a))
	})
}
