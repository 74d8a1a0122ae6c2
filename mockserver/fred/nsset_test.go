package fred_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// ns is a name server of an nsset, with its addresses.
func ns(name string, addrs ...string) string {
	return `<o:ns>` + tag("name", name) + tag("addr", addrs...) + `</o:ns>`
}

// two are the name servers that an nsset must have.
var two = ns("ns1.sauna.example") + ns("ns2.sauna.example")

func createNSSet(handle, hosts string, techs ...string) string {
	return command("create", "nsset", id(handle)+hosts+tag("tech", techs...))
}

// many are n name servers.
func many(n int) string {
	s := ""
	for i := range n {
		s += ns(fmt.Sprintf("ns%d.sauna.example", i))
	}
	return s
}

// crowd creates n contacts.
func crowd(c *wiretest.Client, n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("CID-CROWD%d", i))
		c.Do(createContact(list[i], "")).Code(1000)
	}
	return list
}

func TestNSSetCreate(t *testing.T) {
	m := start(t, fred.Options{})
	c := m.loginA(t)
	techs := crowd(c, 11)
	a := c.Do(createNSSet("nid-sauna", ns("NS1.Sauna.cz", "194.0.12.1", "2001:678:f::1")+ns("ns2.sauna.example"), "cid-tech1", "CID-TECH2")).Code(1000)
	require.Equal(t, "NID-SAUNA", a.Text("creData/id"))
	a = c.Do(info("nsset", "nid-sauna")).Code(1000)
	require.Equal(t, []string{
		"id", "roid", "status", "clID", "crID", "crDate", "ns", "ns", "tech", "tech", "reportlevel",
	}, a.Names("infData"))
	require.Equal(t, "N0000000003-CZ", a.Text("roid"))
	require.Equal(t, []string{"ok"}, a.Attrs("status", "s"))
	require.Equal(t, []string{"ns1.sauna.cz", "ns2.sauna.example"}, a.All("ns/name"))
	require.Equal(t, []string{"194.0.12.1", "2001:678:f::1"}, a.All("ns/addr"))
	require.Equal(t, []string{"CID-TECH1", "CID-TECH2"}, a.All("tech"))
	require.Equal(t, "3", a.Text("reportlevel"), "the default")

	refusals(t, c, []refusedRow{
		{"eleven techs", createNSSet("NID-NEW", two, techs...), 2306, []string{"NID-NEW"}},
		{"one host", createNSSet("NID-NEW", ns("ns1.sauna.example"), "CID-TECH1"), 2306, []string{"NID-NEW"}},
		{"exists", createNSSet("nid-mynsset", two, "CID-TECH1"), 2302, []string{"nid-mynsset"}},
		{"too few before exists", createNSSet("NID-MYNSSET", ns("ns1.sauna.example"), "CID-TECH1"), 2306, []string{"NID-MYNSSET"}},
		{"exists before its techs", createNSSet("NID-MYNSSET", two, "CID-NOBODY"), 2302, []string{"NID-MYNSSET"}},
		{
			"techs that there are not, and one twice", createNSSet("NID-NEW", two, "CID-NO1", "CID-TECH1", "CID-NO2", "cid-tech1"), 2306,
			[]string{"CID-NO1", "CID-NO2", "cid-tech1"},
		},
		{"techs before hosts", createNSSet("NID-NEW", ns("-x")+ns("ns2.sauna.example"), "CID-NOBODY"), 2306, []string{"CID-NOBODY"}},
		{
			"no names of hosts, and one twice", createNSSet("NID-NEW", ns("-x.example")+two+ns("NS1.sauna.example")+ns("host"), "CID-TECH1"), 2306,
			[]string{"-x.example", "NS1.sauna.example", "host"},
		},
		{
			"glue outside of the zones", createNSSet("NID-NEW", ns("ns1.sauna.example", "194.0.12.1")+ns("ns2.sauna.cz", "194.0.12.2"), "CID-TECH1"), 2306,
			[]string{"194.0.12.1"},
		},
		{
			"addresses that can't be used, and one twice", createNSSet("NID-NEW",
				ns("ns1.sauna.cz", "10.0.0.1", "127.0.0.1", "::1", "fe80::1", "194.0.12.1", "no-address")+
					ns("ns2.sauna.cz", "194.0.12.2", "2001:678:f::2", "2001:678:000f::0002"), "CID-TECH1"), 2306,
			[]string{"10.0.0.1", "127.0.0.1", "::1", "fe80::1", "no-address", "2001:678:000f::0002"},
		},
	})
	t.Run("eleven hosts are against the schema", func(t *testing.T) {
		c.Send("<command>" + createNSSet("NID-NEW", many(11), "CID-TECH1") + "</command>").Code(2001)
	})
	t.Run("ten of each, and a level of one's own", func(t *testing.T) {
		c.Do(command("create", "nsset", id("NID-NEW")+many(10)+tag("tech", techs[:10]...)+tag("reportlevel", "0"))).Code(1000)
		require.Equal(t, "0", c.Do(info("nsset", "NID-NEW")).Text("reportlevel"))
	})
	t.Run("a tech that nothing may refer to", func(t *testing.T) {
		f, err := fred.DefaultFixtures()
		require.NoError(t, err)
		f.Contacts[6].Status = []string{"serverLinkProhibited"}
		c := start(t, fred.Options{Fixtures: f}).loginA(t)
		require.Equal(t, []string{"CID-LOCKED"}, c.Do(createNSSet("NID-NEW", two, "CID-LOCKED")).Code(2306).All("extValue/value/tech"))
	})
}

