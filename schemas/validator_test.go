package schemas_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/schemas"
)

const (
	domainNS = "urn:ietf:params:xml:ns:domain-1.0"
	hostNS   = "urn:ietf:params:xml:ns:host-1.0"
)

func command(payload string) string {
	return `<epp xmlns="` + epp.NS + `" xmlns:d="` + domainNS + `"><command>` + payload + `<clTRID>T-1</clTRID></command></epp>`
}

func newValidator(t testing.TB, o schemas.Options) *schemas.Validator {
	t.Helper()
	v, err := schemas.New(o)
	require.NoError(t, err)
	return v
}

// violations are those of a frame, which must have some.
func violations(t *testing.T, v *schemas.Validator, frame string) []schemas.Violation {
	t.Helper()
	err := v.Validate(t.Context(), []byte(frame))
	var invalid *schemas.Error
	require.ErrorAs(t, err, &invalid)
	require.NotEmpty(t, invalid.Violations)
	return invalid.Violations
}

// TestViolations has each kind of violation, and what is told of it.
func TestViolations(t *testing.T) {
	v := newValidator(t, schemas.Options{})
	tests := []struct {
		frame string
		want  string // code, path, message
		at    string // what the frame has at line and column
	}{
		{
			command(`<check><d:check><d:name>a.example</d:name><d:name></d:name></d:check></check>`),
			`length /epp/command/check/domain:check/domain:name[2]: too short: 0, where at least 1 character is required`,
			`</d:name></d:check>`,
		},
		{
			command(`<check><d:check><d:name>` + strings.Repeat("é", 256) + `</d:name></d:check></check>`),
			`length /epp/command/check/domain:check/domain:name: too long: 256, where at most 255 characters are allowed`,
			`ééé`,
		},
		{
			command(`<poll op="maybe"/>`),
			`choice /epp/command/poll/@op: "maybe" is not one of the values allowed: req, ack`,
			`op="maybe"`,
		},
		{
			command(`<poll/>`),
			`missing-attribute /epp/command/poll: lacks the attribute op`,
			`<poll/>`,
		},
		{
			command(`<poll op="req" urgent="1"/>`),
			`unexpected-attribute /epp/command/poll/@urgent: must not have this attribute`,
			`urgent="1"`,
		},
		{
			command(`<poll op="req"> </poll>`),
			`text /epp/command/poll: must be empty`,
			`</poll>`,
		},
		{
			command(`<poll op="req"><what/></poll>`),
			`unexpected /epp/command/poll/what: must not stand here`,
			`<what/>`,
		},
		{
			command(`<renew><d:renew><d:name>a.example</d:name><d:curExpDate>2026-02-30</d:curExpDate></d:renew></renew>`),
			`type /epp/command/renew/domain:renew/domain:curExpDate: "2026-02-30" is not a date as in 2026-03-29`,
			`2026-02-30`,
		},
		{
			command(`<renew><d:renew><d:name>a.example</d:name><d:curExpDate>2026-03-29</d:curExpDate><d:period unit="y">100</d:period></d:renew></renew>`),
			`range /epp/command/renew/domain:renew/domain:period: "100" is more than 99`,
			`100</d:period>`,
		},
		{
			command(`<renew><d:renew><d:name>a.example</d:name></d:renew></renew>`),
			`missing /epp/command/renew/domain:renew: is not complete: domain:curExpDate is expected`,
			`<d:renew>`,
		},
		{
			command(`<renew><d:renew><d:name>a.example</d:name><d:period unit="y">1</d:period><d:curExpDate>2026-03-29</d:curExpDate></d:renew></renew>`),
			`unexpected /epp/command/renew/domain:renew/domain:period: must not stand here: domain:curExpDate is expected`,
			`<d:period`,
		},
		{
			command(`<delete><d:delete>sauna<d:name>a.example</d:name></d:delete></delete>`),
			`text /epp/command/delete/domain:delete: must not have text`,
			`sauna`,
		},
		{
			command(`<delete><d:delete><d:name>a.example</d:name>` + "\n \t sauna" + `</d:delete></delete>`),
			`text /epp/command/delete/domain:delete: must not have text`,
			`sauna`,
		},
		{
			command(`<delete><d:delete><d:name>a.example</d:name><![CDATA[sauna]]></d:delete></delete>`),
			`text /epp/command/delete/domain:delete: must not have text`,
			`<![CDATA[sauna`,
		},
		{
			command(`<delete><s:delete xmlns:s="urn:sauna"/></delete>`),
			`unknown /epp/command/delete/sauna:delete: there is no schema of its namespace "urn:sauna"`,
			`<s:delete`,
		},
		{
			command(`<delete><d:sauna/></delete>`),
			`unknown /epp/command/delete/domain:sauna: its namespace has no such element`,
			`<d:sauna/>`,
		},
		{
			command(`<delete><delete xmlns=""/></delete>`),
			`unexpected /epp/command/delete/delete: must not stand here: an element of another namespace is expected`,
			`<delete xmlns`,
		},
		{
			command(`<transfer op="request"><d:transfer><d:name>a.example</d:name><d:authInfo><d:pw roid="sauna">x</d:pw></d:authInfo></d:transfer></transfer>`),
			`pattern /epp/command/transfer/domain:transfer/domain:authInfo/domain:pw/@roid: the value does not have the form it must have, (_|\w){1,80}-\w{1,8}`,
			`roid="sauna"`,
		},
		{
			`<sauna/>`,
			`unknown /sauna: no schema has such an element`,
			`<sauna/>`,
		},
		{
			"<epp\n  é></epp>",
			`syntax : '=' is expected after an attribute's name`,
			`></epp>`,
		},
		{
			"<?xml version='1.0'?>\n<!DOCTYPE epp><epp/>",
			`syntax : DOCTYPE is not allowed`,
			`<!DOCTYPE`,
		},
		{
			command(`<delete><d:delete><d:name xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></d:delete></delete>`),
			`other /epp/command/delete/domain:delete/domain:name: xsi:nil is wrong here, or the element is not empty in spite of it`,
			`<d:name`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			for _, before := range []string{"", "\ufeff", "<?xml version='1.0' encoding=\"UTF-8\"?>", "<!-- ä -->\n\n<!-- ö\r\nü -->"} {
				if strings.HasPrefix(tt.frame, "<?xml") && before != "\ufeff" {
					before = ""
				}
				frame := before + tt.frame
				got := violations(t, v, frame)[0]
				require.Equal(t, tt.want, fmt.Sprintf("%s %s: %s", got.Code, got.Path, got.Message))
				require.Truef(t, strings.HasPrefix(from(frame, got.Line, got.Column), tt.at),
					"line %d, column %d is at %q", got.Line, got.Column, from(frame, got.Line, got.Column))
			}
		})
	}
}

