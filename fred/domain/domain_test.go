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
		Name: "SendAuthInfoDomain, answer", XML: el("sendAuthInfoData", `<d:email>a*****@m*****.*,o*****@k*****.*</d:email>`),
		Value: &domain.SendAuthInfoData{Email: []string{"a*****@m*****.*", "o*****@k*****.*"}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

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
		{Name: "sent to nobody", Value: &domain.SendAuthInfoData{}, Path: "domain:email", Error: "is missing"},
	})
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
