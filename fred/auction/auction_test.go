package auction_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/auction"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), auction.Extension())
	require.NoError(t, err)
	return s
}

var wanted = &domain.Check{Names: []string{"sauna.cz"}}

var rows = []epptest.Row{{
	Name: "Schema 2.4.7, check", Extends: wanted,
	XML:   `<a:check xmlns:a="` + auction.NS + `"><a:registrant>CID-ANNA</a:registrant></a:check>`,
	Value: &auction.Check{Registrant: "CID-ANNA"},
}}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{
		{Name: "for nobody", Value: &auction.Check{}, Extends: wanted, Path: "auction:registrant", Error: "1 to 63"},
		{
			Name: "for a handle of 64 characters", Value: &auction.Check{Registrant: strings.Repeat("X", 64)}, Extends: wanted,
			Path: "auction:registrant", Error: "1 to 63",
		},
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleCheck() {
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &domain.Check{Names: []string{"sauna.cz"}},
		Extension: []epp.Element{&auction.Check{Registrant: "CID-ANNA"}},
		ClTRID:    "EX-1",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <command>
	// <check>
	// <domain:check xmlns:domain="http://www.nic.cz/xml/epp/domain-1.4">
	// <domain:name>sauna.cz</domain:name>
	// </domain:check>
	// </check>
	// <extension>
	// <auction:check xmlns:auction="http://www.nic.cz/xml/epp/auction-1.0">
	// <auction:registrant>CID-ANNA</auction:registrant>
	// </auction:check>
	// </extension>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
