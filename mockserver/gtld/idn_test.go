package gtld_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/idn"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

func idnData(table, uname string) string {
	if uname != "" {
		uname = "<i:uname>" + uname + "</i:uname>"
	}
	return `<i:data xmlns:i="` + idn.NS + `"><i:table>` + table + `</i:table>` + uname + `</i:data>`
}

// löyly, sköld, баня, баняx and straße as A-labels.
const loyly, skold, banja, banjaX, strasse = "xn--lyly-5qa", "xn--skld-6qa", "xn--80ab1b7d", "xn--x-7sbc3c4e", "xn--strae-oqa"

func TestIDN(t *testing.T) {
	m := extended(t, gtld.Options{}, `
tlds:
  - name: example
    names:
      idn:
        - {tag: fi, characters: åäö}
        - {tag: de, characters: äöüß}
        - {tag: Cyrl, characters: а-яё, onlyOwn: true}
  - {name: bay}
`)
	x := m.loginX(t)
	require.Contains(t, x.Greeting.All("extURI"), idn.NS)
	show := func(label string) []string {
		a := x.Do(infoDomain(label+".example", "", "")).Code(1000)
		return append(a.All("table"), a.All("uname")...)
	}

	t.Run("epp-04 check", func(t *testing.T) {
		a := x.Do(checkDomains(loyly+".example", banja+".example", banjaX+".example", "xn--a.example", "xn--ls8h.example", loyly+".bay")).Code(1000)
		require.Equal(t, []string{"1", "1", "0", "0", "0", "0"}, a.Attrs("cd/name", "avail"))
		require.Equal(t, []string{"Not of any IDN table", "Not a valid A-label", "Not of any IDN table"}, a.All("cd/reason")[:3])
	})
	t.Run("create with the table and the name", func(t *testing.T) {
		x.Do(extCreate(skold+".example", "", idnData("FI", "sköld.example"))).Code(1000)
		require.Equal(t, []string{"fi", "sköld.example"}, show(skold))
	})
	t.Run("create without", func(t *testing.T) {
		x.Do(extCreate(banja+".example", "", "")).Code(1000)
		require.Equal(t, []string{"Cyrl", "баня.example"}, show(banja))
		x.Do(extCreate(strasse+".example", "", "")).Code(1000)
		require.Equal(t, []string{"de", "straße.example"}, show(strasse))
	})
	t.Run("a name that needs no table", func(t *testing.T) {
		x.Do(extCreate("sauna.example", "", "")).Code(1000)
		require.Empty(t, show("sauna"))
		x.Do(extCreate("kiulu.example", "", idnData("fi", "kiulu.example"))).Code(1000)
		require.Equal(t, []string{"fi", "kiulu.example"}, show("kiulu"))
		x.Do(extCreate("vihta.example", "", idnData("Cyrl", ""))).Code(2306)
	})
	t.Run("what does not agree", func(t *testing.T) {
		for _, tt := range []struct {
			name, ext string
			code      int
		}{
			{loyly + ".example", idnData("sv", ""), 2306},
			{"vihta.example", idnData("sv", ""), 2306},
			{loyly + ".example", idnData("Cyrl", ""), 2306},
			{loyly + ".example", idnData("fi", "löyli.example"), 2306},
			{loyly + ".example", idnData("fi", "löyly"), 2306},
			{"xn--wei-7ka.example", idnData("fi", ""), 2306}, // weiß
			{banjaX + ".example", "", 2306},
			{"xn--a.example", "", 2005},
			{loyly + ".bay", idnData("fi", ""), 2306},
			{"löyly.example", "", 2005},
		} {
			x.Do(extCreate(tt.name, "", tt.ext)).Code(tt.code)
		}
		x.Do(extCreate(loyly+".example", "", idnData("de", "Löyly.example"))).Code(2306)
		x.Do(extCreate(loyly+".example", "", idnData("de", "löyly.example"))).Code(1000)
	})
}