func TestNSSetUpdate(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	acknowledge(a)
	techs := crowd(a, 10)
	update := func(handle, content string) string { return command("update", "nsset", id(handle)+content) }
	add := func(content string) string { return update("NID-MYNSSET", `<o:add>`+content+`</o:add>`) }
	rem := func(content string) string { return update("NID-MYNSSET", `<o:rem>`+content+`</o:rem>`) }

	t.Run("what is removed goes first, and may come again", func(t *testing.T) {
		m.Clock.Advance(time.Minute)
		a.Do(update("nid-mynsset", `<o:add>`+ns("NS1.mydomain.cz", "194.0.12.9")+ns("ns3.lesy.example")+tag("tech", "cid-admin1")+`</o:add>`+
			`<o:rem>`+tag("name", "ns1.MYDOMAIN.cz", "ns2.lesy.example")+tag("tech", "CID-TECH2")+`</o:rem>`+
			`<o:chg>`+tag("reportlevel", "7")+`</o:chg>`)).Code(1000)
		d := a.Do(info("nsset", "NID-MYNSSET"))
		require.Equal(t, []string{"ns1.mydomain.cz", "ns3.lesy.example"}, d.All("ns/name"))
		require.Equal(t, []string{"194.0.12.9"}, d.All("addr"))
		require.Equal(t, []string{"CID-TECH1", "CID-ADMIN1"}, d.All("tech"))
		require.Equal(t, "7", d.Text("reportlevel"))
		require.Equal(t, "REG-MORAVA", d.Text("upID"))
		require.Equal(t, "2026-03-01T12:01:00Z", d.Text("upDate"))
		require.Equal(t, []string{"linked"}, d.Attrs("status", "s"))
		silent(t, a)
	})
	refusals(t, a, []refusedRow{
		{"unknown", update("NID-NONE", ""), 2303, []string{"NID-NONE"}},
		{"adds what is there", add(ns("ns3.lesy.example") + tag("tech", "cid-tech1")), 2306, []string{"cid-tech1", "ns3.lesy.example"}},
		{"adds what there is not", add(tag("tech", "CID-NOBODY")), 2306, []string{"CID-NOBODY"}},
		{"adds twice", add(ns("a.lesy.example") + ns("A.lesy.example") + tag("tech", techs[0], techs[0])), 2306, []string{techs[0], "A.lesy.example"}},
		{"removes what is not there", rem(tag("name", "ns9.lesy.example") + tag("tech", "CID-TECH2")), 2306, []string{"CID-TECH2", "ns9.lesy.example"}},
		{"removes twice", rem(tag("name", "ns3.lesy.example", "NS3.lesy.example")), 2306, []string{"NS3.lesy.example"}},
		{"removes a tech twice", rem(tag("tech", "CID-TECH1", "cid-tech1")), 2306, []string{"cid-tech1"}},
		{"leaves one host", rem(tag("name", "ns3.lesy.example")), 2306, []string{"NID-MYNSSET"}},
		{"leaves no tech", rem(tag("tech", "CID-TECH1", "CID-ADMIN1")), 2306, []string{"NID-MYNSSET"}},
		{"leaves twelve hosts", add(many(10)), 2306, []string{"NID-MYNSSET"}},
		{"leaves twelve techs", add(tag("tech", techs...)), 2306, []string{"NID-MYNSSET"}},
	})
	t.Run("another's", func(t *testing.T) { b.Do(add("")).Code(2201) })
	t.Run("all or nothing", func(t *testing.T) {
		d := a.Do(info("nsset", "NID-MYNSSET"))
		require.Equal(t, []string{"ns1.mydomain.cz", "ns3.lesy.example"}, d.All("ns/name"))
		require.Equal(t, []string{"CID-TECH1", "CID-ADMIN1"}, d.All("tech"))
	})
}

