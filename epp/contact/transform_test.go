package contact_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/internal/epptest"
)

// What a caller relies on: each request knows its answer, and a transfer its operation.
var (
	_ epp.Request[*contact.ChkData] = (*contact.Check)(nil)
	_ epp.Request[*contact.InfData] = (*contact.Info)(nil)
	_ epp.Request[*contact.CreData] = (*contact.Create)(nil)
	_ epp.Request[*epp.NoData]      = (*contact.Delete)(nil)
	_ epp.Request[*contact.TrnData] = (*contact.Transfer)(nil)
	_ epp.Request[*epp.NoData]      = (*contact.Update)(nil)
	_ epp.Transferer                = (*contact.Transfer)(nil)
)

const (
	anna = `<c:id>anna-1</c:id>`
	auth = `<c:authInfo><c:pw>Four-5-six</c:pw></c:authInfo>`
	trn  = anna + `<c:trStatus>clientRejected</c:trStatus><c:reID>RegTwo</c:reID><c:reDate>2025-02-03T04:05:06Z</c:reDate><c:acID>RegOne</c:acID><c:acDate>2025-02-03T04:05:06Z</c:acDate>`
	pan  = `<c:id paResult="true">anna-1</c:id><c:paTRID>`
	ends = `<svTRID xmlns="` + epp.NS + `">STEAM-9</svTRID></c:paTRID><c:paDate>2025-02-03T04:05:06Z</c:paDate>`
)

// leastCreate is a Create with nothing in it that may be left out.
func leastCreate(change func(*contact.Create)) *contact.Create {
	m := &contact.Create{
		ID: "anna-1", Email: "anna@lind.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"},
		PostalInfo: []contact.PostalInfo{{
			Type: contact.Int, Name: "Anna Lind", Addr: contact.Addr{City: "Turku", CC: "FI"},
		}},
	}
	change(m)
	return m
}

