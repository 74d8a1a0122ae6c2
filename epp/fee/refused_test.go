package fee_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/internal/epptest"
)

// TestNothingLost writes each value as every version: either all of it is there when it
// is read again, and is valid, or writing is an error.
func TestNothingLost(t *testing.T) {
	v := validator(t)
	s := set(t)
	written, refused := 0, 0
	for _, row := range rows() {
		for _, version := range versions {
			m := reflect.New(reflect.TypeOf(row.Value).Elem())
			m.Elem().Set(reflect.ValueOf(row.Value).Elem())
			m.Elem().FieldByName("Version").Set(reflect.ValueOf(version))
			want := m.Interface().(epp.Element)
			frame, err := epp.Append(nil, &epp.Response{
				Results: []epp.Result{{Code: epp.Success}}, Extension: []epp.Element{want}, TrID: epp.TrID{SvTRID: "ROW-1"},
			})
			if err != nil {
				var field *epp.FieldError
				require.ErrorAs(t, err, &field)
				refused++
				continue
			}
			require.NoError(t, v.Validate(t.Context(), frame), "%s", frame)
			got, err := s.ParseStrict(frame)
			require.NoError(t, err)
			require.Equal(t, want, got.(*epp.Response).Extension[0])
			written++
		}
	}
	require.Greater(t, written, 400)
	require.Greater(t, refused, 400)
}

