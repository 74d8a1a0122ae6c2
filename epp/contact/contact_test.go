package contact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(contact.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<c:` + local + ` xmlns:c="` + contact.NS + `">` + content + `</c:` + local + `>`
}

var created = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)

// least is an InfData with nothing in it that may be left out.
func least(change func(*contact.InfData)) *contact.InfData {
	m := &contact.InfData{
		ID: "anna-1", ROID: "ANNA1-TEST",
		Status: []epp.Status{{S: "ok"}},
		PostalInfo: []contact.PostalInfo{{
			Type: contact.Int, Name: "Anna Lind", Addr: contact.Addr{City: "Turku", CC: "FI"},
		}},
		Email: "anna@lind.example", ClID: "RegOne", CrID: "RegTwo", CrDate: created,
	}
	change(m)
	return m
}

const (
	head  = `<c:id>anna-1</c:id><c:roid>ANNA1-TEST</c:roid><c:status s="ok"/>`
	post  = `<c:postalInfo type="int"><c:name>Anna Lind</c:name><c:addr><c:city>Turku</c:city><c:cc>FI</c:cc></c:addr></c:postalInfo>`
	mail  = `<c:email>anna@lind.example</c:email>`
	dates = `<c:clID>RegOne</c:clID><c:crID>RegTwo</c:crID><c:crDate>2025-02-03T04:05:06Z</c:crDate>`
)

var rows = []epptest.Row{
	{
		Name: "RFC 5733, 3.1.1 check", XML: el("check", `<c:id>anna-1</c:id><c:id>otto-2</c:id>`),
		Value: &contact.Check{IDs: []string{"anna-1", "otto-2"}},
	},
	{
		Name: "RFC 5733, 3.1.1 chkData", XML: el("chkData", `<c:cd><c:id avail="1">anna-1</c:id></c:cd>`+
			`<c:cd><c:id avail="0">otto-2</c:id><c:reason lang="fi">Varattu</c:reason></c:cd>`),
		Value: &contact.ChkData{CD: []contact.CD{
			{ID: "anna-1", Avail: true},
			{ID: "otto-2", Reason: &epp.Reason{Lang: "fi", Text: "Varattu"}},
		}},
	},
	{Name: "RFC 5733, 3.1.2 info", XML: el("info", `<c:id>anna-1</c:id>`), Value: &contact.Info{ID: "anna-1"}},
	{
		Name: "RFC 5733, 3.1.2 info with authInfo", XML: el("info", `<c:id>anna-1</c:id><c:authInfo><c:pw roid="ANNA1-TEST">Four-5-six</c:pw></c:authInfo>`),
		Value: &contact.Info{ID: "anna-1", AuthInfo: &epp.AuthInfo{PW: "Four-5-six", ROID: "ANNA1-TEST"}},
	},
	{
		Name: "RFC 5733, 3.1.2 info with an empty authInfo", XML: el("info", `<c:id>anna-1</c:id><c:authInfo><c:pw/></c:authInfo>`),
		Value: &contact.Info{ID: "anna-1", AuthInfo: &epp.AuthInfo{}},
	},
	{Name: "RFC 5733, 3.1.2 infData, least", XML: el("infData", head+post+mail+dates), Value: least(func(*contact.InfData) {})},
	{
		Name: "RFC 5733, 3.1.2 infData, most", XML: el("infData", `<c:id>anna-1</c:id><c:roid>ANNA1-TEST</c:roid>
		<c:status s="linked"/><c:status s="clientDeleteProhibited" lang="en">Asked  by phone</c:status>
		<c:postalInfo type="int"><c:name>Anna Lind</c:name><c:org>Lind &amp; Daughter</c:org><c:addr>
			<c:street>Quay 4</c:street><c:street>Floor 2</c:street><c:street>Left door</c:street>
			<c:city>Turku</c:city><c:sp>Southwest</c:sp><c:pc>20100</c:pc><c:cc>FI</c:cc></c:addr></c:postalInfo>
		<c:postalInfo type="loc"><c:name>Änna Lind</c:name><c:org>Lind &amp; tytär</c:org><c:addr>
			<c:city>Åbo</c:city><c:cc>FI</c:cc></c:addr></c:postalInfo>
		<c:voice x="12">+358.2555123</c:voice><c:fax>+358.2555124</c:fax>`+mail+dates+
			`<c:upID>RegThree</c:upID><c:upDate>2025-03-04T05:06:07.5Z</c:upDate><c:trDate>2025-04-05T06:07:08Z</c:trDate>
		<c:authInfo><c:pw>Four-5-six</c:pw></c:authInfo>
		<c:disclose flag="0"><c:name type="int"/><c:name type="loc"/><c:org type="loc"/><c:addr type="int"/>
			<c:voice/><c:fax/><c:email/></c:disclose>`),
		Value: &contact.InfData{
			ID: "anna-1", ROID: "ANNA1-TEST",
			Status: []epp.Status{
				{S: "linked"}, {S: "clientDeleteProhibited", Lang: "en", Text: "Asked  by phone"},
			},
			PostalInfo: []contact.PostalInfo{{
				Type: contact.Int, Name: "Anna Lind", Org: new("Lind & Daughter"),
				Addr: contact.Addr{
					Street: []string{"Quay 4", "Floor 2", "Left door"},
					City:   "Turku", SP: new("Southwest"), PC: new("20100"), CC: "FI",
				},
			}, {
				Type: contact.Loc, Name: "Änna Lind", Org: new("Lind & tytär"),
				Addr: contact.Addr{City: "Åbo", CC: "FI"},
			}},
			Voice: &contact.Phone{Number: "+358.2555123", X: new("12")}, Fax: &contact.Phone{Number: "+358.2555124"},
			Email: "anna@lind.example", ClID: "RegOne", CrID: "RegTwo", CrDate: created,
			UpID: "RegThree", UpDate: time.Date(2025, 3, 4, 5, 6, 7, 5e8, time.UTC),
			TrDate:   time.Date(2025, 4, 5, 6, 7, 8, 0, time.UTC),
			AuthInfo: &epp.AuthInfo{PW: "Four-5-six"},
			Disclose: &contact.Disclose{
				Name: []contact.IntLoc{contact.Int, contact.Loc}, Org: []contact.IntLoc{contact.Loc},
				Addr: []contact.IntLoc{contact.Int}, Voice: true, Fax: true, Email: true,
			},
		},
	},
	{
		Name: "RFC 5733, 4: what may be empty is not absent", XML: el("infData", head+`<c:postalInfo type="int"><c:name>Anna Lind</c:name><c:org/>
		<c:addr><c:street/><c:street>Quay  4 </c:street><c:city>Turku</c:city><c:sp/><c:pc/><c:cc>FI</c:cc></c:addr></c:postalInfo>
		<c:voice/><c:fax x="7"/>`+mail+dates+`<c:disclose flag="1"/>`),
		Value: least(func(m *contact.InfData) {
			m.PostalInfo[0].Org = new("")
			m.PostalInfo[0].Addr = contact.Addr{
				Street: []string{"", "Quay  4 "}, City: "Turku", SP: new(""), PC: new(""), CC: "FI",
			}
			m.Voice, m.Fax = &contact.Phone{}, &contact.Phone{X: new("7")}
			m.Disclose = &contact.Disclose{Flag: true}
		}),
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &contact.Check{}, Path: "contact:id", Error: "is missing"},
		{Name: "RFC 5733, 2.1: an identifier of 2 characters", Value: &contact.Check{IDs: []string{"ab"}}, Path: "contact:id", Error: "3 to 16 characters"},
		{Name: "RFC 5733, 2.1: an identifier of 17", Value: &contact.Info{ID: "abcdefghijklmnopq"}, Path: "contact:id", Error: "3 to 16 characters"},
		{Name: "chkData of nothing", Value: &contact.ChkData{}, Path: "contact:cd", Error: "is missing"},
		{Name: "chkData of an identifier of 2", Value: &contact.ChkData{CD: []contact.CD{{ID: "ab"}}}, Path: "contact:id", Error: "3 to 16"},
		{Name: "info of nobody", Value: &contact.Info{}, Path: "contact:id", Error: "3 to 16"},
		{Name: "infData of nobody", Value: least(func(m *contact.InfData) { m.ID = "" }), Path: "contact:id", Error: "3 to 16"},
		{Name: "nobody's roid", Value: least(func(m *contact.InfData) { m.ROID = "ANNA1" }), Path: "contact:roid", Error: "repository object identifier"},
		{Name: "no sponsor", Value: least(func(m *contact.InfData) { m.ClID = "" }), Path: "contact:clID", Error: "3 to 16"},
		{Name: "no creator", Value: least(func(m *contact.InfData) { m.CrID = "" }), Path: "contact:crID", Error: "3 to 16"},
		{Name: "no status", Value: least(func(m *contact.InfData) { m.Status = nil }), Path: "contact:status", Error: "is missing"},
		{Name: "no postalInfo", Value: least(func(m *contact.InfData) { m.PostalInfo = nil }), Path: "contact:postalInfo", Error: "is missing"},
		{
			Name: "three forms", Value: least(func(m *contact.InfData) { m.PostalInfo = slices.Repeat(m.PostalInfo, 3) }),
			Path: "contact:postalInfo", Error: "2 times at most",
		},
		{
			Name: "four lines", Value: least(func(m *contact.InfData) { m.PostalInfo[0].Addr.Street = make([]string, 4) }),
			Path: "contact:street", Error: "3 times at most",
		},
		{
			Name: "a long line", Value: least(func(m *contact.InfData) { m.PostalInfo[0].Addr.Street = []string{long} }),
			Path: "contact:street", Error: "0 to 255 characters",
		},
		{Name: "no name", Value: least(func(m *contact.InfData) { m.PostalInfo[0].Name = "" }), Path: "contact:name", Error: "1 to 255 characters"},
		{
			Name: "RFC 5733, 2.4.3: a country of three letters", Value: least(func(m *contact.InfData) { m.PostalInfo[0].Addr.CC = "FIN" }),
			Path: "contact:cc", Error: "2 to 2 characters",
		},
		{
			Name: "RFC 5733, 2.5: a number without its dot", Value: least(func(m *contact.InfData) { m.Voice = &contact.Phone{Number: "+3582555123"} }),
			Path: "contact:voice", Error: "telephone number",
		},
		{Name: "no email", Value: least(func(m *contact.InfData) { m.Email = "" }), Path: "contact:email", Error: "must not be empty"},
		{
			Name: "an unknown form", Value: least(func(m *contact.InfData) { m.Disclose = &contact.Disclose{Org: []contact.IntLoc{"org"}} }),
			Path: "contact:org/@type", Error: "int or loc",
		},
		{Name: "a character that XML can't hold", Value: least(func(m *contact.InfData) { m.Email = "a\x00b" }), Path: "contact:email", Error: "XML does not allow"},
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), slices.Concat(rows, transforms)) }

func ExampleInfo() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &contact.Info{ID: "anna-1", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}},
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
	// <info>
	// <contact:info xmlns:contact="urn:ietf:params:xml:ns:contact-1.0">
	// <contact:id>anna-1</contact:id>
	// <contact:authInfo>
	// <contact:pw>Four-5-six</contact:pw>
	// </contact:authInfo>
	// </contact:info>
	// </info>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
