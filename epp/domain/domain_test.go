package domain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<d:` + local + ` xmlns:d="` + domain.NS + `">` + content + `</d:` + local + `>`
}

func date(year int) time.Time { return time.Date(year, 2, 3, 4, 5, 6, 0, time.UTC) }

var rows = []epptest.Row{
	{
		Name: "RFC 5731, 3.1.1 check", XML: el("check", `<d:name>sauna.example</d:name><d:name>kiuas.example</d:name>`),
		Value: &domain.Check{Names: []string{"sauna.example", "kiuas.example"}},
	},
	{
		Name: "RFC 5731, 3.1.1 chkData", XML: el("chkData", `<d:cd><d:name avail="true">sauna.example</d:name></d:cd>`+
			`<d:cd><d:name avail="false">kiuas.example</d:name><d:reason>Reserved</d:reason></d:cd>`),
		Value: &domain.ChkData{CD: []domain.CD{
			{Name: "sauna.example", Avail: true},
			{Name: "kiuas.example", Reason: &epp.Reason{Text: "Reserved"}},
		}},
	},
	{
		Name: "RFC 5731, 3.1.2 info", XML: el("info", `<d:name>sauna.example</d:name>`),
		Value: &domain.Info{Name: "sauna.example"},
	},
	{
		Name: "RFC 5731, 3.1.2 info with hosts", XML: el("info", `<d:name hosts="del">sauna.example</d:name>`),
		Value: &domain.Info{Name: "sauna.example", Hosts: domain.HostsDelegated},
	},
	{
		Name:  "RFC 5731, 3.1.2 info with authInfo",
		XML:   el("info", `<d:name hosts="none">sauna.example</d:name><d:authInfo><d:pw roid="ANNA1-TEST"> 4 &lt; 5 </d:pw></d:authInfo>`),
		Value: &domain.Info{Name: "sauna.example", Hosts: domain.HostsNone, AuthInfo: &epp.AuthInfo{PW: " 4 < 5 ", ROID: "ANNA1-TEST"}},
	},
	{
		Name: "RFC 5731, 3.1.2 infData, least", XML: el("infData", `<d:name>sauna.example</d:name><d:roid>SAUNA1-TEST</d:roid><d:clID>RegOne</d:clID>`),
		Value: &domain.InfData{Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne"},
	},
	{
		Name: "RFC 5731, 3.1.2 infData, most", XML: el("infData", `<d:name>sauna.example</d:name><d:roid>SAUNA1-TEST</d:roid>
		<d:status s="clientHold" lang="en">Unpaid</d:status><d:status s="clientRenewProhibited"/>
		<d:registrant>anna-1</d:registrant><d:contact type="admin">anna-1</d:contact>
		<d:contact type="billing">otto-2</d:contact><d:contact type="tech">otto-2</d:contact>
		<d:ns><d:hostObj>ns1.sauna.example</d:hostObj><d:hostObj>ns.kiuas.example</d:hostObj></d:ns>
		<d:host>ns1.sauna.example</d:host><d:host>ns2.sauna.example</d:host>
		<d:clID>RegOne</d:clID><d:crID>RegTwo</d:crID><d:crDate>2023-02-03T04:05:06Z</d:crDate>
		<d:upID>RegThree</d:upID><d:upDate>2024-02-03T04:05:06Z</d:upDate>
		<d:exDate>2028-02-03T04:05:06Z</d:exDate><d:trDate>2025-02-03T06:05:06+02:00</d:trDate>
		<d:authInfo><d:pw>Four-5-six</d:pw></d:authInfo>`),
		Value: &domain.InfData{
			Name: "sauna.example", ROID: "SAUNA1-TEST",
			Status:     []epp.Status{{S: "clientHold", Lang: "en", Text: "Unpaid"}, {S: "clientRenewProhibited"}},
			Registrant: "anna-1",
			Contacts: []domain.Contact{
				{Type: domain.Admin, ID: "anna-1"}, {Type: domain.Billing, ID: "otto-2"}, {Type: domain.Tech, ID: "otto-2"},
			},
			NS:    &domain.NameServers{HostObj: []string{"ns1.sauna.example", "ns.kiuas.example"}},
			Hosts: []string{"ns1.sauna.example", "ns2.sauna.example"},
			ClID:  "RegOne", CrID: "RegTwo", CrDate: date(2023), UpID: "RegThree", UpDate: date(2024),
			ExDate: date(2028), TrDate: date(2025), AuthInfo: &epp.AuthInfo{PW: "Four-5-six"},
		},
	},
	{
		Name: "RFC 5731, 1.1 host attributes", XML: el("infData", `<d:name>sauna.example</d:name><d:roid>SAUNA1-TEST</d:roid>
		<d:ns><d:hostAttr><d:hostName>ns1.sauna.example</d:hostName><d:hostAddr>192.0.2.4</d:hostAddr>
		<d:hostAddr ip="v6">2001:db8::4</d:hostAddr></d:hostAttr>
		<d:hostAttr><d:hostName>ns.kiuas.example</d:hostName></d:hostAttr></d:ns><d:clID>RegOne</d:clID>`),
		Value: &domain.InfData{
			Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne",
			NS: &domain.NameServers{HostAttr: []domain.HostAttr{
				{HostName: "ns1.sauna.example", HostAddr: []domain.HostAddr{{Addr: "192.0.2.4"}, {IP: domain.V6, Addr: "2001:db8::4"}}},
				{HostName: "ns.kiuas.example"},
			}},
		},
	},
	{
		Name: "RFC 5731, 3.2.5 update of nothing, as beside an extension", XML: el("update", `<d:name>sauna.example</d:name>`),
		Value: &domain.Update{Name: "sauna.example"},
	},
	{
		Name: "RFC 5731, 4 update, each part empty", XML: el("update", `<d:name>sauna.example</d:name><d:add/><d:rem/><d:chg/>`),
		Value: &domain.Update{Name: "sauna.example", Add: new(domain.AddRem), Rem: new(domain.AddRem), Chg: new(domain.Chg)},
	},
	{
		Name: "RFC 3915, 4.2.5 update with an empty chg", XML: el("update", `<d:name>sauna.example</d:name><d:chg/>`),
		Value: &domain.Update{Name: "sauna.example", Chg: new(domain.Chg)},
	},
	{
		Name: "RFC 5731, 3.2.5 update, most", XML: el("update", `<d:name>sauna.example</d:name>
		<d:add><d:ns><d:hostObj>ns3.kiuas.example</d:hostObj></d:ns><d:contact type="billing">otto-2</d:contact>
		<d:contact type="tech">anna-1</d:contact><d:status s="clientHold" lang="fi">Maksamatta</d:status>
		<d:status s="clientDeleteProhibited"/></d:add>
		<d:rem><d:ns><d:hostAttr><d:hostName>ns1.sauna.example</d:hostName></d:hostAttr></d:ns>
		<d:contact>otto-2</d:contact><d:status s="clientUpdateProhibited"/></d:rem>
		<d:chg><d:registrant>otto-2</d:registrant><d:authInfo><d:pw>Seven-8-nine</d:pw></d:authInfo></d:chg>`),
		Value: &domain.Update{
			Name: "sauna.example",
			Add: &domain.AddRem{
				NS:       &domain.NameServers{HostObj: []string{"ns3.kiuas.example"}},
				Contacts: []domain.Contact{{Type: domain.Billing, ID: "otto-2"}, {Type: domain.Tech, ID: "anna-1"}},
				Status:   []epp.Status{{S: "clientHold", Lang: "fi", Text: "Maksamatta"}, {S: "clientDeleteProhibited"}},
			},
			Rem: &domain.AddRem{
				NS:       &domain.NameServers{HostAttr: []domain.HostAttr{{HostName: "ns1.sauna.example"}}},
				Contacts: []domain.Contact{{ID: "otto-2"}},
				Status:   []epp.Status{{S: "clientUpdateProhibited"}},
			},
			Chg: &domain.Chg{Registrant: new("otto-2"), AuthInfo: &domain.AuthInfoChg{PW: "Seven-8-nine"}},
		},
	},
	{
		Name: "RFC 5731, 3.2.5 an empty registrant is not an absent one", XML: el("update", `<d:name>sauna.example</d:name><d:chg><d:registrant/></d:chg>`),
		Value: &domain.Update{Name: "sauna.example", Chg: &domain.Chg{Registrant: new("")}},
	},
	{
		Name: "RFC 5731, 3.2.5 authInfo null", XML: el("update", `<d:name>sauna.example</d:name><d:chg><d:authInfo><d:null/></d:authInfo></d:chg>`),
		Value: &domain.Update{Name: "sauna.example", Chg: &domain.Chg{AuthInfo: &domain.AuthInfoChg{Null: true}}},
	},
	{
		Name: "RFC 9154, 5.2 authInfo empty", XML: el("update", `<d:name>sauna.example</d:name><d:chg><d:authInfo><d:pw/></d:authInfo></d:chg>`),
		Value: &domain.Update{Name: "sauna.example", Chg: &domain.Chg{AuthInfo: new(domain.AuthInfoChg)}},
	},
	{
		Name: "RFC 5731, 4 authInfo, white space and a roid", XML: el("update", `<d:name>sauna.example</d:name><d:chg><d:authInfo>`+
			`<d:pw roid="ANNA1-TEST"> )*(&amp;&lt;"$'  é </d:pw></d:authInfo></d:chg>`),
		Value: &domain.Update{Name: "sauna.example", Chg: &domain.Chg{
			AuthInfo: &domain.AuthInfoChg{PW: ` )*(&<"$'  é `, ROID: "ANNA1-TEST"},
		}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	data := func(change func(*domain.InfData)) *domain.InfData {
		m := &domain.InfData{Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne"}
		change(m)
		return m
	}
	chg := func(c domain.Chg) *domain.Update { return &domain.Update{Name: "x.example", Chg: &c} }
	both := &domain.NameServers{HostObj: []string{"a.example"}, HostAttr: []domain.HostAttr{{HostName: "b.example"}}}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &domain.Check{}, Path: "domain:name", Error: "is missing"},
		{Name: "a name of 256 characters", Value: &domain.Check{Names: []string{strings.Repeat("x", 256)}}, Path: "domain:name", Error: "1 to 255"},
		{Name: "chkData of nothing", Value: &domain.ChkData{}, Path: "domain:cd", Error: "is missing"},
		{
			Name: "a reason of 33 characters", Value: &domain.ChkData{CD: []domain.CD{{Name: "x.example", Reason: &epp.Reason{Text: strings.Repeat("x", 33)}}}},
			Path: "domain:reason", Error: "1 to 32",
		},
		{Name: "chkData of a name of 256", Value: &domain.ChkData{CD: []domain.CD{{Name: strings.Repeat("x", 256)}}}, Path: "domain:name", Error: "1 to 255"},
		{Name: "info of a name of 256", Value: &domain.Info{Name: strings.Repeat("x", 256)}, Path: "domain:name", Error: "1 to 255"},
		{Name: "infData of nobody's roid", Value: data(func(m *domain.InfData) { m.ROID = "SAUNA1" }), Path: "domain:roid", Error: "repository object identifier"},
		{Name: "infData without a sponsor", Value: data(func(m *domain.InfData) { m.ClID = "" }), Path: "domain:clID", Error: "3 to 16"},
		{Name: "a subordinate host of 256", Value: data(func(m *domain.InfData) { m.Hosts = []string{strings.Repeat("x", 256)} }), Path: "domain:host", Error: "1 to 255"},
		{
			Name: "a host object of 256", Value: data(func(m *domain.InfData) { m.NS = &domain.NameServers{HostObj: []string{strings.Repeat("x", 256)}} }),
			Path: "domain:hostObj", Error: "1 to 255",
		},
		{Name: "a contact of 2", Value: data(func(m *domain.InfData) { m.Contacts = []domain.Contact{{ID: "ab"}} }), Path: "domain:contact", Error: "3 to 16"},
		{Name: "unknown hosts", Value: &domain.Info{Name: "x.example", Hosts: "some"}, Path: "@hosts", Error: "all, del, sub or none"},
		{Name: "no name servers", Value: data(func(m *domain.InfData) { m.NS = new(domain.NameServers) }), Path: "domain:ns", Error: "hostObj or hostAttr"},
		{Name: "both kinds of name servers", Value: data(func(m *domain.InfData) { m.NS = both }), Path: "domain:ns", Error: "not both"},
		{
			Name: "an unknown role", Value: data(func(m *domain.InfData) { m.Contacts = []domain.Contact{{Type: "legal", ID: "anna-1"}} }),
			Path: "domain:contact/@type", Error: "admin, billing or tech",
		},
		{
			Name: "12 statuses", Value: data(func(m *domain.InfData) { m.Status = slices.Repeat([]epp.Status{{S: "ok"}}, 12) }),
			Path: "domain:status", Error: "11 times",
		},
		{Name: "update of a name of 256", Value: &domain.Update{Name: strings.Repeat("x", 256)}, Path: "domain:name", Error: "1 to 255"},
		{
			Name: "a registrant of 17", Value: chg(domain.Chg{Registrant: new("a2345678901234567")}),
			Path: "domain:registrant", Error: "0 to 16",
		},
		{
			Name: "authInfo null beside a pw", Value: chg(domain.Chg{AuthInfo: &domain.AuthInfoChg{PW: "Four-5-six", Null: true}}),
			Path: "domain:authInfo", Error: "null alone",
		},
		{
			Name: "authInfo null beside a roid", Value: chg(domain.Chg{AuthInfo: &domain.AuthInfoChg{ROID: "ANNA1-TEST", Null: true}}),
			Path: "domain:authInfo", Error: "null alone",
		},
		{
			Name: "authInfo null beside an ext", Value: chg(domain.Chg{AuthInfo: &domain.AuthInfoChg{Ext: new(domain.Check), Null: true}}),
			Path: "domain:authInfo", Error: "null alone",
		},
		{
			Name: "authInfo pw beside an ext", Value: chg(domain.Chg{AuthInfo: &domain.AuthInfoChg{Ext: new(domain.Check), PW: "Four-5-six"}}),
			Path: "domain:authInfo", Error: "not both",
		},
		{
			Name: "authInfo of nobody's roid", Value: chg(domain.Chg{AuthInfo: &domain.AuthInfoChg{PW: "Four-5-six", ROID: "anna"}}),
			Path: "domain:pw/@roid", Error: "repository object identifier",
		},
		{
			Name:  "12 statuses to add",
			Value: &domain.Update{Name: "x.example", Add: &domain.AddRem{Status: slices.Repeat([]epp.Status{{S: "clientHold"}}, 12)}},
			Path:  "domain:status", Error: "11 times",
		},
		{
			Name: "a status that there is not", Value: &domain.Update{Name: "x.example", Rem: &domain.AddRem{Status: []epp.Status{{S: "linked"}}}},
			Path: "domain:status", Error: "not one that the mapping has",
		},
		{
			Name: "both kinds of name servers to add", Value: &domain.Update{Name: "x.example", Add: &domain.AddRem{NS: both}},
			Path: "domain:ns", Error: "not both",
		},
		{Name: "a year of five digits", Value: data(func(m *domain.InfData) { m.ExDate = date(10000) }), Path: "domain:exDate", Error: "9999"},
	})
}

