package nsset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(nsset.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<n:` + local + ` xmlns:n="` + nsset.NS + `">` + content + `</n:` + local + `>`
}

const (
	id   = `<n:id>NSS-SAUNA</n:id>`
	data = id + `<n:roid>N0000000074-CZ</n:roid><n:clID>REG-ONE</n:clID><n:tech>CID-OTTO</n:tech><n:reportlevel>0</n:reportlevel>`
)

// least is an InfData with nothing in it that may be left out.
func least(change func(*nsset.InfData)) *nsset.InfData {
	m := &nsset.InfData{ID: "NSS-SAUNA", ROID: "N0000000074-CZ", ClID: "REG-ONE", Techs: []string{"CID-OTTO"}}
	change(m)
	return m
}

func same(*nsset.InfData) {}

var rows = []epptest.Row{
	{
		Name: "CheckNsset, command", XML: el("check", id+`<n:id>X</n:id>`),
		Value: &nsset.Check{IDs: []string{"NSS-SAUNA", "X"}},
	},
	{
		Name: "CheckNsset, answer", XML: el("chkData", `<n:cd><n:id avail="false">NSS-SAUNA</n:id>`+
			`<n:reason lang="cs">Již zaregistrováno</n:reason></n:cd><n:cd><n:id avail="1">X</n:id></n:cd>`),
		Value: &nsset.ChkData{CD: []nsset.CD{
			{ID: "NSS-SAUNA", Reason: &epp.Text{Lang: "cs", Text: "Již zaregistrováno"}},
			{ID: "X", Avail: true},
		}},
	},
	{Name: "InfoNsset, command", XML: el("info", id), Value: &nsset.Info{ID: "NSS-SAUNA"}},
	{
		Name: "InfoNsset, with authInfo", XML: el("info", id+`<n:authInfo>Four 5six</n:authInfo>`),
		Value: &nsset.Info{ID: "NSS-SAUNA", AuthInfo: new(epp.Secret("Four 5six"))},
	},
	{
		Name: "InfoNsset, with an empty authInfo", XML: el("info", id+`<n:authInfo/>`),
		Value: &nsset.Info{ID: "NSS-SAUNA", AuthInfo: new(epp.Secret(""))},
	},
	{Name: "InfoNsset, least", XML: el("infData", data), Value: least(same)},
	{
		Name: "InfoNsset, most", XML: el("infData", id+`<n:roid>N0000000074-CZ</n:roid>
		<n:status s="linked" lang="cs">Je v použití</n:status><n:status s="deleteCandidate"/>
		<n:clID>REG-ONE</n:clID><n:crID>REG-TWO</n:crID><n:crDate>2023-02-03T05:05:06+01:00</n:crDate>
		<n:upID>REG-ONE</n:upID><n:upDate>2024-02-03T04:05:06Z</n:upDate><n:trDate>2025-02-03T04:05:06Z</n:trDate>
		<n:authInfo>Four5six</n:authInfo>
		<n:ns><n:name>ns.sauna.cz</n:name><n:addr>192.0.2.4</n:addr><n:addr>2001:db8::4</n:addr></n:ns>
		<n:ns><n:name>ns.kiuas.example</n:name></n:ns>
		<n:tech>CID-OTTO</n:tech><n:tech>CID-EVA</n:tech><n:reportlevel>10</n:reportlevel>`),
		Value: least(func(m *nsset.InfData) {
			m.Status = []epp.Status{{S: "linked", Lang: "cs", Text: "Je v použití"}, {S: "deleteCandidate"}}
			m.CrID, m.CrDate = "REG-TWO", time.Date(2023, 2, 3, 4, 5, 6, 0, time.UTC)
			m.UpID, m.UpDate = "REG-ONE", time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
			m.TrDate, m.AuthInfo = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC), new(epp.Secret("Four5six"))
			m.NS = []nsset.NameServer{
				{Name: "ns.sauna.cz", Addrs: []string{"192.0.2.4", "2001:db8::4"}}, {Name: "ns.kiuas.example"},
			}
			m.Techs, m.ReportLevel = []string{"CID-OTTO", "CID-EVA"}, 10
		}),
	},
	{
		Name: "CreateNsset, least", XML: el("create", id+`<n:ns><n:name>ns.sauna.cz</n:name></n:ns><n:tech>CID-OTTO</n:tech>`),
		Value: &nsset.Create{ID: "NSS-SAUNA", NS: []nsset.NameServer{{Name: "ns.sauna.cz"}}, Techs: []string{"CID-OTTO"}},
	},
	{
		Name: "CreateNsset, most", XML: el("create", `<n:id>a1-B2</n:id><n:ns><n:name>ns.sauna.cz</n:name><n:addr>192.0.2.4</n:addr></n:ns>
		<n:ns><n:name>ns.kiuas.example</n:name></n:ns><n:tech>CID-OTTO</n:tech><n:tech>CID-EVA</n:tech>
		<n:authInfo>Four5six</n:authInfo><n:reportlevel>4</n:reportlevel>`),
		Value: &nsset.Create{
			ID:    "a1-B2",
			NS:    []nsset.NameServer{{Name: "ns.sauna.cz", Addrs: []string{"192.0.2.4"}}, {Name: "ns.kiuas.example"}},
			Techs: []string{"CID-OTTO", "CID-EVA"}, AuthInfo: new(epp.Secret("Four5six")), ReportLevel: new(4),
		},
	},
	{
		Name: "CreateNsset, an empty authInfo and level 0 are not absent ones",
		XML:  el("create", id+`<n:ns><n:name>ns.sauna.cz</n:name></n:ns><n:tech>CID-OTTO</n:tech><n:authInfo/><n:reportlevel>0</n:reportlevel>`),
		Value: &nsset.Create{
			ID: "NSS-SAUNA", NS: []nsset.NameServer{{Name: "ns.sauna.cz"}}, Techs: []string{"CID-OTTO"},
			AuthInfo: new(epp.Secret("")), ReportLevel: new(0),
		},
	},
	{
		Name: "CreateNsset, answer", XML: el("creData", id+`<n:crDate>2025-02-03T04:05:06Z</n:crDate>`),
		Value: &nsset.CreData{ID: "NSS-SAUNA", CrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)},
	},
	{Name: "DeleteNsset", XML: el("delete", id), Value: &nsset.Delete{ID: "NSS-SAUNA"}},
	{Name: "UpdateNsset, least", XML: el("update", id), Value: &nsset.Update{ID: "NSS-SAUNA"}},
	{
		Name: "UpdateNsset, each part empty", XML: el("update", id+`<n:add/><n:rem/><n:chg/>`),
		Value: &nsset.Update{ID: "NSS-SAUNA", Add: &nsset.Add{}, Rem: &nsset.Rem{}, Chg: &nsset.Chg{}},
	},
	{
		Name: "UpdateNsset, most", XML: el("update", id+`<n:add><n:ns><n:name>ns2.sauna.cz</n:name><n:addr>192.0.2.5</n:addr></n:ns>
		<n:tech>CID-EVA</n:tech></n:add><n:rem><n:name>ns.sauna.cz</n:name><n:name>ns.kiuas.example</n:name>
		<n:tech>CID-OTTO</n:tech></n:rem><n:chg><n:authInfo>Four5six</n:authInfo><n:reportlevel>7</n:reportlevel></n:chg>`),
		Value: &nsset.Update{
			ID:  "NSS-SAUNA",
			Add: &nsset.Add{NS: []nsset.NameServer{{Name: "ns2.sauna.cz", Addrs: []string{"192.0.2.5"}}}, Techs: []string{"CID-EVA"}},
			Rem: &nsset.Rem{Names: []string{"ns.sauna.cz", "ns.kiuas.example"}, Techs: []string{"CID-OTTO"}},
			Chg: &nsset.Chg{AuthInfo: new(epp.Secret("Four5six")), ReportLevel: new(7)},
		},
	},
	{
		Name: "UpdateNsset, an empty authInfo and level 0 are not absent ones",
		XML:  el("update", id+`<n:chg><n:authInfo/><n:reportlevel>0</n:reportlevel></n:chg>`),
		Value: &nsset.Update{
			ID: "NSS-SAUNA", Chg: &nsset.Chg{AuthInfo: new(epp.Secret("")), ReportLevel: new(0)},
		},
	},
	{
		Name: "TransferNsset", XML: el("transfer", id+`<n:authInfo>Four5six</n:authInfo>`), Op: epp.TransferRequest,
		Value: &nsset.Transfer{Op: epp.TransferRequest, ID: "NSS-SAUNA", AuthInfo: "Four5six"},
	},
	{
		Name: "TransferNsset, the schema has the other operations and an empty authInfo",
		XML:  el("transfer", id+`<n:authInfo/>`), Op: epp.TransferQuery,
		Value: &nsset.Transfer{Op: epp.TransferQuery, ID: "NSS-SAUNA"},
	},
	{Name: "ListNsset", XML: el("list", ``), Value: &nsset.List{}},
	{Name: "ListNsset, nothing", XML: el("listData", ``), Value: &nsset.ListData{}},
	{
		Name: "ListNsset, answer", XML: el("listData", id+`<n:id>X</n:id>`),
		Value: &nsset.ListData{IDs: []string{"NSS-SAUNA", "X"}},
	},
	{
		Name: "SendAuthInfoNsset, answer", XML: el("sendAuthInfoData", `<n:email> a*****@m*****.*,o*****@k*****.* </n:email>`),
		Value: &nsset.SendAuthInfoData{Email: []string{"a*****@m*****.*", "o*****@k*****.*"}},
	},
	{
		Name: "Poll, transfer", XML: el("trnData", id+`<n:trDate>2025-02-03</n:trDate><n:clID>REG-TWO</n:clID>`),
		Value: &nsset.TrnData{ID: "NSS-SAUNA", TrDate: time.Date(2025, 2, 3, 0, 0, 0, 0, time.UTC), ClID: "REG-TWO"},
	},
	{Name: "Poll, deleted as nobody used it", XML: el("idleDelData", id), Value: &nsset.IdleDelData{ID: "NSS-SAUNA"}},
	{
		Name: "Poll, update", XML: el("updateData", `<n:opTRID>ReqID-0000000075</n:opTRID><n:oldData><n:infData>`+data+
			`</n:infData></n:oldData><n:newData><n:infData>`+strings.Replace(data, "OTTO", "EVA", 1)+`</n:infData></n:newData>`),
		Value: &nsset.UpdateData{
			OpTRID: "ReqID-0000000075", OldData: *least(same),
			NewData: *least(func(m *nsset.InfData) { m.Techs[0] = "CID-EVA" }),
		},
	},
	{Name: "Poll, technical test, least", XML: el("testData", id), Value: &nsset.TestData{ID: "NSS-SAUNA"}},
	{
		Name: "Poll, technical test, most", XML: el("testData", `<n:cltestid>TEST-76</n:cltestid>`+id+`<n:name>sauna.cz</n:name>
		<n:name>kiuas.example</n:name><n:result><n:testname>existence</n:testname><n:status>true</n:status></n:result>
		<n:result><n:testname>glue_ok</n:testname><n:status>false</n:status><n:note> no
	glue </n:note></n:result><n:result><n:testname>heterogenous</n:testname><n:status>0</n:status><n:note/></n:result>`),
		Value: &nsset.TestData{
			ClTestID: "TEST-76", ID: "NSS-SAUNA", Names: []string{"sauna.cz", "kiuas.example"},
			Results: []nsset.Result{
				{TestName: "existence", Status: true},
				{TestName: "glue_ok", Note: new(" no\n\tglue ")},
				{TestName: "heterogenous", Note: new("")},
			},
		},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

// Test stands in fred:test, where package fred tests it too.
func TestTest(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		want          nsset.Test
	}{
		{"least", id, nsset.Test{ID: "NSS-SAUNA"}},
		{
			"most", id + `<n:level>0</n:level><n:name>sauna.cz</n:name><n:name>kiuas.example</n:name>`,
			nsset.Test{ID: "NSS-SAUNA", Level: new(0), Names: []string{"sauna.cz", "kiuas.example"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := epp.NewRaw([]byte(el("test", tt.content)))
			require.NoError(t, err)
			var got nsset.Test
			require.NoError(t, raw.Decode(nil, &got))
			require.Equal(t, tt.want, got)
		})
	}
}

// A tolerant reader takes what an infData holds without the infData, and a day with a
// time. A strict one and the schema do not.
func TestTolerance(t *testing.T) {
	frame := func(el string) []byte {
		return []byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg/></result><resData>` + el +
			`</resData><trID><svTRID>ROW-1</svTRID></trID></response></epp>`)
	}
	for _, tt := range []struct {
		xml  string
		want epp.Element
	}{
		{
			el("updateData", `<n:opTRID>ReqID-0000000075</n:opTRID><n:oldData>`+data+`</n:oldData><n:newData>`+data+`</n:newData>`),
			&nsset.UpdateData{OpTRID: "ReqID-0000000075", OldData: *least(same), NewData: *least(same)},
		},
		{
			el("trnData", id+`<n:trDate>2025-02-03T04:05:06Z</n:trDate><n:clID>REG-TWO</n:clID>`),
			&nsset.TrnData{ID: "NSS-SAUNA", TrDate: time.Date(2025, 2, 3, 0, 0, 0, 0, time.UTC), ClID: "REG-TWO"},
		},
	} {
		m, err := set(t).Parse(frame(tt.xml))
		require.NoError(t, err)
		require.Equal(t, []epp.Element{tt.want}, m.(*epp.Response).ResData)
	}
	_, err := set(t).ParseStrict(frame(el("updateData", `<n:opTRID>ReqID-0000000075</n:opTRID><n:oldData>`+data+`</n:oldData>`)))
	require.ErrorIs(t, err, epp.ErrMissing)
	require.ErrorContains(t, err, "nsset:oldData/nsset:infData")
	_, err = set(t).ParseStrict(frame(el("test", id+`<n:level><n:level>1</n:level></n:level>`)))
	require.ErrorContains(t, err, "nsset:level")
}