// from is the rest of a frame from a position on.
func from(frame string, line, column int) string {
	lines := strings.SplitAfter(strings.TrimPrefix(frame, "\ufeff"), "\n")
	rest := []rune(strings.Join(lines[line-1:], ""))
	return string(rest[column-1:])
}

// TestEveryViolation has more than one, in the order of the document.
func TestEveryViolation(t *testing.T) {
	frame := command(`<create><d:create><d:name/><d:period unit="w">x</d:period><d:ns/></d:create></create>`)
	var got []string
	for _, v := range violations(t, newValidator(t, schemas.Options{}), frame) {
		got = append(got, string(v.Code)+" "+v.Path)
	}
	const create = "/epp/command/create/domain:create"
	require.Equal(t, []string{
		"length " + create + "/domain:name",
		"choice " + create + "/domain:period/@unit", "type " + create + "/domain:period",
		"missing " + create + "/domain:ns", "missing " + create,
	}, got)

	require.Len(t, violations(t, newValidator(t, schemas.Options{MaxViolations: 2}), frame), 2)
	err := newValidator(t, schemas.Options{}).Validate(t.Context(), []byte(frame))
	require.EqualError(t, err, "line 1, column 116: "+create+"/domain:name: too short: 0, where at least 1 character is required (and 4 more)")
}

