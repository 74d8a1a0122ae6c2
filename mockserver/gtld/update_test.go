package gtld_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

const secureNS = "urn:ietf:params:xml:ns:epp:secure-authinfo-transfer-1.0"

// updateDomain takes the content of update after the name.
func updateDomain(name, content string) string {
	return `<update><d:update xmlns:d="` + domainNS + `"><d:name>` + name + "</d:name>" + content + "</d:update></update>"
}

// chgAuthInfo takes the content of authInfo.
func chgAuthInfo(content string) string {
	return "<d:chg><d:authInfo>" + content + "</d:authInfo></d:chg>"
}

func pw(value string) string {
	return "<d:pw>" + strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(value) + "</d:pw>"
}

func addStatus(s ...string) string { return alterStatus("add", s) }
func remStatus(s ...string) string { return alterStatus("rem", s) }

func alterStatus(local string, list []string) string {
	out := "<d:" + local + ">"
	for _, s := range list {
		out += `<d:status s="` + s + `"/>`
	}
	return out + "</d:" + local + ">"
}

func status(c *wiretest.Client, name string) []string {
	return c.Do(infoDomain(name, "", "")).Code(1000).Attrs("infData/status", "s")
}

// withStatus is the default fixtures with statuses given to alpha.example.
func withStatus(t *testing.T, s ...string) gtld.Options {
	t.Helper()
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	require.Equal(t, "alpha.example", f.Domains[0].Name)
	f.Domains[0].Status = s
	require.NoError(t, f.Validate())
	return gtld.Options{Fixtures: f}
}

func TestUpdateAuthInfo(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	verify := func(value string) *wiretest.Answer {
		t.Helper()
		return y.Do(infoDomain("alpha.example", "", pw(value)))
	}
	t.Run("R9154-006 set, verify", func(t *testing.T) {
		for _, value := range []string{"2ndSecret7", "23)9W*(zHLBCEwg4", `)*(&<"$'`, "příliš ✓", " \u00a0x  y "} {
			a := x.Do(updateDomain("Alpha.Example", chgAuthInfo(pw(value)))).Code(1000)
			require.NotContains(t, a.XML, "resData", "R5731-050")
			require.Equal(t, value, verify(value).Code(1000).Text("authInfo/pw"))
			require.Equal(t, value, x.Do(infoDomain("alpha.example", "", "")).Text("authInfo/pw"))
			verify("alpha-Secret7").Code(2202)
		}
	})
	t.Run("R5731-027 upID and upDate", func(t *testing.T) {
		require.Empty(t, x.Do(infoDomain("beta.example", "", "")).All("upDate"))
		m.Clock.Advance(time.Minute)
		x.Do(updateDomain("beta.example", chgAuthInfo(pw("3rdSecret7")))).Code(1000)
		a := x.Do(infoDomain("beta.example", "", ""))
		require.Equal(t, "reg-north", a.Text("upID"))
		require.Equal(t, "2026-03-01T12:01:00Z", a.Text("upDate"))
		require.Equal(t, []string{"clientTransferProhibited"}, a.Attrs("status", "s"))
	})
	for name, content := range map[string]string{"R5731-049 null": "<d:null/>", "R9154-006 empty pw": "<d:pw/>"} {
		t.Run(name+" unsets", func(t *testing.T) {
			x.Do(updateDomain("alpha.example", chgAuthInfo(pw("4thSecret7")))).Code(1000)
			x.Do(updateDomain("alpha.example", chgAuthInfo(content))).Code(1000)
			require.Empty(t, x.Do(infoDomain("alpha.example", "", "")).All("authInfo"))
			verify("4thSecret7").Code(2202)
			verify("").Code(2202)
			x.Do(updateDomain("alpha.example", chgAuthInfo(content))).Code(1000)
		})
	}
	t.Run("a contact's authInfo stays", func(t *testing.T) {
		y.Do(infoDomain("alpha.example", "", `<d:pw roid="C1-MOCK">jil-Secret7</d:pw>`)).Code(1000)
	})
}