func TestRefused(t *testing.T) {
	create := func(change func(*nsset.Create)) *nsset.Create {
		m := &nsset.Create{ID: "NSS-SAUNA", NS: []nsset.NameServer{{Name: "ns.sauna.cz"}}, Techs: []string{"CID-OTTO"}}
		change(m)
		return m
	}
	handle := func(id string) *nsset.Create { return create(func(m *nsset.Create) { m.ID = id }) }
	eleven := slices.Repeat([]nsset.NameServer{{Name: "ns.sauna.cz"}}, 11)
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &nsset.Check{}, Path: "nsset:id", Error: "is missing"},
		{Name: "check of an empty handle", Value: &nsset.Check{IDs: []string{""}}, Path: "nsset:id", Error: "1 to 63"},
		{Name: "chkData of nothing", Value: &nsset.ChkData{}, Path: "nsset:cd", Error: "is missing"},
		{Name: "a handle of 64 characters", Value: &nsset.Delete{ID: strings.Repeat("x", 64)}, Path: "nsset:id", Error: "1 to 63"},
		{Name: "a new handle of 31 characters", Value: handle(strings.Repeat("x", 31)), Path: "nsset:id", Error: "1 to 30"},
		{Name: "a new handle with a hyphen at its end", Value: handle("NSS-"), Path: "nsset:id", Error: "single hyphens"},
		{Name: "a new handle with two hyphens", Value: handle("NSS--SAUNA"), Path: "nsset:id", Error: "single hyphens"},
		{Name: "a new handle with a letter that is not ASCII", Value: handle("NSS-Š"), Path: "nsset:id", Error: "single hyphens"},
		{Name: "no name server", Value: create(func(m *nsset.Create) { m.NS = nil }), Path: "nsset:ns", Error: "is missing"},
		{Name: "eleven name servers", Value: create(func(m *nsset.Create) { m.NS = eleven }), Path: "nsset:ns", Error: "10 times"},
		{Name: "a name server without a name", Value: create(func(m *nsset.Create) { m.NS[0].Name = "" }), Path: "nsset:name", Error: "1 to 255"},
		{
			Name: "an address of two characters", Value: create(func(m *nsset.Create) { m.NS[0].Addrs = []string{"::"} }),
			Path: "nsset:addr", Error: "3 to 45",
		},
		{Name: "no technical contact", Value: create(func(m *nsset.Create) { m.Techs = nil }), Path: "nsset:tech", Error: "is missing"},
		{
			Name: "an authInfo of 301 characters", Value: create(func(m *nsset.Create) { m.AuthInfo = new(epp.Secret(strings.Repeat("ž", 301))) }),
			Path: "nsset:authInfo", Error: "0 to 300",
		},
		{Name: "level 11", Value: create(func(m *nsset.Create) { m.ReportLevel = new(11) }), Path: "nsset:reportlevel", Error: "0 to 10"},
		{Name: "level -1", Value: least(func(m *nsset.InfData) { m.ReportLevel = -1 }), Path: "nsset:reportlevel", Error: "0 to 10"},
		{
			Name: "seven statuses", Value: least(func(m *nsset.InfData) { m.Status = slices.Repeat([]epp.Status{{S: "ok"}}, 7) }),
			Path: "nsset:status", Error: "6 times",
		},
		{
			Name: "a status that there is not", Value: least(func(m *nsset.InfData) { m.Status = []epp.Status{{S: "expired"}} }),
			Path: "nsset:status", Error: "not one that the mapping has",
		},
		{Name: "a roid without a hyphen", Value: least(func(m *nsset.InfData) { m.ROID = "N74" }), Path: "nsset:roid", Error: "identifier"},
		{Name: "a client of two characters", Value: least(func(m *nsset.InfData) { m.UpID = "AB" }), Path: "nsset:upID", Error: "3 to 16"},
		{
			Name: "infData without a technical contact", Value: least(func(m *nsset.InfData) { m.Techs = nil }),
			Path: "nsset:tech", Error: "is missing",
		},
		{Name: "no date", Value: &nsset.CreData{ID: "NSS-SAUNA"}, Path: "nsset:crDate", Error: "is missing"},
		{
			Name: "eleven names to remove", Value: &nsset.Update{ID: "X", Rem: &nsset.Rem{Names: slices.Repeat([]string{"ns.sauna.cz"}, 11)}},
			Path: "nsset:name", Error: "10 times",
		},
		{Name: "eleven name servers to add", Value: &nsset.Update{ID: "X", Add: &nsset.Add{NS: eleven}}, Path: "nsset:ns", Error: "10 times"},
		{Name: "a transfer of 256 characters", Value: &nsset.Transfer{Op: "request", ID: strings.Repeat("x", 256)}, Path: "nsset:id", Error: "1 to 255"},
		{Name: "a transfer without an operation", Value: &nsset.Transfer{ID: "X"}, Path: "@op", Error: "request"},
		{
			Name: "an identifier of 65 characters", Value: &nsset.UpdateData{OpTRID: strings.Repeat("x", 65)},
			Path: "nsset:opTRID", Error: "3 to 64",
		},
		{
			Name: "a test's identifier of two characters", Value: &nsset.TestData{ClTestID: "ab", ID: "X"},
			Path: "nsset:cltestid", Error: "3 to 64",
		},
		{
			Name: "a result of nothing", Value: &nsset.TestData{ID: "X", Results: []nsset.Result{{}}},
			Path: "nsset:testname", Error: "1 to 255",
		},
		{Name: "a test of level 11", Value: &nsset.Test{ID: "X", Level: new(11)}, Path: "nsset:level", Error: "0 to 10"},
		{Name: "sent to nobody", Value: &nsset.SendAuthInfoData{}, Path: "nsset:email", Error: "is missing"},
		{
			Name: "too many addresses", Value: &nsset.SendAuthInfoData{Email: strings.Fields(strings.Repeat("a@b.example ", 30))},
			Path: "nsset:email", Error: "320",
		},
	})
}

