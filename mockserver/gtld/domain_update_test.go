package gtld_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

func add(content string) string { return "<d:add>" + content + "</d:add>" }
func rem(content string) string { return "<d:rem>" + content + "</d:rem>" }

func chgRegistrant(id string) string {
	return "<d:chg><d:registrant>" + id + "</d:registrant></d:chg>"
}

func TestDomainUpdate(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	info := func() *wiretest.Answer { return x.Do(infoDomain("beta.example", "", "")).Code(1000) }

	t.Run("epp-16 name servers", func(t *testing.T) {
		x.Do(updateDomain("beta.example", add(hostObjs("ns2.alpha.example"))+rem(hostObjs("NS1.hosting.invalid")))).Code(1000)
		require.Equal(t, []string{"ns1.alpha.example", "ns2.alpha.example"}, info().All("hostObj"))
		x.Do(updateDomain("beta.example", add(hostObjs("ns1.alpha.example"))+rem(hostObjs("ns1.alpha.example")))).Code(1000) // rem comes first
		require.Equal(t, []string{"ns2.alpha.example", "ns1.alpha.example"}, info().All("hostObj"))
	})
	t.Run("R5731-014 R5731-015 inactive and ok come and go", func(t *testing.T) {
		x.Do(updateDomain("beta.example", rem(hostObjs("ns1.alpha.example", "ns2.alpha.example")+`<d:status s="clientTransferProhibited"/>`))).Code(1000)
		require.Equal(t, []string{"inactive"}, status(x, "beta.example"))
		require.NotContains(t, info().Names("infData"), "ns")
		x.Do(updateDomain("beta.example", add(hostObjs("ns1.hosting.invalid")))).Code(1000)
		require.Equal(t, []string{"ok"}, status(x, "beta.example"))
	})
	t.Run("epp-16 registrant and contacts", func(t *testing.T) {
		x.Do(updateDomain("beta.example", add(role("tech", "kt-2")+role("admin", "kt-2"))+chgRegistrant("lu-3"))).Code(1000)
		x.Do(updateDomain("beta.example", add(role("tech", "mv-4"))+rem(role("tech", "kt-2")))).Code(1000)
		require.Equal(t, "lu-3", info().Text("registrant"))
		require.Equal(t, []string{"kt-2", "mv-4"}, info().All("infData/contact"))
		require.Equal(t, []string{"admin", "tech"}, info().Attrs("infData/contact", "type"))
		for id, linked := range map[string]bool{"kt-2": true, "jr-1": true} { // jr-1 of alpha.example
			require.Equal(t, linked, slices.Contains(x.Do(infoContact(id, "")).Attrs("status", "s"), "linked"), id)
		}
	})
	t.Run("R5730-004 nothing or all", func(t *testing.T) {
		before := info()
		m.Clock.Advance(time.Minute)
		for _, content := range []string{
			add(hostObjs("ns1.alpha.example", "ns9.alpha.example")),
			add(role("tech", "kt-2")) + chgRegistrant("nobody-1"),
			add(`<d:status s="clientHold"/>`) + rem(hostObjs("ns1.alpha.example")),
		} {
			a := x.Do(updateDomain("beta.example", content))
			require.Regexp(t, `code="2\d{3}"`, a.XML)
			require.Equal(t, before.All("infData/*"), info().All("infData/*"))
			require.Equal(t, before.Attrs("status", "s"), info().Attrs("status", "s"))
		}
	})
	t.Run("R5731-032 epp-16 another's domain", func(t *testing.T) {
		y.Do(updateDomain("beta.example", add(hostObjs("ns1.alpha.example")))).Code(2201)
	})
	t.Run("epp-27 a host of this registry without an address", func(t *testing.T) {
		newHost(x, "bare.alpha.example").Code(1000)
		a := x.Do(updateDomain("beta.example", add(hostObjs("bare.alpha.example")))).Code(2306)
		require.Equal(t, []string{"hostObj"}, faults(a))
	})
	t.Run("R5731-012 every part is prohibited", func(t *testing.T) {
		x.Do(updateDomain("beta.example", addStatus("clientUpdateProhibited"))).Code(1000)
		for _, content := range []string{
			add(hostObjs("ns1.alpha.example")), rem(hostObjs("ns1.hosting.invalid")), add(role("tech", "kt-2")),
			rem(role("tech", "mv-4")), chgRegistrant("jr-1"), rem(hostObjs("ns1.hosting.invalid") + `<d:status s="clientUpdateProhibited"/>`),
		} {
			x.Do(updateDomain("beta.example", content)).Code(2304)
		}
		x.Do(updateDomain("beta.example", remStatus("clientUpdateProhibited"))).Code(1000)
	})
}

func TestDomainUpdateByPolicy(t *testing.T) {
	m := startWith(t, gtld.Options{Policies: policies(t, `tlds:
- {name: hut, contacts: {model: thin}}
- {name: inn, contacts: {model: optional, required: [tech], maxPerType: 1}, ns: {min: 2, max: 3}}
`)})
	x := m.loginX(t)
	x.Do(makeDomain("a.hut", hushed)).Code(1000)
	x.Do(makeDomain("a.inn", hostObjs("ns1.alpha.example", "ns2.alpha.example")+holder+role("tech", "kt-2")+hushed)).Code(1000)
	for _, tt := range []struct {
		name, domain, content string
		code                  int
		at                    string
	}{
		{"a registrant in the thin model", "a.hut", chgRegistrant("jr-1"), 2306, "registrant"},
		{"a contact in the thin model", "a.hut", add(role("tech", "kt-2")), 2306, "contact"},
		{"R5731-049 remove the registrant", "a.inn", chgRegistrant(""), 1000, ""},
		{"remove the last of a required type", "a.inn", rem(role("tech", "kt-2")), 2306, "contact"},
		{"replace it", "a.inn", add(role("tech", "jr-1")) + rem(role("tech", "kt-2")), 1000, ""},
		{"one more than there may be", "a.inn", add(role("tech", "kt-2")), 2306, "contact"},
		{"too few name servers", "a.inn", rem(hostObjs("ns1.alpha.example")), 2306, "ns"},
		{"too many name servers", "a.inn", add(hostObjs("ns1.hosting.invalid", "mail.alpha.example")), 2306, "ns"},
		{"no name servers", "a.inn", rem(hostObjs("ns1.alpha.example", "ns2.alpha.example")), 1000, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if a := x.Do(updateDomain(tt.domain, tt.content)).Code(tt.code); tt.at != "" {
				require.Equal(t, []string{tt.at}, faults(a), a.XML)
			}
		})
	}
	require.Empty(t, x.Do(infoDomain("a.inn", "", "")).All("registrant"))
}
