package keyset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(keyset.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<k:` + local + ` xmlns:k="` + keyset.NS + `">` + content + `</k:` + local + `>`
}

const (
	id   = `<k:id>KEY-SAUNA</k:id>`
	data = id + `<k:roid>K0000000074-CZ</k:roid><k:clID>REG-ONE</k:clID><k:tech>CID-OTTO</k:tech>`
	ksk  = `<k:dnskey><k:flags>257</k:flags><k:protocol>3</k:protocol><k:alg>13</k:alg><k:pubKey>c2F1bmFLZXk=</k:pubKey></k:dnskey>`
)

// theKSK is ksk, a key that signs keys.
var theKSK = keyset.DNSKey{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmFLZXk="}

// least is an InfData with nothing in it that may be left out.
func least(change func(*keyset.InfData)) *keyset.InfData {
	m := &keyset.InfData{ID: "KEY-SAUNA", ROID: "K0000000074-CZ", ClID: "REG-ONE", Techs: []string{"CID-OTTO"}}
	change(m)
	return m
}

func same(*keyset.InfData) {}

var rows = []epptest.Row{
	{
		Name: "CheckKeyset, command", XML: el("check", id+`<k:id>X</k:id>`),
		Value: &keyset.Check{IDs: []string{"KEY-SAUNA", "X"}},
	},
	{
		Name: "CheckKeyset, answer", XML: el("chkData", `<k:cd><k:id avail="false">KEY-SAUNA</k:id>`+
			`<k:reason lang="cs">Již zaregistrováno</k:reason></k:cd><k:cd><k:id avail="1">X</k:id></k:cd>`),
		Value: &keyset.ChkData{CD: []keyset.CD{
			{ID: "KEY-SAUNA", Reason: &epp.Text{Lang: "cs", Text: "Již zaregistrováno"}},
			{ID: "X", Avail: true},
		}},
	},
	{Name: "InfoKeyset, command", XML: el("info", id), Value: &keyset.Info{ID: "KEY-SAUNA"}},
	{
		Name: "InfoKeyset, with authInfo", XML: el("info", id+`<k:authInfo>Four 5six</k:authInfo>`),
		Value: &keyset.Info{ID: "KEY-SAUNA", AuthInfo: new(epp.Secret("Four 5six"))},
	},
	{
		Name: "InfoKeyset, with an empty authInfo", XML: el("info", id+`<k:authInfo/>`),
		Value: &keyset.Info{ID: "KEY-SAUNA", AuthInfo: new(epp.Secret(""))},
	},
	{Name: "InfoKeyset, least", XML: el("infData", data), Value: least(same)},
	{
		Name: "InfoKeyset, most", XML: el("infData", id+`<k:roid>K0000000074-CZ</k:roid>
		<k:status s="linked" lang="cs">Je v použití</k:status><k:status s="deleteCandidate"/>
		<k:clID>REG-ONE</k:clID><k:crID>REG-TWO</k:crID><k:crDate>2023-02-03T05:05:06+01:00</k:crDate>
		<k:upID>REG-ONE</k:upID><k:upDate>2024-02-03T04:05:06Z</k:upDate><k:trDate>2025-02-03T04:05:06Z</k:trDate>
		<k:authInfo>Four5six</k:authInfo>
		`+ksk+`<k:dnskey><k:flags>0</k:flags><k:protocol>0</k:protocol><k:alg>255</k:alg><k:pubKey>
		a2l1 YXM=</k:pubKey></k:dnskey>
		<k:tech>CID-OTTO</k:tech><k:tech>CID-EVA</k:tech>`),
		Value: least(func(m *keyset.InfData) {
			m.Status = []epp.Status{{S: "linked", Lang: "cs", Text: "Je v použití"}, {S: "deleteCandidate"}}
			m.CrID, m.CrDate = "REG-TWO", time.Date(2023, 2, 3, 4, 5, 6, 0, time.UTC)
			m.UpID, m.UpDate = "REG-ONE", time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
			m.TrDate, m.AuthInfo = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC), new(epp.Secret("Four5six"))
			m.DNSKeys = []keyset.DNSKey{theKSK, {Alg: 255, PubKey: "a2l1 YXM="}}
			m.Techs = []string{"CID-OTTO", "CID-EVA"}
		}),
	},
	{
		Name: "CreateKeyset, least", XML: el("create", id+`<k:tech>CID-OTTO</k:tech>`),
		Value: &keyset.Create{ID: "KEY-SAUNA", Techs: []string{"CID-OTTO"}},
	},
	{
		Name: "CreateKeyset, most", XML: el("create", `<k:id>a1-B2</k:id>`+ksk+ksk+`<k:tech>CID-OTTO</k:tech><k:tech>CID-EVA</k:tech>
		<k:authInfo>Four5six</k:authInfo>`),
		Value: &keyset.Create{
			ID: "a1-B2", DNSKeys: []keyset.DNSKey{theKSK, theKSK},
			Techs: []string{"CID-OTTO", "CID-EVA"}, AuthInfo: new(epp.Secret("Four5six")),
		},
	},
	{
		Name: "CreateKeyset, an empty authInfo is not an absent one", XML: el("create", id+`<k:tech>CID-OTTO</k:tech><k:authInfo/>`),
		Value: &keyset.Create{ID: "KEY-SAUNA", Techs: []string{"CID-OTTO"}, AuthInfo: new(epp.Secret(""))},
	},
	{
		Name: "CreateKeyset, answer", XML: el("creData", id+`<k:crDate>2025-02-03T04:05:06Z</k:crDate>`),
		Value: &keyset.CreData{ID: "KEY-SAUNA", CrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)},
	},
	{Name: "DeleteKeyset", XML: el("delete", id), Value: &keyset.Delete{ID: "KEY-SAUNA"}},
	{Name: "UpdateKeyset, least", XML: el("update", id), Value: &keyset.Update{ID: "KEY-SAUNA"}},
	{
		Name: "UpdateKeyset, each part empty", XML: el("update", id+`<k:add/><k:rem/><k:chg/>`),
		Value: &keyset.Update{ID: "KEY-SAUNA", Add: &keyset.AddRem{}, Rem: &keyset.AddRem{}, Chg: &keyset.Chg{}},
	},
	{
		Name: "UpdateKeyset, most", XML: el("update", id+`<k:add>`+ksk+`<k:tech>CID-EVA</k:tech></k:add>
		<k:rem>`+ksk+`<k:tech>CID-OTTO</k:tech></k:rem><k:chg><k:authInfo>Four5six</k:authInfo></k:chg>`),
		Value: &keyset.Update{
			ID:  "KEY-SAUNA",
			Add: &keyset.AddRem{DNSKeys: []keyset.DNSKey{theKSK}, Techs: []string{"CID-EVA"}},
			Rem: &keyset.AddRem{DNSKeys: []keyset.DNSKey{theKSK}, Techs: []string{"CID-OTTO"}},
			Chg: &keyset.Chg{AuthInfo: new(epp.Secret("Four5six"))},
		},
	},
	{
		Name: "UpdateKeyset, an empty authInfo is not an absent one", XML: el("update", id+`<k:chg><k:authInfo/></k:chg>`),
		Value: &keyset.Update{ID: "KEY-SAUNA", Chg: &keyset.Chg{AuthInfo: new(epp.Secret(""))}},
	},
	{
		Name: "TransferKeyset", XML: el("transfer", id+`<k:authInfo>Four5six</k:authInfo>`), Op: epp.TransferRequest,
		Value: &keyset.Transfer{Op: epp.TransferRequest, ID: "KEY-SAUNA", AuthInfo: "Four5six"},
	},
	{
		Name: "TransferKeyset, the schema has the other operations and an empty authInfo",
		XML:  el("transfer", id+`<k:authInfo/>`), Op: epp.TransferQuery,
		Value: &keyset.Transfer{Op: epp.TransferQuery, ID: "KEY-SAUNA"},
	},
	{Name: "ListKeyset", XML: el("list", ``), Value: &keyset.List{}},
	{Name: "ListKeyset, nothing", XML: el("listData", ``), Value: &keyset.ListData{}},
	{
		Name: "ListKeyset, answer", XML: el("listData", id+`<k:id>X</k:id>`),
		Value: &keyset.ListData{IDs: []string{"KEY-SAUNA", "X"}},
	},
	{
		Name: "SendAuthInfoKeyset, answer", XML: el("sendAuthInfoData", `<k:email> a*****@m*****.*,o*****@k*****.* </k:email>`),
		Value: &keyset.SendAuthInfoData{Email: []string{"a*****@m*****.*", "o*****@k*****.*"}},
	},
	{
		Name: "Poll, transfer", XML: el("trnData", id+`<k:trDate>2025-02-03</k:trDate><k:clID>REG-TWO</k:clID>`),
		Value: &keyset.TrnData{ID: "KEY-SAUNA", TrDate: time.Date(2025, 2, 3, 0, 0, 0, 0, time.UTC), ClID: "REG-TWO"},
	},
	{Name: "Poll, deleted as nobody used it", XML: el("idleDelData", id), Value: &keyset.IdleDelData{ID: "KEY-SAUNA"}},
	{
		Name: "Poll, update", XML: el("updateData", `<k:opTRID>ReqID-0000000075</k:opTRID><k:oldData><k:infData>`+data+
			`</k:infData></k:oldData><k:newData><k:infData>`+strings.Replace(data, "OTTO", "EVA", 1)+`</k:infData></k:newData>`),
		Value: &keyset.UpdateData{
			OpTRID: "ReqID-0000000075", OldData: *least(same),
			NewData: *least(func(m *keyset.InfData) { m.Techs[0] = "CID-EVA" }),
		},
	},
	{Name: "Poll, technical test, least", XML: el("testData", id), Value: &keyset.TestData{ID: "KEY-SAUNA"}},
	{
		Name: "Poll, technical test, most", XML: el("testData", `<k:cltestid>TEST-76</k:cltestid>`+id+`<k:name>sauna.cz</k:name>
		<k:name>kiuas.example</k:name><k:result><k:testname>existence</k:testname><k:status>true</k:status></k:result>
		<k:result><k:testname>glue_ok</k:testname><k:status>false</k:status><k:note> no
	glue </k:note></k:result><k:result><k:testname>heterogenous</k:testname><k:status>0</k:status><k:note/></k:result>`),
		Value: &keyset.TestData{
			ClTestID: "TEST-76", ID: "KEY-SAUNA", Names: []string{"sauna.cz", "kiuas.example"},
			Results: []keyset.Result{
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
		want          keyset.Test
	}{
		{"least", id, keyset.Test{ID: "KEY-SAUNA"}},
		{
			"most", id + `<k:name>sauna.cz</k:name><k:name>kiuas.example</k:name>`,
			keyset.Test{ID: "KEY-SAUNA", Names: []string{"sauna.cz", "kiuas.example"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := epp.NewRaw([]byte(el("test", tt.content)))
			require.NoError(t, err)
			var got keyset.Test
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
			el("updateData", `<k:opTRID>ReqID-0000000075</k:opTRID><k:oldData>`+data+`</k:oldData><k:newData>`+data+`</k:newData>`),
			&keyset.UpdateData{OpTRID: "ReqID-0000000075", OldData: *least(same), NewData: *least(same)},
		},
		{
			el("trnData", id+`<k:trDate>2025-02-03T04:05:06Z</k:trDate><k:clID>REG-TWO</k:clID>`),
			&keyset.TrnData{ID: "KEY-SAUNA", TrDate: time.Date(2025, 2, 3, 0, 0, 0, 0, time.UTC), ClID: "REG-TWO"},
		},
	} {
		m, err := set(t).Parse(frame(tt.xml))
		require.NoError(t, err)
		require.Equal(t, []epp.Element{tt.want}, m.(*epp.Response).ResData)
	}
	_, err := set(t).ParseStrict(frame(el("updateData", `<k:opTRID>ReqID-0000000075</k:opTRID><k:oldData>`+data+`</k:oldData>`)))
	require.ErrorIs(t, err, epp.ErrMissing)
	require.ErrorContains(t, err, "keyset:oldData/keyset:infData")
}

func TestRefused(t *testing.T) {
	create := func(change func(*keyset.Create)) *keyset.Create {
		m := &keyset.Create{ID: "KEY-SAUNA", DNSKeys: []keyset.DNSKey{theKSK}, Techs: []string{"CID-OTTO"}}
		change(m)
		return m
	}
	handle := func(id string) *keyset.Create { return create(func(m *keyset.Create) { m.ID = id }) }
	key := func(change func(*keyset.DNSKey)) *keyset.Create {
		return create(func(m *keyset.Create) { change(&m.DNSKeys[0]) })
	}
	eleven := slices.Repeat([]keyset.DNSKey{theKSK}, 11)
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &keyset.Check{}, Path: "keyset:id", Error: "is missing"},
		{Name: "check of an empty handle", Value: &keyset.Check{IDs: []string{""}}, Path: "keyset:id", Error: "1 to 63"},
		{Name: "chkData of nothing", Value: &keyset.ChkData{}, Path: "keyset:cd", Error: "is missing"},
		{Name: "a handle of 64 characters", Value: &keyset.Delete{ID: strings.Repeat("x", 64)}, Path: "keyset:id", Error: "1 to 63"},
		{Name: "a new handle of 31 characters", Value: handle(strings.Repeat("x", 31)), Path: "keyset:id", Error: "1 to 30"},
		{Name: "a new handle with a hyphen at its end", Value: handle("KEY-"), Path: "keyset:id", Error: "single hyphens"},
		{Name: "a new handle with two hyphens", Value: handle("KEY--SAUNA"), Path: "keyset:id", Error: "single hyphens"},
		{Name: "a new handle with a letter that is not ASCII", Value: handle("KEY-Š"), Path: "keyset:id", Error: "single hyphens"},
		{Name: "eleven keys", Value: create(func(m *keyset.Create) { m.DNSKeys = eleven }), Path: "keyset:dnskey", Error: "10 times"},
		{Name: "flags of 17 bits", Value: key(func(m *keyset.DNSKey) { m.Flags = 65536 }), Path: "keyset:flags", Error: "0 to 65535"},
		{Name: "flags below zero", Value: key(func(m *keyset.DNSKey) { m.Flags = -1 }), Path: "keyset:flags", Error: "0 to 65535"},
		{Name: "a protocol of nine bits", Value: key(func(m *keyset.DNSKey) { m.Protocol = 256 }), Path: "keyset:protocol", Error: "0 to 255"},
		{Name: "an algorithm of nine bits", Value: key(func(m *keyset.DNSKey) { m.Alg = 256 }), Path: "keyset:alg", Error: "0 to 255"},
		{Name: "no key", Value: key(func(m *keyset.DNSKey) { m.PubKey = " " }), Path: "keyset:pubKey", Error: "must not be empty"},
		{Name: "a key that is no base64", Value: key(func(m *keyset.DNSKey) { m.PubKey = "c2F" }), Path: "keyset:pubKey", Error: "base64"},
		{
			Name: "eleven technical contacts", Value: create(func(m *keyset.Create) { m.Techs = slices.Repeat(m.Techs, 11) }),
			Path: "keyset:tech", Error: "10 times",
		},
		{Name: "no technical contact", Value: create(func(m *keyset.Create) { m.Techs = nil }), Path: "keyset:tech", Error: "is missing"},
		{
			Name: "an authInfo of 301 characters", Value: create(func(m *keyset.Create) { m.AuthInfo = new(epp.Secret(strings.Repeat("ž", 301))) }),
			Path: "keyset:authInfo", Error: "0 to 300",
		},
		{
			Name: "seven statuses", Value: least(func(m *keyset.InfData) { m.Status = slices.Repeat([]epp.Status{{S: "ok"}}, 7) }),
			Path: "keyset:status", Error: "6 times",
		},
		{
			Name: "a status that there is not", Value: least(func(m *keyset.InfData) { m.Status = []epp.Status{{S: "expired"}} }),
			Path: "keyset:status", Error: "not one that the mapping has",
		},
		{Name: "a roid without a hyphen", Value: least(func(m *keyset.InfData) { m.ROID = "N74" }), Path: "keyset:roid", Error: "identifier"},
		{Name: "a client of two characters", Value: least(func(m *keyset.InfData) { m.UpID = "AB" }), Path: "keyset:upID", Error: "3 to 16"},
		{
			Name: "infData without a technical contact", Value: least(func(m *keyset.InfData) { m.Techs = nil }),
			Path: "keyset:tech", Error: "is missing",
		},
		{Name: "no date", Value: &keyset.CreData{ID: "KEY-SAUNA"}, Path: "keyset:crDate", Error: "is missing"},
		{Name: "eleven keys to remove", Value: &keyset.Update{ID: "X", Rem: &keyset.AddRem{DNSKeys: eleven}}, Path: "keyset:dnskey", Error: "10 times"},
		{Name: "a transfer of 256 characters", Value: &keyset.Transfer{Op: "request", ID: strings.Repeat("x", 256)}, Path: "keyset:id", Error: "1 to 255"},
		{Name: "a transfer without an operation", Value: &keyset.Transfer{ID: "X"}, Path: "@op", Error: "request"},
		{
			Name: "an identifier of 65 characters", Value: &keyset.UpdateData{OpTRID: strings.Repeat("x", 65)},
			Path: "keyset:opTRID", Error: "3 to 64",
		},
		{
			Name: "a test's identifier of two characters", Value: &keyset.TestData{ClTestID: "ab", ID: "X"},
			Path: "keyset:cltestid", Error: "3 to 64",
		},
		{
			Name: "a result of nothing", Value: &keyset.TestData{ID: "X", Results: []keyset.Result{{}}},
			Path: "keyset:testname", Error: "1 to 255",
		},
		{Name: "sent to nobody", Value: &keyset.SendAuthInfoData{}, Path: "keyset:email", Error: "is missing"},
		{
			Name: "too many addresses", Value: &keyset.SendAuthInfoData{Email: strings.Fields(strings.Repeat("a@b.example ", 30))},
			Path: "keyset:email", Error: "320",
		},
	})
}

// What is asked for says what the answer is.
func TestAnswers(t *testing.T) {
	var (
		_ epp.Request[*keyset.ChkData]          = (*keyset.Check)(nil)
		_ epp.Request[*keyset.InfData]          = (*keyset.Info)(nil)
		_ epp.Request[*keyset.CreData]          = (*keyset.Create)(nil)
		_ epp.Request[*epp.NoData]              = (*keyset.Delete)(nil)
		_ epp.Request[*epp.NoData]              = (*keyset.Update)(nil)
		_ epp.Request[*epp.NoData]              = (*keyset.Transfer)(nil)
		_ epp.Request[*epp.NoData]              = (*keyset.Test)(nil)
		_ epp.Request[*keyset.SendAuthInfoData] = (*keyset.SendAuthInfo)(nil)
	)
	// Every command's authInfo is one that nobody prints.
	for _, v := range []any{
		keyset.Create{AuthInfo: new(epp.Secret("Four5six"))},
		keyset.Chg{AuthInfo: new(epp.Secret("Four5six"))},
		keyset.Transfer{AuthInfo: "Four5six"},
	} {
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", v, v, v), "Four5six")
	}
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleCreate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &keyset.Create{
			ID:      "KEY-SAUNA",
			DNSKeys: []keyset.DNSKey{{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmFLZXk="}},
			Techs:   []string{"CID-OTTO"},
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
	// <keyset:create xmlns:keyset="http://www.nic.cz/xml/epp/keyset-1.3">
	// <keyset:id>KEY-SAUNA</keyset:id>
	// <keyset:dnskey>
	// <keyset:flags>257</keyset:flags>
	// <keyset:protocol>3</keyset:protocol>
	// <keyset:alg>13</keyset:alg>
	// <keyset:pubKey>c2F1bmFLZXk=</keyset:pubKey>
	// </keyset:dnskey>
	// <keyset:tech>CID-OTTO</keyset:tech>
	// </keyset:create>
	// </create>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
