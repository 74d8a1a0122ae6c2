package host_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

// What a caller relies on: each request knows its answer.
var (
	_ epp.Request[*host.ChkData] = (*host.Check)(nil)
	_ epp.Request[*host.InfData] = (*host.Info)(nil)
	_ epp.Request[*host.CreData] = (*host.Create)(nil)
	_ epp.Request[*epp.NoData]   = (*host.Delete)(nil)
	_ epp.Request[*epp.NoData]   = (*host.Update)(nil)
)

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(host.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<h:` + local + ` xmlns:h="` + host.NS + `">` + content + `</h:` + local + `>`
}

var created = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)

// least is an InfData with nothing in it that may be left out.
func least(change func(*host.InfData)) *host.InfData {
	m := &host.InfData{
		Name: "ns1.sauna.example", ROID: "NS1-TEST", Status: []epp.Status{{S: "ok"}},
		ClID: "RegOne", CrID: "RegTwo", CrDate: created,
	}
	change(m)
	return m
}

const (
	named = `<h:name>ns1.sauna.example</h:name>`
	made  = `<h:clID>RegOne</h:clID><h:crID>RegTwo</h:crID><h:crDate>2025-02-03T04:05:06Z</h:crDate>`
	pan   = `<h:name paResult="1">ns1.sauna.example</h:name><h:paTRID>`
	ends  = `<svTRID xmlns="` + epp.NS + `">STEAM-9</svTRID></h:paTRID><h:paDate>2025-02-03T04:05:06Z</h:paDate>`
)

var rows = []epptest.Row{
	{
		Name: "RFC 5732, 3.1.1 check", XML: el("check", named+`<h:name>ns.kiuas.example</h:name>`),
		Value: &host.Check{Names: []string{"ns1.sauna.example", "ns.kiuas.example"}},
	},
	{
		Name: "RFC 5732, 3.1.1 chkData", XML: el("chkData", `<h:cd><h:name avail="1">ns1.sauna.example</h:name></h:cd>`+
			`<h:cd><h:name avail="false">ns.kiuas.example</h:name><h:reason lang="fi">Varattu</h:reason></h:cd>`),
		Value: &host.ChkData{CD: []host.CD{
			{Name: "ns1.sauna.example", Avail: true},
			{Name: "ns.kiuas.example", Reason: &epp.Reason{Lang: "fi", Text: "Varattu"}},
		}},
	},
	{Name: "RFC 5732, 3.1.2 info", XML: el("info", named), Value: &host.Info{Name: "ns1.sauna.example"}},
	{
		Name: "RFC 5732, 3.1.2 infData, least", XML: el("infData", named+`<h:roid>NS1-TEST</h:roid><h:status s="ok"/>`+made),
		Value: least(func(*host.InfData) {}),
	},
	{
		Name: "RFC 5732, 3.1.2 infData, most", XML: el("infData", named+`<h:roid>NS1-TEST</h:roid>
		<h:status s="linked"/><h:status s="clientUpdateProhibited" lang="en">Asked  by phone</h:status>
		<h:addr>192.0.2.4</h:addr><h:addr ip="v4">192.0.2.5</h:addr><h:addr ip="v6">2001:db8::4</h:addr>`+made+
			`<h:upID>RegThree</h:upID><h:upDate>2025-03-04T05:06:07Z</h:upDate><h:trDate>2025-04-05T06:07:08Z</h:trDate>`),
		Value: least(func(m *host.InfData) {
			m.Status = []epp.Status{{S: "linked"}, {S: "clientUpdateProhibited", Lang: "en", Text: "Asked  by phone"}}
			m.Addr = []host.Addr{{Addr: "192.0.2.4"}, {IP: host.V4, Addr: "192.0.2.5"}, {IP: host.V6, Addr: "2001:db8::4"}}
			m.UpID, m.UpDate = "RegThree", time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)
			m.TrDate = time.Date(2025, 4, 5, 6, 7, 8, 0, time.UTC)
		}),
	},
	{Name: "RFC 5732, 3.2.1 create, least", XML: el("create", named), Value: &host.Create{Name: "ns1.sauna.example"}},
	{
		Name: "RFC 5732, 3.2.1 create, most", XML: el("create", named+`<h:addr ip="v6">2001:db8::4</h:addr><h:addr>192.0.2.4</h:addr>`),
		Value: &host.Create{Name: "ns1.sauna.example", Addr: []host.Addr{{IP: host.V6, Addr: "2001:db8::4"}, {Addr: "192.0.2.4"}}},
	},
	{
		Name: "RFC 5732, 3.2.1 creData", XML: el("creData", named+`<h:crDate>2025-02-03T04:05:06Z</h:crDate>`),
		Value: &host.CreData{Name: "ns1.sauna.example", CrDate: created},
	},
	{Name: "RFC 5732, 3.2.2 delete", XML: el("delete", named), Value: &host.Delete{Name: "ns1.sauna.example"}},
	{
		Name: "RFC 5732, 3.2.5 update of nothing, as beside an extension", XML: el("update", named),
		Value: &host.Update{Name: "ns1.sauna.example"},
	},
	{
		Name: "RFC 5732, 4 update, parts empty", XML: el("update", named+`<h:add/><h:rem/>`),
		Value: &host.Update{Name: "ns1.sauna.example", Add: new(host.AddRem), Rem: new(host.AddRem)},
	},
	{
		Name: "RFC 5732, 3.2.5 update, most", XML: el("update", named+`
		<h:add><h:addr>192.0.2.6</h:addr><h:status s="clientUpdateProhibited" lang="fi">Pyydetty</h:status><h:status s="clientDeleteProhibited"/></h:add>
		<h:rem><h:addr ip="v6">2001:db8::4</h:addr><h:addr>192.0.2.4</h:addr></h:rem>
		<h:chg><h:name>ns2.sauna.example</h:name></h:chg>`),
		Value: &host.Update{
			Name: "ns1.sauna.example",
			Add: &host.AddRem{
				Addr:   []host.Addr{{Addr: "192.0.2.6"}},
				Status: []epp.Status{{S: "clientUpdateProhibited", Lang: "fi", Text: "Pyydetty"}, {S: "clientDeleteProhibited"}},
			},
			Rem: &host.AddRem{Addr: []host.Addr{{IP: host.V6, Addr: "2001:db8::4"}, {Addr: "192.0.2.4"}}},
			Chg: &host.Chg{Name: "ns2.sauna.example"},
		},
	},
	{
		Name: "RFC 5732, 3.3 panData", XML: el("panData", pan+`<clTRID xmlns="`+epp.NS+`">LOYLY-1</clTRID>`+ends),
		Value: &host.PanData{
			Name: "ns1.sauna.example", PaResult: true, PaTRID: epp.TrID{ClTRID: "LOYLY-1", SvTRID: "STEAM-9"}, PaDate: created,
		},
	},
	{
		Name: "RFC 5732, 3.3 panData of a command that failed and had no clTRID", XML: el("panData", strings.Replace(pan, "1", "0", 1)+ends),
		Value: &host.PanData{Name: "ns1.sauna.example", PaTRID: epp.TrID{SvTRID: "STEAM-9"}, PaDate: created},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &host.Check{}, Path: "host:name", Error: "is missing"},
		{Name: "check of a name of 256 characters", Value: &host.Check{Names: []string{long}}, Path: "host:name", Error: "1 to 255"},
		{Name: "chkData of nothing", Value: &host.ChkData{}, Path: "host:cd", Error: "is missing"},
		{Name: "chkData of a name of 256", Value: &host.ChkData{CD: []host.CD{{Name: long}}}, Path: "host:name", Error: "1 to 255"},
		{
			Name: "a reason of 33 characters", Value: &host.ChkData{CD: []host.CD{{Name: "x.example", Reason: &epp.Reason{Text: long[:33]}}}},
			Path: "host:reason", Error: "1 to 32",
		},
		{Name: "info of nothing", Value: &host.Info{}, Path: "host:name", Error: "1 to 255"},
		{Name: "no status", Value: least(func(m *host.InfData) { m.Status = nil }), Path: "host:status", Error: "is missing"},
		{Name: "8 statuses", Value: least(func(m *host.InfData) { m.Status = slices.Repeat(m.Status, 8) }), Path: "host:status", Error: "7 times"},
		{Name: "a status that there is not", Value: least(func(m *host.InfData) { m.Status[0].S = "clientHold" }), Path: "host:status", Error: "not one that the mapping has"},
		{Name: "nobody's roid", Value: least(func(m *host.InfData) { m.ROID = "NS1" }), Path: "host:roid", Error: "repository object identifier"},
		{Name: "a sponsor of 2 characters", Value: least(func(m *host.InfData) { m.ClID = "ab" }), Path: "host:clID", Error: "3 to 16"},
		{Name: "no sponsor", Value: least(func(m *host.InfData) { m.ClID = "" }), Path: "host:clID", Error: "3 to 16"},
		{Name: "no creator", Value: least(func(m *host.InfData) { m.CrID = "" }), Path: "host:crID", Error: "3 to 16"},
		{Name: "no crDate", Value: least(func(m *host.InfData) { m.CrDate = time.Time{} }), Path: "host:crDate", Error: "is missing"},
		{Name: "an updater of 17 characters", Value: least(func(m *host.InfData) { m.UpID = long[:17] }), Path: "host:upID", Error: "3 to 16"},
		{Name: "an address of 2 characters", Value: &host.Create{Name: "x.example", Addr: []host.Addr{{Addr: "::"}}}, Path: "host:addr", Error: "3 to 45"},
		{Name: "an address of version 5", Value: &host.Create{Name: "x.example", Addr: []host.Addr{{IP: "v5", Addr: "192.0.2.4"}}}, Path: "host:addr/@ip", Error: "v4 or v6"},
		{Name: "create of nothing", Value: &host.Create{}, Path: "host:name", Error: "1 to 255"},
		{Name: "creData without its day", Value: &host.CreData{Name: "x.example"}, Path: "host:crDate", Error: "is missing"},
		{Name: "delete of nothing", Value: &host.Delete{}, Path: "host:name", Error: "1 to 255"},
		{Name: "update of nothing", Value: &host.Update{}, Path: "host:name", Error: "1 to 255"},
		{Name: "update to no name", Value: &host.Update{Name: "x.example", Chg: new(host.Chg)}, Path: "host:chg/host:name", Error: "1 to 255"},
		{
			Name: "update by 8 statuses", Value: &host.Update{Name: "x.example", Add: &host.AddRem{Status: slices.Repeat([]epp.Status{{S: "ok"}}, 8)}},
			Path: "host:status", Error: "7 times",
		},
		{Name: "panData of nothing", Value: &host.PanData{PaTRID: epp.TrID{SvTRID: "STEAM-9"}, PaDate: created}, Path: "host:name", Error: "1 to 255"},
		{Name: "panData of no transaction", Value: &host.PanData{Name: "x.example", PaDate: created}, Path: "host:paTRID/svTRID", Error: "3 to 64"},
		{Name: "panData without its day", Value: &host.PanData{Name: "x.example", PaTRID: epp.TrID{SvTRID: "STEAM-9"}}, Path: "host:paDate", Error: "is missing"},
	})
}

func TestPoll(t *testing.T) { epptest.Poll(t, set(t), rows) }

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc5732", host.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleUpdate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &host.Update{
			Name: "ns1.sauna.example",
			Add:  &host.AddRem{Addr: []host.Addr{{IP: host.V6, Addr: "2001:db8::4"}}},
			Chg:  &host.Chg{Name: "ns2.sauna.example"},
		},
		ClTRID: "EX-1",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <command>
	// <update>
	// <host:update xmlns:host="urn:ietf:params:xml:ns:host-1.0">
	// <host:name>ns1.sauna.example</host:name>
	// <host:add>
	// <host:addr ip="v6">2001:db8::4</host:addr>
	// </host:add>
	// <host:chg>
	// <host:name>ns2.sauna.example</host:name>
	// </host:chg>
	// </host:update>
	// </update>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