// TestEncodings has one frame as a peer may send it, valid and not.
func TestEncodings(t *testing.T) {
	v := newValidator(t, schemas.Options{})
	valid := command(`<check><d:check><d:name>sauna-ä.example</d:name></d:check></check>`)
	invalid := strings.Replace(valid, "<d:name>", `<d:name ö="1">`, 1)
	for _, tt := range []struct{ name, decl string }{
		{"UTF-8", ""},
		{"UTF-8", "<?xml version=\"1.0\" encoding=\"utf-8\" standalone='no'?>"},
		{"UTF-8", "\ufeff<?xml version=\"1.0\"\n encoding='UTF-8'?>\n"},
		{"UTF-16", "\ufeff"},
		{"UTF-16", "\ufeff<?xml version='1.0' encoding='UTF-16'?>"},
	} {
		recode := func(s string) []byte {
			s = tt.decl + s
			if tt.name == "UTF-8" {
				return []byte(s)
			}
			var b []byte
			for _, u := range utf16.Encode([]rune(s)) {
				b = binary.LittleEndian.AppendUint16(b, u)
			}
			return b
		}
		require.NoError(t, v.Validate(t.Context(), recode(valid)), "%q", tt)
		got := violations(t, v, string(recode(invalid)))
		require.Len(t, got, 1)
		require.True(t, strings.HasPrefix(from(tt.decl+invalid, got[0].Line, got[0].Column), "ö="), "%v", got)
	}
	got := violations(t, v, `<?xml version="1.0" encoding="ISO-8859-1"?>`+valid)
	require.Equal(t, schemas.Syntax, got[0].Code)
}

