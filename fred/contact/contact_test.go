package contact_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(contact.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<c:` + local + ` xmlns:c="` + contact.NS + `">` + content + `</c:` + local + `>`
}

// least is an InfData with nothing in it that may be left out.
func least(change func(*contact.InfData)) *contact.InfData {
	m := &contact.InfData{
		ID: "CID-ANNA", ROID: "C0000000071-CZ", ClID: "REG-ONE", CrID: "REG-TWO",
		CrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC),
	}
	change(m)
	return m
}

const (
	head  = `<c:id>CID-ANNA</c:id><c:roid>C0000000071-CZ</c:roid>`
	dates = `<c:clID>REG-ONE</c:clID><c:crID>REG-TWO</c:crID><c:crDate>2025-02-03T05:05:06+01:00</c:crDate>`
)

var rows = []epptest.Row{
	{
		Name: "CheckContact, command", XML: el("check", `<c:id>CID-ANNA</c:id><c:id>X</c:id>`),
		Value: &contact.Check{IDs: []string{"CID-ANNA", "X"}},
	},
	{
		Name: "CheckContact, answer", XML: el("chkData", `<c:cd><c:id avail="0">CID-ANNA</c:id>`+
			`<c:reason lang="cs">Již zaregistrováno někým jiným než Vámi</c:reason></c:cd><c:cd><c:id avail="1">X</c:id></c:cd>`),
		Value: &contact.ChkData{CD: []contact.CD{
			{ID: "CID-ANNA", Reason: &epp.Text{Lang: "cs", Text: "Již zaregistrováno někým jiným než Vámi"}},
			{ID: "X", Avail: true},
		}},
	},
	{Name: "InfoContact, command", XML: el("info", `<c:id>CID-ANNA</c:id>`), Value: &contact.Info{ID: "CID-ANNA"}},
	{
		Name: "InfoContact, with authInfo", XML: el("info", `<c:id>CID-ANNA</c:id><c:authInfo>Four5six</c:authInfo>`),
		Value: &contact.Info{ID: "CID-ANNA", AuthInfo: new(epp.Secret("Four5six"))},
	},
	{
		Name: "InfoContact, with an empty authInfo", XML: el("info", `<c:id>CID-ANNA</c:id><c:authInfo/>`),
		Value: &contact.Info{ID: "CID-ANNA", AuthInfo: new(epp.Secret(""))},
	},
	{
		Name: "InfoContact, all that may be hidden is", XML: el("infData", head+`<c:postalInfo/>`+dates),
		Value: least(func(*contact.InfData) {}),
	},
	{
		Name: "InfoContact, the address is hidden", XML: el("infData", head+`<c:postalInfo><c:name>Anna Malá</c:name><c:addr/></c:postalInfo>`+dates),
		Value: least(func(m *contact.InfData) {
			m.PostalInfo = contact.PostalInfo{Name: "Anna Malá", Addr: &contact.Addr{}}
		}),
	},
	{
		Name: "InfoContact, most", XML: el("infData", head+`<c:status s="linked">Je v použití</c:status><c:status s="identifiedContact"/>
		<c:postalInfo><c:name>Anna Malá</c:name><c:org>Malá s.r.o.</c:org><c:addr><c:street>Pod Mostem 4</c:street>
		<c:street>2. patro</c:street><c:city>Tábor</c:city><c:sp>Jih</c:sp><c:pc>39001</c:pc><c:cc>CZ</c:cc></c:addr></c:postalInfo>
		<c:voice>+420.381000001</c:voice><c:fax>+420.381000002</c:fax><c:email>anna@mala.example,info@mala.example</c:email>`+dates+
			`<c:upID>REG-ONE</c:upID><c:upDate>2025-03-04T05:06:07Z</c:upDate><c:trDate>2025-04-05T06:07:08Z</c:trDate>
		<c:authInfo>Four5six</c:authInfo><c:disclose flag="0"><c:addr/><c:voice/><c:fax/><c:email/><c:vat/><c:ident/>
		<c:notifyEmail/></c:disclose><c:vat>CZ0000777</c:vat><c:ident type="ico">0000777</c:ident>
		<c:notifyEmail>dns@mala.example</c:notifyEmail>`),
		Value: least(func(m *contact.InfData) {
			m.Status = []epp.Status{{S: "linked", Text: "Je v použití"}, {S: "identifiedContact"}}
			m.PostalInfo = contact.PostalInfo{
				Name: "Anna Malá", Org: new("Malá s.r.o."),
				Addr: &contact.Addr{
					Street: []string{"Pod Mostem 4", "2. patro"},
					City:   "Tábor", SP: new("Jih"), PC: new("39001"), CC: "CZ",
				},
			}
			m.Voice, m.Fax = new("+420.381000001"), new("+420.381000002")
			m.Email = []string{"anna@mala.example", "info@mala.example"}
			m.UpID, m.UpDate = "REG-ONE", time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)
			m.TrDate = time.Date(2025, 4, 5, 6, 7, 8, 0, time.UTC)
			m.AuthInfo = new(epp.Secret("Four5six"))
			m.Disclose = &contact.Disclose{Addr: true, Voice: true, Fax: true, Email: true, VAT: true, Ident: true, NotifyEmail: true}
			m.VAT, m.Ident = new("CZ0000777"), &contact.Ident{Type: contact.IdentICO, Text: "0000777"}
			m.NotifyEmail = []string{"dns@mala.example"}
		}),
	},
	{
		Name: "InfoContact, what may be empty is not absent", XML: el("infData", head+`<c:postalInfo><c:org/><c:addr><c:street/><c:street/>
		<c:sp/><c:pc/></c:addr></c:postalInfo><c:voice/><c:fax/>`+dates+`<c:authInfo/><c:disclose flag="1"/><c:vat/><c:ident type="op"/>`),
		Value: least(func(m *contact.InfData) {
			m.PostalInfo = contact.PostalInfo{
				Org: new(""), Addr: &contact.Addr{Street: []string{"", ""}, SP: new(""), PC: new("")},
			}
			m.Voice, m.Fax, m.AuthInfo, m.VAT = new(""), new(""), new(epp.Secret("")), new("")
			m.Disclose, m.Ident = &contact.Disclose{Flag: true}, &contact.Ident{Type: contact.IdentOP}
		}),
	},
	{
		Name: "SendAuthInfoContact, answer", XML: el("sendAuthInfoData", `<c:email>a*****@m*****.*,i*****@m*****.*</c:email>`),
		Value: &contact.SendAuthInfoData{Email: []string{"a*****@m*****.*", "i*****@m*****.*"}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	sent := func(email ...string) *contact.SendAuthInfoData { return &contact.SendAuthInfoData{Email: email} }
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &contact.Check{}, Path: "contact:id", Error: "is missing"},
		{Name: "an empty handle", Value: &contact.Info{}, Path: "contact:id", Error: "1 to 63"},
		{Name: "a handle of 64 characters", Value: &contact.Info{ID: strings.Repeat("X", 64)}, Path: "contact:id", Error: "1 to 63"},
		{
			Name: "an authInfo of 301 characters", Value: &contact.Info{ID: "X", AuthInfo: new(epp.Secret(strings.Repeat("X", 301)))},
			Path: "contact:authInfo", Error: "0 to 300",
		},
		{Name: "no dates", Value: least(func(m *contact.InfData) { m.CrDate = time.Time{} }), Path: "contact:crDate", Error: "is missing"},
		{Name: "a telephone number in words", Value: least(func(m *contact.InfData) { m.Fax = new("ask Anna") }), Path: "contact:fax", Error: "telephone number"},
		{
			Name: "an empty list of addresses", Value: least(func(m *contact.InfData) { m.NotifyEmail = []string{} }),
			Path: "contact:notifyEmail", Error: "is missing",
		},
		{
			Name: "an unknown document", Value: least(func(m *contact.InfData) { m.Ident = &contact.Ident{Type: "library"} }),
			Path: "contact:ident/@type", Error: "op, passport",
		},
		{Name: "sent to nobody", Value: sent(), Path: "contact:email", Error: "is missing"},
		{Name: "an address with a comma", Value: sent("a@b.example,c@d.example"), Path: "contact:email", Error: "no address"},
		{Name: "an address with a space", Value: sent("anna mala@b.example"), Path: "contact:email", Error: "no address"},
		{Name: "321 characters of addresses", Value: sent("a@"+strings.Repeat("b", 309)+".example", "x@y"), Path: "contact:email", Error: "320"},
	})
}

// A list is cut at its commas, whatever white space is around its items.
func TestEmailLists(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"a@b.example", []string{"a@b.example"}},
		{"\n\t a@b.example,c@d.example \n", []string{"a@b.example", "c@d.example"}},
		{" a@b.example , c@d.example,", []string{"a@b.example", "c@d.example"}},
		{"", []string{}},
		{" , ", []string{}},
	} {
		raw, err := epp.NewRaw([]byte(el("sendAuthInfoData", "<c:email>"+tt.text+"</c:email>")))
		require.NoError(t, err)
		var got contact.SendAuthInfoData
		require.NoError(t, raw.Decode(set(t), &got))
		require.Equal(t, tt.want, got.Email)
	}
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleInfData() {
	set, err := epp.NewSchema(contact.Extension())
	if err != nil {
		panic(err)
	}
	m, err := set.Parse([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response>
		<result code="1000"><msg>Done</msg></result>
		<resData><contact:infData xmlns:contact="http://www.nic.cz/xml/epp/contact-1.6">
			<contact:id>CID-ANNA</contact:id>
			<contact:postalInfo><contact:name>Anna Malá</contact:name><contact:addr/></contact:postalInfo>
			<contact:email>anna@mala.example,info@mala.example</contact:email>
		</contact:infData></resData>
		<trID><svTRID>ReqID-0000000777</svTRID></trID>
	</response></epp>`))
	if err != nil {
		panic(err)
	}
	data := m.(*epp.Response).ResData[0].(*contact.InfData)
	fmt.Println(data.ID, data.PostalInfo.Name)
	for _, email := range data.Email {
		fmt.Println(email)
	}
	// Output:
	// CID-ANNA Anna Malá
	// anna@mala.example
	// info@mala.example
}
