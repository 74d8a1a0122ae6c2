package gtld_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// hostCommand is a command with a host's element around content, whose elements are in the
// host's namespace.
func hostCommand(command, content string) string {
	attr := ""
	command, op, transfer := strings.Cut(command, " ")
	if transfer {
		attr = ` op="` + op + `"`
	}
	return `<` + command + attr + `><` + command + ` xmlns="` + hostNS + `">` + content + `</` + command + `></` + command + `>`
}

// newHost makes a host with addresses; those with a colon are v6.
func newHost(c *wiretest.Client, name string, addrs ...string) *wiretest.Answer {
	return c.Do(hostCommand("create", "<name>"+name+"</name>"+addrElements(addrs...)))
}

func addrElements(addrs ...string) string {
	s := ""
	for _, a := range addrs {
		v := "v4"
		if strings.Contains(a, ":") {
			v = "v6"
		}
		s += `<addr ip="` + v + `">` + a + `</addr>`
	}
	return s
}

func infoHost(c *wiretest.Client, name string) *wiretest.Answer {
	return c.Do(hostCommand("info", "<name>"+name+"</name>"))
}

func updateHost(c *wiretest.Client, name, content string) *wiretest.Answer {
	return c.Do(hostCommand("update", "<name>"+name+"</name>"+content))
}

func rename(c *wiretest.Client, from, to string) *wiretest.Answer {
	return updateHost(c, from, "<chg><name>"+to+"</name></chg>")
}

func TestHostCheck(t *testing.T) {
	x := start(t).loginX(t)
	names := []string{"NS1.alpha.example", "ns9.alpha.example", "ns1.nobody.example", "ns1.far.invalid", "-bad.example", "ns_1.far.invalid", "single"}
	s := ""
	for _, n := range names {
		s += "<name>" + n + "</name>"
	}
	a := x.Do(hostCommand("check", s)).Code(1000)
	require.Equal(t, names, a.All("cd/name"), "R5732-007 RST epp-05")
	require.Equal(t, []string{"0", "1", "1", "1", "0", "0", "0"}, a.Attrs("cd/name", "avail"))
	require.Equal(t, []string{"In use", "Not a valid name", "Not a valid name", "Not a valid name"}, a.All("cd/reason"))
}

func TestHostInfo(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	t.Run("R5732-008 R5732-009 RFC 5732, 3.1.2", func(t *testing.T) {
		for _, c := range []*wiretest.Client{x, y} {
			a := infoHost(c, "NS1.Alpha.example").Code(1000)
			require.Equal(t, []string{"name", "roid", "status", "status", "addr", "addr", "clID", "crID", "crDate"}, a.Names("infData"))
			require.Equal(t, "ns1.alpha.example", a.Text("infData/name"))
			require.Equal(t, []string{"192.0.2.11", "2001:db8::11"}, a.All("addr"))
			require.Equal(t, []string{"v4", "v6"}, a.Attrs("addr", "ip"))
		}
	})
	t.Run("R5732-001 R5732-002 RFC 5732, 2.3 linked", func(t *testing.T) {
		require.Equal(t, []string{"ok", "linked"}, infoHost(x, "ns1.alpha.example").Attrs("status", "s"))
		require.Equal(t, []string{"ok"}, infoHost(x, "mail.alpha.example").Attrs("status", "s"))
	})
	t.Run("R5730-102 2303", func(t *testing.T) {
		require.Equal(t, []string{"name"}, infoHost(x, "ns9.alpha.example").Code(2303).Names("result/value"))
	})
	t.Run("R5732-010 R5732-012 no transfer, no renew", func(t *testing.T) {
		for _, command := range []string{"transfer query", "transfer request", "renew"} {
			a := x.Do(hostCommand(command, "<name>ns1.alpha.example</name>"))
			require.Contains(t, []string{"2001", "2101"}, a.Attrs("result", "code")[0])
		}
	})
}

