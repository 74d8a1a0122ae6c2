package enumval_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), enumval.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<v:` + local + ` xmlns:v="` + enumval.NS + `">` + content + `</v:` + local + `>`
}

const number = "4.3.2.1.0.2.4.e164.arpa"

var day = time.Date(2026, 7, 8, 0, 0, 0, 0, time.UTC)

// What is extended.
var (
	create = &domain.Create{Name: number, Registrant: "CID-ANNA"}
	renew  = &domain.Renew{Name: number, CurExpDate: day}
	update = &domain.Update{Name: number}
	data   = &domain.InfData{Name: number, ROID: "D0000000072-CZ", ClID: "REG-ONE"}
)

var rows = []epptest.Row{
	{Name: "CreateDomain, nothing said", XML: el("create", ``), Value: &enumval.Create{}, Extends: create},
	{
		Name: "CreateDomain", XML: el("create", `<v:valExDate>2026-07-08</v:valExDate><v:publish>true</v:publish>`),
		Value: &enumval.Create{ValExDate: day, Publish: new(true)}, Extends: create,
	},
	{
		Name: "CreateDomain, no is not nothing", XML: el("create", `<v:valExDate>2026-07-08</v:valExDate><v:publish>false</v:publish>`),
		Value: &enumval.Create{ValExDate: day, Publish: new(false)}, Extends: create,
	},
	{
		Name: "RenewDomain", XML: el("renew", `<v:valExDate>2026-07-08</v:valExDate><v:publish>0</v:publish>`),
		Value: &enumval.Renew{ValExDate: day, Publish: new(false)}, Extends: renew,
	},
	{Name: "RenewDomain, the date alone", XML: el("renew", `<v:valExDate>2026-07-08</v:valExDate>`), Value: &enumval.Renew{ValExDate: day}, Extends: renew},
	{Name: "UpdateDomain, nothing changes", XML: el("update", `<v:chg/>`), Value: &enumval.Update{}, Extends: update},
	{
		Name: "UpdateDomain", XML: el("update", `<v:chg><v:valExDate>2026-07-08</v:valExDate><v:publish>1</v:publish></v:chg>`),
		Value: &enumval.Update{Chg: enumval.Chg{ValExDate: day, Publish: new(true)}}, Extends: update,
	},
	{
		Name: "UpdateDomain, publish alone", XML: el("update", `<v:chg><v:publish>1</v:publish></v:chg>`),
		Value: &enumval.Update{Chg: enumval.Chg{Publish: new(true)}}, Extends: update,
	},
	{
		Name: "InfoDomain, answer", XML: el("infData", `<v:valExDate>2026-07-08</v:valExDate><v:publish>false</v:publish>`),
		Value: &enumval.InfData{ValExDate: day, Publish: new(false)}, Extends: data,
	},
	{
		Name: "MessageTypes, impending expiration", XML: el("impendingValExpData", `<v:name>`+number+`</v:name><v:valExDate>2026-07-08</v:valExDate>`),
		Value: &enumval.ImpendingValExpData{Name: number, ValExDate: day},
	},
	{
		Name: "MessageTypes, expiration", XML: el("valExpData", `<v:name>`+number+`</v:name><v:valExDate>2026-07-08</v:valExDate>`),
		Value: &enumval.ValExpData{Name: number, ValExDate: day},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestCorpus(t *testing.T) { epptest.Folders(t, set(t), enumval.NS, "fred-docs", "fred-commands") }

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{
		{Name: "no domain", Value: &enumval.ValExpData{ValExDate: day}, Path: "enumval:name", Error: "1 to 255"},
		{Name: "no day", Value: &enumval.ImpendingValExpData{Name: number}, Path: "enumval:valExDate", Error: "is missing"},
	})
}

// The schema has a default for publish, which an empty element stands for.
func TestPublish(t *testing.T) {
	for _, tt := range []struct {
		xml  string
		want *bool
		err  string
	}{
		{"", nil, ""},
		{"<v:publish/>", new(false), ""},
		{"<v:publish></v:publish>", new(false), ""},
		{"<v:publish> true </v:publish>", new(true), ""},
		{"<v:publish>yes</v:publish>", nil, "a boolean"},
	} {
		t.Run(tt.xml, func(t *testing.T) {
			raw, err := epp.NewRaw([]byte(el("create", tt.xml)))
			require.NoError(t, err)
			var got enumval.Create
			err = raw.Decode(set(t), &got)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, got.Publish)
		})
	}
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleRenew() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Renew{Name: "4.3.2.1.0.2.4.e164.arpa", CurExpDate: time.Date(2026, 7, 8, 0, 0, 0, 0, time.UTC)},
		Extension: []epp.Element{&enumval.Renew{
			ValExDate: time.Date(2027, 1, 8, 0, 0, 0, 0, time.UTC),
			Publish:   new(false),
		}},
		ClTRID: "EX-1",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <command>
	// <renew>
	// <domain:renew xmlns:domain="http://www.nic.cz/xml/epp/domain-1.4">
	// <domain:name>4.3.2.1.0.2.4.e164.arpa</domain:name>
	// <domain:curExpDate>2026-07-08</domain:curExpDate>
	// </domain:renew>
	// </renew>
	// <extension>
	// <enumval:renew xmlns:enumval="http://www.nic.cz/xml/epp/enumval-1.2">
	// <enumval:valExDate>2027-01-08</enumval:valExDate>
	// <enumval:publish>0</enumval:publish>
	// </enumval:renew>
	// </extension>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
