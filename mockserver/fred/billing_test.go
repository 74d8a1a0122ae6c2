package fred_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// The prices are those of the built-in fixtures.
func TestBilling(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	credit := func() []string { return b.Send(extcommand("<fred:creditInfo/>", "credit-1")).Code(1000).All("credit") }
	require.Equal(t, []string{"1250.50"}, credit())

	b.Do(domainCommand("create", "sauna.cz", holder)).Code(1000)
	require.Equal(t, []string{"1080.50"}, credit(), "create bills CreateDomain and RenewDomain")
	b.Do(domainCommand("renew", "sauna.cz", el("curExpDate", "2027-03-01"), years(2))).Code(1000)
	require.Equal(t, []string{"780.50"}, credit(), "renew bills RenewDomain")
	b.Do(domainCommand("update", "sauna.cz", el("add", el("admin", "CID-ADMIN1")))).Code(1000)
	require.Equal(t, []string{"780.50"}, credit(), "others nothing")

	t.Run("credit short", func(t *testing.T) {
		b.Do(domainCommand("create", "kiuas.cz", years(6), holder)).Code(2104)
		b.Do(info("domain", "kiuas.cz")).Code(2303)
		b.Do(domainCommand("renew", "sauna.cz", el("curExpDate", "2029-03-01"), years(6))).Code(2104)
		require.Equal(t, "2029-03-01", b.Do(info("domain", "sauna.cz")).Text("exDate"))
		require.Equal(t, []string{"780.50"}, credit())
		b.Do(`<poll op="req"/>`).Code(1300)
	})
	t.Run("lowCreditData once, when the limit is passed", func(t *testing.T) {
		b.Do(domainCommand("create", "kiuas.cz", holder)).Code(1000)
		b.Do(`<poll op="req"/>`).Code(1300)
		b.Do(domainCommand("create", "loyly.cz", holder)).Code(1000)
		ans := b.Do(`<poll op="req"/>`).Code(1301)
		require.Equal(t, []string{"zone", "limit", "credit"}, ans.Names("lowCreditData"))
		require.Equal(t, "cz", ans.Text("lowCreditData/zone"))
		require.Equal(t, "500.00", ans.Text("limit/credit"))
		require.Equal(t, "440.50", ans.Text("lowCreditData/credit/credit"))
		drain(t, b)
		b.Do(domainCommand("create", "vihta.cz", holder)).Code(1000)
		b.Do(`<poll op="req"/>`).Code(1300)
	})
	t.Run("by zone", func(t *testing.T) {
		a.Do(domainCommand("create", telephone, years(2), holder) + enum("create", valEx("2026-08-01"))).Code(1000)
		ans := a.Send(extcommand("<fred:creditInfo/>", "credit-1"))
		require.Equal(t, []string{"18219.00", "41375.50"}, ans.All("credit"))
	})
	t.Run("a registrar without any credit pays nothing", func(t *testing.T) {
		f, err := fred.DefaultFixtures()
		require.NoError(t, err)
		f.Registrars[1].Credit = nil
		c := start(t, fred.Options{Fixtures: f}).loginB(t)
		c.Do(domainCommand("create", "sauna.cz", holder)).Code(1000)
		c.Do(domainCommand("create", telephone, holder) + enum("create", valEx("2026-08-01"))).Code(1000)
	})
}

func TestZoneRules(t *testing.T) {
	f, err := fred.DefaultFixtures()
	require.NoError(t, err)
	f.ZoneRules = map[string]fred.ZoneRules{"cz": {MinPeriod: 6, MaxPeriod: 24, CreatePrice: 7, RenewPrice: registry.Amount(100)}}
	m := start(t, fred.Options{Fixtures: f})
	a := m.loginA(t)
	require.Equal(t, "2026-09-01", a.Do(domainCommand("create", "sauna.cz", holder)).Code(1000).Text("exDate"))
	a.Do(domainCommand("create", "kiuas.cz", years(3), holder)).Code(2004)
	a.Do(domainCommand("renew", "sauna.cz", el("curExpDate", "2026-09-01"), el(`period unit="m"`, "18"))).Code(1000)
	a.Do(domainCommand("renew", "sauna.cz", el("curExpDate", "2028-03-01"))).Code(2004)

	f.ZoneRules = map[string]fred.ZoneRules{"sk": {}}
	_, err = fred.New(fred.Options{Fixtures: f})
	require.ErrorContains(t, err, "zoneRules.sk: sk is not among the zones")
}

func TestAuction(t *testing.T) {
	f, err := fred.DefaultFixtures()
	require.NoError(t, err)
	f.Auctions = []fred.Auction{{Name: "Drazba.cz", Winner: "cid-admin1"}}
	m := start(t, fred.Options{Fixtures: f, Auction: true})
	a := m.loginA(t)
	require.Equal(t, []string{nic + "enumval-1.2", nic + "auction-1.0"}, a.Greeting.All("extURI"))
	asked := func(registrant string) string {
		ext := ""
		if registrant != "" {
			ext = `<extension><a:check xmlns:a="` + nic + `auction-1.0"><a:registrant>` + registrant + `</a:registrant></a:check></extension>`
		}
		return a.Do(check("domain", "drazba.cz", "free.cz")+ext).Code(1000).Attrs("cd/name", "avail")[0]
	}
	require.Equal(t, "0", asked(""))
	require.Equal(t, "0", asked("CID-MYOWN"))
	require.Equal(t, "1", asked("cid-admin1"))
	a.Do(domainCommand("create", "drazba.cz", holder)).Code(2306)
	a.Do(domainCommand("create", "drazba.cz", el("registrant", "CID-ADMIN1"))).Code(1000)
	a.Do(domainCommand("delete", "drazba.cz")).Code(1000)
	require.Equal(t, "1", asked(""), "it was kept once")
}

func TestRequestFee(t *testing.T) {
	m := start(t, fred.Options{RequestFee: &fred.RequestFee{Free: 3, Price: 25}})
	a := m.loginA(t)
	drain(t, a) // the login, three requests and two acknowledgements: six
	message := func() []string {
		t.Helper()
		ans := a.Do(`<poll op="req"/>`).Code(1301)
		drain(t, a)
		var out []string
		for _, name := range []string{"periodFrom", "periodTo", "totalFreeCount", "usedCount", "price"} {
			out = append(out, ans.Text("requestFeeInfoData/"+name))
		}
		return out
	}
	m.SetTime(at("2026-03-02"))
	require.Equal(t, []string{"2026-03-01T00:00:00Z", "2026-03-01T23:59:59Z", "3", "6", "0.75"}, message())
	m.SetTime(at("2026-03-31", "23:59:59"))
	drain(t, a)
	m.SetTime(at("2026-04-01"))
	require.Equal(t, []string{"2026-03-01T00:00:00Z", "2026-03-31T23:59:59Z", "3"}, message()[:3])
	m.SetTime(at("2026-04-02"))
	require.Equal(t, []string{"2026-04-01T00:00:00Z", "2026-04-01T23:59:59Z", "3", "4", "0.25"}, message())
	m.SetTime(at("2027-06-01"))
	drain(t, a)
	m.SetTime(at("2027-06-20"))
	require.NotEmpty(t, drain(t, a))
}
