package gtld_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const feeFixtures = `
tlds:
  - name: example
    prices:
      standard: {create: "8.00", renew: "9.00", transfer: "7.50", restore: "40.00"}
      classes: {gold: {create: "50.00", renew: "60.00", transfer: "55.00", restore: "70.00"}}
      premium: {kulta: gold}
  - {name: lake, prices: {currency: EUR, standard: {create: "3.00"}}}
  - {name: bay}
`

func feeElement(local, content string) string { return feeVersion(fee.V1_0, local, content) }

func feeVersion(v fee.Version, local, content string) string {
	return `<f:` + local + ` xmlns:f="` + v.URI() + `">` + content + `</f:` + local + `>`
}

func offer(local, currency, amount string) string {
	if currency != "" {
		currency = "<f:currency>" + currency + "</f:currency>"
	}
	return feeElement(local, currency+"<f:fee>"+amount+"</f:fee>")
}

const allCommands = `<f:command name="create"><f:period unit="y">2</f:period></f:command><f:command name="renew"/><f:command name="transfer"/>` +
	`<f:command name="restore"/><f:command name="delete"/><f:command name="update"/>`

func TestFeeCheck(t *testing.T) {
	m := extended(t, gtld.Options{}, feeFixtures)
	x := m.loginX(t)
	require.Contains(t, x.Greeting.All("extURI"), fee.NS)

	t.Run("R8748-001 R8748-005 5.1.1 each command of each object", func(t *testing.T) {
		a := x.Do(checkDomains("Sauna.example", "kulta.example") + ext(feeElement("check", "<f:currency>USD</f:currency>"+allCommands))).Code(1000)
		require.Equal(t, []string{"1", "1"}, a.Attrs("domain:cd/name", "avail"))
		require.Equal(t, "USD", a.Text("chkData/currency"))
		require.Equal(t, []string{"Sauna.example", "kulta.example"}, a.All("objID"))
		require.Equal(t, []string{"1", "1"}, a.Attrs("fee:cd", "avail"))
		require.Equal(t, []string{"standard", "gold"}, a.All("class"))
		require.Equal(t, []string{"16.00", "9.00", "7.50", "40.00", "100.00", "60.00", "55.00", "70.00"}, a.All("command/fee"))
		require.Equal(t, []string{"2", "1", "1", "1", "1", "2", "1", "1", "1", "1"}, a.All("command/period"), "a restore has none")
		require.Equal(t, []string{"P5D", "P5D", "P5D", "absent"}, a.Attrs("command/fee", "grace-period")[:4])
		require.Equal(t, []string{"1", "1", "1", "1", "1", "1", "absent"}, a.Attrs("fee:command", "standard")[:7])
	})
	t.Run("3.9 what can't be told", func(t *testing.T) {
		a := x.Do(checkDomains("sauna.example", "sauna.lake", "sauna.nowhere") + ext(feeElement("check", `<f:command name="create"/>`))).Code(1000)
		require.Equal(t, []string{"1", "0", "0"}, a.Attrs("fee:cd", "avail"))
		require.Equal(t, []string{"fees are in EUR", "not a name that the registry has"}, a.All("fee:cd/fee:reason"))
		for _, wrong := range []string{
			"<f:currency>SEK</f:currency>" + `<f:command name="create"/>`,
			`<f:command name="create"><f:period unit="y">11</f:period></f:command>`,
			`<f:command name="create"><f:period unit="m">13</f:period></f:command>`,
			`<f:command name="custom" customName="heat"/>`,
		} {
			a := x.Do(checkDomains("sauna.example") + ext(feeElement("check", wrong))).Code(1000)
			require.Equal(t, []string{"0"}, a.Attrs("fee:cd", "avail"))
			require.Len(t, a.All("fee:cd/fee:reason"), 1)
			require.Equal(t, "USD", a.Text("chkData/currency"))
		}
		a = x.Do(checkDomains("sauna.lake") + ext(feeElement("check", `<f:command name="create"><f:period unit="m">24</f:period></f:command>`))).Code(1000)
		require.Equal(t, []string{"EUR", "6.00", "24"}, append(a.All("chkData/currency"), a.Text("command/fee"), a.Text("command/period")))
	})
	t.Run("5.1.1 a restore has no period, asked for or not", func(t *testing.T) {
		a := x.Do(checkDomains("sauna.example") + ext(feeElement("check", `<f:command name="restore"><f:period unit="y">1</f:period></f:command>`))).Code(1000)
		require.Equal(t, []string{"1", "40.00"}, append(a.Attrs("fee:cd", "avail"), a.All("command/fee")...))
		require.Empty(t, a.All("command/period"))
	})
	t.Run("free", func(t *testing.T) {
		a := x.Do(checkDomains("sauna.bay") + ext(feeElement("check", `<f:command name="create"/>`))).Code(1000)
		require.Equal(t, []string{"1"}, a.Attrs("fee:cd", "avail"))
		require.Empty(t, a.All("command/fee"))
	})
	t.Run("R8748-004 section 4 a premium name is not for who does not ask", func(t *testing.T) {
		a := x.Do(checkDomains("kulta.example", "sauna.example")).Code(1000)
		require.Equal(t, []string{"0", "1"}, a.Attrs("cd/name", "avail"))
		require.Equal(t, "Premium: needs the fee extension", a.Text("cd/reason"))
		require.Equal(t, []string{"0"}, m.with(t, "reg-north", "north-Gate9", []string{domainNS}, nil).Do(checkDomains("kulta.example")).Attrs("cd/name", "avail"))
	})
}

