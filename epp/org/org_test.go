package org_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/org"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(org.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<o:` + local + ` xmlns:o="` + org.NS + `">` + content + `</o:` + local + `>`
}

var created = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)

// least is an InfData with nothing in it that may be left out.
func least(change func(*org.InfData)) *org.InfData {
	m := &org.InfData{
		ID: "birch", ROID: "BIRCH1-TEST", Roles: []org.Role{{Type: "reseller"}},
		Status: []string{org.StatusOK}, CrID: "RegTwo", CrDate: created,
	}
	change(m)
	return m
}

const (
	head  = `<o:id>birch</o:id><o:roid>BIRCH1-TEST</o:roid><o:role><o:type>reseller</o:type></o:role><o:status>ok</o:status>`
	dates = `<o:crID>RegTwo</o:crID><o:crDate>2025-02-03T04:05:06Z</o:crDate>`
	// In the order of the schema, as infData, create and update have it.
	postal = `<o:postalInfo type="int"><o:name>Birch Names</o:name><o:addr>
			<o:street>Quay 4</o:street><o:street/><o:street>Left door</o:street>
			<o:city>Turku</o:city><o:sp>Southwest</o:sp><o:pc>20100</o:pc><o:cc>FI</o:cc></o:addr></o:postalInfo>
		<o:postalInfo type="loc"><o:name>Björk Namn</o:name></o:postalInfo>`
	ways = `<o:voice x="12">+358.2555123</o:voice><o:fax>+358.2555124</o:fax>
		<o:email>desk@birch.example</o:email><o:url>https://birch.example/</o:url>`
	contacts = `<o:contact type="admin">anna-1</o:contact><o:contact type="custom" typeName="legal">otto-2</o:contact>`
)

func postalInfo() []org.PostalInfo {
	return []org.PostalInfo{{
		Type: org.Int, Name: "Birch Names", Addr: &org.Addr{
			Street: []string{"Quay 4", "", "Left door"},
			City:   "Turku", SP: new("Southwest"), PC: new("20100"), CC: "FI",
		},
	}, {Type: org.Loc, Name: "Björk Namn"}}
}

var (
	voice  = &org.Phone{Number: "+358.2555123", X: new("12")}
	fax    = &org.Phone{Number: "+358.2555124"}
	people = []org.Contact{
		{Type: org.Admin, ID: "anna-1"}, {Type: org.Custom, TypeName: "legal", ID: "otto-2"},
	}
)

