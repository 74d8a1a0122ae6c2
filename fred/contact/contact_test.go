package contact_test

import (
	"fmt"
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

// address is what addr says.
func address() *contact.Addr {
	return &contact.Addr{Street: []string{"Pod Mostem 4"}, City: "Tábor", PC: new("39001"), CC: "CZ"}
}

const (
	head  = `<c:id>CID-ANNA</c:id><c:roid>C0000000071-CZ</c:roid>`
	addr  = `<c:addr><c:street>Pod Mostem 4</c:street><c:city>Tábor</c:city><c:pc>39001</c:pc><c:cc>CZ</c:cc></c:addr>`
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
		Name: "CreateContact, least", XML: el("create", `<c:id>Anna-1-x</c:id><c:postalInfo><c:name>Anna Malá</c:name>`+addr+`</c:postalInfo><c:email>anna@mala.example</c:email>`),
		Value: &contact.Create{
			ID: "Anna-1-x", PostalInfo: contact.PostalInfo{Name: "Anna Malá", Addr: address()}, Email: []string{"anna@mala.example"},
		},
	},
	{
		Name: "CreateContact, most", XML: el("create", `<c:id>CID-ANNA</c:id><c:postalInfo><c:name>Anna Malá</c:name><c:org>Malá s.r.o.</c:org>
		<c:addr><c:street>Pod Mostem 4</c:street><c:street/><c:street>2. patro</c:street><c:city>Tábor</c:city><c:sp>Jih</c:sp><c:pc>39001</c:pc><c:cc>CZ</c:cc></c:addr></c:postalInfo>
		<c:voice>+420.381000001</c:voice><c:fax>+420.381000002</c:fax><c:email>anna@mala.example,info@mala.example</c:email>
		<c:authInfo>Four5six</c:authInfo><c:disclose flag="1"><c:voice/><c:fax/><c:email/><c:vat/><c:ident/><c:notifyEmail/></c:disclose>
		<c:vat>CZ0000777</c:vat><c:ident type="birthday">1971-02-03</c:ident><c:notifyEmail>dns@mala.example</c:notifyEmail>`),
		Value: &contact.Create{
			ID: "CID-ANNA",
			PostalInfo: contact.PostalInfo{Name: "Anna Malá", Org: new("Malá s.r.o."), Addr: &contact.Addr{
				Street: []string{"Pod Mostem 4", "", "2. patro"}, City: "Tábor", SP: new("Jih"), PC: new("39001"), CC: "CZ",
			}},
			Voice: new("+420.381000001"), Fax: new("+420.381000002"), Email: []string{"anna@mala.example", "info@mala.example"},
			AuthInfo: new(epp.Secret("Four5six")),
			Disclose: &contact.Disclose{Flag: true, Voice: true, Fax: true, Email: true, VAT: true, Ident: true, NotifyEmail: true},
			VAT:      new("CZ0000777"), Ident: &contact.Ident{Type: contact.IdentBirthday, Text: "1971-02-03"},
			NotifyEmail: []string{"dns@mala.example"},
		},
	},
	{
		Name: "CreateContact, answer", XML: el("creData", `<c:id>CID-ANNA</c:id><c:crDate>2025-02-03T05:05:06+01:00</c:crDate>`),
		Value: &contact.CreData{ID: "CID-ANNA", CrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)},
	},
	{Name: "DeleteContact", XML: el("delete", `<c:id>CID-ANNA</c:id>`), Value: &contact.Delete{ID: "CID-ANNA"}},
	{
		Name: "TransferContact", XML: el("transfer", `<c:id>CID-ANNA</c:id><c:authInfo>Four5six</c:authInfo>`), Op: epp.TransferRequest,
		Value: &contact.Transfer{Op: epp.TransferRequest, ID: "CID-ANNA", AuthInfo: "Four5six"},
	},
	{
		Name: "TransferContact, an operation that FRED refuses", XML: el("transfer", `<c:id>CID-ANNA</c:id><c:authInfo/>`), Op: epp.TransferQuery,
		Value: &contact.Transfer{Op: epp.TransferQuery, ID: "CID-ANNA"},
	},
	{Name: "UpdateContact, extended alone", XML: el("update", `<c:id>CID-ANNA</c:id>`), Value: &contact.Update{ID: "CID-ANNA"}},
	{Name: "UpdateContact, an empty chg", XML: el("update", `<c:id>CID-ANNA</c:id><c:chg/>`), Value: &contact.Update{ID: "CID-ANNA", Chg: &contact.Chg{}}},
	{
		Name: "UpdateContact, an address alone", XML: el("update", `<c:id>CID-ANNA</c:id><c:chg><c:postalInfo>`+addr+`</c:postalInfo></c:chg>`),
		Value: &contact.Update{ID: "CID-ANNA", Chg: &contact.Chg{PostalInfo: &contact.PostalInfo{Addr: address()}}},
	},
	{
		Name: "UpdateContact, most", XML: el("update", `<c:id>CID-ANNA</c:id><c:chg><c:postalInfo><c:name>Anna Velká</c:name><c:org>Velká a.s.</c:org>`+addr+`</c:postalInfo>
		<c:voice>+420.381000003</c:voice><c:fax>+420.381000004</c:fax><c:email>anna@velka.example</c:email><c:authInfo>Six7eight</c:authInfo>
		<c:disclose flag="0"><c:addr/><c:notifyEmail/></c:disclose><c:vat>CZ0000778</c:vat><c:ident type="mpsv">0000778</c:ident>
		<c:notifyEmail>dns@velka.example,a@velka.example</c:notifyEmail></c:chg>`),
		Value: &contact.Update{ID: "CID-ANNA", Chg: &contact.Chg{
			PostalInfo: &contact.PostalInfo{Name: "Anna Velká", Org: new("Velká a.s."), Addr: address()},
			Voice:      new("+420.381000003"), Fax: new("+420.381000004"), Email: []string{"anna@velka.example"},
			AuthInfo: new(epp.Secret("Six7eight")), Disclose: &contact.Disclose{Addr: true, NotifyEmail: true},
			VAT: new("CZ0000778"), Ident: &contact.Ident{Type: contact.IdentMPSV, Text: "0000778"},
			NotifyEmail: []string{"dns@velka.example", "a@velka.example"},
		}},
	},
	{
		Name: "UpdateContact, what is removed", XML: el("update", `<c:id>CID-ANNA</c:id><c:chg><c:postalInfo><c:org/></c:postalInfo>
		<c:voice/><c:fax/><c:authInfo/><c:disclose flag="1"/><c:vat/><c:ident/><c:notifyEmail/></c:chg>`),
		Value: &contact.Update{ID: "CID-ANNA", Chg: &contact.Chg{
			PostalInfo: &contact.PostalInfo{Org: new("")}, Voice: new(""), Fax: new(""), AuthInfo: new(epp.Secret("")),
			Disclose: &contact.Disclose{Flag: true}, VAT: new(""), Ident: &contact.Ident{}, NotifyEmail: []string{},
		}},
	},
	{Name: "Schema 2.4.7, list", XML: el("list", ``), Value: &contact.List{}},
	{Name: "Schema 2.4.7, listData of nothing", XML: el("listData", ``), Value: &contact.ListData{}},
	{
		Name: "Schema 2.4.7, listData", XML: el("listData", `<c:id>CID-ANNA</c:id><c:id>X</c:id>`),
		Value: &contact.ListData{IDs: []string{"CID-ANNA", "X"}},
	},
	{
		Name: "MessageTypes, transfer", XML: el("trnData", `<c:id>CID-ANNA</c:id><c:trDate>2025-04-05</c:trDate><c:clID>REG-TWO</c:clID>`),
		Value: &contact.TrnData{ID: "CID-ANNA", TrDate: time.Date(2025, 4, 5, 0, 0, 0, 0, time.UTC), ClID: "REG-TWO"},
	},
	{
		Name: "MessageTypes, idle contact", XML: el("idleDelData", `<c:id>CID-ANNA</c:id>`),
		Value: &contact.IdleDelData{ID: "CID-ANNA"},
	},
	{
		Name: "MessageTypes, update", XML: el("updateData", `<c:opTRID>ReqID-0000000777</c:opTRID>
		<c:oldData><c:infData>`+head+`<c:postalInfo/>`+dates+`</c:infData></c:oldData>
		<c:newData><c:infData>`+head+`<c:postalInfo><c:name>Anna Velká</c:name></c:postalInfo>`+dates+`</c:infData></c:newData>`),
		Value: &contact.UpdateData{
			OpTRID: "ReqID-0000000777", OldData: *least(func(*contact.InfData) {}),
			NewData: *least(func(m *contact.InfData) { m.PostalInfo.Name = "Anna Velká" }),
		},
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

func TestCorpus(t *testing.T) { epptest.Folders(t, set(t), contact.NS, "fred-docs", "fred-commands") }

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
