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

func TestRefused(t *testing.T) {
	create := func(change func(*contact.Create)) *contact.Create {
		m := &contact.Create{
			ID: "CID-ANNA", PostalInfo: contact.PostalInfo{Name: "Anna Malá", Addr: address()}, Email: []string{"anna@mala.example"},
		}
		change(m)
		return m
	}
	update := func(chg contact.Chg) *contact.Update { return &contact.Update{ID: "CID-ANNA", Chg: &chg} }
	long := strings.Repeat("x", 256)
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
		{Name: "a new handle of 31 characters", Value: create(func(m *contact.Create) { m.ID = long[:31] }), Path: "contact:id", Error: "1 to 30"},
		{Name: "a new handle with two hyphens in a row", Value: create(func(m *contact.Create) { m.ID = "CID--A" }), Path: "contact:id", Error: "single hyphens"},
		{Name: "a new handle that ends in a hyphen", Value: create(func(m *contact.Create) { m.ID = "CID-" }), Path: "contact:id", Error: "single hyphens"},
		{Name: "a new handle with a letter of its own", Value: create(func(m *contact.Create) { m.ID = "CID-Á" }), Path: "contact:id", Error: "single hyphens"},
		{Name: "a new contact without a name", Value: create(func(m *contact.Create) { m.PostalInfo.Name = "" }), Path: "contact:postalInfo/contact:name", Error: "is missing"},
		{Name: "a new contact without an address", Value: create(func(m *contact.Create) { m.PostalInfo.Addr = nil }), Path: "contact:postalInfo/contact:addr", Error: "is missing"},
		{Name: "an address without a street", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.Street = nil }), Path: "contact:addr/contact:street", Error: "is missing"},
		{Name: "an address without a city", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.City = "" }), Path: "contact:addr/contact:city", Error: "is missing"},
		{Name: "an address without a postal code", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.PC = nil }), Path: "contact:addr/contact:pc", Error: "is missing"},
		{Name: "an address without a country", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.CC = "" }), Path: "contact:addr/contact:cc", Error: "is missing"},
		{
			Name: "four lines of a street", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.Street = make([]string, 4) }),
			Path: "contact:addr/contact:street", Error: "3 times",
		},
		{
			Name: "a line of 256 characters", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.Street = []string{long} }),
			Path: "contact:addr/contact:street", Error: "0 to 255",
		},
		{Name: "a city of 256 characters", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.City = long }), Path: "contact:addr/contact:city", Error: "1 to 255"},
		{Name: "a long postal code", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.PC = new(long[:17]) }), Path: "contact:addr/contact:pc", Error: "0 to 16"},
		{Name: "a country of three letters", Value: create(func(m *contact.Create) { m.PostalInfo.Addr.CC = "CZE" }), Path: "contact:addr/contact:cc", Error: "2 to 2"},
		{Name: "a long organization", Value: create(func(m *contact.Create) { m.PostalInfo.Org = new(long) }), Path: "contact:postalInfo/contact:org", Error: "0 to 255"},
		{Name: "a new contact that nobody can write to", Value: create(func(m *contact.Create) { m.Email = nil }), Path: "contact:email", Error: "is missing"},
		{
			Name: "a new contact that hides its address", Value: create(func(m *contact.Create) { m.Disclose = &contact.Disclose{Addr: true} }),
			Path: "contact:disclose", Error: "addr",
		},
		{Name: "a long VAT number", Value: create(func(m *contact.Create) { m.VAT = new(long[:21]) }), Path: "contact:vat", Error: "0 to 20"},
		{
			Name: "a long number of a document", Value: create(func(m *contact.Create) { m.Ident = &contact.Ident{Type: contact.IdentOP, Text: long[:33]} }),
			Path: "contact:ident", Error: "0 to 32",
		},
		{Name: "a document of no kind", Value: create(func(m *contact.Create) { m.Ident = &contact.Ident{} }), Path: "contact:ident/@type", Error: "op, passport"},
		{Name: "a change to a document of an unknown kind", Value: update(contact.Chg{Ident: &contact.Ident{Type: "library"}}), Path: "contact:ident/@type", Error: "op, passport"},
		{
			Name: "a change of the city alone", Value: update(contact.Chg{PostalInfo: &contact.PostalInfo{Addr: &contact.Addr{City: "Tábor"}}}),
			Path: "contact:addr/contact:street", Error: "is missing",
		},
		{Name: "a change to no e-mail address", Value: update(contact.Chg{Email: []string{}}), Path: "contact:chg/contact:email", Error: "is missing"},
		{
			Name: "a transfer without its operation", Value: &contact.Transfer{ID: "CID-ANNA"},
			Path: "transfer/@op", Error: "approve, cancel",
		},
		{
			Name: "an authInfo of 301 characters in a transfer", Op: epp.TransferRequest,
			Value: &contact.Transfer{ID: "CID-ANNA", AuthInfo: epp.Secret(strings.Repeat("x", 301))},
			Path:  "contact:authInfo", Error: "0 to 300",
		},
		{Name: "a new sponsor of two characters", Value: &contact.TrnData{ID: "X", TrDate: time.Unix(0, 0), ClID: "AB"}, Path: "contact:clID", Error: "3 to 16"},
		{Name: "15 statuses", Value: least(func(m *contact.InfData) { m.Status = make([]epp.Status, 15) }), Path: "contact:status", Error: "14 times"},
		{
			Name: "an unknown status", Value: least(func(m *contact.InfData) { m.Status = []epp.Status{{S: "clientHold"}} }),
			Path: "contact:status", Error: "not one that the mapping has",
		},
		{Name: "a change of nobody's", Value: &contact.UpdateData{OpTRID: "R1"}, Path: "contact:opTRID", Error: "3 to 64"},
		{
			Name: "a change from nothing", Value: &contact.UpdateData{OpTRID: "ReqID-1"},
			Path: "contact:oldData/contact:infData/contact:id", Error: "1 to 63",
		},
		{Name: "sent to nobody", Value: sent(), Path: "contact:email", Error: "is missing"},
		{Name: "an address with a comma", Value: sent("a@b.example,c@d.example"), Path: "contact:email", Error: "no address"},
		{Name: "an address with a space", Value: sent("anna mala@b.example"), Path: "contact:email", Error: "no address"},
		{Name: "321 characters of addresses", Value: sent("a@"+strings.Repeat("b", 309)+".example", "x@y"), Path: "contact:email", Error: "320"},
	})
}