func TestFeePhases(t *testing.T) {
	m := extended(t, gtld.Options{}, `
tlds:
  - name: example
    launch:
      - {phase: sunrise, to: 2026-02-01T00:00:00Z}
      - {phase: claims, name: landrush, from: 2026-02-15T00:00:00Z, to: 2026-04-01T00:00:00Z}
      - {phase: claims, name: open, from: 2026-03-15T00:00:00Z, to: 2026-04-01T00:00:00Z}
      - {phase: open, from: 2026-05-01T00:00:00Z}
  - {name: bay}
`)
	x := m.loginX(t)
	ask := func(name, attrs string, code int) []string {
		t.Helper()
		a := x.Do(checkDomains(name) + ext(feeElement("check", `<f:command name="create"`+attrs+`/>`))).Code(code)
		if code != 1000 {
			return nil
		}
		return append(a.Attrs("fee:command", "phase"), a.Attrs("fee:command", "subphase")...)
	}
	t.Run("3.8 the only one", func(t *testing.T) {
		require.Equal(t, []string{"claims", "landrush"}, ask("sauna.example", "", 1000))
		require.Equal(t, []string{"claims", "landrush"}, ask("sauna.example", ` phase="claims"`, 1000))
		require.Equal(t, []string{"sunrise", "absent"}, ask("sauna.example", ` phase="sunrise"`, 1000))
		require.Equal(t, []string{"absent", "absent"}, ask("sauna.bay", "", 1000))
		require.Equal(t, []string{"open", "absent"}, ask("sauna.bay", ` phase="open"`, 1000))
	})
	t.Run("R8748-002 3.8 unknown", func(t *testing.T) {
		ask("sauna.example", ` phase="landrush"`, 2004)
		ask("sauna.example", ` phase="claims" subphase="idn"`, 2004)
		ask("sauna.bay", ` phase="claims"`, 2004)
		ask("sauna.example", ` subphase="landrush"`, 2003)
	})
	t.Run("R8748-002 3.8 ambiguous", func(t *testing.T) {
		m.Advance(20 * registry.Day.D())
		ask("sauna.example", "", 2003)
		ask("sauna.example", ` phase="claims"`, 2003)
		require.Equal(t, []string{"claims", "open"}, ask("sauna.example", ` phase="claims" subphase="open"`, 1000))
	})
	t.Run("3.8 a quiet period", func(t *testing.T) {
		m.Advance(20 * registry.Day.D())
		require.Equal(t, []string{"open", "absent"}, ask("sauna.example", "", 1000))
	})
}

