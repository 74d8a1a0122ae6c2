package domain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<d:` + local + ` xmlns:d="` + domain.NS + `">` + content + `</d:` + local + `>`
}

// least is what an infData may not leave out.
const least = `<d:name>sauna.cz</d:name><d:roid>D0000000073-CZ</d:roid><d:clID>REG-ONE</d:clID>`

var expires = time.Date(2028, 2, 3, 0, 0, 0, 0, time.UTC)

var rows = []epptest.Row{
	{Name: "CheckDomain, command", XML: el("check", `<d:name>sauna.cz</d:name>`), Value: &domain.Check{Names: []string{"sauna.cz"}}},
	{
		Name: "CheckDomain, answer", XML: el("chkData", `<d:cd><d:name avail="0">sauna.cz</d:name><d:reason>Registered already</d:reason></d:cd>`+
			`<d:cd><d:name avail="1">kamna.cz</d:name></d:cd>`),
		Value: &domain.ChkData{CD: []domain.CD{
			{Name: "sauna.cz", Reason: &epp.Text{Text: "Registered already"}}, {Name: "kamna.cz", Avail: true},
		}},
	},
	{Name: "InfoDomain, command", XML: el("info", `<d:name>sauna.cz</d:name>`), Value: &domain.Info{Name: "sauna.cz"}},
	{
		Name: "InfoDomain, with authInfo", XML: el("info", `<d:name>sauna.cz</d:name><d:authInfo>Four5six</d:authInfo>`),
		Value: &domain.Info{Name: "sauna.cz", AuthInfo: new(epp.Secret("Four5six"))},
	},
	{
		Name: "InfoDomain, with an empty authInfo", XML: el("info", `<d:name>sauna.cz</d:name><d:authInfo/>`),
		Value: &domain.Info{Name: "sauna.cz", AuthInfo: new(epp.Secret(""))},
	},
	{
		Name: "InfoDomain, least", XML: el("infData", `<d:name>4.3.2.1.0.2.4.e164.arpa</d:name><d:roid>D0000000072-CZ</d:roid><d:clID>REG-ONE</d:clID>`),
		Value: &domain.InfData{Name: "4.3.2.1.0.2.4.e164.arpa", ROID: "D0000000072-CZ", ClID: "REG-ONE"},
	},
	{
		Name: "InfoDomain, most", XML: el("infData", `<d:name>sauna.cz</d:name><d:roid>D0000000073-CZ</d:roid>
		<d:status s="serverTransferProhibited" lang="cs">Není povolena změna registrátora</d:status><d:status s="expired"/>
		<d:registrant>CID-ANNA</d:registrant><d:admin>CID-OTTO</d:admin><d:admin>CID-EVA</d:admin>
		<d:nsset>NSS-SAUNA</d:nsset><d:keyset>KEY-SAUNA</d:keyset>
		<d:clID>REG-ONE</d:clID><d:crID>REG-TWO</d:crID><d:crDate>2023-02-03T05:05:06+01:00</d:crDate>
		<d:upID>REG-ONE</d:upID><d:upDate>2024-02-03T04:05:06Z</d:upDate><d:exDate>2028-02-03</d:exDate>
		<d:trDate>2025-02-03T04:05:06Z</d:trDate><d:authInfo>Four5six</d:authInfo>
		<d:tempcontact>CID-OLD1</d:tempcontact><d:tempcontact>CID-OLD2</d:tempcontact>`),
		Value: &domain.InfData{
			Name: "sauna.cz", ROID: "D0000000073-CZ",
			Status: []epp.Status{
				{S: "serverTransferProhibited", Lang: "cs", Text: "Není povolena změna registrátora"}, {S: "expired"},
			},
			Registrant: "CID-ANNA", Admins: []string{"CID-OTTO", "CID-EVA"}, Nsset: "NSS-SAUNA", Keyset: "KEY-SAUNA",
			ClID: "REG-ONE", CrID: "REG-TWO", CrDate: time.Date(2023, 2, 3, 4, 5, 6, 0, time.UTC),
			UpID: "REG-ONE", UpDate: time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC),
			ExDate: time.Date(2028, 2, 3, 0, 0, 0, 0, time.UTC), TrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC),
			AuthInfo: new(epp.Secret("Four5six")), TempContacts: []string{"CID-OLD1", "CID-OLD2"},
		},
	},
	{
		Name: "CreateDomain, least", XML: el("create", `<d:name>sauna.cz</d:name><d:registrant>CID-ANNA</d:registrant>`),
		Value: &domain.Create{Name: "sauna.cz", Registrant: "CID-ANNA"},
	},
	{
		Name: "CreateDomain, most", XML: el("create", `<d:name>sauna.cz</d:name><d:period unit="m">24</d:period><d:nsset>NSS-SAUNA</d:nsset>
		<d:keyset>KEY-SAUNA</d:keyset><d:registrant>CID-ANNA</d:registrant><d:admin>CID-OTTO</d:admin><d:admin>CID-EVA</d:admin><d:authInfo>Four5six</d:authInfo>`),
		Value: &domain.Create{
			Name: "sauna.cz", Period: &epp.Period{N: 24, Unit: epp.Months}, Nsset: "NSS-SAUNA", Keyset: "KEY-SAUNA",
			Registrant: "CID-ANNA", Admins: []string{"CID-OTTO", "CID-EVA"}, AuthInfo: new(epp.Secret("Four5six")),
		},
	},
	{
		Name: "CreateDomain, an empty authInfo", XML: el("create", `<d:name>sauna.cz</d:name><d:registrant>CID-ANNA</d:registrant><d:authInfo/>`),
		Value: &domain.Create{Name: "sauna.cz", Registrant: "CID-ANNA", AuthInfo: new(epp.Secret(""))},
	},
	{
		Name: "CreateDomain, answer", XML: el("creData", `<d:name>sauna.cz</d:name><d:crDate>2025-02-03T05:05:06+01:00</d:crDate><d:exDate>2028-02-03</d:exDate>`),
		Value: &domain.CreData{Name: "sauna.cz", CrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC), ExDate: expires},
	},
	{
		Name: "CreateDomain, answer without exDate", XML: el("creData", `<d:name>sauna.cz</d:name><d:crDate>2025-02-03T04:05:06Z</d:crDate>`),
		Value: &domain.CreData{Name: "sauna.cz", CrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)},
	},
	{Name: "DeleteDomain", XML: el("delete", `<d:name>sauna.cz</d:name>`), Value: &domain.Delete{Name: "sauna.cz"}},
	{
		Name: "RenewDomain, command", XML: el("renew", `<d:name>sauna.cz</d:name><d:curExpDate>2028-02-03</d:curExpDate>`),
		Value: &domain.Renew{Name: "sauna.cz", CurExpDate: expires},
	},
	{
		Name: "RenewDomain, with a period", XML: el("renew", `<d:name>sauna.cz</d:name><d:curExpDate>2028-02-03</d:curExpDate><d:period unit="y">99</d:period>`),
		Value: &domain.Renew{Name: "sauna.cz", CurExpDate: expires, Period: &epp.Period{N: 99, Unit: epp.Years}},
	},
	{
		Name: "RenewDomain, answer", XML: el("renData", `<d:name>sauna.cz</d:name><d:exDate>2028-02-03</d:exDate>`),
		Value: &domain.RenData{Name: "sauna.cz", ExDate: expires},
	},
	{Name: "RenewDomain, answer without exDate", XML: el("renData", `<d:name>sauna.cz</d:name>`), Value: &domain.RenData{Name: "sauna.cz"}},
	{
		Name: "TransferDomain", XML: el("transfer", `<d:name>sauna.cz</d:name><d:authInfo>Four5six</d:authInfo>`), Op: epp.TransferRequest,
		Value: &domain.Transfer{Op: epp.TransferRequest, Name: "sauna.cz", AuthInfo: "Four5six"},
	},
	{
		Name: "TransferDomain, an operation that FRED refuses", XML: el("transfer", `<d:name>sauna.cz</d:name><d:authInfo/>`), Op: epp.TransferApprove,
		Value: &domain.Transfer{Op: epp.TransferApprove, Name: "sauna.cz"},
	},
	{Name: "UpdateDomain, extended alone", XML: el("update", `<d:name>sauna.cz</d:name>`), Value: &domain.Update{Name: "sauna.cz"}},
	{
		Name: "UpdateDomain, empty parts", XML: el("update", `<d:name>sauna.cz</d:name><d:add/><d:rem/><d:chg/>`),
		Value: &domain.Update{Name: "sauna.cz", Add: &domain.Add{}, Rem: &domain.Rem{}, Chg: &domain.Chg{}},
	},
	{
		Name: "UpdateDomain, most", XML: el("update", `<d:name>sauna.cz</d:name><d:add><d:admin>CID-EVA</d:admin><d:admin>CID-JAN</d:admin></d:add>
		<d:rem><d:admin>CID-OTTO</d:admin><d:tempcontact>CID-OLD1</d:tempcontact></d:rem>
		<d:chg><d:nsset>NSS-NEW</d:nsset><d:keyset>KEY-NEW</d:keyset><d:registrant>CID-JAN</d:registrant><d:authInfo>Six7eight</d:authInfo></d:chg>`),
		Value: &domain.Update{
			Name: "sauna.cz", Add: &domain.Add{Admins: []string{"CID-EVA", "CID-JAN"}},
			Rem: &domain.Rem{Admins: []string{"CID-OTTO"}, TempContacts: []string{"CID-OLD1"}},
			Chg: &domain.Chg{Nsset: new("NSS-NEW"), Keyset: new("KEY-NEW"), Registrant: "CID-JAN", AuthInfo: new(epp.Secret("Six7eight"))},
		},
	},
	{
		Name: "UpdateDomain, what is removed", XML: el("update", `<d:name>sauna.cz</d:name><d:chg><d:nsset/><d:keyset/><d:authInfo/></d:chg>`),
		Value: &domain.Update{Name: "sauna.cz", Chg: &domain.Chg{Nsset: new(""), Keyset: new(""), AuthInfo: new(epp.Secret(""))}},
	},
	{Name: "Schema 2.4.7, list", XML: el("list", ``), Value: &domain.List{}},
	{Name: "Schema 2.4.7, listData of nothing", XML: el("listData", ``), Value: &domain.ListData{}},
	{
		Name: "Schema 2.4.7, listData", XML: el("listData", `<d:name>sauna.cz</d:name><d:name>kamna.cz</d:name>`),
		Value: &domain.ListData{Names: []string{"sauna.cz", "kamna.cz"}},
	},
	{
		Name: "MessageTypes, transfer", XML: el("trnData", `<d:name>sauna.cz</d:name><d:trDate>2025-04-05</d:trDate><d:clID>REG-TWO</d:clID>`),
		Value: &domain.TrnData{Name: "sauna.cz", TrDate: time.Date(2025, 4, 5, 0, 0, 0, 0, time.UTC), ClID: "REG-TWO"},
	},
	{
		Name: "MessageTypes, impending expiration", XML: el("impendingExpData", `<d:name>sauna.cz</d:name><d:exDate>2028-02-03</d:exDate>`),
		Value: &domain.ImpendingExpData{Name: "sauna.cz", ExDate: expires},
	},
	{
		Name: "MessageTypes, expiration", XML: el("expData", `<d:name>sauna.cz</d:name><d:exDate>2028-02-03</d:exDate>`),
		Value: &domain.ExpData{Name: "sauna.cz", ExDate: expires},
	},
	{
		Name: "MessageTypes, out of the zone", XML: el("dnsOutageData", `<d:name>sauna.cz</d:name><d:exDate>2028-02-03</d:exDate>`),
		Value: &domain.DNSOutageData{Name: "sauna.cz", ExDate: expires},
	},
	{
		Name: "MessageTypes, deletion", XML: el("delData", `<d:name>sauna.cz</d:name><d:exDate>2028-02-03</d:exDate>`),
		Value: &domain.DelData{Name: "sauna.cz", ExDate: expires},
	},
	{
		Name: "MessageTypes, update", XML: el("updateData", `<d:opTRID>ReqID-0000000777</d:opTRID>
		<d:oldData><d:infData>`+least+`</d:infData></d:oldData>
		<d:newData><d:infData><d:name>sauna.cz</d:name><d:roid>D0000000073-CZ</d:roid><d:registrant>CID-ANNA</d:registrant><d:clID>REG-ONE</d:clID></d:infData></d:newData>`),
		Value: &domain.UpdateData{
			OpTRID:  "ReqID-0000000777",
			OldData: domain.InfData{Name: "sauna.cz", ROID: "D0000000073-CZ", ClID: "REG-ONE"},
			NewData: domain.InfData{Name: "sauna.cz", ROID: "D0000000073-CZ", Registrant: "CID-ANNA", ClID: "REG-ONE"},
		},
	},
	{
		Name: "SendAuthInfoDomain, answer", XML: el("sendAuthInfoData", `<d:email>a*****@m*****.*,o*****@k*****.*</d:email>`),
		Value: &domain.SendAuthInfoData{Email: []string{"a*****@m*****.*", "o*****@k*****.*"}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestCorpus(t *testing.T) { epptest.Folders(t, set(t), domain.NS, "fred-docs", "fred-commands") }

func TestRefused(t *testing.T) {
	data := func(change func(*domain.InfData)) *domain.InfData {
		m := &domain.InfData{Name: "sauna.cz", ROID: "D0000000073-CZ", ClID: "REG-ONE"}
		change(m)
		return m
	}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "check of nothing", Value: &domain.Check{}, Path: "domain:name", Error: "is missing"},
		{Name: "an empty name", Value: &domain.Info{}, Path: "domain:name", Error: "1 to 255"},
		{Name: "chkData of nothing", Value: &domain.ChkData{}, Path: "domain:cd", Error: "is missing"},
		{
			Name: "an authInfo of 301 characters", Value: &domain.Info{Name: "sauna.cz", AuthInfo: new(epp.Secret(strings.Repeat("ž", 301)))},
			Path: "domain:authInfo", Error: "0 to 300",
		},
		{
			Name: "14 statuses", Value: data(func(m *domain.InfData) { m.Status = slices.Repeat([]epp.Status{{S: "ok"}}, 14) }),
			Path: "domain:status", Error: "13 times",
		},
		{Name: "an empty handle", Value: data(func(m *domain.InfData) { m.Admins = []string{""} }), Path: "domain:admin", Error: "1 to 63"},
		{Name: "a client of two characters", Value: data(func(m *domain.InfData) { m.UpID = "AB" }), Path: "domain:upID", Error: "3 to 16"},
		{Name: "a domain of nobody", Value: &domain.Create{Name: "sauna.cz"}, Path: "domain:registrant", Error: "1 to 63"},
		{
			Name: "a period of nothing", Value: &domain.Create{Name: "sauna.cz", Period: &epp.Period{Unit: epp.Years}, Registrant: "X"},
			Path: "domain:period", Error: "1 to 99",
		},
		{
			Name: "a period of 100", Value: &domain.Renew{Name: "sauna.cz", CurExpDate: expires, Period: &epp.Period{N: 100, Unit: epp.Months}},
			Path: "domain:period", Error: "1 to 99",
		},
		{
			Name: "a period of weeks", Value: &domain.Renew{Name: "sauna.cz", CurExpDate: expires, Period: &epp.Period{N: 1, Unit: "w"}},
			Path: "domain:period/@unit", Error: "y or m",
		},
		{Name: "a renewal from no day", Value: &domain.Renew{Name: "sauna.cz"}, Path: "domain:curExpDate", Error: "is missing"},
		{Name: "created never", Value: &domain.CreData{Name: "sauna.cz"}, Path: "domain:crDate", Error: "is missing"},
		{Name: "expired never", Value: &domain.ExpData{Name: "sauna.cz"}, Path: "domain:exDate", Error: "is missing"},
		{
			Name: "a handle of 64 characters", Value: &domain.Update{Name: "sauna.cz", Chg: &domain.Chg{Nsset: new(strings.Repeat("N", 64))}},
			Path: "domain:nsset", Error: "0 to 63",
		},
		{
			Name: "a keyset of 64 characters", Value: &domain.Update{Name: "sauna.cz", Chg: &domain.Chg{Keyset: new(strings.Repeat("K", 64))}},
			Path: "domain:keyset", Error: "0 to 63",
		},
		{
			Name: "an nsset of 64 characters for a new domain", Path: "domain:nsset", Error: "1 to 63",
			Value: &domain.Create{Name: "sauna.cz", Nsset: strings.Repeat("N", 64), Registrant: "X"},
		},
		{
			Name: "an empty handle to be removed", Value: &domain.Update{Name: "sauna.cz", Rem: &domain.Rem{TempContacts: []string{""}}},
			Path: "domain:rem/domain:tempcontact", Error: "1 to 63",
		},
		{Name: "a name of 256 characters", Value: &domain.Delete{Name: strings.Repeat("a", 256)}, Path: "domain:name", Error: "1 to 255"},
		{Name: "an empty name in a list", Value: &domain.ListData{Names: []string{""}}, Path: "domain:name", Error: "1 to 255"},
		{Name: "a transfer without its operation", Value: &domain.Transfer{Name: "sauna.cz"}, Path: "transfer/@op", Error: "approve, cancel"},
		{
			Name: "an authInfo of 301 characters in a transfer", Op: epp.TransferRequest,
			Value: &domain.Transfer{Name: "sauna.cz", AuthInfo: epp.Secret(strings.Repeat("x", 301))},
			Path:  "domain:authInfo", Error: "0 to 300",
		},
		{
			Name: "an unknown status", Value: data(func(m *domain.InfData) { m.Status = []epp.Status{{S: "clientHold"}} }),
			Path: "domain:status", Error: "not one that the mapping has",
		},
		{Name: "a change of nobody's", Value: &domain.UpdateData{OpTRID: "R1"}, Path: "domain:opTRID", Error: "3 to 64"},
		{
			Name: "a change from nothing", Value: &domain.UpdateData{OpTRID: "ReqID-1"},
			Path: "domain:oldData/domain:infData/domain:name", Error: "1 to 255",
		},
		{Name: "a new sponsor of two characters", Value: &domain.TrnData{Name: "sauna.cz", TrDate: expires, ClID: "AB"}, Path: "domain:clID", Error: "3 to 16"},
		{Name: "sent to nobody", Value: &domain.SendAuthInfoData{}, Path: "domain:email", Error: "is missing"},
	})
}

// What is in front of a queue is read even when it is not what the schema says.
func TestOddMessages(t *testing.T) {
	for _, tt := range []struct {
		name, xml string
		want      epp.Element
	}{
		{
			"a day of transfer with a time", el("trnData", `<d:name>sauna.cz</d:name><d:trDate>2028-02-03T10:11:12+02:00</d:trDate><d:clID>REG-TWO</d:clID>`),
			&domain.TrnData{Name: "sauna.cz", TrDate: expires, ClID: "REG-TWO"},
		},
		{
			"an update without the elements around its data", el("updateData", `<d:opTRID>ReqID-0000000777</d:opTRID>
			<d:oldData>`+least+`</d:oldData><d:newData>`+least+`</d:newData>`),
			&domain.UpdateData{
				OpTRID:  "ReqID-0000000777",
				OldData: domain.InfData{Name: "sauna.cz", ROID: "D0000000073-CZ", ClID: "REG-ONE"},
				NewData: domain.InfData{Name: "sauna.cz", ROID: "D0000000073-CZ", ClID: "REG-ONE"},
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><response><result code="1301"><msg>Ack</msg></result>
				<msgQ count="1" id="7"><msg>` + tt.xml + `</msg></msgQ><trID><svTRID>ReqID-0000000778</svTRID></trID></response></epp>`))
			require.NoError(t, err)
			require.Equal(t, []epp.Element{tt.want}, m.(*epp.Response).MsgQ.Msg.Elements)
		})
	}
	t.Run("strictly, the elements must be there", func(t *testing.T) {
		_, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg>Done</msg></result><resData>` +
			el("updateData", `<d:opTRID>ReqID-0000000777</d:opTRID><d:oldData>`+least+`</d:oldData><d:newData>`+least+`</d:newData>`) +
			`</resData><trID><svTRID>ReqID-0000000778</svTRID></trID></response></epp>`))
		var field *epp.FieldError
		require.ErrorAs(t, err, &field)
		require.ErrorIs(t, err, epp.ErrMissing)
		require.Contains(t, field.Path+"$", "domain:oldData/domain:infData$")
	})
}

// No verb of package fmt shows an authInfo, not even where it does not fit.
func TestSecrets(t *testing.T) {
	const secret = "Four5six"
	for _, v := range []any{
		domain.Transfer{Name: "sauna.cz", AuthInfo: secret},
		&epp.Command{Request: &domain.Transfer{Name: "sauna.cz", AuthInfo: secret}},
		&epp.Command{Request: &domain.Create{AuthInfo: new(epp.Secret(secret))}},
		&epp.Command{Request: &domain.Update{Chg: &domain.Chg{AuthInfo: new(epp.Secret(secret))}}},
		&epp.Command{Request: &domain.Info{AuthInfo: new(epp.Secret(secret))}},
		[]epp.Element{&domain.InfData{AuthInfo: new(epp.Secret(secret))}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q", "%t"} {
			require.NotContains(t, fmt.Sprintf(verb, v), secret, verb)
		}
	}
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleInfo() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Info{Name: "sauna.cz", AuthInfo: new(epp.Secret("Four5six"))},
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
	// <domain:info xmlns:domain="http://www.nic.cz/xml/epp/domain-1.4">
	// <domain:name>sauna.cz</domain:name>
	// <domain:authInfo>Four5six</domain:authInfo>
	// </domain:info>
	// </info>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
