package bdn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/bdn"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(bdn.Extension(), domain.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<b:` + local + ` xmlns:b="` + bdn.NS + `">` + content + `</b:` + local + `>`
}

var create = &domain.Create{Name: "xn--snaksi-9wa.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}

const (
	least = `<b:bundle><b:rdn>xn--snaksi-9wa.example</b:rdn></b:bundle>`
	most  = `<b:bundle><b:rdn uLabel="sänaksi.example">xn--snaksi-9wa.example</b:rdn>
		<b:bdn uLabel="sanaksi.example"> sanaksi.example </b:bdn><b:bdn>sanaksi.test</b:bdn></b:bundle>`
)

var (
	one = bdn.Bundle{RDN: bdn.RDN{Name: "xn--snaksi-9wa.example"}}
	all = bdn.Bundle{
		RDN: bdn.RDN{Name: "xn--snaksi-9wa.example", ULabel: "sänaksi.example"},
		BDN: []bdn.RDN{{Name: "sanaksi.example", ULabel: "sanaksi.example"}, {Name: "sanaksi.test"}},
	}
)

var rows = []epptest.Row{
	{Name: "RFC 9095, 6.1.2 infData", Extends: epptest.Answer, XML: el("infData", most), Value: &bdn.InfData{Bundle: all}},
	{Name: "RFC 9095, 6.1.2 infData without BDN", Extends: epptest.Answer, XML: el("infData", least), Value: &bdn.InfData{Bundle: one}},
	{
		Name: "RFC 9095, 6.2.1 create", Extends: create,
		XML: el("create", `<b:rdn uLabel="sänaksi.example">xn--snaksi-9wa.example</b:rdn>`), Value: &bdn.Create{RDN: &all.RDN},
	},
	{Name: "RFC 9095, 6.2.1 create without RDN", Extends: create, XML: el("create", ""), Value: &bdn.Create{}},
	{Name: "RFC 9095, 6.2.1 creData", Extends: epptest.Answer, XML: el("creData", most), Value: &bdn.CreData{Bundle: all}},
	{Name: "RFC 9095, 6.2.2 delData", Extends: epptest.Answer, XML: el("delData", most), Value: &bdn.DelData{Bundle: all}},
	{Name: "RFC 9095, 6.2.3 renData", Extends: epptest.Answer, XML: el("renData", most), Value: &bdn.RenData{Bundle: all}},
	{Name: "RFC 9095, 6.2.4 trnData", Extends: epptest.Answer, XML: el("trnData", most), Value: &bdn.TrnData{Bundle: all}},
	{Name: "RFC 9095, 6.2.5 upData", Extends: epptest.Answer, XML: el("upData", most), Value: &bdn.UpData{Bundle: all}},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	epptest.Refused(t, []epptest.Refusal{
		{Name: "no RDN", Extends: epptest.Answer, Value: &bdn.InfData{}, Path: "b-dn:rdn", Error: "1 to 255 characters"},
		{Name: "a long RDN", Extends: create, Value: &bdn.Create{RDN: &bdn.RDN{Name: long}}, Path: "b-dn:rdn", Error: "1 to 255 characters"},
		{
			Name: "a long U-label", Extends: create, Value: &bdn.Create{RDN: &bdn.RDN{Name: "a.example", ULabel: long}},
			Path: "@uLabel", Error: "1 to 255 characters",
		},
		{
			Name: "an empty BDN", Extends: epptest.Answer, Value: &bdn.UpData{Bundle: bdn.Bundle{RDN: all.RDN, BDN: []bdn.RDN{{}}}},
			Path: "b-dn:bdn", Error: "1 to 255 characters",
		},
	})
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc9095", bdn.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleCreate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Create{Name: "xn--snaksi-9wa.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}},
		Extension: []epp.Element{&bdn.Create{
			RDN: &bdn.RDN{Name: "xn--snaksi-9wa.example", ULabel: "sänaksi.example"},
		}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <b-dn:create xmlns:b-dn="urn:ietf:params:xml:ns:epp:b-dn">
	// <b-dn:rdn uLabel="sänaksi.example">xn--snaksi-9wa.example</b-dn:rdn>
	// </b-dn:create>
	// </extension>
	// </command>
	// </epp>
}