func TestFeeTransforms(t *testing.T) {
	m := extended(t, gtld.Options{}, feeFixtures)
	x := m.loginX(t)
	renew := func(name, extension string) string {
		s := `<renew><d:renew xmlns:d="` + domainNS + `"><d:name>` + name + `</d:name><d:curExpDate>2027-03-01</d:curExpDate></d:renew></renew>`
		if extension != "" {
			s += ext(extension)
		}
		return s
	}

	t.Run("5.2.1 create", func(t *testing.T) {
		a := x.Do(extCreate("sauna.example", "", "")).Code(1000)
		require.Equal(t, []string{"8.00", "92.00", "0.00", "USD", "1"}, append(a.All("creData/fee"),
			a.Text("balance"), a.Text("creditLimit"), a.Text("creData/currency"), a.Text("creData/period")))
		require.Equal(t, []string{"P5D"}, a.Attrs("creData/fee", "grace-period"))
		require.Equal(t, []string{"immediate"}, a.Attrs("creData/fee", "applied"))
	})
	t.Run("R8748-003 section 4 too little, another currency, none", func(t *testing.T) {
		x.Do(extCreate("kiulu.example", "", offer("create", "", "7.99"))).Code(2004)
		x.Do(extCreate("kiulu.example", "2", offer("create", "", "8.00"))).Code(2004)
		x.Do(extCreate("kiulu.example", "", offer("create", "EUR", "8.00"))).Code(2004)
		a := x.Do(extCreate("kulta.example", "", "")).Code(2003)
		require.Contains(t, a.XML, "costs 50.00 USD")
		require.Empty(t, a.All("extension"))
		require.Equal(t, []string{"1"}, x.Do(checkDomains("kiulu.example")).Attrs("cd/name", "avail"))
		a = x.Do(extCreate("kulta.example", "", offer("create", "USD", "50"))).Code(1000)
		require.Equal(t, "42.00", a.Text("balance"))
	})
	t.Run("R8748-003 5.2.3 renew", func(t *testing.T) {
		x.Do(renew("sauna.example", offer("renew", "", "8.99"))).Code(2004)
		a := x.Do(renew("sauna.example", offer("renew", "", "10.000"))).Code(1000)
		require.Equal(t, []string{"9.00", "33.00"}, append(a.All("renData/fee"), a.Text("balance")), "more than it costs is not taken")
		x.Do(renew("kulta.example", "")).Code(2003)
	})
	t.Run("a refusal brings no fee", func(t *testing.T) {
		a := x.Do(renew("kulta.example", offer("renew", "USD", "60.00"))).Code(2104)
		require.Empty(t, a.All("extension"))
	})
	t.Run("5.2.2 delete", func(t *testing.T) {
		remove := func(name string) string {
			return `<delete><d:delete xmlns:d="` + domainNS + `"><d:name>` + name + `</d:name></d:delete></delete>`
		}
		x.Do(extCreate("vihta.example", "", offer("create", "", "8.00"))).Code(1000)
		a := x.Do(remove("vihta.example")).Code(1000)
		require.Equal(t, []string{"-8.00", "33.00", "USD"}, append(a.All("delData/credit"), a.Text("balance"), a.Text("delData/currency")))
		require.Equal(t, registry.Amount(3300), m.Accounts.Credit("reg-north")[0].Credit)
		x.Do(extCreate("vihta.bay", "", "")).Code(1000)
		require.Empty(t, x.Do(remove("vihta.bay")).Code(1000).All("delData/credit"))
	})
	t.Run("5.2.5 update", func(t *testing.T) {
		a := x.Do(extUpdate("sauna.example", offer("update", "USD", "0.00"))).Code(1000)
		require.Equal(t, "33.00", a.Text("updData/balance"))
		x.Do(extUpdate("sauna.example", offer("update", "EUR", "0.00"))).Code(2004)
	})
	t.Run("5.2.4 transfer", func(t *testing.T) {
		y := m.loginY(t)
		transfer := func(extension string) string {
			return `<transfer op="request"><d:transfer xmlns:d="` + domainNS + `"><d:name>sauna.example</d:name>` +
				`<d:authInfo><d:pw>Sauna-Kiulu-7</d:pw></d:authInfo></d:transfer></transfer>` + ext(extension)
		}
		y.Do(transfer(offer("transfer", "USD", "7.49"))).Code(2004)
		a := y.Do(transfer(offer("transfer", "USD", "7.50"))).Code(1001)
		require.Equal(t, "7.50", a.Text("trnData/fee"))
		require.Equal(t, []string{"delayed"}, a.Attrs("trnData/fee", "applied"))
		require.Empty(t, a.Text("balance"), "its credit is not counted")
	})
}