func TestRefused(t *testing.T) {
	five := []fee.Fee{{Amount: "5"}}
	command := []fee.Command{{Name: "create"}}
	named := fee.Object{ObjID: id("x.example"), Command: fee.Command{Name: "create"}}
	cost := fee.CommandData{Command: fee.Command{Name: "create"}, Fees: five}
	cd := func(v fee.Version, d fee.CD) epp.Element {
		return &fee.ChkData{Version: v, Currency: "EUR", CD: []fee.CD{d}}
	}
	flat := func(v fee.Version, change func(*fee.CommandData)) epp.Element {
		c := fee.CommandData{Command: fee.Command{Name: "create", Period: years(1)}, Fees: five}
		change(&c)
		return &fee.ChkData{Version: v, CD: []fee.CD{{ObjID: id("x.example"), Currency: "EUR", Commands: []fee.CommandData{c}}}}
	}
	const noPlace = "has no place in fee-"
	rows := []epptest.Refusal{
		// RFC 8748, section 3
		{Name: "a fee below 0", Value: &fee.Create{Fees: []fee.Fee{{Amount: "-5"}}}, Path: "fee:fee", Error: "negative"},
		{Name: "a credit above 0", Value: &fee.Create{Fees: five, Credits: []fee.Credit{{Amount: "5"}}}, Path: "fee:credit", Error: "more than 0"},
		{Name: "an amount that is none", Value: &fee.Create{Fees: []fee.Fee{{Amount: "5,00"}}}, Path: "fee:fee", Error: "decimal"},
		{Name: "no amount", Value: &fee.Create{Fees: []fee.Fee{{}}}, Path: "fee:fee", Error: "decimal"},
		{Name: "no fee", Value: &fee.Create{}, Path: "fee:fee", Error: "is missing"},
		{Name: "a currency of small letters", Value: &fee.Create{Currency: "eur", Fees: five}, Path: "fee:currency", Error: "three capital"},
		{Name: "a currency of two letters", Value: &fee.Create{Currency: "EU", Fees: five}, Path: "fee:currency", Error: "three capital"},
		{Name: "no currency in an answer", Value: &fee.ChkData{CD: []fee.CD{{ObjID: id("x")}}}, Path: "fee:currency", Error: "three capital"},
		{Name: "applied some time", Value: &fee.Create{Fees: []fee.Fee{{Amount: "5", Applied: "later"}}}, Path: "@applied", Error: "immediate or delayed"},
		{Name: "a grace period of nobody", Value: &fee.Create{Fees: []fee.Fee{{Amount: "5", GracePeriod: "5 days"}}}, Path: "@grace-period", Error: "duration"},
		{Name: "a language of nobody", Value: &fee.Create{Fees: []fee.Fee{{Amount: "5", Lang: "of the sea"}}}, Path: "@lang", Error: "language"},
		{Name: "a balance that is no number", Value: &fee.CreData{Balance: "much"}, Path: "fee:balance", Error: "decimal"},
		{Name: "a command that is not known", Value: &fee.Check{Commands: []fee.Command{{Name: "sync"}}}, Path: "@name", Error: "not a command"},
		{Name: "a period of 100 years", Value: &fee.Check{Commands: []fee.Command{{Name: "renew", Period: years(100)}}}, Path: "fee:period", Error: "1 to 99"},
		{Name: "check of no command", Value: &fee.Check{}, Path: "fee:command", Error: "is missing"},
		{Name: "an answer about nothing", Value: &fee.ChkData{Currency: "EUR"}, Path: "fee:cd", Error: "is missing"},
		{Name: "an object without a name", Value: cd(fee.V1_0, fee.CD{}), Path: "fee:objID", Error: "1 to 255"},
		{Name: "an element with a space", Value: cd(fee.V1_0, fee.CD{ObjID: fee.ObjID{ID: "x", Element: "a b"}}), Path: "@element", Error: "name of an element"},

		// What a version has no place for.
		{Name: "a version that there is not", Value: &fee.Create{Version: 99, Fees: five}, Path: "create", Error: "a version that there is not"},
		{Name: "info in RFC 8748", Value: &fee.Info{Command: fee.Command{Name: "create"}}, Path: "fee:info", Error: noPlace + "1.0"},
		{Name: "infData in 0.8", Value: &fee.InfData{Version: fee.V0_8, Currency: "EUR", Command: cost}, Path: "fee:infData", Error: noPlace + "0.8"},
		{Name: "objects in RFC 8748", Value: &fee.Check{Commands: command, Objects: []fee.Object{named}}, Path: "fee:object", Error: noPlace + "1.0"},
		{Name: "commands in 0.7", Value: &fee.Check{Version: fee.V0_7, Commands: command, Objects: []fee.Object{named}}, Path: "fee:command", Error: "one of an object"},
		{Name: "a currency for all in 0.7", Value: &fee.Check{Version: fee.V0_7, Currency: "EUR", Objects: []fee.Object{named}}, Path: "fee:currency", Error: "one of an object"},
		{Name: "two commands in 0.11", Value: &fee.Check{Version: fee.V0_11, Commands: append(command, command...)}, Path: "fee:command", Error: "only one in fee-0.11"},
		{Name: "no command in 0.11", Value: &fee.Check{Version: fee.V0_11}, Path: "fee:command", Error: "3 to 16"},
		{Name: "a command of a letter in 0.5", Value: flat(fee.V0_5, func(c *fee.CommandData) { c.Name = "x" }), Path: "fee:command", Error: "3 to 16"},
		{Name: "class of an object in 0.23", Value: cd(fee.V0_23, fee.CD{ObjID: id("x"), Class: "a", Commands: []fee.CommandData{cost}}), Path: "fee:class", Error: noPlace + "0.23"},
		{
			Name: "class of a command in RFC 8748", Path: "fee:class", Error: noPlace + "1.0",
			Value: cd(fee.V1_0, fee.CD{ObjID: id("x"), Commands: []fee.CommandData{{Command: fee.Command{Name: "create", Class: "a"}}}}),
		},
		{Name: "class in a check of RFC 8748", Value: &fee.Check{Commands: []fee.Command{{Name: "create", Class: "a"}}}, Path: "fee:class", Error: noPlace + "1.0"},
		{Name: "a currency for one object in RFC 8748", Value: cd(fee.V1_0, fee.CD{ObjID: id("x"), Currency: "EUR"}), Path: "fee:currency", Error: "one of all objects"},
		{Name: "standard in 0.23", Value: cd(fee.V0_23, fee.CD{ObjID: id("x"), Commands: []fee.CommandData{{Command: command[0], Standard: new(false)}}}), Path: "@standard", Error: noPlace + "0.23"},
		{Name: "standard in 0.7", Value: flat(fee.V0_7, func(c *fee.CommandData) { c.Standard = new(false) }), Path: "@standard", Error: noPlace + "0.7"},
		{Name: "no command in 0.21", Value: cd(fee.V0_21, fee.CD{ObjID: id("x")}), Path: "fee:command", Error: "is missing"},
		{Name: "a custom command in 0.12", Value: &fee.Check{Version: fee.V0_12, Commands: []fee.Command{{Name: "custom", CustomName: "a"}}}, Path: "@customName", Error: noPlace + "0.12"},
		{Name: "a date in RFC 8748", Value: &fee.Check{Commands: []fee.Command{{Name: "create", Date: date(2031)}}}, Path: "fee:date", Error: noPlace + "1.0"},
		{Name: "notAfter in 0.8", Value: flat(fee.V0_8, func(c *fee.CommandData) { c.NotAfter = date(2031) }), Path: "fee:notAfter", Error: noPlace + "0.8"},
		{Name: "the reason of a command in 0.11", Value: flat(fee.V0_11, func(c *fee.CommandData) { c.Reason = new(fee.Reason) }), Path: "fee:reason", Error: "no place for a command"},
		{Name: "credit in a check of 0.7", Value: flat(fee.V0_7, func(c *fee.CommandData) { c.Credits = []fee.Credit{{Amount: "-1"}} }), Path: "fee:credit", Error: noPlace + "0.7"},
		{Name: "no period in 0.6", Value: flat(fee.V0_6, func(c *fee.CommandData) { c.Period = nil }), Path: "fee:period", Error: "is missing"},
		{Name: "no fee in 0.5", Value: flat(fee.V0_5, func(c *fee.CommandData) { c.Fees = nil }), Path: "fee:fee", Error: "is missing"},
		{
			Name: "avail in 0.9", Path: "@avail", Error: noPlace + "0.9",
			Value: &fee.ChkData{Version: fee.V0_9, CD: []fee.CD{{ObjID: id("x"), Avail: new(false), Currency: "EUR", Commands: []fee.CommandData{cost}}}},
		},
		{
			Name: "a reason in 0.9", Path: "fee:reason", Error: noPlace + "0.9",
			Value: &fee.ChkData{Version: fee.V0_9, CD: []fee.CD{{ObjID: id("x"), Reason: new(fee.Reason), Currency: "EUR", Commands: []fee.CommandData{cost}}}},
		},
		{Name: "the language of a reason in 0.12", Value: cd(fee.V0_12, fee.CD{ObjID: id("x"), Commands: []fee.CommandData{cost}, Reason: &fee.Reason{Lang: "fi"}}), Path: "@lang", Error: noPlace + "0.12"},
		{Name: "the language of a fee in 0.23", Value: &fee.Create{Version: fee.V0_23, Fees: []fee.Fee{{Amount: "5", Lang: "fi"}}}, Path: "@lang", Error: noPlace + "0.23"},
		{Name: "an objURI in RFC 8748", Value: cd(fee.V1_0, fee.CD{ObjID: id("x"), ObjURI: contact.NS}), Path: "@objURI", Error: noPlace + "1.0"},
		{Name: "an element's name in 0.8", Value: &fee.Check{Version: fee.V0_8, Objects: []fee.Object{{ObjID: fee.ObjID{ID: "x", Element: "id"}, Command: command[0]}}}, Path: "@element", Error: noPlace + "0.8"},
		{Name: "an element in RFC 8748", Value: cd(fee.V1_0, fee.CD{ObjID: fee.ObjID{ID: "x", Object: new(contact.Check)}}), Path: "fee:object", Error: noPlace + "1.0"},
		{Name: "a name and an element in 0.12", Value: cd(fee.V0_12, fee.CD{ObjID: fee.ObjID{ID: "x", Object: new(contact.Check)}}), Path: "fee:object", Error: "or the name"},
		{Name: "applied in 0.5", Value: &fee.Create{Version: fee.V0_5, Currency: "EUR", Fees: []fee.Fee{{Amount: "5", Applied: fee.Delayed}}}, Path: "@applied", Error: noPlace + "0.5"},
		{Name: "no currency in 0.6", Value: &fee.Create{Version: fee.V0_6, Fees: five}, Path: "fee:currency", Error: "three capital"},
		{Name: "a credit in 0.7", Value: &fee.Create{Version: fee.V0_7, Fees: five, Credits: []fee.Credit{{Amount: "-1"}}}, Path: "fee:credit", Error: noPlace + "0.7"},
		{Name: "a period in trnData of 0.5", Value: &fee.TrnData{Version: fee.V0_5, Currency: "EUR", Period: years(1), Fees: five}, Path: "fee:period", Error: noPlace + "0.5"},
		{Name: "a period in creData of 0.12", Value: &fee.CreData{Version: fee.V0_12, Currency: "EUR", Period: years(1), Fees: five}, Path: "fee:period", Error: noPlace + "0.12"},
		{Name: "no fee in trnData of 0.11", Value: &fee.TrnData{Version: fee.V0_11, Currency: "EUR"}, Path: "fee:fee", Error: "is missing"},
		{Name: "a fee in delData of 0.11", Value: &fee.DelData{Version: fee.V0_11, Currency: "EUR", Fees: five}, Path: "fee:fee", Error: noPlace + "0.11"},
		{Name: "no credit in delData of 0.7", Value: &fee.DelData{Version: fee.V0_7, Currency: "EUR"}, Path: "fee:credit", Error: "is missing"},
	}
	for i := range rows {
		rows[i].Extends = epptest.Answer
	}
	epptest.Refused(t, rows)
}

