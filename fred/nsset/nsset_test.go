package nsset_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(nsset.Extension())
	require.NoError(t, err)
	return s
}

var rows = []epptest.Row{
	{
		Name: "SendAuthInfoNsset, answer", XML: `<x:sendAuthInfoData xmlns:x="` + nsset.NS + `">
		<x:email> a*****@m*****.*,o*****@k*****.* </x:email></x:sendAuthInfoData>`,
		Value: &nsset.SendAuthInfoData{Email: []string{"a*****@m*****.*", "o*****@k*****.*"}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{
		{Name: "sent to nobody", Value: &nsset.SendAuthInfoData{}, Path: "nsset:email", Error: "is missing"},
		{
			Name: "too many addresses", Value: &nsset.SendAuthInfoData{Email: strings.Fields(strings.Repeat("a@b.example ", 30))},
			Path: "nsset:email", Error: "320",
		},
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleSendAuthInfoData() {
	raw, err := epp.NewRaw([]byte(`<nsset:sendAuthInfoData xmlns:nsset="http://www.nic.cz/xml/epp/nsset-1.2">
		<nsset:email>a*****@m*****.*,o*****@k*****.*</nsset:email>
	</nsset:sendAuthInfoData>`))
	if err != nil {
		panic(err)
	}
	var data nsset.SendAuthInfoData
	if err := raw.Decode(nil, &data); err != nil {
		panic(err)
	}
	fmt.Println(data.Email)
	// Output: [a*****@m*****.* o*****@k*****.*]
}
