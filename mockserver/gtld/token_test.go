package gtld_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

const tokenNS = "urn:ietf:params:xml:ns:allocationToken-1.0"

func token(value string) string {
	return `<a:allocationToken xmlns:a="` + tokenNS + `">` + value + `</a:allocationToken>`
}

func TestAllocationToken(t *testing.T) {
	m := extended(t, gtld.Options{}, `
tlds:
  - name: example
    names: {reserved: {hamam: Kept for the city, kota: "", laavu: "", saunalahti: ""}}
    prices: {classes: {gold: {create: "50.00"}}, premium: {kulta: gold}}
tokens:
  - {token: vesi-5, names: [hamam.example, kulta.example]}
  - {token: kerran-1, names: ["sauna*.example", kota.example], uses: 1}
  - {token: etela-2, names: [laavu.example], clID: reg-south}
`)
	x, y := m.loginX(t), m.loginY(t)
	avail := func(extension string, names ...string) []string {
		s := checkDomains(names...)
		if extension != "" {
			s += ext(extension)
		}
		return x.Do(s).Code(1000).Attrs("cd/name", "avail")
	}
	all := []string{"hamam.example", "kota.example", "kulta.example", "kiulu.example"}

	t.Run("3.1.1 check: the token is for all names, and not all are for it", func(t *testing.T) {
		require.Equal(t, []string{"0", "0", "0", "1"}, avail("", all...))
		require.Equal(t, []string{"1", "0", "1", "1"}, avail(token(" vesi-5 "), all...))
		require.Equal(t, []string{"0", "1", "0", "1"}, avail(token("kerran-1"), all...))
		require.Equal(t, []string{"0", "0", "0", "1"}, avail(token("Vesi-5"), all...))
		require.Equal(t, []string{"0"}, avail(token("etela-2"), "laavu.example"))
	})
	t.Run("R8495-001 3.2.1 create", func(t *testing.T) {
		x.Do(extCreate("hamam.example", "", "")).Code(2306)
		for _, name := range []string{"hamam.example", "kiulu.example", "kulta.example"} {
			a := x.Do(extCreate(name, "", token("kerran-1"))).Code(2201)
			require.NotContains(t, a.XML, "kerran")
		}
		x.Do(extCreate("hamam.example", "", token("vesi-5"))).Code(1000)
		x.Do(extCreate("kulta.example", "", token("vesi-5"))).Code(1000)
		x.Do(extCreate("saunalahti.example", "", token("kerran-1"))).Code(1000)
		x.Do(extCreate("kota.example", "", token("kerran-1"))).Code(2201)
		x.Do(extCreate("laavu.example", "", token("etela-2"))).Code(2201)
		y.Do(extCreate("laavu.example", "", token("etela-2"))).Code(1000)
	})
	t.Run("R8495-001 3.1.2 info", func(t *testing.T) {
		info := ext(`<a:info xmlns:a="` + tokenNS + `"/>`)
		require.Equal(t, "vesi-5", x.Do(infoDomain("hamam.example", "", "")+info).Code(1000).Text("allocationToken"))
		require.NotContains(t, x.Do(infoDomain("hamam.example", "", "")).Code(1000).XML, "vesi-5")
		x.Do(extCreate("kiulu.example", "", "")).Code(1000)
		x.Do(infoDomain("kiulu.example", "", "") + info).Code(2303)
		y.Do(infoDomain("hamam.example", "", "") + info).Code(2201)
		y.Do(infoDomain("hamam.example", "", "<d:pw>Sauna-Kiulu-7</d:pw>") + info).Code(2201)
		x.Do(infoDomain("poissa.example", "", "") + info).Code(2303)
	})
	t.Run("R8495-001 3.2.4 transfer", func(t *testing.T) {
		transfer := func(value string) string {
			return `<transfer op="request"><d:transfer xmlns:d="` + domainNS + `"><d:name>hamam.example</d:name>` +
				`<d:authInfo><d:pw>Sauna-Kiulu-7</d:pw></d:authInfo></d:transfer></transfer>` + ext(token(value))
		}
		y.Do(transfer("kerran-1")).Code(2201)
		y.Do(transfer("vesi-5")).Code(1001)
	})
}

func TestTokenFixtures(t *testing.T) {
	for _, tt := range []struct{ yaml, error string }{
		{"tokens: [{token: vesi-5, names: [a.example]}, {token: vesi-5, names: [b.example]}]", "is there twice"},
		{"tokens: [{token: vesi-5}]", "has no names"},
		{"tokens: [{token: '', names: [a.example]}]", "must have at least 1"},
	} {
		_, err := gtld.ParseFixtures("test.yaml", []byte(extensionFixtures+"zones: [example]\n"+tt.yaml))
		require.ErrorContains(t, err, tt.error)
		require.NotContains(t, err.Error(), "vesi")
	}
}
