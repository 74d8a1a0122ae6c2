package fred_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

func TestENUMCreate(t *testing.T) {
	m := start(t, fred.Options{IdleMonths: -1})
	a := m.loginA(t)
	require.Equal(t, []string{nic + "enumval-1.2"}, a.Greeting.All("extURI"))
	create := func(name, ext string) string { return domainCommand("create", name, holder) + ext }
	for _, tt := range []struct {
		name, domain, ext string
		code              int
		reasons           []string
	}{
		{"no valExDate at all", telephone, "", 2003, nil},
		{"an empty extension", telephone, enum("create", ""), 2004, []string{"valExDate "}},
		{"today", telephone, enum("create", valEx("2026-03-01")), 2004, []string{"valExDate 2026-03-01"}},
		{"beyond six months", telephone, enum("create", valEx("2026-09-02")), 2004, []string{"valExDate 2026-09-02"}},
		{"not an ENUM domain", "free.cz", enum("create", valEx("2026-08-01")), 2306, []string{"valExDate 2026-08-01"}},
		{"six months", telephone, enum("create", valEx("2026-09-01")), 1000, nil},
		{"with publish", "4.2.1.0.2.4.e164.arpa", enum("create", valEx("2026-03-02")+"<e:publish>true</e:publish>"), 1000, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := reasons(a.Do(create(tt.domain, tt.ext)).Code(tt.code))
			for _, want := range tt.reasons {
				require.NotEmpty(t, got[want], "%s in %v", want, got)
			}
			require.Len(t, got, len(tt.reasons))
		})
	}
	t.Run("info", func(t *testing.T) {
		ans := a.Do(info("domain", telephone)).Code(1000)
		require.Equal(t, "2026-09-01", ans.Text("extension/infData/valExDate"))
		require.Equal(t, "0", ans.Text("extension/infData/publish"))
		require.Equal(t, "1", a.Do(info("domain", "4.2.1.0.2.4.e164.arpa")).Text("extension/infData/publish"))
		require.NotContains(t, a.Do(info("domain", "mydomain.cz")).XML, "enumval")
	})
}

func TestENUMValidation(t *testing.T) {
	m := start(t, fred.Options{IdleMonths: -1})
	a := m.loginA(t)
	a.Do(domainCommand("create", telephone, el("nsset", "NID-MYNSSET"), holder) + enum("create", valEx("2026-06-01"))).Code(1000)
	update := func(name, content string) string {
		return domainCommand("update", name) + enum("update", "<e:chg>"+content+"</e:chg>")
	}
	shown := func() string { return a.Do(info("domain", telephone)).Text("extension/infData/valExDate") }
	t.Run("update", func(t *testing.T) {
		a.Do(update("mydomain.cz", valEx("2026-05-01"))).Code(2306)
		a.Do(update(telephone, valEx("2026-03-01"))).Code(2004)
		a.Do(update(telephone, valEx("2026-09-02"))).Code(2004)
		a.Do(update(telephone, valEx("2026-08-01"))).Code(1000)
		require.Equal(t, "2026-08-01", shown())
		a.Do(update(telephone, "<e:publish>true</e:publish>")).Code(1000)
		require.Equal(t, "2026-08-01", shown())
		require.Equal(t, "1", a.Do(info("domain", telephone)).Text("extension/infData/publish"))
		m.loginB(t).Do(update(telephone, valEx("2026-03-01"))).Code(2201)
	})
	t.Run("renew", func(t *testing.T) {
		renew := func(name, cur, day string) string {
			return domainCommand("renew", name, el("curExpDate", cur)) + enum("renew", valEx(day))
		}
		a.Do(renew("mydomain.cz", "2031-04-15", "2026-05-01")).Code(2306)
		got := reasons(a.Do(renew(telephone, "2027-03-01", "2026-09-02")).Code(2004))
		require.NotEmpty(t, got["valExDate 2026-09-02"], got)
		a.Do(renew(telephone, "2027-03-01", "2026-09-01")).Code(1000)
		require.Equal(t, "2026-09-01", shown())
		require.Equal(t, "2028-03-01", a.Do(info("domain", telephone)).Text("exDate"))
	})
	drain(t, a)
	for _, tt := range []struct {
		name    string
		at      time.Time
		message string
		status  []string
	}{
		{"before the warning", at("2026-08-01", "23:59:59"), "", []string{"ok"}},
		{"validationWarning1", at("2026-08-02"), "impendingValExpData 2026-09-01 2026-08-02T00:00:00Z", []string{"ok"}},
		{"before the hour", at("2026-09-01", "13:59:59"), "", []string{"ok"}},
		{"notValidated", at("2026-09-01", "14:00:00"), "valExpData 2026-09-01 2026-09-01T14:00:00Z", []string{"outzone", "notValidated"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m.SetTime(tt.at)
			require.Equal(t, tt.message, message(t, a, "valExDate"))
			require.Equal(t, tt.status, seen(a, telephone))
		})
	}
	t.Run("validated again, from today on", func(t *testing.T) {
		m.SetTime(at("2026-09-10"))
		a.Do(update(telephone, valEx("2027-03-11"))).Code(2004)
		a.Do(update(telephone, valEx("2027-03-10"))).Code(1000)
		a.Do(update(telephone, valEx("2027-03-01"))).Code(1000)
		require.Equal(t, []string{"ok"}, seen(a, telephone))
	})
	t.Run("the next one is counted from the end of one that ends soon", func(t *testing.T) {
		m.SetTime(at("2027-02-14", "23:59:59"))
		a.Do(update(telephone, valEx("2027-09-01"))).Code(2004)
		m.SetTime(at("2027-02-15"))
		a.Do(update(telephone, valEx("2027-09-02"))).Code(2004)
		a.Do(update(telephone, valEx("2027-09-01"))).Code(1000)
	})
}