// transforms are the rows of the commands that change a contact, and of their answers.
var transforms = []epptest.Row{
	{
		Name: "RFC 5733, 3.2.1 create, least", XML: el("create", anna+post+mail+auth),
		Value: leastCreate(func(*contact.Create) {}),
	},
	{
		Name: "RFC 5733, 3.2.1 create, most", XML: el("create", anna+post+
			`<c:postalInfo type="loc"><c:name>Änna Lind</c:name><c:addr><c:street>Kaj 4</c:street><c:city>Åbo</c:city><c:cc>FI</c:cc></c:addr></c:postalInfo>
		<c:voice x="12">+358.2555123</c:voice><c:fax>+358.2555124</c:fax>`+mail+`<c:authInfo><c:pw/></c:authInfo>
		<c:disclose flag="true"><c:addr type="loc"/><c:email/></c:disclose>`),
		Value: leastCreate(func(m *contact.Create) {
			m.PostalInfo = append(m.PostalInfo, contact.PostalInfo{
				Type: contact.Loc, Name: "Änna Lind", Addr: contact.Addr{Street: []string{"Kaj 4"}, City: "Åbo", CC: "FI"},
			})
			m.Voice, m.Fax = &contact.Phone{Number: "+358.2555123", X: new("12")}, &contact.Phone{Number: "+358.2555124"}
			m.AuthInfo = new(epp.AuthInfo)
			m.Disclose = &contact.Disclose{Flag: true, Addr: []contact.IntLoc{contact.Loc}, Email: true}
		}),
	},
	{
		Name: "RFC 5733, 2.5 an empty extension is not an absent one", XML: el("create", anna+post+`<c:voice x="">+358.2555123</c:voice>`+mail+auth),
		Value: leastCreate(func(m *contact.Create) { m.Voice = &contact.Phone{Number: "+358.2555123", X: new("")} }),
	},
	{
		Name: "RFC 5733, 3.2.1 creData", XML: el("creData", anna+`<c:crDate>2025-02-03T04:05:06Z</c:crDate>`),
		Value: &contact.CreData{ID: "anna-1", CrDate: created},
	},
	{Name: "RFC 5733, 3.2.2 delete", XML: el("delete", anna), Value: &contact.Delete{ID: "anna-1"}},
	{
		Name: "RFC 5733, 3.1.3 transfer query", Op: epp.TransferQuery, XML: el("transfer", anna),
		Value: &contact.Transfer{Op: epp.TransferQuery, ID: "anna-1"},
	},
	{
		Name: "RFC 5733, 3.2.4 transfer request", Op: epp.TransferRequest, XML: el("transfer", anna+auth),
		Value: &contact.Transfer{Op: epp.TransferRequest, ID: "anna-1", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}},
	},
	{
		Name: "RFC 5733, 3.2.4 transfer approve", Op: epp.TransferApprove, XML: el("transfer", anna),
		Value: &contact.Transfer{Op: epp.TransferApprove, ID: "anna-1"},
	},
	{
		Name: "RFC 5733, 3.2.4 transfer reject", Op: epp.TransferReject, XML: el("transfer", anna),
		Value: &contact.Transfer{Op: epp.TransferReject, ID: "anna-1"},
	},
	{
		Name: "RFC 5733, 3.2.4 transfer cancel", Op: epp.TransferCancel, XML: el("transfer", anna),
		Value: &contact.Transfer{Op: epp.TransferCancel, ID: "anna-1"},
	},
	{
		Name: "RFC 5733, 3.2.4 trnData", XML: el("trnData", trn),
		Value: &contact.TrnData{
			ID: "anna-1", TrStatus: epp.TrClientRejected, ReID: "RegTwo", ReDate: created, AcID: "RegOne", AcDate: created,
		},
	},
	{
		Name: "RFC 5733, 3.2.5 update of nothing, as beside an extension", XML: el("update", anna),
		Value: &contact.Update{ID: "anna-1"},
	},
	{
		Name: "RFC 5733, 4 update with an empty chg", XML: el("update", anna+`<c:chg/>`),
		Value: &contact.Update{ID: "anna-1", Chg: new(contact.Chg)},
	},
	{
		Name: "RFC 5733, 3.2.5 update, most", XML: el("update", anna+`
		<c:add><c:status s="clientUpdateProhibited" lang="fi">Pyydetty</c:status><c:status s="clientDeleteProhibited"/></c:add>
		<c:rem><c:status s="clientTransferProhibited"/></c:rem>
		<c:chg><c:postalInfo type="loc"><c:name>Änna Lind</c:name><c:org/><c:addr><c:street>Kaj 5</c:street><c:city>Åbo</c:city><c:sp/><c:cc>FI</c:cc></c:addr></c:postalInfo>
		<c:postalInfo type="int"><c:org>Lind &amp; Daughter</c:org></c:postalInfo>
		<c:voice/><c:fax x="3">+358.2555125</c:fax><c:email>lind@anna.example</c:email>
		<c:authInfo><c:pw>Seven 8  nine</c:pw></c:authInfo><c:disclose flag="0"><c:voice/></c:disclose></c:chg>`),
		Value: &contact.Update{
			ID: "anna-1",
			Add: &contact.AddRem{Status: []epp.Status{
				{S: "clientUpdateProhibited", Lang: "fi", Text: "Pyydetty"}, {S: "clientDeleteProhibited"},
			}},
			Rem: &contact.AddRem{Status: []epp.Status{{S: "clientTransferProhibited"}}},
			Chg: &contact.Chg{
				PostalInfo: []contact.ChgPostalInfo{
					{
						Type: contact.Loc, Name: "Änna Lind", Org: new(""),
						Addr: &contact.Addr{Street: []string{"Kaj 5"}, City: "Åbo", SP: new(""), CC: "FI"},
					},
					{Type: contact.Int, Org: new("Lind & Daughter")},
				},
				Voice: new(contact.Phone), Fax: &contact.Phone{Number: "+358.2555125", X: new("3")},
				Email: "lind@anna.example", AuthInfo: &epp.AuthInfo{PW: "Seven 8  nine"},
				Disclose: &contact.Disclose{Voice: true},
			},
		},
	},
	{
		Name: "RFC 5733, 4 update with a form that is empty", XML: el("update", anna+`<c:chg><c:postalInfo type="int"/></c:chg>`),
		Value: &contact.Update{ID: "anna-1", Chg: &contact.Chg{PostalInfo: []contact.ChgPostalInfo{{Type: contact.Int}}}},
	},
	{
		Name: "RFC 5733, 3.3 panData", XML: el("panData", pan+`<clTRID xmlns="`+epp.NS+`">LOYLY-1</clTRID>`+ends),
		Value: &contact.PanData{
			ID: "anna-1", PaResult: true, PaTRID: epp.TrID{ClTRID: "LOYLY-1", SvTRID: "STEAM-9"}, PaDate: created,
		},
	},
	{
		Name: "RFC 5733, 3.3 panData of a command that failed and had no clTRID", XML: el("panData", strings.Replace(pan, "true", "0", 1)+ends),
		Value: &contact.PanData{ID: "anna-1", PaTRID: epp.TrID{SvTRID: "STEAM-9"}, PaDate: created},
	},
}