// Within a message any content is allowed, so a strict reading must not stop there.
// What is in front of a queue is read even when it is not what the schema says.
func TestOddMessages(t *testing.T) {
	poll := func(content string) string {
		return `<epp xmlns="` + epp.NS + `"><response><result code="1301"><msg>Ack</msg></result><msgQ count="1" id="7"><msg>` +
			content + `</msg></msgQ><trID><svTRID>ReqID-0000000778</svTRID></trID></response></epp>`
	}
	infData := func(name string) string {
		return head + `<c:postalInfo><c:name>` + name + `</c:name></c:postalInfo>` + dates
	}
	day := time.Date(2025, 4, 5, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, xml string
		want      epp.Element
	}{
		{
			"a day of transfer with a time", el("trnData", `<c:id>CID-ANNA</c:id><c:trDate>2025-04-05T10:11:12+02:00</c:trDate><c:clID>REG-TWO</c:clID>`),
			&contact.TrnData{ID: "CID-ANNA", TrDate: day, ClID: "REG-TWO"},
		},
		{
			"an update without the elements around its data", el("updateData", `<c:opTRID>ReqID-0000000777</c:opTRID>
			<c:oldData>`+infData("Anna Malá")+`</c:oldData><c:newData>`+infData("Anna Velká")+`</c:newData>`),
			&contact.UpdateData{
				OpTRID: "ReqID-0000000777", OldData: *least(func(m *contact.InfData) { m.PostalInfo.Name = "Anna Malá" }),
				NewData: *least(func(m *contact.InfData) { m.PostalInfo.Name = "Anna Velká" }),
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := set(t).ParseStrict([]byte(poll(tt.xml)))
			require.NoError(t, err)
			require.Equal(t, []epp.Element{tt.want}, m.(*epp.Response).MsgQ.Msg.Elements)
		})
	}
	t.Run("strictly, the elements must be there", func(t *testing.T) {
		_, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg>Done</msg></result><resData>` +
			el("updateData", `<c:opTRID>ReqID-0000000777</c:opTRID><c:oldData>`+infData("Anna Malá")+`</c:oldData><c:newData>`+infData("Anna Malá")+`</c:newData>`) +
			`</resData><trID><svTRID>ReqID-0000000778</svTRID></trID></response></epp>`))
		var field *epp.FieldError
		require.ErrorAs(t, err, &field)
		require.ErrorIs(t, err, epp.ErrMissing)
		require.Contains(t, field.Path+"$", "contact:oldData/contact:infData$")
	})
}

// No verb of package fmt shows an authInfo, not even where it does not fit.
func TestSecrets(t *testing.T) {
	const secret = "Four5six"
	for _, v := range []any{
		contact.Transfer{ID: "CID-ANNA", AuthInfo: secret},
		&epp.Command{Request: &contact.Transfer{ID: "CID-ANNA", AuthInfo: secret}},
		&epp.Command{Request: &contact.Create{AuthInfo: new(epp.Secret(secret))}},
		&epp.Command{Request: &contact.Update{Chg: &contact.Chg{AuthInfo: new(epp.Secret(secret))}}},
		&epp.Command{Request: &contact.Info{AuthInfo: new(epp.Secret(secret))}},
		[]epp.Element{&contact.InfData{AuthInfo: new(epp.Secret(secret))}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q", "%t"} {
			require.NotContains(t, fmt.Sprintf(verb, v), secret, verb)
		}
	}
}

// What breaks a rule of the schema is read as far as it can be understood, but not
// strictly.
func TestStrict(t *testing.T) {
	chg := func(content string) string { return el("update", `<c:id>CID-ANNA</c:id><c:chg>`+content+`</c:chg>`) }
	create := func(id, postalInfo, rest string) string {
		return el("create", `<c:id>`+id+`</c:id><c:postalInfo>`+postalInfo+`</c:postalInfo><c:email>anna@mala.example</c:email>`+rest)
	}
	const anna = `<c:name>Anna Malá</c:name>`
	for _, tt := range []struct{ name, verb, xml, path string }{
		{"an address without a host", "update", chg(`<c:email>anna@</c:email>`), "chg/contact:email"},
		{"an address with two hosts", "update", chg(`<c:notifyEmail>a@b@c</c:notifyEmail>`), "chg/contact:notifyEmail"},
		{"an address of too many characters", "update", chg(`<c:email>` + strings.Repeat("a", 65) + `@b</c:email>`), "chg/contact:email"},
		{"an empty name", "update", chg(`<c:postalInfo><c:name/></c:postalInfo>`), "postalInfo/contact:name"},
		{"a part of an address", "update", chg(`<c:postalInfo><c:addr><c:street/><c:city>Tábor</c:city><c:cc>CZ</c:cc></c:addr></c:postalInfo>`), "addr/contact:pc"},
		{"a document of no kind", "update", chg(`<c:ident type="">1</c:ident>`), "ident/@type"},
		{"a telephone number in words", "update", chg(`<c:voice>ask Anna</c:voice>`), "chg/contact:voice"},
		{"a handle with an underscore", "create", create("CID_A", anna+addr, ""), "contact:id"},
		{"a new contact without an address", "create", create("CID-A", anna, ""), "postalInfo/contact:addr"},
		{"a new contact without a name", "create", create("CID-A", addr, ""), "postalInfo/contact:name"},
		{"a new contact that discloses its address", "create", create("CID-A", anna+addr, `<c:disclose flag="1"><c:addr/></c:disclose>`), "contact:disclose"},
		{"a transfer without authInfo", "transfer", el("transfer", `<c:id>CID-ANNA</c:id>`), "contact:authInfo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			verb := tt.verb
			if verb == "transfer" {
				verb = `transfer op="request"`
			}
			frame := []byte(`<epp xmlns="` + epp.NS + `"><command><` + verb + `>` + tt.xml + `</` + tt.verb + `></command></epp>`)
			_, err := set(t).Parse(frame)
			require.NoError(t, err)
			_, err = set(t).ParseStrict(frame)
			var field *epp.FieldError
			require.ErrorAs(t, err, &field)
			require.Contains(t, field.Path+"$", tt.path+"$")
		})
	}
}
