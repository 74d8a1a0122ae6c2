package schemas_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/schemas"
)

// TestForm has elements of an extension that brings its schema, and of others.
func TestForm(t *testing.T) {
	const saunaNS, other = "urn:example:sauna-1.0", "urn:example:other"
	set, err := epp.NewSchema(domain.Extension(), epp.Extension{
		URI: saunaNS, Level: epp.CommandLevel,
		XSD: `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="` + saunaNS + `" targetNamespace="` + saunaNS + `" elementFormDefault="qualified">
			<xs:element name="hut">
				<xs:complexType>
					<xs:sequence>
						<xs:element name="heat" type="xs:int"/>
						<xs:element name="heat" type="xs:int" minOccurs="0"/>
						<xs:choice>
							<xs:element name="wood" type="wood"/>
							<xs:sequence><xs:element name="oil"/><xs:element name="wood" type="wood"/></xs:sequence>
						</xs:choice>
						<xs:choice maxOccurs="9"><xs:element name="bench" type="xs:anyType"/><xs:group ref="door"/></xs:choice>
						<xs:element name="owner" minOccurs="0" maxOccurs="0"/>
						<xs:element ref="light" maxOccurs="2"/>
						<xs:element name="hut" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="heat" type="xs:int"/><xs:element name="oil" type="xs:token"/></xs:sequence></xs:complexType></xs:element>
					</xs:sequence>
					<xs:attribute name="lang"/>
				</xs:complexType>
			</xs:element>
			<xs:element name="shelf" type="shelf"/>
			<xs:complexType name="shelf"><xs:sequence><xs:element name="shelf" type="shelf" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
			<xs:simpleType name="wood"><xs:restriction base="xs:token"/></xs:simpleType>
			<xs:group name="door"><xs:sequence><xs:element name="door"><xs:complexType/></xs:element></xs:sequence></xs:group>
			<xs:element name="light" type="xs:token" abstract="true"/>
			<xs:element name="lamp" substitutionGroup="light"/>
			<xs:element name="candle" substitutionGroup="lamp" type="wood"/>
		</xs:schema>`,
	})
	require.NoError(t, err)
	v, err := schemas.For(set, schemas.Options{})
	require.NoError(t, err)
	sauna := func(local string) epp.Name { return epp.Name{Space: saunaNS, Local: local} }
	object := func(local string) epp.Name { return epp.Name{Space: domain.NS, Local: local} }
	protocol := func(local string) epp.Name { return epp.Name{Space: epp.NS, Local: local} }
	for _, row := range []struct {
		name          string
		parent, child epp.Name
		is            schemas.Form
		known         bool
	}{
		{"several", object("check"), object("name"), schemas.Form{Many: true, Text: true}, true},
		{"with an attribute", object("info"), object("name"), schemas.Form{}, true},
		{"text", object("create"), object("name"), schemas.Form{Text: true}, true},
		{"several with children", protocol("response"), protocol("result"), schemas.Form{Many: true}, true},
		{"one with children", protocol("response"), protocol("msgQ"), schemas.Form{}, true},
		{"for a wildcard", protocol("check"), object("check"), schemas.Form{}, true},
		{"the root", epp.Name{}, protocol("epp"), schemas.Form{}, true},
		{"without a schema", protocol("check"), epp.Name{Space: other, Local: "check"}, schemas.Form{}, false},
		{"in one without a schema", epp.Name{Space: other, Local: "check"}, epp.Name{Space: other, Local: "name"}, schemas.Form{Many: true}, false},
		{"a known one there", epp.Name{Space: other, Local: "check"}, object("check"), schemas.Form{Many: true}, true},
		{"of a schema brought along", protocol("extension"), sauna("hut"), schemas.Form{}, true},
		{"twice in one place, once in another", sauna("hut"), sauna("heat"), schemas.Form{Many: true, Text: true}, true},
		{"in each branch of a choice", sauna("hut"), sauna("wood"), schemas.Form{Text: true}, true},
		{"in a choice that repeats", sauna("hut"), sauna("bench"), schemas.Form{Many: true}, true},
		{"in a group there", sauna("hut"), sauna("door"), schemas.Form{Many: true}, true},
		{"anything", protocol("extension"), sauna("oil"), schemas.Form{}, false},
		{"in anything", sauna("bench"), sauna("hut"), schemas.Form{Many: true}, true},
		{"in nothing", sauna("door"), sauna("hut"), schemas.Form{}, true},
		{"never", sauna("hut"), sauna("owner"), schemas.Form{}, false},
		{"a text in one place, anything in another", sauna("hut"), sauna("oil"), schemas.Form{}, true},
		{"in itself", sauna("shelf"), sauna("shelf"), schemas.Form{Many: true}, true},
		{"instead of another, with its type", sauna("hut"), sauna("lamp"), schemas.Form{Many: true, Text: true}, true},
		{"instead of that", sauna("hut"), sauna("candle"), schemas.Form{Many: true, Text: true}, true},
	} {
		is, known := v.Form(row.parent, row.child)
		require.Equal(t, row.is, is, row.name)
		require.Equal(t, row.known, known, row.name)
	}
}