// TestTolerant reads what servers send that no version has.
func TestTolerant(t *testing.T) {
	for _, tt := range []struct {
		name, xml string
		want      epp.Element
	}{
		{
			"no currency", el(fee.V0_23, "chkData", `<f:cd avail="1"><f:objID>x.example</f:objID><f:command name="create"><f:fee>10.00</f:fee></f:command></f:cd>`),
			&fee.ChkData{Version: fee.V0_23, CD: []fee.CD{{ObjID: id("x.example"), Avail: new(true), Commands: []fee.CommandData{
				{Command: fee.Command{Name: "create"}, Fees: []fee.Fee{{Amount: "10.00"}}},
			}}}},
		},
		{
			"a credit without its sign", el(fee.V0_5, "delData", `<f:currency>EUR</f:currency><f:credit>5.00</f:credit>`),
			&fee.DelData{Version: fee.V0_5, Currency: "EUR", Credits: []fee.Credit{{Amount: "5.00"}}},
		},
		{
			"another order, and white space", el(fee.V0_11, "check", `<f:currency> EUR </f:currency><f:command> create </f:command>`),
			&fee.Check{Version: fee.V0_11, Currency: "EUR", Commands: []fee.Command{{Name: "create"}}},
		},
		{
			"a check without a command", el(fee.V0_11, "check", ``),
			&fee.Check{Version: fee.V0_11},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := set(t).Parse([]byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg>Done</msg></result><extension>` +
				tt.xml + `</extension><trID><svTRID>ROW-1</svTRID></trID></response></epp>`))
			require.NoError(t, err)
			require.Equal(t, tt.want, m.(*epp.Response).Extension[0])
		})
	}
}