// TestFeeVersions asks the same of each version.
func TestFeeVersions(t *testing.T) {
	uris := func(versions ...fee.Version) (list []string) {
		for _, v := range versions {
			list = append(list, v.URI())
		}
		return list
	}
	for v := fee.V1_0; v.URI() != ""; v++ {
		t.Run(v.String(), func(t *testing.T) {
			m := extended(t, gtld.Options{Announce: uris(v)}, feeFixtures)
			x := wiretest.Dial(t, m.srv, "", "") // there is no official schema of drafts
			login(x, "reg-north", "north-Gate9", []string{domainNS}, uris(v))
			asked := `<f:command name="renew"/>`
			switch {
			case v >= fee.V0_9:
				id := "<f:name>kulta.example</f:name>"
				if v == fee.V0_9 {
					id = "<f:objID>kulta.example</f:objID>"
				}
				asked = "<f:domain>" + id + "<f:currency>USD</f:currency><f:command>renew</f:command>" + `<f:period unit="y">1</f:period></f:domain>`
				if v == fee.V0_9 {
					asked = strings.NewReplacer("f:domain", "f:object").Replace(asked)
				}
			case v == fee.V0_11:
				asked = `<f:command>renew</f:command>`
			}
			a := x.Do(checkDomains("kulta.example") + ext(feeVersion(v, "check", asked))).Code(1000)
			require.Len(t, a.All("fee:cd"), 1)
			require.Contains(t, a.XML, ">60.00<")
			require.Contains(t, a.XML, ">gold<")
			require.Equal(t, "USD", strings.Join(a.All("fee:currency"), " "))
			if v > fee.V0_11 {
				x.Do(checkDomains("a.nowhere") + ext(feeVersion(v, "check", strings.Replace(asked, "kulta.example", "a.nowhere", 1)))).Code(2004)
			} else {
				a := x.Do(checkDomains("a.nowhere") + ext(feeVersion(v, "check", asked))).Code(1000)
				require.Equal(t, []string{"0"}, a.Attrs("fee:cd", "avail"))
			}
			a = x.Do(extCreate("kulta.example", "", feeVersion(v, "create", "<f:currency>USD</f:currency><f:fee>50.00</f:fee>"))).Code(1000)
			require.Equal(t, "50.00", a.Text("creData/fee"))
			x.Do(extUpdate("kulta.example", feeVersion(v, "update", "<f:currency>USD</f:currency><f:fee>0.00</f:fee>"))).Code(1000)
			info := ext(feeVersion(v, "info", `<f:currency>USD</f:currency><f:command>renew</f:command><f:period unit="y">2</f:period>`))
			if v >= fee.V0_7 {
				require.Equal(t, "120.00", x.Do(infoDomain("kulta.example", "", "")+info).Code(1000).Text("infData/fee"))
			}
		})
	}
	t.Run("section 2 the newest that the login named", func(t *testing.T) {
		both := uris(fee.V0_11, fee.V1_0)
		m := extended(t, gtld.Options{Announce: both}, feeFixtures)
		require.ElementsMatch(t, both, m.dial(t).Greeting.All("extURI"))
		require.Contains(t, m.loginX(t).Do(extCreate("sauna.example", "", "")).Code(1000).XML, fee.NS)
		old := wiretest.Dial(t, m.srv, "", "")
		login(old, "reg-north", "north-Gate9", []string{domainNS}, uris(fee.V0_11))
		require.Contains(t, old.Do(extCreate("kiulu.example", "", "")).Code(1000).XML, fee.V0_11.URI())
	})
}
