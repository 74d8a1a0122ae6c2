package gtld_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/ttl"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// ttls is an element of the extension with <ttl> elements for pairs of type and seconds.
func ttls(local string, pairs ...string) string {
	s := `<t:` + local + ` xmlns:t="` + ttl.NS + `">`
	for i := 0; i < len(pairs); i += 2 {
		s += `<t:ttl for="` + pairs[i] + `">` + pairs[i+1] + `</t:ttl>`
	}
	return s + `</t:` + local + `>`
}

func TestTTL(t *testing.T) {
	const policies = `
tlds:
  - {name: example, ttl: {NS: {min: 60, default: 3600, max: 7200}, DS: {min: 60, default: 600, max: 900}, A: {min: 30, default: 300, max: 600}}}
  - {name: bay, dnssec: {interface: none}}
`
	m := extended(t, gtld.Options{}, policies)
	x := m.loginX(t)
	require.Contains(t, x.Greeting.All("extURI"), ttl.NS)
	show := func(command, policy string) (for_, seconds, limits []string) {
		if policy != "" {
			policy = ` policy="` + policy + `"`
		}
		a := x.Do(command + ext(`<t:info xmlns:t="`+ttl.NS+`"`+policy+`/>`)).Code(1000)
		for _, at := range []string{"min", "default", "max"} {
			limits = append(limits, a.Attrs("ttl", at)...)
		}
		return a.Attrs("ttl", "for"), a.All("ttl"), limits
	}
	sauna := infoDomain("sauna.example", "", "")

	t.Run("2.2.1 create, and R9803-001 an info that asks", func(t *testing.T) {
		x.Do(extCreate("sauna.example", "", ttls("create", "NS", "1800", "DS", "600"))).Code(1000)
		require.NotContains(t, x.Do(sauna).Code(1000).XML, ttl.NS)
		for _, mode := range []string{"", "0"} {
			kinds, seconds, limits := show(sauna, mode)
			require.Equal(t, []string{"NS", "1800"}, append(kinds, seconds...), "600 is the default of DS")
			require.Equal(t, []string{"absent", "absent", "absent"}, limits)
		}
		kinds, seconds, limits := show(sauna, "true")
		require.Equal(t, []string{"DS", "NS", "600", "1800"}, append(kinds, seconds...))
		require.Equal(t, []string{"60", "60", "600", "3600", "900", "7200"}, limits)
	})
	t.Run("2.2.2 update", func(t *testing.T) {
		x.Do(extUpdate("sauna.example", ttls("update", "NS", "", "DS", "60"))).Code(1000)
		kinds, seconds, _ := show(sauna, "")
		require.Equal(t, []string{"DS", "60"}, append(kinds, seconds...))
	})
	t.Run("R9803-002 out of range", func(t *testing.T) {
		for _, wrong := range []string{"59", "7201", "2147483647"} {
			x.Do(extUpdate("sauna.example", ttls("update", "DS", "70", "NS", wrong))).Code(2004)
			x.Do(extCreate("kiulu.example", "", ttls("create", "NS", wrong))).Code(2004)
		}
		x.Do(extUpdate("sauna.example", ttls("update", "NS", "-1"))).Code(2001)
		_, seconds, _ := show(sauna, "")
		require.Equal(t, []string{"60"}, seconds)
	})
	t.Run("R9803-003 a type that does not apply", func(t *testing.T) {
		for _, kind := range []string{"A", "AAAA", "DNAME"} {
			x.Do(extUpdate("sauna.example", ttls("update", kind, "60"))).Code(2306)
		}
		x.Do(extUpdate("sauna.example", strings.Replace(ttls("update", "custom", "60"), `"custom"`, `"custom" custom="DELEG"`, 1))).Code(2306)
		x.Do(extCreate("sauna.bay", "", ttls("create", "DS", "3600"))).Code(2306)
	})
	t.Run("2.2.2 hosts", func(t *testing.T) {
		create := func(name, addr, extension string) string {
			return `<create><h:create xmlns:h="` + hostNS + `"><h:name>` + name + `</h:name>` + addr + `</h:create></create>` + ext(extension)
		}
		info := func(name string) string {
			return `<info><h:info xmlns:h="` + hostNS + `"><h:name>` + name + `</h:name></h:info></info>`
		}
		const addr = `<h:addr ip="v4">192.0.2.7</h:addr>`
		x.Do(create("ns1.sauna.example", addr, ttls("create", "A", "601"))).Code(2004)
		x.Do(create("ns1.sauna.example", addr, ttls("create", "NS", "60"))).Code(2306)
		x.Do(create("ns1.sauna.invalid", "", ttls("create", "A", "60"))).Code(2306)
		x.Do(create("ns1.sauna.example", addr, ttls("create", "A", "30"))).Code(1000)
		kinds, seconds, _ := show(info("ns1.sauna.example"), "")
		require.Equal(t, []string{"A", "30"}, append(kinds, seconds...))
		update := `<update><h:update xmlns:h="` + hostNS + `"><h:name>ns1.sauna.example</h:name></h:update></update>`
		x.Do(update + ext(ttls("update", "A", "60"))).Code(1000)
		x.Do(update + ext(ttls("update", "A", "601"))).Code(2004)
		kinds, seconds, limits := show(info("ns1.sauna.example"), "1")
		require.Equal(t, []string{"A", "60", "30", "300", "600"}, append(append(kinds, seconds...), limits...))
		require.NotContains(t, x.Do(info("ns1.sauna.example")).Code(1000).XML, ttl.NS)
	})
	t.Run("1.2.4 where hosts are attributes, domains have the glue", func(t *testing.T) {
		m := extended(t, gtld.Options{HostModel: gtld.HostAttributes}, policies)
		m.loginX(t).Do(extCreate("sauna.example", "", ttls("create", "A", "60"))).Code(1000)
	})
}