func TestHostCreate(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	t.Run("R5732-014 RST epp-11 an internal host", func(t *testing.T) {
		a := newHost(x, "NS5.alpha.example", "192.0.2.5", "2001:DB8:0:0::5").Code(1000)
		require.Equal(t, []string{"name", "crDate"}, a.Names("creData"))
		require.Equal(t, "ns5.alpha.example", a.Text("creData/name"))
		a = infoHost(x, "ns5.alpha.example").Code(1000)
		require.Equal(t, []string{"192.0.2.5", "2001:db8::5"}, a.All("addr"))
		require.Equal(t, []string{"v4", "v6"}, a.Attrs("addr", "ip"))
		require.Equal(t, []string{"name", "roid", "status", "addr", "addr", "clID", "crID", "crDate"}, a.Names("infData"))
		require.Contains(t, x.Do(infoDomain("alpha.example", "", "")).All("infData/host"), "ns5.alpha.example")
	})
	t.Run("without an address, deep below, and called as its domain", func(t *testing.T) {
		for _, name := range []string{"ns6.alpha.example", "a.b.alpha.example", "alpha.example"} {
			newHost(x, name).Code(1000)
		}
	})
	t.Run("RFC 5732, 1.1 an external host is anybody's", func(t *testing.T) {
		newHost(y, "ns1.far.invalid").Code(1000)
		require.Equal(t, "reg-south", infoHost(x, "ns1.far.invalid").Code(1000).Text("clID"))
		newHost(x, "ns1.far.invalid").Code(2302)
	})
	t.Run("R5732-015 ip is v4 where it is absent", func(t *testing.T) {
		x.Do(hostCommand("create", "<name>ns7.alpha.example</name><addr>192.0.2.7</addr>")).Code(1000)
		require.Equal(t, []string{"v4"}, infoHost(x, "ns7.alpha.example").Attrs("addr", "ip"))
	})
	for _, tt := range []struct {
		name, host, addrs string
		code              int
	}{
		{"R5732-013 3.2.1 below no domain", "ns1.nobody.example", "", 2303},
		{"R5732-013 3.2.1 called as no domain", "nobody.example", "", 2303},
		{"RST epp-25 below another's domain, with glue", "ns1.gamma.test", addrElements("192.0.2.1"), 2201},
		{"RST epp-25 below another's domain, without", "ns1.gamma.test", "", 2201},
		{"2302", "ns1.alpha.example", "", 2302},
		{"RST epp-11 a name that is none", "-ns.alpha.example", "", 2005},
		{"RST epp-11 an underscore", "ns_1.alpha.example", "", 2005},
		{"RST epp-11 one label", "ns1", "", 2005},
		{"RST epp-11 a long label", strings.Repeat("x", 64) + ".alpha.example", "", 2005},
		{"RST epp-11 empty", "", "", 2001},
		{"external with an address", "ns2.far.invalid", addrElements("192.0.2.1"), 2306},
		{"R5732-006 2.5 v4 too great", "n.alpha.example", addrElements("256.1.1.1"), 2005},
		{"R5732-006 2.5 v4 too short", "n.alpha.example", addrElements("192.0.2"), 2005},
		{"R5732-006 2.5 v4 of letters", "n.alpha.example", addrElements("a.b.c.d"), 2005},
		{"R5732-006 2.5 v4 with leading zeros", "n.alpha.example", addrElements("192.0.02.1"), 2005},
		{"R5732-006 2.5 v6", "n.alpha.example", addrElements("::X"), 2005},
		{"R5732-006 2.5 v6 twice shortened", "n.alpha.example", addrElements("2001::1::2"), 2005},
		{"R5732-006 2.5 v6 with a zone", "n.alpha.example", addrElements("fe80::1%eth0"), 2005},
		{"R5732-006 2.5 v6 in v4", "n.alpha.example", `<addr ip="v4">2001:db8::1</addr>`, 2005},
		{"R5732-006 2.5 v6 without ip", "n.alpha.example", `<addr>2001:db8::1</addr>`, 2005},
		{"R5732-006 2.5 v4 in v6", "n.alpha.example", `<addr ip="v6">192.0.2.1</addr>`, 2005},
		{"2.5 an ip that there is not", "n.alpha.example", `<addr ip="v5">192.0.2.1</addr>`, 2001},
		{"twice, written in two ways", "n.alpha.example", addrElements("2001:db8::1", "2001:DB8:0::1"), 2306},
	} {
		t.Run("refused: "+tt.name, func(t *testing.T) {
			a := x.Do(hostCommand("create", "<name>"+tt.host+"</name>"+tt.addrs)).Code(tt.code)
			if tt.addrs != "" && tt.code != 2201 && tt.code != 2001 {
				require.Equal(t, []string{"addr"}, a.Names("extValue/value"))
			}
		})
	}
}

