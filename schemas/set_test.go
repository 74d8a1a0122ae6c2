package schemas_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/schemas"
)

// A Validator for a set knows what the set speaks, under the URIs that it has there.
func TestFor(t *testing.T) {
	const lightNS, ownDomain, ownEPP = "urn:example:light-1.0", "https://registry.example/domain-x-1.2.xsd", "urn:example:epp-x"
	light := epp.Extension{URI: lightNS, Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[lamp]}}
	lit := light
	lit.XSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="` + lightNS + `"><xs:element name="lamp" type="xs:int"/></xs:schema>`
	spaced := light
	spaced.XSD = `<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace=' ` + lightNS + `'><xs:element name="lamp" type="xs:int"/></xs:schema>`
	listed := light
	listed.XSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="` + lightNS + `"><xs:element name="lamp"><xs:complexType>` +
		`<xs:sequence><xs:any namespace="` + domain.NS + ` urn:z"/></xs:sequence></xs:complexType></xs:element></xs:schema>`
	const two = `<extension><lamp xmlns="` + lightNS + `">2</lamp></extension>`
	frame := func(ns, verb, object, ext string) []byte {
		return []byte(`<epp xmlns="` + ns + `"><command><` + verb + `>` + object + `</` + verb + `>` + ext + `</command></epp>`)
	}
	check := func(uri, name string) string {
		return `<d:check xmlns:d="` + uri + `"><d:name>` + name + `</d:name></d:check>`
	}
	const lamps = `<extension><lamp xmlns="` + lightNS + `" a="b">any<thing/></lamp></extension>`
	for _, tt := range []struct {
		name  string
		exts  []epp.Extension
		frame []byte
		valid bool
	}{
		{"a namespace of the set", []epp.Extension{domain.Extension()}, frame(epp.NS, "check", check(domain.NS, "a.example"), ""), true},
		{"what its schema refuses", []epp.Extension{domain.Extension()}, frame(epp.NS, "check", check(domain.NS, ""), ""), false},
		{"a namespace of another set", []epp.Extension{contact.Extension()}, frame(epp.NS, "check", check(domain.NS, "a.example"), ""), false},
		{"a namespace without a schema", []epp.Extension{domain.Extension(), light}, frame(epp.NS, "check", check(domain.NS, "a.example"), lamps), true},
		{"a namespace that brings its schema", []epp.Extension{domain.Extension(), lit}, frame(epp.NS, "check", check(domain.NS, "a.example"), two), true},
		{"what that schema refuses", []epp.Extension{domain.Extension(), lit}, frame(epp.NS, "check", check(domain.NS, "a.example"), lamps), false},
		{"the same under another URI", []epp.Extension{domain.Extension(), lit.At("urn:y")}, frame(epp.NS, "check", check(domain.NS, "a.example"), strings.ReplaceAll(two, lightNS, "urn:y")), true},
		{"the same, written in another way", []epp.Extension{domain.Extension(), spaced.At("urn:y'&")}, frame(epp.NS, "check", check(domain.NS, "a.example"), strings.ReplaceAll(two, lightNS, "urn:y'&amp;")), true},
		{"a namespace in a list", []epp.Extension{domain.Extension().At("urn:d"), listed}, frame(epp.NS, "check", check("urn:d", "a.example"), `<extension><lamp xmlns="`+lightNS+`">`+check("urn:d", "a.example")+`</lamp></extension>`), true},
		{"an element that it does not have", []epp.Extension{domain.Extension(), light}, frame(epp.NS, "check", check(domain.NS, "a.example"), `<extension><oil xmlns="`+lightNS+`"/></extension>`), false},
		{"another URI", []epp.Extension{domain.Extension().At(ownDomain)}, frame(epp.NS, "check", check(ownDomain, "a.example"), ""), true},
		{"another URI, held to the same", []epp.Extension{domain.Extension().At(ownDomain)}, frame(epp.NS, "check", check(ownDomain, ""), ""), false},
		{"the URI that it replaces", []epp.Extension{domain.Extension().At(ownDomain)}, frame(epp.NS, "check", check(domain.NS, "a.example"), ""), false},
		{"another URI for EPP", []epp.Extension{epp.Protocol().At(ownEPP), domain.Extension()}, frame(ownEPP, "check", check(domain.NS, "a.example"), ""), true},
		{"EPP's own where there is another", []epp.Extension{epp.Protocol().At(ownEPP), domain.Extension()}, frame(epp.NS, "check", check(domain.NS, "a.example"), ""), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set, err := epp.NewSchema(tt.exts...)
			require.NoError(t, err)
			v, err := schemas.For(set, schemas.Options{})
			require.NoError(t, err)
			again, err := schemas.For(set, schemas.Options{})
			require.NoError(t, err)
			require.Same(t, v, again)
			err = v.Validate(t.Context(), tt.frame)
			if tt.valid {
				require.NoError(t, err)
				return
			}
			var invalid *schemas.Error
			require.ErrorAs(t, err, &invalid)
		})
	}
}

// What is told of a namespace with another URI has the names that eppkit writes.
func TestForPaths(t *testing.T) {
	const ownDomain, ownEPP = "urn:acme:dom-2", "urn:acme:epp-2"
	set, err := epp.NewSchema(epp.Protocol().At(ownEPP), domain.Extension().At(ownDomain))
	require.NoError(t, err)
	v, err := schemas.For(set, schemas.Options{})
	require.NoError(t, err)
	got := violations(t, v, `<x:epp xmlns:x="`+ownEPP+`"><x:command><x:check><d:check xmlns:d="`+ownDomain+`"><d:oil/></d:check></x:check></x:command></x:epp>`)
	require.Equal(t, "/epp/command/check/domain:check/domain:oil: must not stand here: domain:name is expected", got[0].Path+": "+got[0].Message)
	require.Equal(t, epp.Name{Space: ownDomain, Local: "oil"}, got[0].Element)
}

// What an extension says is a secret is shown by nothing, whoever has its schema.
func TestForSecrets(t *testing.T) {
	const secret, xsd = "S3CRET", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:example:light-1.0">
	<xs:element name="lamp"><xs:complexType><xs:sequence><xs:element name="pin" type="xs:int"/><xs:element name="oil" type="xs:int"/></xs:sequence>
	<xs:attribute name="year" type="xs:int"/></xs:complexType></xs:element></xs:schema>`
	light := epp.Extension{
		URI: "urn:example:light-1.0", Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[lamp]},
		XSD: xsd, Secrets: []string{"pin", "year"},
	}
	bare := light
	bare.XSD = ""
	dir := t.TempDir()
	writeFile(t, dir, "light.xsd", xsd)
	for _, tt := range []struct {
		ext  epp.Extension
		dirs []string
	}{{light, nil}, {light.At("urn:y"), nil}, {bare, []string{dir}}} {
		set, err := epp.NewSchema(tt.ext)
		require.NoError(t, err)
		v, err := schemas.For(set, schemas.Options{Dirs: tt.dirs})
		require.NoError(t, err)
		got := violations(t, v, `<l:lamp xmlns:l="`+tt.ext.URI+`" year="`+secret+`"><pin>`+secret+`</pin><oil>much</oil></l:lamp>`)
		require.Len(t, got, 3)
		for _, v := range got {
			require.NotContains(t, v.String(), secret)
		}
		require.Contains(t, got[2].Message, `"much"`)
	}
}

type lamp struct{}

func (*lamp) XMLName() epp.Name { return epp.Name{Space: "urn:example:light-1.0", Local: "lamp"} }
func (*lamp) Fields(*epp.Codec) {}
