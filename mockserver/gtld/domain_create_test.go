package gtld_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// makeDomain takes the content of create after the name.
func makeDomain(name, content string) string {
	return command("create", "", named(name)+content)
}

func hostObjs(names ...string) string {
	return "<d:ns><d:hostObj>" + strings.Join(names, "</d:hostObj><d:hostObj>") + "</d:hostObj></d:ns>"
}

// hostAttr takes addresses, of which those with a colon are v6.
func hostAttr(name string, addrs ...string) string {
	s := "<d:hostAttr><d:hostName>" + name + "</d:hostName>"
	for _, a := range addrs {
		version := "v4"
		if strings.Contains(a, ":") {
			version = "v6"
		}
		s += `<d:hostAddr ip="` + version + `">` + a + "</d:hostAddr>"
	}
	return s + "</d:hostAttr>"
}

func attrs(list ...string) string { return "<d:ns>" + strings.Join(list, "") + "</d:ns>" }

func role(kind, id string) string { return `<d:contact type="` + kind + `">` + id + "</d:contact>" }

const (
	holder = "<d:registrant>jr-1</d:registrant>"
	hushed = "<d:authInfo><d:pw>hush-7-Hush</d:pw></d:authInfo>"
)

var faultForm = regexp.MustCompile(`<value><\w+:(\w+)`)

// faults are the local names of the elements that an answer calls at fault.
func faults(a *wiretest.Answer) (list []string) {
	for _, m := range faultForm.FindAllStringSubmatch(a.XML, -1) {
		list = append(list, m[1])
	}
	return list
}

