package extraaddr_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(contact.Extension(), extraaddr.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<x:` + local + ` xmlns:x="` + extraaddr.NS + `">` + content + `</x:` + local + `>`
}

const least = `<x:mailing><x:addr><x:street>Box 4</x:street><x:city>Tábor</x:city><x:pc/><x:cc>CZ</x:cc></x:addr></x:mailing>`

func mailing(change func(*extraaddr.Addr)) extraaddr.Mailing {
	m := extraaddr.Mailing{Addr: extraaddr.Addr{Street: []string{"Box 4"}, City: "Tábor", CC: "CZ"}}
	change(&m.Addr)
	return m
}

func same(*extraaddr.Addr) {}

// What is extended.
var (
	create = &contact.Create{
		ID: "CID-ANNA", Email: []string{"anna@mala.example"},
		PostalInfo: contact.PostalInfo{Name: "Anna Malá", Addr: &contact.Addr{
			Street: []string{"Pod Mostem 4"}, City: "Tábor", PC: new("39001"), CC: "CZ",
		}},
	}
	update = &contact.Update{ID: "CID-ANNA"}
	data   = &contact.InfData{
		ID: "CID-ANNA", ROID: "C0000000071-CZ", ClID: "REG-ONE", CrID: "REG-TWO", CrDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC),
	}
)

var rows = []epptest.Row{
	{Name: "CreateContact, least", XML: el("create", least), Value: &extraaddr.Create{Mailing: mailing(same)}, Extends: create},
	{
		Name: "CreateContact, most", Extends: create, XML: el("create", `<x:mailing><x:addr><x:street>Pod  Mostem 4</x:street><x:street>2. patro</x:street>
		<x:street>vlevo</x:street><x:city>Tábor</x:city><x:sp>Jih</x:sp><x:pc>39001</x:pc><x:cc>CZ</x:cc></x:addr></x:mailing>`),
		Value: &extraaddr.Create{Mailing: mailing(func(m *extraaddr.Addr) {
			m.Street, m.SP, m.PC = []string{"Pod  Mostem 4", "2. patro", "vlevo"}, "Jih", "39001"
		})},
	},
	{Name: "InfoContact, answer", XML: el("infData", least), Value: &extraaddr.InfData{Mailing: mailing(same)}, Extends: data},
	{
		Name: "UpdateContact, set", XML: el("update", `<x:set>`+least+`</x:set>`), Extends: update,
		Value: &extraaddr.Update{Set: &extraaddr.Set{Mailing: mailing(same)}},
	},
	{
		Name: "UpdateContact, rem", XML: el("update", `<x:rem><x:mailing/></x:rem>`), Extends: update,
		Value: &extraaddr.Update{Rem: &extraaddr.Rem{Mailing: true}},
	},
	{
		Name: "Schema 2.4.7, both", XML: el("update", `<x:set>`+least+`</x:set><x:rem><x:mailing/></x:rem>`), Extends: update,
		Value: &extraaddr.Update{Set: &extraaddr.Set{Mailing: mailing(same)}, Rem: &extraaddr.Rem{Mailing: true}},
	},
	{Name: "Schema 2.4.7, neither", XML: el("update", ``), Value: &extraaddr.Update{}, Extends: update},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestCorpus(t *testing.T) { epptest.Folders(t, set(t), extraaddr.NS, "fred-docs", "fred-commands") }

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	var rows []epptest.Refusal
	for _, r := range []struct {
		name   string
		change func(*extraaddr.Addr)
		path   string
		err    string
	}{
		{"no street", func(m *extraaddr.Addr) { m.Street = nil }, "street", "is missing"},
		{"an empty line", func(m *extraaddr.Addr) { m.Street = []string{""} }, "street", "1 to 255"},
		{"a line of 256 characters", func(m *extraaddr.Addr) { m.Street = []string{long} }, "street", "1 to 255"},
		{"four lines", func(m *extraaddr.Addr) { m.Street = []string{"a", "b", "c", "d"} }, "street", "3 times"},
		{"no city", func(m *extraaddr.Addr) { m.City = "" }, "city", "1 to 255"},
		{"a long province", func(m *extraaddr.Addr) { m.SP = long }, "sp", "1 to 255"},
		{"a long postal code", func(m *extraaddr.Addr) { m.PC = long[:17] }, "pc", "0 to 16"},
		{"no country", func(m *extraaddr.Addr) { m.CC = "" }, "cc", "2 to 2"},
	} {
		rows = append(rows, epptest.Refusal{
			Name: r.name, Value: &extraaddr.Create{Mailing: mailing(r.change)}, Extends: create,
			Path: "extra-addr:mailing/extra-addr:addr/extra-addr:" + r.path, Error: r.err,
		})
	}
	epptest.Refused(t, append(rows, epptest.Refusal{
		Name: "nothing to remove", Value: &extraaddr.Update{Rem: &extraaddr.Rem{}}, Extends: update,
		Path: "extra-addr:rem/extra-addr:mailing", Error: "is missing",
	}))
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleUpdate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &contact.Update{ID: "CID-ANNA"},
		Extension: []epp.Element{&extraaddr.Update{Rem: &extraaddr.Rem{Mailing: true}}},
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
	// <update>
	// <contact:update xmlns:contact="http://www.nic.cz/xml/epp/contact-1.6">
	// <contact:id>CID-ANNA</contact:id>
	// </contact:update>
	// </update>
	// <extension>
	// <extra-addr:update xmlns:extra-addr="http://www.nic.cz/xml/epp/extra-addr-1.0">
	// <extra-addr:rem>
	// <extra-addr:mailing/>
	// </extra-addr:rem>
	// </extra-addr:update>
	// </extension>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