func TestHostRules(t *testing.T) {
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.HostRules = gtld.HostRules{Glue: true, ExternalAddrs: true, PublicAddrs: true}
	x := startWith(t, gtld.Options{Fixtures: f}).loginX(t)
	newHost(x, "ns5.alpha.example").Code(2003)
	newHost(x, "ns5.alpha.example", "9.9.9.9").Code(1000)
	newHost(x, "ns1.far.invalid", "2620:fe::9").Code(1000)
	for _, addr := range []string{
		"192.0.2.1", "127.0.0.1", "10.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "169.254.0.1", "100.64.0.1", "240.0.0.1",
		"0::0", "::1", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "::ffff:9.9.9.9",
	} {
		newHost(x, "ns6.alpha.example", addr).Code(2306)
	}
	// An address from before the rule can go, where another comes.
	updateHost(x, "ns2.alpha.example", "<rem>"+addrElements("192.0.2.12")+"</rem>").Code(2003)
	updateHost(x, "ns2.alpha.example", "<add>"+addrElements("9.9.9.9")+"</add><rem>"+addrElements("192.0.2.12")+"</rem>").Code(1000)
	rename(x, "ns1.far.invalid", "ns1.near.invalid").Code(1000)
	require.Equal(t, []string{"2620:fe::9"}, infoHost(x, "ns1.near.invalid").All("addr"))
}

func TestHostUpdate(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	newHost(x, "ns5.alpha.example", "192.0.2.5").Code(1000)
	info := func() *wiretest.Answer { return infoHost(x, "ns5.alpha.example").Code(1000) }
	update := func(content string) *wiretest.Answer { return updateHost(x, "NS5.alpha.example", content) }

	t.Run("R5732-017 RFC 5732, 3.2.5 nothing to do", func(t *testing.T) {
		update("").Code(2003)
		update("<chg/>").Code(2001)
		update("<add/><rem/>").Code(1000)
		require.NotContains(t, info().Names("infData"), "upID")
	})
	t.Run("R5732-011 RST epp-12 2201", func(t *testing.T) {
		updateHost(y, "ns5.alpha.example", "<add>"+addrElements("192.0.2.6")+"</add>").Code(2201)
		y.Do(hostCommand("delete", "<name>ns5.alpha.example</name>")).Code(2201)
	})
	t.Run("2303", func(t *testing.T) { updateHost(x, "ns9.alpha.example", "<add/>").Code(2303) })
	t.Run("R5732-020 RST epp-13 addresses, compared by what they are", func(t *testing.T) {
		a := update("<add>" + addrElements("2001:db8::5", "192.0.2.6") + "</add><rem>" + addrElements("192.0.2.5") + "</rem>").Code(1000)
		require.NotContains(t, a.XML, "resData")
		a = info()
		require.Equal(t, []string{"2001:db8::5", "192.0.2.6"}, a.All("addr"))
		require.Equal(t, "reg-north", a.Text("upID"))
		require.Equal(t, "2026-03-01T12:00:00Z", a.Text("upDate"))
		update("<rem>" + addrElements("2001:0DB8:0:0:0:0:0:5") + "</rem>").Code(1000)
		require.Equal(t, []string{"192.0.2.6"}, info().All("addr"))
		update("<add>" + addrElements("192.0.2.6") + "</add><rem>" + addrElements("192.0.2.6") + "</rem>").Code(1000)
	})
	for name, content := range map[string]string{
		"is there":     "<add>" + addrElements("192.0.2.6") + "</add>",
		"is not there": "<rem>" + addrElements("192.0.2.99") + "</rem>",
	} {
		t.Run("2306 an address that "+name, func(t *testing.T) {
			require.Equal(t, []string{"addr"}, update(content).Code(2306).Names("extValue/value"))
		})
	}
	t.Run("RST epp-13 2005", func(t *testing.T) {
		update("<add>" + addrElements("256.0.0.1") + "</add>").Code(2005)
		update("<rem>" + addrElements("::X") + "</rem>").Code(2005)
		update("<add>" + addrElements("192.0.2.77", "1.2.3") + "</add>").Code(2005)
		require.NotContains(t, info().All("addr"), "192.0.2.77", "R5730-091")
	})
	t.Run("R5732-005 RST epp-13 statuses", func(t *testing.T) {
		update(`<add><status s="clientHold"/></add>`).Code(2001)
		update(`<add><status s="serverDeleteProhibited"/></add>`).Code(2306)
		update(`<add><status s="linked"/></add>`).Code(2306)
	})
	t.Run("R5732-003 RFC 5732, 2.3 2304", func(t *testing.T) {
		update(`<add><status s="clientDeleteProhibited"/><status s="clientUpdateProhibited" lang="fi">Ei nyt</status></add>`).Code(1000)
		require.Equal(t, []string{"", "Ei nyt"}, info().All("status"))
		x.Do(hostCommand("delete", "<name>ns5.alpha.example</name>")).Code(2304)
		update("<add>" + addrElements("192.0.2.8") + "</add>").Code(2304)
		rename(x, "ns5.alpha.example", "ns8.alpha.example").Code(2304)
		update(`<rem>` + addrElements("192.0.2.6") + `<status s="clientUpdateProhibited"/></rem>`).Code(2304)
		update(`<rem><status s="clientUpdateProhibited"/></rem>`).Code(1000)
		update(`<rem><status s="clientDeleteProhibited"/></rem>`).Code(1000)
	})
	t.Run("RST epp-27 the last address of a host that is delegated to", func(t *testing.T) {
		updateHost(x, "ns2.alpha.example", "<rem>"+addrElements("192.0.2.12")+"</rem>").Code(2305)
		updateHost(x, "ns2.alpha.example", "<add>"+addrElements("192.0.2.13")+"</add><rem>"+addrElements("192.0.2.12")+"</rem>").Code(1000)
		updateHost(x, "mail.alpha.example", "<rem>"+addrElements("192.0.2.25")+"</rem>").Code(1000)
	})
}