func TestUpdateStatus(t *testing.T) {
	m := start(t)
	x := m.loginX(t)
	t.Run("R5731-008 add and remove", func(t *testing.T) {
		x.Do(updateDomain("alpha.example", addStatus("clientHold", "clientTransferProhibited"))).Code(1000)
		require.Equal(t, []string{"clientHold", "clientTransferProhibited"}, status(x, "alpha.example"))
		x.Do(updateDomain("alpha.example", addStatus("clientRenewProhibited")+remStatus("clientHold"))).Code(1000)
		require.Equal(t, []string{"clientTransferProhibited", "clientRenewProhibited"}, status(x, "alpha.example"))
		x.Do(updateDomain("alpha.example", remStatus("clientTransferProhibited", "clientRenewProhibited"))).Code(1000)
		require.Equal(t, []string{"ok"}, status(x, "alpha.example"))
		require.Equal(t, "2026-03-01T12:00:00Z", x.Do(infoDomain("alpha.example", "", "")).Text("upDate"))
	})
	t.Run("R9154 5.2 unlock and set, lock and unset", func(t *testing.T) {
		y := m.loginY(t)
		x.Do(updateDomain("beta.example", remStatus("clientTransferProhibited")+chgAuthInfo(pw("5thSecret7")))).Code(1000)
		require.Equal(t, []string{"ok"}, status(x, "beta.example"))
		y.Do(infoDomain("beta.example", "", pw("5thSecret7"))).Code(1000)
		x.Do(updateDomain("beta.example", addStatus("clientTransferProhibited")+chgAuthInfo("<d:null/>"))).Code(1000)
		require.Equal(t, []string{"clientTransferProhibited"}, status(x, "beta.example"))
		y.Do(infoDomain("beta.example", "", pw("5thSecret7"))).Code(2202)
	})
	t.Run("RFC 5731, 3.2.5 the text of a status is kept, and does not matter to remove it", func(t *testing.T) {
		hold := func(text string) string {
			return `<d:status s="clientHold" lang="cs">` + text + `</d:status>`
		}
		x.Do(updateDomain("alpha.example", "<d:add>"+hold("Nezaplaceno")+"</d:add>")).Code(1000)
		a := x.Do(infoDomain("alpha.example", "", ""))
		require.Equal(t, "Nezaplaceno", a.Text("status"))
		require.Equal(t, []string{"cs"}, a.Attrs("status", "lang"))
		x.Do(updateDomain("alpha.example", "<d:add>"+hold("Spor")+"</d:add>"+"<d:rem>"+hold("jiné")+"</d:rem>")).Code(1000)
		x.Do(updateDomain("alpha.example", "<d:add>"+hold("Omyl")+"</d:add>"+remStatus("clientHold", "clientHold"))).Code(2306)
		require.Equal(t, "Spor", x.Do(infoDomain("alpha.example", "", "")).Text("status"))
		x.Do(updateDomain("alpha.example", addStatus("clientHold")+remStatus("clientHold"))).Code(1000)
		require.Equal(t, []string{""}, x.Do(infoDomain("alpha.example", "", "")).All("status"))
		x.Do(updateDomain("alpha.example", remStatus("clientHold"))).Code(1000)
		require.Equal(t, []string{"ok"}, status(x, "alpha.example"))
	})
	t.Run("R5731-007 inactive stands beside others", func(t *testing.T) {
		y := m.loginY(t)
		y.Do(updateDomain("gamma.test", addStatus("clientHold"))).Code(1000)
		require.Equal(t, []string{"clientHold", "inactive"}, status(y, "gamma.test"))
	})
	t.Run("R5731-012 clientUpdateProhibited", func(t *testing.T) {
		x.Do(updateDomain("alpha.example", addStatus("clientUpdateProhibited", "clientHold"))).Code(1000)
		for _, content := range []string{
			chgAuthInfo(pw("6thSecret7")), chgAuthInfo("<d:null/>"), remStatus("clientHold"), addStatus("clientDeleteProhibited"),
			remStatus("clientUpdateProhibited", "clientHold"), remStatus("clientUpdateProhibited") + chgAuthInfo("<d:null/>"),
			addStatus("clientDeleteProhibited") + remStatus("clientUpdateProhibited"), "<d:chg/>",
		} {
			x.Do(updateDomain("alpha.example", content)).Code(2304)
		}
		require.Equal(t, []string{"clientUpdateProhibited", "clientHold"}, status(x, "alpha.example"))
		x.Do(updateDomain("alpha.example", remStatus("clientUpdateProhibited")+"<d:chg/>")).Code(1000)
		x.Do(updateDomain("alpha.example", remStatus("clientHold"))).Code(1000)
	})
}