var rows = []epptest.Row{
	{
		Name: "RFC 8543, 4.1.1 check", XML: el("check", `<o:id>birch</o:id><o:id>alder</o:id>`),
		Value: &org.Check{IDs: []string{"birch", "alder"}},
	},
	{
		Name: "RFC 8543, 4.1.1 chkData", XML: el("chkData", `<o:cd><o:id avail="1">birch</o:id></o:cd>`+
			`<o:cd><o:id avail="0">alder</o:id><o:reason lang="fi">Varattu</o:reason></o:cd>`),
		Value: &org.ChkData{CD: []org.CD{
			{ID: "birch", Avail: true},
			{ID: "alder", Reason: &epp.Reason{Lang: "fi", Text: "Varattu"}},
		}},
	},
	{Name: "RFC 8543, 4.1.2 info", XML: el("info", `<o:id>birch</o:id>`), Value: &org.Info{ID: "birch"}},
	{Name: "RFC 8543, 4.1.2 infData, least", XML: el("infData", head+dates), Value: least(func(*org.InfData) {})},
	{
		Name: "RFC 8543, 4.1.2 infData, most", XML: el("infData", `<o:id>birch</o:id><o:roid>BIRCH1-TEST</o:roid>
		<o:role><o:type>registrar</o:type><o:status>ok</o:status><o:status>linked</o:status><o:roleID>1234</o:roleID></o:role>
		<o:role><o:type>reseller</o:type><o:status>clientLinkProhibited</o:status><o:status>serverLinkProhibited</o:status></o:role>
		<o:status>hold</o:status><o:status>linked</o:status><o:parentId>alder</o:parentId>`+
			postal+ways+contacts+`<o:clID>RegOne</o:clID>`+dates+
			`<o:upID>RegThree</o:upID><o:upDate>2025-03-04T05:06:07.5Z</o:upDate>`),
		Value: &org.InfData{
			ID: "birch", ROID: "BIRCH1-TEST",
			Roles: []org.Role{
				{Type: "registrar", Status: []string{"ok", "linked"}, RoleID: new("1234")},
				{Type: "reseller", Status: []string{"clientLinkProhibited", "serverLinkProhibited"}},
			},
			Status: []string{org.StatusHold, org.StatusLinked}, ParentID: "alder",
			PostalInfo: postalInfo(), Voice: voice, Fax: fax,
			Email: "desk@birch.example", URL: new("https://birch.example/"), Contacts: people,
			ClID: "RegOne", CrID: "RegTwo", CrDate: created,
			UpID: "RegThree", UpDate: time.Date(2025, 3, 4, 5, 6, 7, 5e8, time.UTC),
		},
	},
	{
		Name: "RFC 8543, 5: what may be empty is not absent", XML: el("infData", `<o:id>birch</o:id><o:roid>BIRCH1-TEST</o:roid>
		<o:role><o:type/><o:roleID/></o:role><o:status>terminated</o:status>
		<o:postalInfo type="loc"><o:name>Birch</o:name><o:addr><o:street/><o:city>Turku</o:city><o:sp/><o:pc/><o:cc>FI</o:cc></o:addr></o:postalInfo>
		<o:voice/><o:fax x="7"/><o:url/><o:contact type="custom">anna-1</o:contact>`+dates),
		Value: least(func(m *org.InfData) {
			m.Roles = []org.Role{{RoleID: new("")}}
			m.Status = []string{org.StatusTerminated}
			m.PostalInfo = []org.PostalInfo{{Type: org.Loc, Name: "Birch", Addr: &org.Addr{
				Street: []string{""}, City: "Turku", SP: new(""), PC: new(""), CC: "FI",
			}}}
			m.Voice, m.Fax, m.URL = &org.Phone{}, &org.Phone{X: new("7")}, new("")
			m.Contacts = []org.Contact{{Type: org.Custom, ID: "anna-1"}}
		}),
	},
	{
		Name: "RFC 8543, 3.4 every status, nine at a time", XML: el("infData", `<o:id>birch</o:id><o:roid>BIRCH1-TEST</o:roid>
		<o:role><o:type>reseller</o:type></o:role>
		<o:status>clientDeleteProhibited</o:status><o:status>clientUpdateProhibited</o:status><o:status>clientLinkProhibited</o:status>
		<o:status>pendingCreate</o:status><o:status>pendingUpdate</o:status><o:status>pendingDelete</o:status>
		<o:status>serverDeleteProhibited</o:status><o:status>serverUpdateProhibited</o:status><o:status>serverLinkProhibited</o:status>`+dates),
		Value: least(func(m *org.InfData) {
			m.Status = []string{
				org.StatusClientDeleteProhibited, org.StatusClientUpdateProhibited, org.StatusClientLinkProhibited,
				org.StatusPendingCreate, org.StatusPendingUpdate, org.StatusPendingDelete,
				org.StatusServerDeleteProhibited, org.StatusServerUpdateProhibited, org.StatusServerLinkProhibited,
			}
		}),
	},
	{
		Name: "RFC 8543, 4.2.1 create, least", XML: el("create", `<o:id>birch</o:id><o:role><o:type>dns-operator</o:type></o:role>`),
		Value: &org.Create{ID: "birch", Roles: []org.Role{{Type: "dns-operator"}}},
	},
	{
		Name: "RFC 8543, 4.2.1 create, most", XML: el("create", `<o:id>birch</o:id>
		<o:role><o:type>reseller</o:type></o:role><o:role><o:type>privacyproxy</o:type></o:role>
		<o:status>ok</o:status><o:status>clientLinkProhibited</o:status><o:parentId>alder</o:parentId>`+postal+ways+contacts),
		Value: &org.Create{
			ID: "birch", Roles: []org.Role{{Type: "reseller"}, {Type: "privacyproxy"}},
			Status: []string{org.StatusOK, org.StatusClientLinkProhibited}, ParentID: "alder",
			PostalInfo: postalInfo(), Voice: voice, Fax: fax,
			Email: "desk@birch.example", URL: new("https://birch.example/"), Contacts: people,
		},
	},
	{
		Name: "RFC 8543, 4.2.1 creData", XML: el("creData", `<o:id>birch</o:id><o:crDate>2025-02-03T04:05:06Z</o:crDate>`),
		Value: &org.CreData{ID: "birch", CrDate: created},
	},
	{Name: "RFC 8543, 4.2.2 delete", XML: el("delete", `<o:id>birch</o:id>`), Value: &org.Delete{ID: "birch"}},
	{Name: "RFC 8543, 4.2.5 update of nothing", XML: el("update", `<o:id>birch</o:id>`), Value: &org.Update{ID: "birch"}},
	{
		Name: "RFC 8543, 4.2.5 update, empty parts", XML: el("update", `<o:id>birch</o:id><o:add/><o:rem/><o:chg/>`),
		Value: &org.Update{ID: "birch", Add: &org.AddRem{}, Rem: &org.AddRem{}, Chg: &org.Chg{}},
	},
	{
		Name: "RFC 8543, 4.2.5 update", XML: el("update", `<o:id>birch</o:id>
		<o:add>`+contacts+`<o:role><o:type>privacyproxy</o:type><o:status>clientLinkProhibited</o:status></o:role>
			<o:status>clientUpdateProhibited</o:status></o:add>
		<o:rem><o:contact type="billing">anna-1</o:contact><o:contact type="tech">anna-1</o:contact><o:contact type="abuse">anna-1</o:contact>
			<o:role><o:type>reseller</o:type></o:role><o:status>clientLinkProhibited</o:status></o:rem>
		<o:chg><o:parentId>alder</o:parentId>
			<o:postalInfo type="int"><o:addr><o:city>Turku</o:city><o:cc>FI</o:cc></o:addr></o:postalInfo>
			<o:postalInfo type="loc"><o:name>Björk Namn</o:name></o:postalInfo>`+ways+`</o:chg>`),
		Value: &org.Update{
			ID: "birch",
			Add: &org.AddRem{
				Contacts: people,
				Roles:    []org.Role{{Type: "privacyproxy", Status: []string{"clientLinkProhibited"}}},
				Status:   []string{org.StatusClientUpdateProhibited},
			},
			Rem: &org.AddRem{
				Contacts: []org.Contact{
					{Type: org.Billing, ID: "anna-1"}, {Type: org.Tech, ID: "anna-1"}, {Type: org.Abuse, ID: "anna-1"},
				},
				Roles:  []org.Role{{Type: "reseller"}},
				Status: []string{org.StatusClientLinkProhibited},
			},
			Chg: &org.Chg{
				ParentID: "alder",
				PostalInfo: []org.ChgPostalInfo{
					{Type: org.Int, Addr: &org.Addr{City: "Turku", CC: "FI"}},
					{Type: org.Loc, Name: "Björk Namn"},
				},
				Voice: voice, Fax: fax, Email: "desk@birch.example", URL: new("https://birch.example/"),
			},
		},
	},
	{
		Name: "RFC 8543, 4.3 panData", XML: el("panData", `<o:id paResult="1">birch</o:id>
		<o:paTRID><clTRID xmlns="`+epp.NS+`">ASKED-1</clTRID><svTRID xmlns="`+epp.NS+`">TOOK-1</svTRID></o:paTRID>
		<o:paDate>2025-02-03T04:05:06Z</o:paDate>`),
		Value: &org.PanData{ID: "birch", PaResult: true, PaTRID: epp.TrID{ClTRID: "ASKED-1", SvTRID: "TOOK-1"}, PaDate: created},
	},
	{
		Name: "RFC 8543, 4.3 panData of a refusal", XML: el("panData", `<o:id paResult="0">birch</o:id>
		<o:paTRID><svTRID xmlns="`+epp.NS+`">TOOK-1</svTRID></o:paTRID><o:paDate>2025-02-03T04:05:06Z</o:paDate>`),
		Value: &org.PanData{ID: "birch", PaTRID: epp.TrID{SvTRID: "TOOK-1"}, PaDate: created},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	postal := func(change func(*org.PostalInfo)) *org.InfData {
		return least(func(m *org.InfData) {
			m.PostalInfo = postalInfo()
			change(&m.PostalInfo[0])
		})
	}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &org.Check{}, Path: "org:id", Error: "is missing"},
		{Name: "RFC 8543, 3.1: an identifier of 2 characters", Value: &org.Check{IDs: []string{"ab"}}, Path: "org:id", Error: "3 to 16 characters"},
		{Name: "RFC 8543, 3.1: an identifier of 17", Value: &org.Info{ID: "abcdefghijklmnopq"}, Path: "org:id", Error: "3 to 16 characters"},
		{Name: "chkData of nothing", Value: &org.ChkData{}, Path: "org:cd", Error: "is missing"},
		{Name: "chkData of 2 characters", Value: &org.ChkData{CD: []org.CD{{ID: "ab"}}}, Path: "org:id", Error: "3 to 16 characters"},
		{Name: "no such ROID", Value: least(func(m *org.InfData) { m.ROID = "BIRCH1" }), Path: "org:roid", Error: "repository object"},
		{Name: "no role", Value: least(func(m *org.InfData) { m.Roles = nil }), Path: "org:role", Error: "is missing"},
		{Name: "no role in create", Value: &org.Create{ID: "birch"}, Path: "org:role", Error: "is missing"},
		{
			Name: "four statuses of a role", Value: least(func(m *org.InfData) { m.Roles[0].Status = slices.Repeat([]string{"ok"}, 4) }),
			Path: "org:status", Error: "3 times at most",
		},
		{
			Name: "RFC 8543, 3.5: a status that a role can't have", Value: least(func(m *org.InfData) { m.Roles[0].Status = []string{org.StatusHold} }),
			Path: "org:status", Error: "not one that the mapping has",
		},
		{Name: "no status", Value: least(func(m *org.InfData) { m.Status = nil }), Path: "org:status", Error: "is missing"},
		{
			Name: "ten statuses", Value: least(func(m *org.InfData) { m.Status = slices.Repeat(m.Status, 10) }),
			Path: "org:status", Error: "9 times at most",
		},
		{
			Name: "five statuses in create", Value: &org.Create{
				ID: "birch", Roles: []org.Role{{Type: "reseller"}}, Status: slices.Repeat([]string{"ok"}, 5),
			},
			Path: "org:status", Error: "4 times at most",
		},
		{
			Name: "a status of another mapping", Value: least(func(m *org.InfData) { m.Status = []string{"clientHold"} }),
			Path: "org:status", Error: "not one that the mapping has",
		},
		{Name: "a short parent", Value: least(func(m *org.InfData) { m.ParentID = "ab" }), Path: "org:parentId", Error: "3 to 16 characters"},
		{
			Name: "three forms", Value: least(func(m *org.InfData) { m.PostalInfo = slices.Repeat(postalInfo(), 2) }),
			Path: "org:postalInfo", Error: "2 times at most",
		},
		{
			Name: "three forms in update", Value: &org.Update{ID: "birch", Chg: &org.Chg{PostalInfo: slices.Repeat([]org.ChgPostalInfo{{Type: org.Int}}, 3)}},
			Path: "org:postalInfo", Error: "2 times at most",
		},
		{Name: "an unknown form", Value: postal(func(m *org.PostalInfo) { m.Type = "org" }), Path: "org:postalInfo/@type", Error: "int or loc"},
		{Name: "no name", Value: postal(func(m *org.PostalInfo) { m.Name = "" }), Path: "org:name", Error: "1 to 255 characters"},
		{
			Name: "a long name in update", Value: &org.Update{ID: "birch", Chg: &org.Chg{PostalInfo: []org.ChgPostalInfo{{Type: org.Int, Name: long}}}},
			Path: "org:name", Error: "1 to 255 characters",
		},
		{Name: "four lines", Value: postal(func(m *org.PostalInfo) { m.Addr.Street = make([]string, 4) }), Path: "org:street", Error: "3 times at most"},
		{Name: "a long line", Value: postal(func(m *org.PostalInfo) { m.Addr.Street = []string{long} }), Path: "org:street", Error: "0 to 255 characters"},
		{Name: "no city", Value: postal(func(m *org.PostalInfo) { m.Addr.City = "" }), Path: "org:city", Error: "1 to 255 characters"},
		{Name: "a long state", Value: postal(func(m *org.PostalInfo) { m.Addr.SP = &long }), Path: "org:sp", Error: "0 to 255 characters"},
		{Name: "a long code", Value: postal(func(m *org.PostalInfo) { m.Addr.PC = &long }), Path: "org:pc", Error: "0 to 16 characters"},
		{Name: "a country of three letters", Value: postal(func(m *org.PostalInfo) { m.Addr.CC = "FIN" }), Path: "org:cc", Error: "2 to 2 characters"},
		{
			Name: "a number without its dot", Value: least(func(m *org.InfData) { m.Voice = &org.Phone{Number: "+3582555123"} }),
			Path: "org:voice", Error: "telephone number",
		},
		{Name: "an email of white space", Value: least(func(m *org.InfData) { m.Email = " " }), Path: "org:email", Error: "must not be empty"},
		{
			Name: "an unknown type of contact", Value: least(func(m *org.InfData) { m.Contacts = []org.Contact{{Type: "legal", ID: "anna-1"}} }),
			Path: "org:contact/@type", Error: "or custom",
		},
		{
			Name: "a contact of 2 characters", Value: least(func(m *org.InfData) { m.Contacts = []org.Contact{{Type: org.Tech, ID: "ab"}} }),
			Path: "org:contact", Error: "3 to 16 characters",
		},
		{Name: "no creator", Value: least(func(m *org.InfData) { m.CrID = "" }), Path: "org:crID", Error: "3 to 16 characters"},
		{Name: "no date", Value: &org.CreData{ID: "birch"}, Path: "org:crDate", Error: "is missing"},
		{Name: "no svTRID", Value: &org.PanData{ID: "birch", PaDate: created}, Path: "svTRID", Error: "3 to 64 characters"},
		{
			Name: "panData of 2 characters", Value: &org.PanData{ID: "ab", PaTRID: epp.TrID{SvTRID: "TOOK-1"}, PaDate: created},
			Path: "org:id", Error: "3 to 16 characters",
		},
	})
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8543", org.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleCreate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &org.Create{ID: "birch", Roles: []org.Role{{Type: "reseller"}}, ParentID: "alder"},
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
	// <create>
	// <org:create xmlns:org="urn:ietf:params:xml:ns:epp:org-1.0">
	// <org:id>birch</org:id>
	// <org:role>
	// <org:type>reseller</org:type>
	// </org:role>
	// <org:parentId>alder</org:parentId>
	// </org:create>
	// </create>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