func TestHostRename(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	t.Run("R5732-018 RFC 5732, 3.2.5 the domains follow", func(t *testing.T) {
		before := infoHost(x, "ns1.alpha.example").Text("roid")
		rename(x, "ns1.alpha.example", "NS1.Beta.example").Code(1000)
		infoHost(x, "ns1.alpha.example").Code(2303)
		a := infoHost(x, "ns1.beta.example").Code(1000)
		require.Equal(t, before, a.Text("roid"))
		require.Equal(t, []string{"ok", "linked"}, a.Attrs("status", "s"))
		a = x.Do(infoDomain("alpha.example", "", ""))
		require.Equal(t, []string{"ns1.beta.example", "ns2.alpha.example"}, a.All("hostObj"), "in its place")
		require.Equal(t, []string{"mail.alpha.example", "ns2.alpha.example"}, a.All("infData/host"))
		require.Equal(t, "2025-03-01T09:00:00Z", a.Text("upDate"), "that is no update of the domain")
		a = x.Do(infoDomain("beta.example", "", ""))
		require.Equal(t, []string{"ns1.beta.example", "ns1.hosting.invalid"}, a.All("hostObj"))
		require.Equal(t, []string{"ns1.beta.example"}, a.All("infData/host"))
		newHost(x, "ns1.alpha.example").Code(1000)
	})
	t.Run("RFC 5732, 3.2.5 so do others' domains, of an internal host", func(t *testing.T) {
		y.Do(`<update><update xmlns="` + domainNS + `"><name>gamma.test</name><add><ns><hostObj>ns2.alpha.example</hostObj></ns></add></update></update>`).Code(1000)
		rename(x, "ns2.alpha.example", "ns3.alpha.example").Code(1000)
		require.Equal(t, []string{"ns3.alpha.example"}, y.Do(infoDomain("gamma.test", "", "")).All("hostObj"))
		y.Do(`<update><update xmlns="` + domainNS + `"><name>gamma.test</name><rem><ns><hostObj>ns3.alpha.example</hostObj></ns></rem></update></update>`).Code(1000)
		rename(x, "ns3.alpha.example", "ns2.alpha.example").Code(1000)
	})
	t.Run("RST epp-23 into another registry: what was glue is gone", func(t *testing.T) {
		rename(x, "mail.alpha.example", "mail.far.invalid").Code(1000)
		require.Empty(t, infoHost(x, "mail.far.invalid").Code(1000).All("addr"))
		require.NotContains(t, x.Do(infoDomain("alpha.example", "", "")).All("infData/host"), "mail.alpha.example")
	})
	t.Run("RST epp-23 back, with an address", func(t *testing.T) {
		updateHost(x, "mail.far.invalid", "<add>"+addrElements("192.0.2.25")+"</add><chg><name>mail.alpha.example</name></chg>").Code(1000)
		require.Equal(t, []string{"192.0.2.25"}, infoHost(x, "mail.alpha.example").Code(1000).All("addr"))
	})
	for name, tt := range map[string]struct {
		from, to string
		code     int
	}{
		"a name that is none":        {"mail.alpha.example", "-mail.alpha.example", 2005},
		"a domain that there is not": {"mail.alpha.example", "mail.nobody.example", 2303},
		"another's domain":           {"mail.alpha.example", "mail.gamma.test", 2201},
		"a host's name":              {"mail.alpha.example", "ns2.alpha.example", 2302},
		"its own name":               {"mail.alpha.example", "MAIL.alpha.example", 2302},
		"another's host":             {"ns1.gone.example", "ns2.gone.example", 2303},
	} {
		t.Run("RST epp-23 refused: "+name, func(t *testing.T) {
			require.Equal(t, []string{"name"}, rename(x, tt.from, tt.to).Code(tt.code).Names("result//value"))
		})
	}
	t.Run("R5732-019 2305 an external host with others' domains", func(t *testing.T) {
		a := rename(x, "ns1.hosting.invalid", "ns2.hosting.invalid").Code(2305)
		require.Equal(t, []string{"name"}, a.Names("extValue/value"))
		rename(x, "ns1.hosting.invalid", "ns2.alpha.example").Code(2302)
		rename(x, "ns1.hosting.invalid", "ns3.alpha.example").Code(2305)
		require.Equal(t, []string{"ns1.hosting.invalid"}, y.Do(infoDomain("delta.test", "", "")).All("hostObj"))
	})
	t.Run("an external host with the client's own domains", func(t *testing.T) {
		newHost(y, "ns1.own.invalid").Code(1000)
		y.Do(`<update><update xmlns="` + domainNS + `"><name>gamma.test</name><add><ns><hostObj>ns1.own.invalid</hostObj></ns></add></update></update>`).Code(1000)
		rename(y, "ns1.own.invalid", "ns1.gamma.test").Code(2305) // glue is missing
		updateHost(y, "ns1.own.invalid", "<add>"+addrElements("192.0.2.40")+"</add><chg><name>ns1.gamma.test</name></chg>").Code(1000)
		require.Equal(t, []string{"ns1.gamma.test"}, y.Do(infoDomain("gamma.test", "", "")).All("hostObj"))
		updateHost(y, "ns1.gamma.test", "<add>"+addrElements("192.0.2.41")+"</add><chg><name>ns1.own.invalid</name></chg>").Code(2306)
	})
}

