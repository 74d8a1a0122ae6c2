package schemas_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/schemas"
)

// A schema may begin with a DOCTYPE, as that of XML Signatures does. A frame may not.
func TestDoctype(t *testing.T) {
	const (
		before = "<?xml version='1.0'?>\n<!-- a <!DOCTYPE> - that is none -->\n"
		schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:sauna">
<xs:element name="heat" type="xs:int"/></xs:schema>`
		frame = `<heat xmlns="urn:sauna">90</heat>`
	)
	compile := func(t *testing.T, text string) (*schemas.Validator, error) {
		dir := t.TempDir()
		writeFile(t, dir, "sauna.xsd", text)
		return schemas.New(schemas.Options{URIs: []string{}, Dirs: []string{dir}})
	}
	for name, declared := range map[string]string{
		"a name":      "<!DOCTYPE schema>",
		"an address":  `<!DOCTYPE xs:schema PUBLIC "-//it's > all//" 'http://sauna.example/"xs"/none.dtd'>`,
		"a subset":    "<!DOCTYPE schema [\n<!ATTLIST schema xmlns:ds CDATA #FIXED 'urn:]>'>\n<!ENTITY heat \"90]>'\">\n<!ENTITY % p ''>\n]\n>",
		"comments":    "<!DOCTYPE schema [ <!-- it's ]> --> <?it's ]> ?> <!ELEMENT schema ANY> ]>",
		"an external": `<!DOCTYPE schema [ <!ENTITY x SYSTEM "file:///dev/null"> ]>`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, start := range []string{"", "\ufeff", before, "\ufeff" + before} {
				v, err := compile(t, start+declared+schema)
				require.NoError(t, err)
				require.NoError(t, v.Validate(t.Context(), []byte(frame)))
				require.Equal(t, schemas.Syntax, violations(t, v, declared+frame)[0].Code)
			}
			_, err := compile(t, before+declared+"\n"+strings.Replace(schema, "xs:int", "xs:none", 1))
			line := strings.Count(before+declared, "\n") + 3
			require.ErrorContains(t, err, fmt.Sprintf("sauna.xsd:%d:1: ", line))

			_, err = compile(t, declared+strings.Replace(schema, `"heat"`, `"&heat;"`, 1))
			require.ErrorContains(t, err, "a reference to an entity that is not declared; its DOCTYPE is not read, nor the entities in there")
		})
	}
	for _, open := range []string{"<!DOCTYPE schema [ >", "<!DOCTYPE 'schema>", "<!DOCTYPE schema [<!-- ]>"} {
		_, err := compile(t, open+schema)
		require.ErrorContains(t, err, "DOCTYPE is not allowed", open)
	}
}