func TestDomainCreate(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	t.Run("R5731-037 R5730-037 creData, and info shows what was asked for", func(t *testing.T) {
		a := x.Do(makeDomain("Lake-1.Example", years(3)+hostObjs("ns1.ALPHA.example", "ns1.hosting.invalid")+holder+
			role("admin", "kt-2")+role("tech", "lu-3")+role("tech", "kt-2")+hushed)).Code(1000)
		require.Equal(t, []string{"name", "crDate", "exDate"}, a.Names("creData"))
		require.Equal(t, "lake-1.example", a.Text("creData/name"))
		require.Equal(t, "2026-03-01T12:00:00Z", a.Text("crDate"))
		require.Equal(t, "2029-03-01T12:00:00Z", a.Text("exDate"))
		a = x.Do(infoDomain("lake-1.example", "", "")).Code(1000)
		require.Equal(t, []string{
			"name", "roid", "status", "registrant", "contact", "contact", "contact", "ns",
			"clID", "crID", "crDate", "exDate", "authInfo",
		}, a.Names("infData"), "R5731-027 R5731-028")
		require.Regexp(t, `^\w{1,80}-\w{1,8}$`, a.Text("roid"))
		require.Equal(t, []string{"ok"}, a.Attrs("status", "s"))
		require.Equal(t, "jr-1", a.Text("registrant"))
		require.Equal(t, []string{"kt-2", "lu-3", "kt-2"}, a.All("infData/contact"))
		require.Equal(t, []string{"ns1.alpha.example", "ns1.hosting.invalid"}, a.All("hostObj"))
		require.Equal(t, []string{"reg-north"}, append(a.All("clID"), a.All("crID")...)[1:])
		require.Equal(t, "hush-7-Hush", a.Text("authInfo/pw"))
		require.Equal(t, []string{"0"}, x.Do(checkDomains("lake-1.example")).Attrs("cd/name", "avail"))
	})
	t.Run("RFC 5731, 3.2.1 without a period and name servers", func(t *testing.T) {
		a := y.Do(makeDomain("lake-2.test", holder+hushed)).Code(1000)
		require.Equal(t, "2027-03-01T12:00:00Z", a.Text("exDate"))
		require.Equal(t, []string{"inactive"}, status(y, "lake-2.test"), "R5731-014")
		require.NotEqual(t, x.Do(infoDomain("lake-1.example", "", "")).Text("roid"), y.Do(infoDomain("lake-2.test", "", "")).Text("roid"))
	})
	t.Run("R5731-034 a subordinate host of another domain", func(t *testing.T) {
		x.Do(makeDomain("lake-3.example", hostObjs("ns2.alpha.example")+holder+hushed)).Code(1000) // R5731-005
	})

	ok := holder + hushed
	for _, tt := range []struct {
		name, domain, content string
		code                  int
		at                    []string
	}{
		{"R5730-101 it exists", "ALPHA.example", ok, 2302, []string{"name"}},
		{"R5731-006 trailing dot", "pool.example.", ok, 2005, []string{"name"}},
		{"R5731-006 underscore", "po_ol.example", ok, 2005, []string{"name"}},
		{"R5731-006 leading hyphen", "-pool.example", ok, 2005, []string{"name"}},
		{"R5731-006 trailing hyphen", "pool-.example", ok, 2005, []string{"name"}},
		{"R5731-006 a label of 64", strings.Repeat("p", 64) + ".example", ok, 2005, []string{"name"}},
		{"R5731-006 an empty label", "pool..example", ok, 2005, []string{"name"}},
		{"R5731-006 white space", "po ol.example", ok, 2005, []string{"name"}},
		{"R5731-006 a U-label", "pöol.example", ok, 2005, []string{"name"}},
		{"RFC 5890, 2.3.1 hyphens", "ab--pool.example", ok, 2306, []string{"name"}},
		{"no table for an A-label", "xn--pol-sna.example", ok, 2306, []string{"name"}},
		{"no such zone", "pool.invalid", ok, 2306, []string{"name"}},
		{"below a name", "sub.pool.example", ok, 2306, []string{"name"}},
		{"the zone", "example", ok, 2005, []string{"name"}},
		{"R5730-087 R5731-021 11 years", "pool.example", years(11) + ok, 2004, []string{"period"}},
		{"R5731-021 0 years", "pool.example", years(0) + ok, 2001, []string{"period"}},
		{"R5731-021 100 years", "pool.example", years(100) + ok, 2001, []string{"period"}},
		{"RFC 5731, 2.5 months", "pool.example", `<d:period unit="m">12</d:period>` + ok, 2306, []string{"period"}},
		{"R5731-002 host attributes", "pool.example", attrs(hostAttr("ns.pool.example", "192.0.2.1")) + ok, 2306, []string{"hostAttr"}},
		{"R5731-034 unknown host", "pool.example", hostObjs("ns1.alpha.example", "ns7.alpha.example") + ok, 2303, []string{"hostObj"}},
		{"R5731-034 unknown hosts", "pool.example", hostObjs("ns7.alpha.example", "ns8.alpha.example") + ok, 2303, []string{"hostObj", "hostObj"}},
		{"epp-14 no host name", "pool.example", hostObjs("ns_7.alpha.example") + ok, 2005, []string{"hostObj"}},
		{"a host twice", "pool.example", hostObjs("ns1.alpha.example", "NS1.alpha.example") + ok, 2306, []string{"hostObj"}},
		{"R5731-035 unknown registrant", "pool.example", "<d:registrant>jr-9</d:registrant>" + hushed, 2303, []string{"registrant"}},
		{"R5731-035 identifiers are case-sensitive", "pool.example", "<d:registrant>JR-1</d:registrant>" + hushed, 2303, []string{"registrant"}},
		{"R5731-035 unknown contact", "pool.example", holder + role("tech", "kt-9") + hushed, 2303, []string{"contact"}},
		{"epp-14 no registrant", "pool.example", hushed, 2003, []string{"registrant"}},
		{"epp-14 an empty registrant", "pool.example", "<d:registrant/>" + hushed, 2001, []string{"registrant"}},
		{"a contact twice", "pool.example", holder + role("tech", "kt-2") + role("tech", "kt-2") + hushed, 2306, []string{"contact"}},
		{"R5731-036 R5731-053 no authInfo", "pool.example", holder, 2001, nil},
		{"epp-14 an empty authInfo", "pool.example", holder + "<d:authInfo><d:pw/></d:authInfo>", 2202, []string{"authInfo"}},
		{"another object's authInfo", "pool.example", holder + `<d:authInfo><d:pw roid="C1-MOCK">hush-7-Hush</d:pw></d:authInfo>`, 2306, []string{"authInfo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := x.Do(makeDomain(tt.domain, tt.content)).Code(tt.code)
			if tt.at != nil {
				require.Equal(t, tt.at, faults(a), a.XML)
			}
			require.NotContains(t, a.XML, "hush")
			if tt.code != 2302 {
				x.Do(infoDomain(strings.TrimSuffix(tt.domain, "."), "", "")).Code(2303)
			}
		})
	}
	t.Run("R5730-004 a command that fails uses nothing up", func(t *testing.T) {
		a := x.Do(infoDomain("lake-3.example", "", "")).Text("roid")
		x.Do(makeDomain("pool.example", ok+"<d:x/>")).Code(2001)
		x.Do(makeDomain("pool.example", ok)).Code(1000)
		var last, next int
		fmt.Sscanf(a, "D%d", &last)
		fmt.Sscanf(x.Do(infoDomain("pool.example", "", "")).Text("roid"), "D%d", &next)
		require.Equal(t, last+1, next)
	})
}

