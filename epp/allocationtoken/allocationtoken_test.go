package allocationtoken_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/allocationtoken"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), allocationtoken.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<a:` + local + ` xmlns:a="` + allocationtoken.NS + `">` + content + `</a:` + local + `>`
}

var (
	check = &domain.Check{Names: []string{"sauna.example"}}
	info  = &domain.Info{Name: "sauna.example"}
	data  = &domain.InfData{Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne"}
)

var rows = []epptest.Row{
	{
		Name: "RFC 8495, 3.1.1 in a check", XML: el("allocationToken", `löyly-5`), Extends: check,
		Value: &allocationtoken.AllocationToken{Token: "löyly-5"},
	},
	{Name: "RFC 8495, 3.1.2 info", XML: el("info", ``), Extends: info, Value: &allocationtoken.Info{}},
	{
		Name: "RFC 8495, 3.1.2 in the answer to an info, white space collapsed", XML: el("allocationToken", "\n a  b\t"), Extends: data,
		Value: &allocationtoken.AllocationToken{Token: "a b"},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{{
		Name: "an empty token", Value: &allocationtoken.AllocationToken{Token: " \n"}, Extends: check,
		Path: "allocationToken:allocationToken", Error: "empty",
	}})
}

func TestInfoIsEmpty(t *testing.T) {
	for _, content := range []string{`x`, `<a:allocationToken>x</a:allocationToken>`} {
		_, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><command><info><domain:info xmlns:domain="` +
			domain.NS + `"><domain:name>x.example</domain:name></domain:info></info><extension>` +
			el("info", content) + `</extension></command></epp>`))
		var field *epp.FieldError
		require.ErrorAs(t, err, &field)
	}
}

// TestNotShown looks for the token where nobody should find it.
func TestNotShown(t *testing.T) {
	m := &allocationtoken.AllocationToken{Token: "four-5-six"}
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s %d %x %t", m, *m, m, m, m, *m, []epp.Element{m}), "four")
	frame, err := epp.Append(nil, &epp.Command{Request: check, Extension: []epp.Element{m}})
	require.NoError(t, err)
	require.Contains(t, string(frame), "four-5-six")
	require.NotContains(t, string(epp.Redact(frame)), "four-5-six")
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8495", allocationtoken.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func Example() {
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &domain.Check{Names: []string{"sauna.example"}},
		Extension: []epp.Element{&allocationtoken.AllocationToken{Token: "kiuas-42"}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "</check>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <extension>
	// <allocationToken:allocationToken xmlns:allocationToken="urn:ietf:params:xml:ns:allocationToken-1.0">kiuas-42</allocationToken:allocationToken>
	// </extension>
	// </command>
	// </epp>
}