// TestAuthInfoChg reads what a schema's choice may hold.
func TestAuthInfoChg(t *testing.T) {
	const beacon = `<b:beacon xmlns:b="urn:example:beacon-1.0"/>`
	for _, tt := range []struct {
		name, content string
		ok, unsets    bool
	}{
		{"pw", `<d:pw>Four-5-six</d:pw>`, true, false},
		{"pw empty", `<d:pw/>`, true, true},
		{"null", `<d:null/>`, true, true},
		{"null with content, which its type allows", `<d:null a="b">1<d:pw>2</d:pw></d:null>`, true, true},
		{"ext", `<d:ext>` + beacon + `</d:ext>`, true, false},
		{"ext empty", `<d:ext/>`, false, false},
		{"nothing", ``, false, false},
		{"null twice", `<d:null/><d:null/>`, false, false},
		{"null before pw", `<d:null/><d:pw>Four-5-six</d:pw>`, false, false},
		{"pw before null", `<d:pw>Four-5-six</d:pw><d:null/>`, false, false},
		{"pw before ext", `<d:pw>Four-5-six</d:pw><d:ext>` + beacon + `</d:ext>`, false, false},
		{"another namespace's null", `<null xmlns="` + epp.NS + `"/>`, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><command><update>` +
				el("update", `<d:name>x.example</d:name><d:chg><d:authInfo>`+tt.content+`</d:authInfo></d:chg>`) +
				`</update></command></epp>`))
			if !tt.ok {
				var field *epp.FieldError
				require.ErrorAs(t, err, &field)
				require.NotContains(t, err.Error(), "Four-5-six")
				return
			}
			require.NoError(t, err)
			a := m.(*epp.Command).Request.(*domain.Update).Chg.AuthInfo
			require.Equal(t, tt.unsets, a.Unsets())
			require.Equal(t, strings.HasPrefix(tt.name, "null"), a.Null)
			require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", a, *a, a, a), "Four-5-six")
		})
	}
	t.Run("null is not for an info", func(t *testing.T) {
		_, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><command><info>` +
			el("info", `<d:name>x.example</d:name><d:authInfo><d:null/></d:authInfo>`) + `</info></command></epp>`))
		require.ErrorIs(t, err, epp.ErrMissing)
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), slices.Concat(rows, transforms)) }

func ExampleCheck() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Check{Names: []string{"sauna.example", "kiuas.example"}},
		ClTRID:  "EX-1",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <command>
	// <check>
	// <domain:check xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">
	// <domain:name>sauna.example</domain:name>
	// <domain:name>kiuas.example</domain:name>
	// </domain:check>
	// </check>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