func TestDomainCreateLeapDay(t *testing.T) {
	o := gtld.Options{}
	m := startWith(t, o)
	m.Clock.Set(time.Date(2028, 2, 29, 6, 0, 0, 0, time.UTC))
	x := m.loginX(t)
	for n, want := range map[int]string{1: "2029-02-28T06:00:00Z", 4: "2032-02-29T06:00:00Z", 10: "2038-02-28T06:00:00Z"} {
		a := x.Do(makeDomain(fmt.Sprintf("leap-%d.example", n), years(n)+holder+hushed)).Code(1000)
		require.Equal(t, want, a.Text("exDate"))
	}
}

func TestDomainCreateByPolicy(t *testing.T) {
	m := startWith(t, gtld.Options{Policies: policies(t, `tlds:
- {name: hut, contacts: {model: thin}, periods: {min: 2, max: 3, default: 3, total: 3}}
- {name: inn, contacts: {model: optional, required: [admin, tech], maxPerType: 2}, ns: {min: 2, max: 3}, periods: {months: true, max: 6, total: 6}}
- {name: tent, contacts: {model: thick, models: {reg-south: thin}, required: [tech]}}
- {name: bay.spa}
- {name: spa, names: {minLength: 3, maxLength: 5, reserved: {town: For the village, pub: ""}}, authInfo: {min: 12}}
`)})
	x := m.loginX(t)
	two := role("admin", "kt-2") + role("tech", "kt-2")
	for _, tt := range []struct {
		name, domain, content string
		code                  int
		at                    []string
	}{
		{"epp-14 a registrant in the thin model", "a.hut", holder + hushed, 2306, []string{"registrant"}},
		{"contacts in the thin model", "a.hut", role("tech", "kt-2") + hushed, 2306, []string{"contact"}},
		{"R5731-021 less than the least", "a.hut", years(1) + hushed, 2004, []string{"period"}},
		{"R5731-021 more than the most", "a.hut", years(4) + hushed, 2004, []string{"period"}},
		{"thin", "a.hut", hushed, 1000, nil},
		{"required types", "a.inn", hushed, 2003, []string{"contact", "contact"}},
		{"a required type", "a.inn", role("tech", "kt-2") + hushed, 2003, []string{"contact"}},
		{"three of a type", "a.inn", two + role("tech", "jr-1") + role("tech", "lu-3") + hushed, 2306, []string{"contact"}},
		{"one name server", "a.inn", hostObjs("ns1.alpha.example") + two + hushed, 2306, []string{"ns"}},
		{"four name servers", "a.inn", hostObjs("ns1.alpha.example", "ns2.alpha.example", "mail.alpha.example", "ns1.hosting.invalid") + two + hushed, 2306, []string{"ns"}},
		{"months", "a.inn", `<d:period unit="m">18</d:period>` + two + hushed, 2306, []string{"period"}},
		{"more than the most, in months", "a.inn", `<d:period unit="m">84</d:period>` + two + hushed, 2004, []string{"period"}},
		{"optional", "a.inn", `<d:period unit="m">24</d:period>` + hostObjs("ns1.alpha.example", "ns2.alpha.example") + two + hushed, 1000, nil},
		{"too short", "ab.spa", holder + hushed, 2306, []string{"name"}},
		{"too long", "abcdef.spa", holder + hushed, 2306, []string{"name"}},
		{"a top-level domain", "bay.spa", holder + hushed, 2306, []string{"name"}},
		{"below it", "moor.bay.spa", holder + hushed, 1000, nil},
		{"reserved", "town.spa", holder + hushed, 2306, []string{"name"}},
		{"a short authInfo", "abc.spa", holder + hushed, 2202, []string{"authInfo"}},
		{"a long one", "abc.spa", holder + "<d:authInfo><d:pw>hush-7-Hush-8</d:pw></d:authInfo>", 1000, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if a := x.Do(makeDomain(tt.domain, tt.content)).Code(tt.code); tt.at != nil {
				require.Equal(t, tt.at, faults(a), a.XML)
			}
		})
	}
	require.Equal(t, "2029-03-01T12:00:00Z", x.Do(infoDomain("a.hut", "", "")).Text("exDate"))
	require.Equal(t, "2028-03-01T12:00:00Z", x.Do(infoDomain("a.inn", "", "")).Text("exDate"))
	t.Run("epp-14 the model of a registrar", func(t *testing.T) {
		y := m.loginY(t)
		x.Do(makeDomain("b.tent", hushed)).Code(2003)
		x.Do(makeDomain("b.tent", holder+role("tech", "kt-2")+hushed)).Code(1000)
		y.Do(makeDomain("c.tent", holder+hushed)).Code(2306)
		y.Do(makeDomain("c.tent", hushed)).Code(1000)
		y.Do(updateDomain("c.tent", chgRegistrant("jr-1"))).Code(2306)
		y.Do(updateDomain("c.tent", add(role("tech", "kt-2")))).Code(2306)
	})
	t.Run("RFC 5731, 3.1.1 check", func(t *testing.T) {
		a := x.Do(checkDomains("b.hut", "a.hut", "town.spa", "pub.spa", "ab.spa", "free.spa", "spa", "b.nosuch"))
		require.Equal(t, []string{"1", "0", "0", "0", "0", "1", "0", "0"}, a.Attrs("cd/name", "avail"))
		require.Equal(t, []string{
			"In use", "For the village", "Reserved", "Too short", "Not a valid name", "Not directly below a zone here",
		}, a.All("reason"))
	})
}

