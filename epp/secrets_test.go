package epp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

const premiumNS = "urn:example:premium-1.0"

// A premium is of an extension whose secrets have names that do not tell.
type premium struct {
	Pin  epp.Secret
	Year int
}

func (*premium) XMLName() epp.Name { return epp.Name{Space: premiumNS, Local: "premium"} }

func (m *premium) Fields(x *epp.Codec) {
	x.OptAttr("year", epp.Int(&m.Year))
	x.Opt("pin", epp.SecretToken(&m.Pin))
}

func premiums() epp.Extension {
	return epp.Extension{
		URI: premiumNS, Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[premium]},
		Secrets: []string{"pin", "year"},
	}
}

// An extension says which of its names are of secrets, wherever it stands.
func TestSchemaRedact(t *testing.T) {
	const moved = "urn:example:moved-1.0"
	here, err := epp.NewSchema(premiums())
	require.NoError(t, err)
	there, err := epp.NewSchema(premiums().At(moved))
	require.NoError(t, err)
	for _, tt := range []struct {
		name     string
		set      *epp.Schema
		in, want string
	}{
		{"an element", here, `<p:pin xmlns:p="` + premiumNS + `">S</p:pin>`, `<p:pin xmlns:p="` + premiumNS + `">[redacted]</p:pin>`},
		{"what is in it", here, `<pin xmlns="` + premiumNS + `"><a b="S">S</a></pin>`, `<pin xmlns="` + premiumNS + `"><a b="[redacted]">[redacted]</a></pin>`},
		{"an attribute", here, `<a xmlns="` + premiumNS + `" year='S' b='2'/>`, `<a xmlns="` + premiumNS + `" year='[redacted]' b='2'/>`},
		{"an attribute of the namespace elsewhere", here, `<a xmlns="urn:x" xmlns:p="` + premiumNS + `" p:year="S" year="2"/>`, `<a xmlns="urn:x" xmlns:p="` + premiumNS + `" p:year="[redacted]" year="2"/>`},
		{"a child without a namespace", here, `<pin year="S">S</pin>`, `<pin year="[redacted]">[redacted]</pin>`},
		{"another namespace", here, `<pin xmlns="urn:x" year="2">1</pin>`, `<pin xmlns="urn:x" year="2">1</pin>`},
		{"another URI", there, `<pin xmlns="` + moved + `">S</pin>`, `<pin xmlns="` + moved + `">[redacted]</pin>`},
		{"words that quote it", here, `<msg>The pin "S" is wrong</msg>`, `<msg>[redacted]</msg>`},
		{"what all hide", here, `<pw>S</pw>`, `<pw>[redacted]</pw>`},
		{"no set", nil, `<pin xmlns="` + premiumNS + `">1</pin>`, `<pin xmlns="` + premiumNS + `">1</pin>`},
	} {
		require.Equal(t, tt.want, string(tt.set.Redact([]byte(tt.in))), tt.name)
	}
	require.Equal(t, []string{"pin", "year"}, here.Namespaces()[1].Secrets)
}

// An error does not quote them either, nor what looks like a name inside one.
func TestSchemaSecretErrors(t *testing.T) {
	for _, e := range []epp.Extension{premiums(), premiums().At("urn:example:moved-1.0")} {
		set, err := epp.NewSchema(e)
		require.NoError(t, err)
		for _, content := range []string{` year="S3CRET">`, `><p:pin><p:S3CRET/></p:pin>`, `><p:pin S3CRET="1">x</p:pin>`} {
			_, err = set.ParseStrict([]byte(head + `<command><logout/><extension><p:premium xmlns:p="` + e.URI + `"` + content +
				`</p:premium></extension></command>` + tail))
			require.Error(t, err, content)
			require.NotContains(t, err.Error(), "S3CRET")
		}
	}
}

// The words of a refusal know what is secret, too, in whatever letters they name it.
func TestSecretsInWords(t *testing.T) {
	s, err := epp.NewSchema(epp.Extension{URI: "urn:example:v-1.0", Level: epp.CommandLevel, Secrets: []string{"ПИН", "pin2", "my.code"}})
	require.NoError(t, err)
	for _, name := range []string{"ПИН", "пин", "pin2", "PIN2", "my.code"} {
		doc := []byte(head + response(`<result code="2005"><msg>Element '`+name+`': the value 'hunter22' is short</msg></result>`+trIDXML) + tail)
		m, err := s.Parse(doc)
		require.NoError(t, err)
		require.NotContains(t, m.(*epp.Response).Err().Error(), "hunter22", name)
		require.NotContains(t, string(s.Redact(doc)), "hunter22", name)
		require.Contains(t, string(epp.Redact(doc)), "hunter22", "without the set nobody knows")
	}
	frame := []byte(head + `<hello><v:PIN2 xmlns:v="urn:example:v-1.0">hunter22</v:PIN2></hello>` + tail)
	require.NotContains(t, string(s.Redact(frame)), "hunter22")
}