func TestUpdateProhibited(t *testing.T) {
	for _, s := range []string{
		"serverUpdateProhibited", "pendingCreate", "pendingDelete", "pendingRenew", "pendingTransfer", "pendingUpdate",
	} {
		t.Run("R5731-012 2304: "+s, func(t *testing.T) {
			x := startWith(t, withStatus(t, s)).loginX(t)
			x.Do(updateDomain("alpha.example", chgAuthInfo(pw("7thSecret7")))).Code(2304)
			x.Do(updateDomain("alpha.example", remStatus("clientUpdateProhibited"))).Code(2304)
			require.Equal(t, []string{s}, status(x, "alpha.example"))
		})
	}
	t.Run("other prohibitions do not prohibit updates", func(t *testing.T) {
		x := startWith(t, withStatus(t, "serverTransferProhibited", "serverHold")).loginX(t)
		x.Do(updateDomain("alpha.example", addStatus("clientTransferProhibited"))).Code(1000)
		require.Equal(t, []string{"serverTransferProhibited", "serverHold", "clientTransferProhibited"}, status(x, "alpha.example"))
	})
	t.Run("RFC 5731, 2.3 all that do not contradict", func(t *testing.T) {
		var client, server []string
		for _, s := range []string{"DeleteProhibited", "Hold", "RenewProhibited", "TransferProhibited", "UpdateProhibited"} {
			client = append(client, "client"+s)
			if s != "UpdateProhibited" {
				server = append(server, "server"+s)
			}
		}
		o := withStatus(t, server...)
		o.Fixtures.Domains[0].NS = nil
		x := startWith(t, o).loginX(t)
		x.Do(updateDomain("alpha.example", addStatus(client...))).Code(1000)
		require.Len(t, status(x, "alpha.example"), 10)
	})
}