// TestSchemaLocation follows no hint (RFC 5730, section 2), and minds none that is
// wrong.
func TestSchemaLocation(t *testing.T) {
	v := newValidator(t, schemas.Options{})
	for _, hint := range []string{
		`xsi:schemaLocation="urn:sauna sauna.xsd"`, `xsi:schemaLocation = 'odd'`, "xsi:noNamespaceSchemaLocation='\n%zz'",
		`xsi:schemaLocation="urn:a=b c" xsi:noNamespaceSchemaLocation=""`,
	} {
		const xsi = ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `
		valid := command(`<check><d:check` + xsi + hint + `><d:name ` + hint + `>a.example</d:name></d:check></check>`)
		require.NoError(t, v.Validate(t.Context(), []byte(valid)), hint)
		// An element that no schema knows is just that, whatever there is to be had.
		got := violations(t, v, command(`<check><s:check xmlns:s="urn:sauna"`+xsi+hint+`/></check>`))
		require.Len(t, got, 1)
		require.Equal(t, schemas.Unknown, got[0].Code)
	}
}

// TestSecrets have no place in what is said of them.
func TestSecrets(t *testing.T) {
	const secret = "2fooBAR-bath"
	dir := t.TempDir()
	writeFile(t, dir, "sauna.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:sauna">
  <xs:element name="bath"><xs:complexType><xs:sequence>
    <xs:element name="pw" type="xs:boolean" minOccurs="0"/>
    <xs:element name="towel" minOccurs="0"><xs:complexType><xs:attribute name="token" type="xs:int"/></xs:complexType></xs:element>
    <xs:element name="authInfo" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="value"><xs:simpleType>
      <xs:restriction base="xs:string"><xs:pattern value="[0-9]{1,3}"/><xs:enumeration value="1"/></xs:restriction>
    </xs:simpleType></xs:element></xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>`)
	v := newValidator(t, schemas.Options{Dirs: []string{dir}})
	for _, payload := range []string{
		`<s:pw>` + secret + `</s:pw>`, `<pw>` + secret + `</pw>`, `<towel token="` + secret + `"/>`,
		`<authInfo><value>` + secret + `</value></authInfo>`, `<authInfo>` + secret + `</authInfo>`, secret,
	} {
		frame := `<s:bath xmlns:s="urn:sauna">` + payload + `</s:bath>`
		for _, v := range violations(t, v, frame) {
			require.NotContains(t, v.String(), secret)
		}
	}
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

// TestURIs knows what it is told to know, and what that is made of.
func TestURIs(t *testing.T) {
	host := `<check><h:check xmlns:h="` + hostNS + `"><h:name>ns.a.example</h:name></h:check></check>`
	domain := `<check><d:check><d:name>a.example</d:name></d:check></check>`
	v := newValidator(t, schemas.Options{URIs: []string{epp.NS, hostNS}})
	require.NoError(t, v.Validate(t.Context(), []byte(command(host))))
	require.Equal(t, schemas.Unknown, violations(t, v, command(domain))[0].Code)

	// domain-1.0 is made of parts of host-1.0.
	v = newValidator(t, schemas.Options{URIs: []string{epp.NS, domainNS}})
	require.NoError(t, v.Validate(t.Context(), []byte(command(domain))))

	_, err := schemas.New(schemas.Options{URIs: []string{"urn:sauna"}})
	require.EqualError(t, err, `schemas: there is no schema of the namespace "urn:sauna"`)
}

// TestDirs has schemas of a registry's own beside ours, and in place of one.
func TestDirs(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "sauna-2.0.xsd", `<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:com="urn:ietf:params:xml:ns:eppcom-1.0"
		xmlns:sauna="urn:sauna-2.0" targetNamespace="urn:sauna-2.0" elementFormDefault="qualified">
	<import namespace="urn:ietf:params:xml:ns:eppcom-1.0" schemaLocation="http://sauna.example/eppcom.xsd"/>
	<include schemaLocation="parts/towels.xsd"/>
	<element name="check"><complexType><sequence>
		<element name="id" type="com:clIDType"/><element name="towel" type="sauna:towel"/>
	</sequence></complexType></element></schema>`)
	writeFile(t, dir, "parts/towels.xsd", `<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:sauna-2.0">
	<simpleType name="towel"><restriction base="token"><enumeration value="dry"/></restriction></simpleType></schema>`)
	v := newValidator(t, schemas.Options{URIs: []string{epp.NS}, Dirs: []string{dir}})
	frame := command(`<check><check xmlns="urn:sauna-2.0"><id>CLIENT</id><towel>dry</towel></check></check>`)
	require.NoError(t, v.Validate(t.Context(), []byte(frame)))
	got := violations(t, v, strings.Replace(frame, ">dry", ">wet", 1))
	require.Equal(t, `/epp/command/check/sauna:check/sauna:towel: the value is not one of the values allowed: dry`, got[0].Path+": "+got[0].Message)

	own := t.TempDir()
	writeFile(t, own, "domain.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="`+domainNS+`">
	<xs:element name="check" type="xs:boolean"/></xs:schema>`)
	v = newValidator(t, schemas.Options{URIs: []string{epp.NS, domainNS}, Dirs: []string{own}})
	require.NoError(t, v.Validate(t.Context(), []byte(command(`<check><d:check>true</d:check></check>`))))
}

// TestOtherFiles passes over what only has the name of a schema.
func TestOtherFiles(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "heat.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:heat"><xs:element name="heat" type="xs:int"/></xs:schema>`)
	if err := os.Symlink(t.TempDir(), filepath.Join(dir, "linked.xsd")); err != nil {
		t.Skip(err)
	}
	v := newValidator(t, schemas.Options{URIs: []string{}, Dirs: []string{dir}})
	require.NoError(t, v.Validate(t.Context(), []byte(`<heat xmlns="urn:heat">90</heat>`)))
}

