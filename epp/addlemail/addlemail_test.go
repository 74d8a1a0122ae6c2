package addlemail_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/addlemail"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(contact.Extension(), addlemail.Extension())
	require.NoError(t, err)
	return s
}

func el(content string) string {
	return `<a:addlEmail xmlns:a="` + addlemail.NS + `">` + content + `</a:addlEmail>`
}

var update = &contact.Update{ID: "anna-1"}

var rows = []epptest.Row{
	{
		Name: "RFC 9873, an address", XML: el(`<a:email>anna@kiuas.example</a:email>`), Extends: update,
		Value: &addlemail.AddlEmail{Email: "anna@kiuas.example"},
	},
	{
		Name: "RFC 9873, an address that comes first", XML: el(`<a:email primary="1">löyly@kiuas.example</a:email>`), Extends: update,
		Value: &addlemail.AddlEmail{Email: "löyly@kiuas.example", Primary: new(true)},
	},
	{
		Name: "RFC 9873, one that does not, in so many words", XML: el(`<a:email primary="0">anna@kiuas.example</a:email>`), Extends: epptest.Answer,
		Value: &addlemail.AddlEmail{Email: "anna@kiuas.example", Primary: new(false)},
	},
	{Name: "RFC 9873, none", XML: el(`<a:email/>`), Extends: update, Value: &addlemail.AddlEmail{}},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{{
		Name: "a character that XML has not", Value: &addlemail.AddlEmail{Email: "anna\x00@kiuas.example"}, Extends: update,
		Path: "addlEmail:email", Error: "character",
	}})
	for _, content := range []string{``, `<a:email>a@b.example</a:email><a:email/>`, `<a:email primary="yes"/>`} {
		_, err := set(t).ParseStrict([]byte(`<epp xmlns="` + epp.NS + `"><command><update><contact:update xmlns:contact="` + contact.NS +
			`"><contact:id>anna-1</contact:id></contact:update></update><extension>` + el(content) + `</extension></command></epp>`))
		var field *epp.FieldError
		require.ErrorAs(t, err, &field, content)
	}
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc9873", addlemail.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func Example() {
	first := true
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &contact.Update{ID: "anna-1"},
		Extension: []epp.Element{&addlemail.AddlEmail{Email: "löyly@kiuas.example", Primary: &first}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "</update>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <extension>
	// <addlEmail:addlEmail xmlns:addlEmail="urn:ietf:params:xml:ns:epp:addlEmail-1.0">
	// <addlEmail:email primary="1">löyly@kiuas.example</addlEmail:email>
	// </addlEmail:addlEmail>
	// </extension>
	// </command>
	// </epp>
}
