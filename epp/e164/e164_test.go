package e164_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/e164"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(e164.Extension(), domain.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<e:` + local + ` xmlns:e="` + e164.NS + `">` + content + `</e:` + local + `>`
}

var (
	create = &domain.Create{Name: "3.2.1.5.5.5.2.8.5.3.e164.arpa", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}
	update = &domain.Update{Name: "3.2.1.5.5.5.2.8.5.3.e164.arpa"}
)

const (
	least = `<e:naptr><e:order>0</e:order><e:pref>65535</e:pref><e:svc>E2U+tel</e:svc></e:naptr>`
	most  = `<e:naptr><e:order>10</e:order><e:pref>100</e:pref><e:flags>u</e:flags><e:svc>E2U+sip</e:svc>
		<e:regex>"!^.*$!sip:desk@sauna.example!"</e:regex><e:repl>sauna.example.</e:repl></e:naptr>`
)

var (
	one = e164.Naptr{Pref: 65535, Svc: "E2U+tel"}
	two = e164.Naptr{
		Order: 10, Pref: 100, Flags: "u", Svc: "E2U+sip",
		Regex: `"!^.*$!sip:desk@sauna.example!"`, Repl: "sauna.example.",
	}
)

var rows = []epptest.Row{
	{
		Name: "RFC 4114, 3.1.2 infData", Extends: epptest.Answer,
		XML: el("infData", most+least), Value: &e164.InfData{Naptr: []e164.Naptr{two, one}},
	},
	{
		Name: "RFC 4114, 3.2.1 create", Extends: create,
		XML: el("create", least+most), Value: &e164.Create{Naptr: []e164.Naptr{one, two}},
	},
	{
		Name: "RFC 4114, 3.2.5 update", Extends: update, XML: el("update", `<e:add>`+most+`</e:add><e:rem>`+least+most+`</e:rem>`),
		Value: &e164.Update{
			Add: &e164.AddRem{Naptr: []e164.Naptr{two}},
			Rem: &e164.AddRem{Naptr: []e164.Naptr{one, two}},
		},
	},
	{Name: "RFC 4114, 3.2.5 update of nothing", Extends: update, XML: el("update", ""), Value: &e164.Update{}},
	{
		Name: "RFC 4114, 2.2.3 flags, a digit", Extends: epptest.Answer,
		XML:   el("infData", `<e:naptr><e:order>1</e:order><e:pref>2</e:pref><e:flags>7</e:flags><e:svc>E2U+tel</e:svc></e:naptr>`),
		Value: &e164.InfData{Naptr: []e164.Naptr{{Order: 1, Pref: 2, Flags: "7", Svc: "E2U+tel"}}},
	},
	{
		Name: "RFC 4114, 4 naptr by itself", Extends: epptest.Answer,
		XML:   strings.Replace(least, "<e:naptr", `<e:naptr xmlns:e="`+e164.NS+`"`, 1),
		Value: &one,
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	refused := func(name, path, reason string, change func(*e164.Naptr)) epptest.Refusal {
		m := one
		change(&m)
		return epptest.Refusal{
			Name: name, Extends: create, Value: &e164.Create{Naptr: []e164.Naptr{m}}, Path: path, Error: reason,
		}
	}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "create of nothing", Extends: create, Value: &e164.Create{}, Path: "e164epp:naptr", Error: "is missing"},
		{Name: "infData of nothing", Extends: epptest.Answer, Value: &e164.InfData{}, Path: "e164epp:naptr", Error: "is missing"},
		{Name: "an empty add", Extends: update, Value: &e164.Update{Add: &e164.AddRem{}}, Path: "e164epp:add/e164epp:naptr", Error: "is missing"},
		refused("an order too high", "e164epp:order", "0 to 65535", func(m *e164.Naptr) { m.Order = 65536 }),
		refused("a preference too low", "e164epp:pref", "0 to 65535", func(m *e164.Naptr) { m.Pref = -1 }),
		refused("two flags", "e164epp:flags", "one letter or digit", func(m *e164.Naptr) { m.Flags = "us" }),
		refused("an odd flag", "e164epp:flags", "one letter or digit", func(m *e164.Naptr) { m.Flags = "ä" }),
		refused("no service", "e164epp:svc", "must not be empty", func(m *e164.Naptr) { m.Svc = " " }),
		refused("a rule of white space", "e164epp:regex", "must not be empty", func(m *e164.Naptr) { m.Regex = " " }),
		refused("a long replacement", "e164epp:repl", "1 to 255 characters", func(m *e164.Naptr) { m.Repl = strings.Repeat("x", 256) }),
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleCreate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Create{Name: "3.2.1.5.5.5.2.8.5.3.e164.arpa", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}},
		Extension: []epp.Element{&e164.Create{Naptr: []e164.Naptr{{
			Order: 10, Pref: 100, Flags: "u", Svc: "E2U+sip", Regex: "!^.*$!sip:desk@sauna.example!",
		}}}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <e164epp:create xmlns:e164epp="urn:ietf:params:xml:ns:e164epp-1.0">
	// <e164epp:naptr>
	// <e164epp:order>10</e164epp:order>
	// <e164epp:pref>100</e164epp:pref>
	// <e164epp:flags>u</e164epp:flags>
	// <e164epp:svc>E2U+sip</e164epp:svc>
	// <e164epp:regex>!^.*$!sip:desk@sauna.example!</e164epp:regex>
	// </e164epp:naptr>
	// </e164epp:create>
	// </extension>
	// </command>
	// </epp>
}