// What is asked for says what the answer is.
func TestAnswers(t *testing.T) {
	var (
		_ epp.Request[*nsset.ChkData]          = (*nsset.Check)(nil)
		_ epp.Request[*nsset.InfData]          = (*nsset.Info)(nil)
		_ epp.Request[*nsset.CreData]          = (*nsset.Create)(nil)
		_ epp.Request[*epp.NoData]             = (*nsset.Delete)(nil)
		_ epp.Request[*epp.NoData]             = (*nsset.Update)(nil)
		_ epp.Request[*epp.NoData]             = (*nsset.Transfer)(nil)
		_ epp.Request[*epp.NoData]             = (*nsset.Test)(nil)
		_ epp.Request[*nsset.SendAuthInfoData] = (*nsset.SendAuthInfo)(nil)
	)
	// Every command's authInfo is one that nobody prints.
	for _, v := range []any{
		nsset.Create{AuthInfo: new(epp.Secret("Four5six"))},
		nsset.Chg{AuthInfo: new(epp.Secret("Four5six"))},
		nsset.Transfer{AuthInfo: "Four5six"},
	} {
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", v, v, v), "Four5six")
	}
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleCreate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &nsset.Create{
			ID:    "NSS-SAUNA",
			NS:    []nsset.NameServer{{Name: "ns.sauna.cz", Addrs: []string{"192.0.2.4"}}, {Name: "ns.kiuas.example"}},
			Techs: []string{"CID-OTTO"},
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
	// <create>
	// <nsset:create xmlns:nsset="http://www.nic.cz/xml/epp/nsset-1.2">
	// <nsset:id>NSS-SAUNA</nsset:id>
	// <nsset:ns>
	// <nsset:name>ns.sauna.cz</nsset:name>
	// <nsset:addr>192.0.2.4</nsset:addr>
	// </nsset:ns>
	// <nsset:ns>
	// <nsset:name>ns.kiuas.example</nsset:name>
	// </nsset:ns>
	// <nsset:tech>CID-OTTO</nsset:tech>
	// </nsset:create>
	// </create>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
