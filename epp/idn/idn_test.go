package idn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/idn"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), idn.Extension())
	require.NoError(t, err)
	return s
}

func el(content string) string { return `<i:data xmlns:i="` + idn.NS + `">` + content + `</i:data>` }

var (
	info = &domain.Info{Name: "xn--ssi-qlaa.example"}
	inf  = &domain.InfData{Name: "xn--ssi-qlaa.example", ROID: "SAUNA1-TEST", ClID: "RegOne"}
	name = strings.Repeat("ä", 255)
)

var rows = []epptest.Row{
	{Name: "table alone", XML: el(`<i:table>fi</i:table>`), Value: &idn.Data{Table: "fi"}, Extends: inf},
	{
		Name: "table and name", XML: el(`<i:table>fi</i:table><i:uname>ässä.example</i:uname>`),
		Value: &idn.Data{Table: "fi", UName: "ässä.example"}, Extends: info,
	},
	{
		Name: "a name of 255 characters", XML: el(`<i:table>fi</i:table><i:uname>` + name + `</i:uname>`),
		Value: &idn.Data{Table: "fi", UName: name}, Extends: info,
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{
		{Name: "no table", Value: &idn.Data{UName: "ässä.example"}, Path: "idn:table", Error: "must not be empty", Extends: info},
		{Name: "a name of 256", Value: &idn.Data{Table: "fi", UName: name + "ä"}, Path: "idn:uname", Error: "1 to 255", Extends: info},
	})
}

// TestNoName is a name that is there and empty, which the schema does not allow.
func TestNoName(t *testing.T) {
	frame := []byte(`<epp xmlns="` + epp.NS + `"><command><info><d:info xmlns:d="` + domain.NS +
		`"><d:name>sauna.example</d:name></d:info></info><extension>` + el(`<i:table>fi</i:table><i:uname/>`) +
		`</extension></command></epp>`)
	_, err := set(t).ParseStrict(frame)
	require.ErrorContains(t, err, "idn:uname")
	m, err := set(t).Parse(frame)
	require.NoError(t, err)
	require.Equal(t, []epp.Element{&idn.Data{Table: "fi"}}, m.(*epp.Command).Extension)
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleData() {
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &domain.Info{Name: "xn--ssi-qlaa.example"},
		Extension: []epp.Element{&idn.Data{Table: "fi", UName: "ässä.example"}},
		ClTRID:    "EX-1",
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <idn:data xmlns:idn="urn:ietf:params:xml:ns:idn-1.0">
	// <idn:table>fi</idn:table>
	// <idn:uname>ässä.example</idn:uname>
	// </idn:data>
	// </extension>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