func TestNSSetStatuses(t *testing.T) {
	for _, tt := range []struct {
		status   string
		upd, del int
	}{
		{"serverUpdateProhibited", 2304, 2304},
		{"serverDeleteProhibited", 1000, 2304},
		{"deleteCandidate", 2304, 2304},
		{"serverTransferProhibited", 1000, 1000},
	} {
		for _, kind := range []string{"nsset", "keyset"} {
			t.Run(kind+" "+tt.status, func(t *testing.T) {
				f, err := fred.DefaultFixtures()
				require.NoError(t, err)
				f.NSSets[1].Status, f.KeySets[1].Status = []string{tt.status}, []string{tt.status}
				c := start(t, fred.Options{Fixtures: f}).loginA(t)
				handle := map[string]string{"nsset": "NID-LOCKED", "keyset": "KID-LOCKED"}[kind]
				c.Do(command("update", kind, id(handle)+`<o:chg/>`)).Code(tt.upd)
				c.Do(command("delete", kind, id(handle))).Code(tt.del)
			})
		}
	}
}

func TestSetDelete(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	del := func(kind, handle string) string { return command("delete", kind, id(handle)) }
	refusals(t, a, []refusedRow{
		{"unknown nsset", del("nsset", "NID-NONE"), 2303, []string{"NID-NONE"}},
		{"an nsset that domains use", del("nsset", "NID-MYNSSET"), 2305, []string{"NID-MYNSSET"}},
		{"unknown keyset", del("keyset", "KID-NONE"), 2303, []string{"KID-NONE"}},
		{"a keyset that domains use", del("keyset", "KID-MYKEYSET"), 2305, []string{"KID-MYKEYSET"}},
	})
	for kind, handle := range map[string]string{"nsset": "NID-LOCKED", "keyset": "KID-LOCKED"} {
		t.Run(kind, func(t *testing.T) {
			b.Do(del(kind, handle)).Code(2201)
			a.Do(del(kind, handle)).Code(1000)
			require.Equal(t, "Within the protection period", a.Do(check(kind, handle)).Text("reason"))
		})
	}
	a.Do(createNSSet("NID-LOCKED", two, "CID-TECH1")).Code(2306)
}

// The sponsor is told what the registry's own registrar has changed.
func TestSetUpdateData(t *testing.T) {
	m := start(t, fred.Options{SystemRegistrar: "REG-SLEZSKO"})
	a, system := m.loginA(t), m.loginB(t)
	acknowledge(a)
	for _, tt := range []struct{ kind, handle, change, element, was, is string }{
		{"nsset", "NID-MYNSSET", `<o:chg>` + tag("reportlevel", "9") + `</o:chg>`, "reportlevel", "3", "9"},
		{
			"keyset", "KID-MYKEYSET",
			`<o:add>` + good + `</o:add><o:rem>` + dnskey(257, 3, 13, "bXlkb21haW4ga2V5IG9uZQ==") + `</o:rem>`,
			"dnskey/pubKey", "bXlkb21haW4ga2V5IG9uZQ==", "c2F1bmE=",
		},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			done := system.Do(command("update", tt.kind, id(tt.handle)+tt.change)).Code(1000)
			msg := next(t, a)
			require.Equal(t, []string{"opTRID", "oldData", "newData"}, msg.Names("updateData"))
			require.Equal(t, done.Text("svTRID"), msg.Text("opTRID"))
			require.Equal(t, tt.was, msg.Text("oldData/infData/"+tt.element))
			require.Equal(t, tt.is, msg.Text("newData/infData/"+tt.element))
			require.Equal(t, []string{"REG-SLEZSKO"}, msg.All("infData/upID"))
		})
	}
	silent(t, system)
}