func TestHostDelete(t *testing.T) {
	m := start(t)
	x := m.loginX(t)
	del := func(name string) *wiretest.Answer { return x.Do(hostCommand("delete", "<name>"+name+"</name>")) }
	t.Run("R5732-016 RFC 5732, 3.2.2 2305", func(t *testing.T) {
		require.Equal(t, []string{"name"}, del("ns1.alpha.example").Code(2305).Names("extValue/value"))
	})
	t.Run("RST epp-24 gone", func(t *testing.T) {
		require.NotContains(t, del("Mail.alpha.example").Code(1000).XML, "resData")
		infoHost(x, "mail.alpha.example").Code(2303)
		del("mail.alpha.example").Code(2303)
	})
}

// TestHostsMove has the hosts below a domain go with it (RFC 5731, section 3.2.4).
func TestHostsMove(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	transfer := func(c *wiretest.Client, op, pw string) *wiretest.Answer {
		return c.Do(`<transfer op="` + op + `"><transfer xmlns="` + domainNS + `"><name>alpha.example</name>` + pw + `</transfer></transfer>`)
	}
	transfer(y, "request", "<authInfo><pw>alpha-Secret7</pw></authInfo>").Code(1001)
	require.Equal(t, []string{"pendingTransfer", "linked"}, infoHost(x, "ns1.alpha.example").Attrs("status", "s"), "R5732-004")
	updateHost(x, "mail.alpha.example", "<add>"+addrElements("192.0.2.26")+"</add>").Code(2304)
	rename(x, "mail.alpha.example", "mail.far.invalid").Code(2304)
	x.Do(hostCommand("delete", "<name>mail.alpha.example</name>")).Code(2304)
	newHost(x, "ns7.alpha.example", "192.0.2.27").Code(2304)
	rename(x, "ns1.hosting.invalid", "ns7.alpha.example").Code(2304)
	m.Advance(time.Hour)
	transfer(x, "approve", "").Code(1000)
	for _, name := range []string{"ns1.alpha.example", "ns2.alpha.example", "mail.alpha.example"} {
		a := infoHost(y, name).Code(1000)
		require.Equal(t, "reg-south", a.Text("clID"))
		require.Equal(t, "2026-03-01T13:00:00Z", a.Text("trDate"))
		require.NotContains(t, a.Attrs("status", "s"), "pendingTransfer")
	}
	require.Equal(t, "reg-north", infoHost(x, "ns1.hosting.invalid").Text("clID"))
	updateHost(x, "mail.alpha.example", "<add/>").Code(2201)
	rename(y, "mail.alpha.example", "post.alpha.example").Code(1000)
}
