package orgext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/orgext"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(orgext.Extension(), domain.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<o:` + local + ` xmlns:o="` + orgext.NS + `">` + content + `</o:` + local + `>`
}

var (
	create = &domain.Create{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}
	update = &domain.Update{Name: "sauna.example"}
)

var rows = []epptest.Row{
	{
		Name: "RFC 8544, 4.1.2 infData", Extends: epptest.Answer,
		XML:   el("infData", `<o:id role="reseller">birch</o:id><o:id role="privacyproxy">alder</o:id>`),
		Value: &orgext.InfData{IDs: []orgext.ID{{Role: "reseller", ID: "birch"}, {Role: "privacyproxy", ID: "alder"}}},
	},
	{
		Name: "RFC 8544, 4.1.2 infData of none", Extends: epptest.Answer,
		XML: el("infData", ``), Value: &orgext.InfData{},
	},
	{
		Name: "RFC 8544, 4.2.1 create", Extends: create,
		XML:   el("create", `<o:id role="reseller">birch</o:id>`),
		Value: &orgext.Create{IDs: []orgext.ID{{Role: "reseller", ID: "birch"}}},
	},
	{Name: "RFC 8544, 4.2.5 update of nothing", Extends: update, XML: el("update", ``), Value: &orgext.Update{}},
	{
		Name: "RFC 8544, 4.2.5 update", Extends: update,
		XML: el("update", `<o:add><o:id role="reseller">birch</o:id></o:add>
			<o:rem><o:id role="privacyproxy"/><o:id role="">alder</o:id></o:rem>
			<o:chg><o:id role="dns-operator">elm</o:id></o:chg>`),
		Value: &orgext.Update{
			Add: &orgext.AddRemChg{IDs: []orgext.ID{{Role: "reseller", ID: "birch"}}},
			Rem: &orgext.AddRemChg{IDs: []orgext.ID{{Role: "privacyproxy"}, {ID: "alder"}}},
			Chg: &orgext.AddRemChg{IDs: []orgext.ID{{Role: "dns-operator", ID: "elm"}}},
		},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	none := &orgext.AddRemChg{}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "create of nothing", Extends: create, Value: &orgext.Create{}, Path: "orgext:create/orgext:id", Error: "is missing"},
		{Name: "an empty add", Extends: update, Value: &orgext.Update{Add: none}, Path: "orgext:add/orgext:id", Error: "is missing"},
		{Name: "an empty rem", Extends: update, Value: &orgext.Update{Rem: none}, Path: "orgext:rem/orgext:id", Error: "is missing"},
		{Name: "an empty chg", Extends: update, Value: &orgext.Update{Chg: none}, Path: "orgext:chg/orgext:id", Error: "is missing"},
	})
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8544", orgext.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleUpdate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Update{Name: "sauna.example"},
		Extension: []epp.Element{&orgext.Update{
			Chg: &orgext.AddRemChg{IDs: []orgext.ID{{Role: "reseller", ID: "birch"}}},
		}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <orgext:update xmlns:orgext="urn:ietf:params:xml:ns:epp:orgext-1.0">
	// <orgext:chg>
	// <orgext:id role="reseller">birch</orgext:id>
	// </orgext:chg>
	// </orgext:update>
	// </extension>
	// </command>
	// </epp>
}
