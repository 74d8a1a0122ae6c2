package keyset_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(keyset.Extension())
	require.NoError(t, err)
	return s
}

var rows = []epptest.Row{
	{
		Name: "SendAuthInfoKeyset, answer", XML: `<x:sendAuthInfoData xmlns:x="` + keyset.NS + `">
		<x:email> a*****@m*****.*,o*****@k*****.* </x:email></x:sendAuthInfoData>`,
		Value: &keyset.SendAuthInfoData{Email: []string{"a*****@m*****.*", "o*****@k*****.*"}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{
		{Name: "sent to nobody", Value: &keyset.SendAuthInfoData{}, Path: "keyset:email", Error: "is missing"},
		{
			Name: "too many addresses", Value: &keyset.SendAuthInfoData{Email: strings.Fields(strings.Repeat("a@b.example ", 30))},
			Path: "keyset:email", Error: "320",
		},
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleSendAuthInfoData() {
	raw, err := epp.NewRaw([]byte(`<keyset:sendAuthInfoData xmlns:keyset="http://www.nic.cz/xml/epp/keyset-1.3">
		<keyset:email>a*****@m*****.*,o*****@k*****.*</keyset:email>
	</keyset:sendAuthInfoData>`))
	if err != nil {
		panic(err)
	}
	var data keyset.SendAuthInfoData
	if err := raw.Decode(nil, &data); err != nil {
		panic(err)
	}
	fmt.Println(data.Email)
	// Output: [a*****@m*****.* o*****@k*****.*]
}
