package e164val_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/e164val"
	"github.com/eppkit/eppkit/epp/e164valex"
	"github.com/eppkit/eppkit/internal/epptest"
)

const (
	schema = "../../../shared/reference/xsd/driver.xsd"
	number = "3.2.1.5.5.5.2.8.5.3.e164.arpa"
)

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(e164val.Extension(), e164valex.Extension(), domain.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<e:` + local + ` xmlns:e="` + e164val.NS + `">` + content + `</e:` + local + `>`
}

const info = `<e:validationInfo><v:simpleVal xmlns:v="` + e164valex.NS + `"><v:methodID>Letter</v:methodID>` +
	`<v:executionDate>2025-02-03</v:executionDate></v:simpleVal></e:validationInfo>`

func validation(id string) e164val.Validation {
	return e164val.Validation{ID: id, ValidationInfo: e164val.ValidationInfo{Info: &e164valex.SimpleVal{
		MethodID: "Letter", ExecutionDate: time.Date(2025, 2, 3, 0, 0, 0, 0, time.UTC),
	}}}
}

var (
	create   = &domain.Create{Name: number, AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}
	renew    = &domain.Renew{Name: number, CurExpDate: time.Date(2025, 4, 5, 0, 0, 0, 0, time.UTC)}
	transfer = &domain.Transfer{Op: epp.TransferRequest, Name: number}
	update   = &domain.Update{Name: number}
	first    = validation("first")
)

var rows = []epptest.Row{
	{
		Name: "RFC 5076 infData", Extends: epptest.Answer,
		XML:   el("infData", `<e:inf id="first">`+info+`</e:inf><e:inf id="second">`+info+`</e:inf>`),
		Value: &e164val.InfData{Inf: []e164val.Validation{first, validation("second")}},
	},
	{Name: "RFC 5076 infData of none", Extends: epptest.Answer, XML: el("infData", ""), Value: &e164val.InfData{}},
	{
		Name: "RFC 5076 create", Extends: create,
		XML:   el("create", `<e:add id="first">`+info+`</e:add><e:add id="second">`+info+`</e:add>`),
		Value: &e164val.Create{Add: []e164val.Validation{first, validation("second")}},
	},
	{
		Name: "RFC 5076 renew", Extends: renew, XML: el("renew", `<e:add id="first">`+info+`</e:add>`),
		Value: &e164val.Renew{Add: []e164val.Validation{first}},
	},
	{
		Name: "RFC 5076 transfer", Extends: transfer, Op: epp.TransferRequest,
		XML:   el("transfer", `<e:add id="first">`+info+`</e:add>`),
		Value: &e164val.Transfer{Add: []e164val.Validation{first}},
	},
	{
		Name: "RFC 5076 update", Extends: update,
		XML: el("update", `<e:add id="first">`+info+`</e:add><e:rem id="second"/><e:rem id="third"/><e:chg id="fourth">`+info+`</e:chg>`),
		Value: &e164val.Update{
			Add: []e164val.Validation{first},
			Rem: []e164val.Rem{{ID: "second"}, {ID: "third"}},
			Chg: []e164val.Validation{validation("fourth")},
		},
	},
	{Name: "RFC 5076 update of nothing", Extends: update, XML: el("update", ""), Value: &e164val.Update{}},
	{
		Name: "RFC 5076 validationInfo by itself", Extends: epptest.Answer,
		XML:   strings.Replace(info, "<e:validationInfo", `<e:validationInfo xmlns:e="`+e164val.NS+`"`, 1),
		Value: &first.ValidationInfo,
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	none := []e164val.Validation{{ID: "first"}}
	own := []e164val.Validation{{ID: "first", ValidationInfo: e164val.ValidationInfo{Info: &first.ValidationInfo}}}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "create of nothing", Extends: create, Value: &e164val.Create{}, Path: "e164val:add", Error: "is missing"},
		{Name: "renew of nothing", Extends: renew, Value: &e164val.Renew{}, Path: "e164val:add", Error: "is missing"},
		{Name: "transfer of nothing", Extends: transfer, Op: epp.TransferRequest, Value: &e164val.Transfer{}, Path: "e164val:add", Error: "is missing"},
		{
			Name: "no id", Extends: create, Value: &e164val.Create{Add: []e164val.Validation{validation("")}},
			Path: "e164val:add/@id", Error: "must not be empty",
		},
		{
			Name: "no id to remove", Extends: update, Value: &e164val.Update{Rem: []e164val.Rem{{}}},
			Path: "e164val:rem/@id", Error: "must not be empty",
		},
		{Name: "no information", Extends: create, Value: &e164val.Create{Add: none}, Path: "e164val:validationInfo", Error: "is missing"},
		{Name: "its own namespace", Extends: create, Value: &e164val.Create{Add: own}, Path: "e164val:validationInfo", Error: "another namespace"},
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleRenew() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Renew{Name: number, CurExpDate: time.Date(2025, 4, 5, 0, 0, 0, 0, time.UTC)},
		Extension: []epp.Element{&e164val.Renew{Add: []e164val.Validation{{
			ID: "first",
			ValidationInfo: e164val.ValidationInfo{Info: &e164valex.SimpleVal{
				MethodID: "Letter", ExecutionDate: time.Date(2025, 2, 3, 0, 0, 0, 0, time.UTC),
			}},
		}}}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <e164val:renew xmlns:e164val="urn:ietf:params:xml:ns:e164val-1.0">
	// <e164val:add id="first">
	// <e164val:validationInfo>
	// <e164valex:simpleVal xmlns:e164valex="urn:ietf:params:xml:ns:e164valex-1.1">
	// <e164valex:methodID>Letter</e164valex:methodID>
	// <e164valex:executionDate>2025-02-03</e164valex:executionDate>
	// </e164valex:simpleVal>
	// </e164val:validationInfo>
	// </e164val:add>
	// </e164val:renew>
	// </extension>
	// </command>
	// </epp>
}