// TestUpdateRefused requires that a command that is refused changes nothing, though a
// part of it could be carried out.
func TestUpdateRefused(t *testing.T) {
	m := start(t)
	x := m.loginX(t)
	before := x.Do(infoDomain("beta.example", "", "")).Code(1000)
	const name, fine = "beta.example", `<d:status s="clientHold"/>`
	ext := `<d:ext><c:check xmlns:c="urn:ietf:params:xml:ns:contact-1.0"><c:id>8thSecret7</c:id></c:check></d:ext>`
	for _, tt := range []struct {
		name, domain, content string
		code                  int
		at                    string // the value in the answer
	}{
		{"R5730-102 an unknown name", "no.example", addStatus("clientHold"), 2303, "name"},
		{"R5731-032 another's domain", "gamma.test", addStatus("clientHold"), 2201, "name"},
		{"R5731-032 another's domain, ns", "gamma.test", "<d:rem><d:ns><d:hostObj>a.example</d:hostObj></d:ns></d:rem>", 2201, "name"},
		{"R5731-046 nothing", name, "", 2003, "update"},
		{"R5731-046 nothing, another's domain", "gamma.test", "", 2003, "update"},
		{"R5731-008 serverHold", name, "<d:add>" + fine + `<d:status s="serverHold"/></d:add>`, 2306, "status[@s='serverHold']"},
		{"R5731-008 remove serverHold", name, "<d:add>" + fine + "</d:add>" + remStatus("serverHold"), 2306, "status[@s='serverHold']"},
		{"R5731-008 ok", name, addStatus("clientHold", "ok"), 2306, "status[@s='ok']"},
		{"R5731-008 remove ok", name, addStatus("clientHold") + remStatus("ok"), 2306, "status[@s='ok']"},
		{"R5731-008 inactive", name, addStatus("clientHold", "inactive"), 2306, "status[@s='inactive']"},
		{"R5731-008 pendingDelete", name, addStatus("clientHold", "pendingDelete"), 2306, "status[@s='pendingDelete']"},
		{"a status that is set", name, addStatus("clientHold", "clientTransferProhibited"), 2306, "status[@s='clientTransferProhibited']"},
		{"a status twice", name, addStatus("clientHold", "clientHold"), 2306, "status[@s='clientHold']"},
		{"remove a status that is not set", name, addStatus("clientDeleteProhibited") + remStatus("clientHold"), 2306, "status[@s='clientHold']"},
		{"remove a status twice", name, remStatus("clientTransferProhibited", "clientTransferProhibited"), 2306, "status[@s='clientTransferProhibited']"},
		{
			"R5731-002 hostAttr", name, "<d:add><d:ns><d:hostAttr><d:hostName>ns1.beta.example</d:hostName></d:hostAttr></d:ns>" + fine + "</d:add>",
			2306, "hostAttr/hostName",
		},
		{
			"remove a name server that is not there", name, "<d:rem><d:ns><d:hostObj>ns2.alpha.example</d:hostObj></d:ns></d:rem>" + chgAuthInfo("<d:null/>"),
			2306, "hostObj",
		},
		{"add a name server that is there", name, "<d:add><d:ns><d:hostObj>ns1.alpha.EXAMPLE</d:hostObj></d:ns>" + fine + "</d:add>", 2306, "hostObj"},
		{"R5731-034 add a host that there is not", name, "<d:add><d:ns><d:hostObj>ns9.alpha.example</d:hostObj></d:ns>" + fine + "</d:add>", 2303, "hostObj"},
		{"R5731-006 add a host that is none", name, "<d:add><d:ns><d:hostObj>-ns.alpha.example</d:hostObj></d:ns>" + fine + "</d:add>", 2005, "hostObj"},
		{"R5731-035 add a contact that there is not", name, `<d:add><d:contact type="tech">kt-9</d:contact>` + fine + "</d:add>", 2303, "contact[@type='tech']"},
		{"add a contact without a type", name, `<d:add><d:contact>kt-2</d:contact>` + fine + "</d:add>", 2003, "contact"},
		{"add a contact twice", name, `<d:add><d:contact type="tech">kt-2</d:contact><d:contact type="tech">kt-2</d:contact>` + fine + "</d:add>", 2306, "contact[@type='tech']"},
		{"remove a contact that is not there", name, `<d:add>` + fine + `</d:add><d:rem><d:contact type="tech">kt-2</d:contact></d:rem>`, 2306, "contact[@type='tech']"},
		{"R5731-035 a registrant that there is not", name, `<d:add>` + fine + `</d:add><d:chg><d:registrant>kt-9</d:registrant></d:chg>`, 2303, "registrant"},
		{"R5731-049 no registrant, in the thick model", name, `<d:add>` + fine + `</d:add><d:chg><d:registrant/></d:chg>`, 2306, "registrant"},
		{"authInfo ext", name, `<d:add>` + fine + `</d:add>` + chgAuthInfo(ext), 2102, "authInfo"},
		{
			"authInfo of a contact", name, `<d:add>` + fine + `</d:add>` + chgAuthInfo(`<d:pw roid="C1-MOCK">8thSecret7</d:pw>`),
			2306, "authInfo",
		},
		{"both forms of an authInfo", name, chgAuthInfo(pw("8thSecret7") + "<d:null/>"), 2001, "null"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := x.Do(updateDomain(tt.domain, tt.content)).Code(tt.code)
			require.NotEmpty(t, append(a.All("result/value/"+tt.at), a.All("result/extValue/value/"+tt.at)...), a.XML)
			require.NotContains(t, a.XML, "8thSecret7")
			after := x.Do(infoDomain("beta.example", "", ""))
			require.Equal(t, before.All("infData/*"), after.All("infData/*"))
			require.Equal(t, before.Attrs("status", "s"), after.Attrs("status", "s"))
		})
	}
	t.Run("several things at once are named at once", func(t *testing.T) {
		a := x.Do(updateDomain(name, `<d:add><d:contact type="tech">kt-8</d:contact><d:contact type="tech">lu-9</d:contact></d:add><d:chg><d:registrant>lu-9</d:registrant></d:chg>`))
		require.Equal(t, []string{"kt-8", "lu-9"}, a.Code(2303).All("extValue/value/contact"))
		require.Equal(t, "lu-9", a.Text("extValue/value/registrant"))
	})
	t.Run("empty parts change nothing", func(t *testing.T) {
		for _, content := range []string{"<d:add/>", "<d:rem/>", "<d:chg/>", "<d:add/><d:rem/><d:chg/>"} {
			x.Do(updateDomain(name, content)).Code(1000)
		}
		require.Empty(t, x.Do(infoDomain(name, "", "")).All("upDate"))
	})
}

const beaconNS = "urn:example:beacon-1.0"

// beacon is an extension of a command that the registry has no opinion of.
type beacon struct{}

func (*beacon) XMLName() epp.Name { return epp.Name{Space: beaconNS, Local: "beacon"} }
func (*beacon) Fields(*epp.Codec) {}

func TestR5731_046ExtendedUpdate(t *testing.T) {
	o := gtld.Options{}
	o.Extensions = []epp.Extension{{URI: beaconNS, Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[beacon]}}}
	x := startWith(t, o).loginX(t)
	x.Do(updateDomain("alpha.example", "") + `<extension><b:beacon xmlns:b="` + beaconNS + `"/></extension>`).Code(1000)
	x.Do(updateDomain("alpha.example", "")).Code(2003)
	require.Equal(t, "2025-03-01T09:00:00Z", x.Do(infoDomain("alpha.example", "", "")).Text("upDate"))
}
