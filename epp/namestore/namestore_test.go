package namestore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/namestore"
	"github.com/eppkit/eppkit/internal/epptest"
	"github.com/eppkit/eppkit/schemas"
)

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), namestore.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<n:` + local + ` xmlns:n="` + namestore.NS + `">` + content + `</n:` + local + `>`
}

var rows = []epptest.Row{
	{
		Name: "command", XML: el("namestoreExt", `<n:subProduct>dotSAUNA</n:subProduct>`),
		Value: &namestore.NamestoreExt{SubProduct: "dotSAUNA"}, Extends: &domain.Check{Names: []string{"kiuas.example"}},
	},
	{
		Name: "answer", XML: el("namestoreExt", `<n:subProduct>dotSAUNA</n:subProduct>`),
		Value: &namestore.NamestoreExt{SubProduct: "dotSAUNA"}, Extends: epptest.Answer,
	},
	{
		Name: "answer that failed", XML: el("nsExtErrData", `<n:msg code="1" lang="fi">Tuotetta ei ole</n:msg>`),
		Value: &namestore.NsExtErrData{Msg: namestore.Msg{Code: "1", Lang: "fi", Text: "Tuotetta ei ole"}}, Extends: epptest.Answer,
	},
}

// What is written is valid by the schema that the extension brings along.
func TestElements(t *testing.T) {
	v, err := schemas.For(set(t), schemas.Options{})
	require.NoError(t, err)
	for _, frame := range epptest.Elements(t, set(t), rows) {
		require.NoError(t, v.Validate(t.Context(), frame))
	}
}

func TestRefused(t *testing.T) {
	check := &domain.Check{Names: []string{"kiuas.example"}}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "no product", Value: new(namestore.NamestoreExt), Extends: check, Path: "namestoreExt:subProduct", Error: "1 to 64"},
		{Name: "a product of 65", Value: &namestore.NamestoreExt{SubProduct: strings.Repeat("x", 65)}, Extends: check, Path: "namestoreExt:subProduct", Error: "1 to 64"},
		{
			Name: "no language", Value: &namestore.NsExtErrData{Msg: namestore.Msg{Code: "1", Lang: "?"}}, Extends: epptest.Answer,
			Path: "@lang", Error: "language tag",
		},
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleNamestoreExt() {
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &domain.Check{Names: []string{"sauna.example"}},
		Extension: []epp.Element{&namestore.NamestoreExt{SubProduct: "dotSAUNA"}},
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
	// <domain:check xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">
	// <domain:name>sauna.example</domain:name>
	// </domain:check>
	// </check>
	// <extension>
	// <namestoreExt:namestoreExt xmlns:namestoreExt="http://www.verisign-grs.com/epp/namestoreExt-1.1">
	// <namestoreExt:subProduct>dotSAUNA</namestoreExt:subProduct>
	// </namestoreExt:namestoreExt>
	// </extension>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