// TestStrangeValues shows none of a namespace that only a directory knows: a pin need not
// look like one.
func TestStrangeValues(t *testing.T) {
	const secret = "S3CRET"
	dir := t.TempDir()
	writeFile(t, dir, "club.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="urn:club" targetNamespace="urn:club">
	<xs:attribute name="seat" type="xs:int"/>
	<xs:element name="card"><xs:complexType><xs:sequence><xs:element name="pin" type="xs:int"/></xs:sequence>
		<xs:attribute name="row" type="xs:int"/><xs:attribute ref="c:seat"/></xs:complexType></xs:element></xs:schema>`)
	v := newValidator(t, schemas.Options{Dirs: []string{dir}})
	got := violations(t, v, `<c:card xmlns:c="urn:club" row="`+secret+`" c:seat="`+secret+`"><pin>`+secret+`</pin></c:card>`)
	require.Len(t, got, 3)
	for _, v := range got {
		require.Contains(t, v.Message, "the value is not")
		require.NotContains(t, v.String(), secret)
	}
	// Of a namespace that is known they are, also where the directory has its schema.
	writeFile(t, dir, "host.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="`+hostNS+`"><xs:element name="check" type="xs:int"/></xs:schema>`)
	v = newValidator(t, schemas.Options{URIs: []string{}, Dirs: []string{dir}})
	require.Contains(t, violations(t, v, `<check xmlns="`+hostNS+`">shown</check>`)[0].Message, `"shown"`)
}

// TestCompile says where in a registry's schema something is wrong.
func TestCompile(t *testing.T) {
	for _, tt := range []struct{ schema, want string }{
		{
			"<xs:complexType name='e'/><xs:element name='a'>\n <xs:complexType><xs:sequence><xs:element name='b' minOccurs='2'/></xs:sequence></xs:complexType></xs:element>",
			"wrong.xsd:3:31: ",
		},
		{"<xs:element name='a'/>\n\n <xs:element name='a'/>", "wrong.xsd:4:2: "},
		{"<xs:complexType name='e'/>\n<xs:element name='a' type='xs:none'/>", "wrong.xsd:3:1: "},
		{"<xs:element name='a' type='s:b'/>", "wrong.xsd:2:1: no schema has the type {urn:sauna}b that this refers to"},
		{"<xs:element", "wrong.xsd: xml: line 2, column 12: "},
		{"<xs:simpleType name='a'><xs:restriction base='xs:string'><xs:pattern value='[\\w_]'/></xs:restriction></xs:simpleType>", "wrong.xsd: "},
	} {
		dir := t.TempDir()
		writeFile(t, dir, "wrong.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:s="urn:sauna" targetNamespace="urn:sauna">`+"\n"+tt.schema+`</xs:schema>`)
		_, err := schemas.New(schemas.Options{Dirs: []string{dir}})
		require.ErrorContains(t, err, tt.want, tt.schema)
	}
	_, err := schemas.New(schemas.Options{Dirs: []string{t.TempDir()}})
	require.ErrorContains(t, err, "no file *.xsd in ")
	_, err = schemas.New(schemas.Options{Dirs: []string{"no/where"}})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, filepath.Join("no", "where")+": ")
}

// TestGoroutines share a validator.
func TestGoroutines(t *testing.T) {
	v := newValidator(t, schemas.Options{URIs: []string{epp.NS, domainNS}})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				name := strings.Repeat("x", 1+(i*50+j)%300)
				err := v.Validate(context.Background(), []byte(command(`<check><d:check><d:name>`+name+`</d:name></d:check></check>`)))
				if (err == nil) != (len(name) <= 255) {
					t.Errorf("%d characters: %v", len(name), err)
				}
			}
		})
	}
	all.Wait()
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := newValidator(t, schemas.Options{}).Validate(ctx, []byte(command(`<logout/>`)))
	require.True(t, errors.Is(err, context.Canceled), "%v", err)
}