// RFC 9154, section 4.1: a domain is created without an authInfo.
func TestDomainCreateSecure(t *testing.T) {
	x := startWith(t, gtld.Options{SecureAuthInfo: true}).loginX(t)
	x.Do(makeDomain("vault-1.example", holder+"<d:authInfo><d:pw/></d:authInfo>")).Code(1000)
	require.Empty(t, x.Do(infoDomain("vault-1.example", "", "")).All("authInfo"))
	x.Do(infoDomain("vault-1.example", "", "<d:pw/>")).Code(2202)
	x.Do(makeDomain("vault-2.example", holder+hushed)).Code(2202)
	x.Do(makeDomain("vault-2.example", holder+"<d:authInfo>"+pw(strong)+"</d:authInfo>")).Code(1000)
	x.Do(infoDomain("vault-2.example", "", pw(strong))).Code(1000)
}

func TestHostAttributes(t *testing.T) {
	x := startWith(t, gtld.Options{HostModel: gtld.HostAttributes}).loginX(t)
	ok := holder + hushed
	for _, tt := range []struct {
		name, content string
		code          int
		at            []string
	}{
		{"R5731-002 host objects", hostObjs("ns1.alpha.example") + ok, 2306, []string{"hostObj"}},
		{"epp-14 no host name", attrs(hostAttr("ns_1.farm.invalid")) + ok, 2005, []string{"hostAttr"}},
		{"epp-14 subordinate without glue", attrs(hostAttr("ns1.barn.example")) + ok, 2003, []string{"hostAttr"}},
		{"epp-14 internal without glue", attrs(hostAttr("ns1.alpha.example")) + ok, 2003, []string{"hostAttr"}},
		{"epp-14 no address", attrs(hostAttr("ns1.barn.example", "192.0.2.256")) + ok, 2005, []string{"hostAttr"}},
		{"R5731-004 v6 without ip", strings.Replace(attrs(hostAttr("ns1.barn.example", "2001:db8::1")), ` ip="v6"`, "", 1) + ok, 2005, []string{"hostAttr"}},
		{"R5731-004 v4 with ip=v6", strings.Replace(attrs(hostAttr("ns1.barn.example", "192.0.2.1")), `"v4"`, `"v6"`, 1) + ok, 2005, []string{"hostAttr"}},
		{"an address twice", attrs(hostAttr("ns1.barn.example", "2001:db8::1", "2001:DB8:0::1")) + ok, 2306, []string{"hostAttr"}},
		{"glue that is not needed", attrs(hostAttr("ns1.farm.invalid", "192.0.2.1")) + ok, 2306, []string{"hostAttr"}},
		{"below a domain that there is not", attrs(hostAttr("ns1.shed.example", "192.0.2.1")) + ok, 2303, []string{"hostAttr"}},
		{"twice", attrs(hostAttr("ns1.farm.invalid"), hostAttr("NS1.farm.invalid")) + ok, 2306, []string{"hostAttr"}},
		{"epp-14 created", attrs(hostAttr("ns1.barn.example", "192.0.2.1", "2001:db8::1"), hostAttr("ns1.farm.invalid")) + ok, 1000, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if a := x.Do(makeDomain("barn.example", tt.content)).Code(tt.code); tt.at != nil {
				require.Equal(t, tt.at, faults(a), a.XML)
			}
		})
	}
	a := x.Do(infoDomain("barn.example", "", ""))
	require.Equal(t, []string{"ns1.barn.example", "ns1.farm.invalid"}, a.All("hostName"))
	require.Equal(t, []string{"192.0.2.1", "2001:db8::1"}, a.All("hostAddr"))
	require.Equal(t, []string{"ok"}, a.Attrs("status", "s"))
	t.Run("epp-16 R5731-048 the addresses of what is removed don't matter", func(t *testing.T) {
		x.Do(updateDomain("barn.example", "<d:add>"+attrs(hostAttr("ns2.farm.invalid"))+"</d:add><d:rem>"+attrs(hostAttr("NS1.barn.example"))+"</d:rem>")).Code(1000)
		require.Equal(t, []string{"ns1.farm.invalid", "ns2.farm.invalid"}, x.Do(infoDomain("barn.example", "", "")).All("hostName"))
		x.Do(updateDomain("barn.example", "<d:rem>"+attrs(hostAttr("ns1.barn.example"))+"</d:rem>")).Code(2306)
		x.Do(updateDomain("barn.example", "<d:rem>"+attrs(hostAttr("ns1.farm.invalid", "192.0.2.7"), hostAttr("ns2.farm.invalid"))+"</d:rem>")).Code(1000)
		require.Equal(t, []string{"inactive"}, status(x, "barn.example"))
	})
	t.Run("epp-16 host objects", func(t *testing.T) {
		x.Do(updateDomain("barn.example", "<d:add>"+hostObjs("ns1.farm.invalid")+"</d:add>")).Code(2306)
	})
	t.Run("2307 hosts", func(t *testing.T) {
		x.Do(`<info><h:info xmlns:h="` + hostNS + `"><h:name>ns1.alpha.example</h:name></h:info></info>`).Code(2307)
	})
}