func TestTransforms(t *testing.T) {
	frames := epptest.Elements(t, set(t), transforms)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestTransformsRefused(t *testing.T) {
	chg := func(c contact.Chg) *contact.Update { return &contact.Update{ID: "anna-1", Chg: &c} }
	data := func(change func(*contact.TrnData)) *contact.TrnData {
		m := &contact.TrnData{ID: "anna-1", TrStatus: epp.TrPending, ReID: "RegTwo", ReDate: created, AcID: "RegOne", AcDate: created}
		change(m)
		return m
	}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "create without authInfo", Value: leastCreate(func(m *contact.Create) { m.AuthInfo = nil }), Path: "contact:authInfo", Error: "is missing"},
		{Name: "create without an address", Value: leastCreate(func(m *contact.Create) { m.PostalInfo = nil }), Path: "contact:postalInfo", Error: "is missing"},
		{
			Name: "create with three", Value: leastCreate(func(m *contact.Create) { m.PostalInfo = slices.Repeat(m.PostalInfo, 3) }),
			Path: "contact:postalInfo", Error: "2 times at most",
		},
		{Name: "create without an email", Value: leastCreate(func(m *contact.Create) { m.Email = " " }), Path: "contact:email", Error: "must not be empty"},
		{Name: "create of a form that there is not", Value: leastCreate(func(m *contact.Create) { m.PostalInfo[0].Type = "" }), Path: "contact:postalInfo/@type", Error: "int or loc"},
		{Name: "create in a long city", Value: leastCreate(func(m *contact.Create) { m.PostalInfo[0].Addr.City = strings.Repeat("x", 256) }), Path: "contact:city", Error: "1 to 255"},
		{Name: "create with a long org", Value: leastCreate(func(m *contact.Create) { m.PostalInfo[0].Org = new(strings.Repeat("x", 256)) }), Path: "contact:org", Error: "0 to 255"},
		{Name: "create with a long postal code", Value: leastCreate(func(m *contact.Create) { m.PostalInfo[0].Addr.PC = new(strings.Repeat("1", 17)) }), Path: "contact:pc", Error: "0 to 16"},
		{Name: "create with a long number", Value: leastCreate(func(m *contact.Create) { m.Fax = &contact.Phone{Number: "+358.1234567890123"} }), Path: "contact:fax", Error: "telephone number"},
		{Name: "create with an identifier of 2", Value: leastCreate(func(m *contact.Create) { m.ID = "ab" }), Path: "contact:id", Error: "3 to 16"},
		{Name: "create of nobody", Value: leastCreate(func(m *contact.Create) { m.ID = "" }), Path: "contact:id", Error: "3 to 16"},
		{
			Name: "disclosure of three names", Value: leastCreate(func(m *contact.Create) {
				m.Disclose = &contact.Disclose{Name: []contact.IntLoc{contact.Int, contact.Loc, contact.Int}}
			}),
			Path: "contact:name", Error: "2 times at most",
		},
		{Name: "creData without its day", Value: &contact.CreData{ID: "anna-1"}, Path: "contact:crDate", Error: "is missing"},
		{Name: "creData of nobody", Value: &contact.CreData{CrDate: created}, Path: "contact:id", Error: "3 to 16"},
		{Name: "delete of nothing", Value: &contact.Delete{}, Path: "contact:id", Error: "3 to 16"},
		{Name: "transfer without op", Value: &contact.Transfer{ID: "anna-1"}, Path: "epp/command/transfer/@op", Error: "approve, cancel"},
		{Name: "transfer of nobody", Value: &contact.Transfer{Op: epp.TransferQuery}, Path: "contact:id", Error: "3 to 16"},
		{Name: "trnData of nobody", Value: data(func(m *contact.TrnData) { m.ID = "" }), Path: "contact:id", Error: "3 to 16"},
		{Name: "trnData asked for by nobody", Value: data(func(m *contact.TrnData) { m.ReID = "" }), Path: "contact:reID", Error: "3 to 16"},
		{Name: "trnData of a state of no transfer", Value: data(func(m *contact.TrnData) { m.TrStatus = "done" }), Path: "contact:trStatus", Error: "state of a transfer"},
		{Name: "trnData by nobody", Value: data(func(m *contact.TrnData) { m.AcID = "" }), Path: "contact:acID", Error: "3 to 16"},
		{Name: "trnData without reDate", Value: data(func(m *contact.TrnData) { m.ReDate = time.Time{} }), Path: "contact:reDate", Error: "is missing"},
		{Name: "update of nobody", Value: &contact.Update{}, Path: "contact:id", Error: "3 to 16"},
		{Name: "update that adds nothing", Value: &contact.Update{ID: "anna-1", Add: new(contact.AddRem)}, Path: "contact:add/contact:status", Error: "is missing"},
		{
			Name: "update that removes 8 statuses", Value: &contact.Update{ID: "anna-1", Rem: &contact.AddRem{Status: slices.Repeat([]epp.Status{{S: "ok"}}, 8)}},
			Path: "contact:status", Error: "7 times",
		},
		{
			Name: "update to a status that there is not", Value: &contact.Update{ID: "anna-1", Add: &contact.AddRem{Status: []epp.Status{{S: "clientHold"}}}},
			Path: "contact:status", Error: "not one that the mapping has",
		},
		{Name: "update of three forms", Value: chg(contact.Chg{PostalInfo: slices.Repeat([]contact.ChgPostalInfo{{Type: contact.Int}}, 3)}), Path: "contact:postalInfo", Error: "2 times at most"},
		{Name: "update to a long name", Value: chg(contact.Chg{PostalInfo: []contact.ChgPostalInfo{{Type: contact.Int, Name: strings.Repeat("x", 256)}}}), Path: "contact:name", Error: "1 to 255"},
		{Name: "update to an email of white space", Value: chg(contact.Chg{Email: " "}), Path: "contact:email", Error: "must not be empty"},
		{Name: "panData of nobody", Value: &contact.PanData{PaTRID: epp.TrID{SvTRID: "STEAM-9"}, PaDate: created}, Path: "contact:id", Error: "3 to 16"},
		{Name: "panData without its day", Value: &contact.PanData{ID: "anna-1", PaTRID: epp.TrID{SvTRID: "STEAM-9"}}, Path: "contact:paDate", Error: "is missing"},
	})
}

func TestPoll(t *testing.T) { epptest.Poll(t, set(t), slices.Concat(rows, transforms)) }

// TestEmptyPhone reads a number that is empty but for white space, as the schema allows.
func TestEmptyPhone(t *testing.T) {
	m, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><command><create>` +
		el("create", anna+post+`<c:voice>  </c:voice>`+mail+auth) + `</create></command></epp>`))
	require.NoError(t, err)
	require.Equal(t, &contact.Phone{}, m.(*epp.Command).Request.(*contact.Create).Voice)
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc5733", contact.NS) }
