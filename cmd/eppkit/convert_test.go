package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
)

func TestConvert(t *testing.T) {
	const asJSON = `{"epp": {"@xmlns": "urn:ietf:params:xml:ns:epp-1.0", "command": {"poll": {"@op": "req"}}}}`
	file := writeFile(t, t.TempDir(), "frame.xml", goodFrame)
	for _, row := range []struct {
		name, in string
		args     []string
		status   int
		want     string // JSON or XML, of which the infoset counts
		err      string
	}{
		{"a file", "", []string{file}, exitOK, asJSON, ""},
		{"standard input", goodFrame, nil, exitOK, asJSON, ""},
		{"standard input by name", goodFrame, []string{"-", "--to", "json"}, exitOK, asJSON, ""},
		{"a frame with its header", framed(t, goodFrame), nil, exitOK, asJSON, ""},
		{"white space before it", "\n " + goodFrame, nil, exitOK, asJSON, ""},
		{"JSON", asJSON, nil, exitOK, goodFrame, ""},
		{"JSON, said so", "\ufeff \n" + asJSON, []string{"--to", "xml"}, exitOK, goodFrame, ""},
		{"JSON already", asJSON, []string{"--to", "json"}, exitUsage, "", "standard input: this is JSON already"},
		{"XML already", goodFrame, []string{"--to", "xml"}, exitUsage, "", "this is no JSON"},
		{"another form", goodFrame, []string{"--to", "yaml"}, exitUsage, "", "json, xml"},
		{"nothing", "\n", nil, exitUsage, "", "nothing to convert"},
		{"two files", "", []string{file, file}, exitUsage, "", "at most 1"},
		{"no file", "", []string{"/nonexistent/file"}, exitUsage, "", "no such file"},
		{"not well-formed", "<epp>", nil, exitUsage, "", "line 1, column 6"},
		{"no JSON", `{"epp": `, nil, exitUsage, "", "ends too early"},
		{"JSON that is no element", `["a"]`, nil, exitUsage, "", "one element"},
		{"an array for the root", `{"a": [1]}`, nil, exitUsage, "", "the root must be one element, not an array"},
		{"JSON in UTF-16", "\x00{\x00\"\x00a\x00\"", nil, exitUsage, "", "not UTF-8, which JSON must be"},
		{"JSON in UTF-16, little end first", "{\x00\"\x00a\x00\"\x00", nil, exitUsage, "", "not UTF-8, which JSON must be"},
		{"JSON in UTF-16 with a mark", "\xff\xfe \x00{\x00\"\x00", nil, exitUsage, "", "not UTF-8, which JSON must be"},
		{"JSON in UTF-16 with the other mark", "\xfe\xff\x00\n\x00{\x00\"", nil, exitUsage, "", "not UTF-8, which JSON must be"},
		{"XML in UTF-16", utf16Text(goodFrame), nil, exitOK, asJSON, ""},
		{"a frame with a header that has a brace", framed(t, goodFrame+strings.Repeat(" ", '{'-4-len(goodFrame))), nil, exitOK, asJSON, ""},
		{"two frames", framed(t, goodFrame) + framed(t, goodFrame), nil, exitUsage, "", "more behind it"},
		{"a document longer than a frame", strings.Repeat(" ", epp.DefaultMaxFrame) + goodFrame, nil, exitUsage, "", "more than"},
		{"JSON longer than that", strings.Repeat(" ", epp.DefaultMaxFrame) + asJSON, nil, exitOK, goodFrame, ""},
		{"a flag of others", goodFrame, []string{"-o", "json"}, exitUsage, "", "no use for --output"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := eppkit(t, nil, row.in, append([]string{"convert"}, row.args...)...)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			require.Contains(t, r.err, row.err)
			switch {
			case row.want == "":
				require.Empty(t, r.out)
			case row.want == asJSON:
				require.JSONEq(t, row.want, r.out)
			default:
				requireSame(t, row.want, r.out)
			}
		})
	}
}

// utf16Text is an ASCII text in UTF-16, big end first, without a mark.
func utf16Text(s string) string {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, 0, s[i])
	}
	return string(b)
}

func requireSame(t *testing.T, want, got string) {
	t.Helper()
	w, err := canon.Canonical([]byte(want))
	require.NoError(t, err)
	g, err := canon.Canonical([]byte(got))
	require.NoError(t, err, got)
	require.Equal(t, w, g)
}

// A registry's own schemas say what is an array, and what is a text.
func TestConvertOwnSchemas(t *testing.T) {
	const doc = `<s:hut xmlns:s="` + saunaNS + `"><s:heat/><s:bench/></s:hut>`
	const asJSON = `{"sauna:hut": {"@xmlns:sauna": "` + saunaNS + `", "sauna:heat": %s, "sauna:bench": %s}}`
	dir := t.TempDir()
	writeFile(t, dir, "sauna-1.0.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="`+saunaNS+`" elementFormDefault="qualified">
		<xs:element name="hut"><xs:complexType><xs:sequence>
			<xs:element name="heat" type="xs:string"/>
			<xs:element name="bench" maxOccurs="3"><xs:complexType><xs:attribute name="wood"/></xs:complexType></xs:element>
		</xs:sequence></xs:complexType></xs:element></xs:schema>`)
	r := eppkit(t, nil, doc, "convert")
	require.Equal(t, exitOK, r.status, r.err)
	require.JSONEq(t, fmt.Sprintf(asJSON, `[""]`, `[""]`), r.out)
	r = eppkit(t, nil, doc, "convert", "--schemas", dir)
	require.Equal(t, exitOK, r.status, r.err)
	require.JSONEq(t, fmt.Sprintf(asJSON, `""`, `[{}]`), r.out)

	for _, in := range []string{doc, r.out} {
		r = eppkit(t, nil, in, "convert", "--schemas", t.TempDir())
		require.Equal(t, exitUsage, r.status)
		require.Contains(t, r.err, "no file *.xsd")
	}
}

// An answer goes through JSON and stays what it was, and valid.
func TestConvertAnswers(t *testing.T) {
	for _, args := range []string{
		"hello", "domain info mydomain.cz", "contact info CID-MYOWN", "poll", "--registry gtld domain info alpha.example",
		"--registry gtld contact info jr-1",
	} {
		r := eppkit(t, nil, "", append(strings.Fields(args), "-o", "raw")...)
		require.Equal(t, exitOK, r.status, r.err)
		asJSON := eppkit(t, nil, r.out, "convert")
		require.Equal(t, exitOK, asJSON.status, asJSON.err)
		require.True(t, json.Valid([]byte(asJSON.out)))
		back := eppkit(t, nil, asJSON.out, "convert")
		require.Equal(t, exitOK, back.status, back.err)
		requireSame(t, r.out, back.out)
		require.Equal(t, exitOK, eppkit(t, nil, back.out, "validate", "-").status)
	}
}

func TestConvertSigned(t *testing.T) {
	const doc = `<s:hut xmlns:s="` + saunaNS + `"><s:key>1</s:key><d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/></s:hut>`
	r := eppkit(t, nil, doc, "convert")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "$xml")
	r = eppkit(t, nil, doc, "convert", "--open-signed")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, `"sauna:key"`)
}

// Every odd frame is kept, whatever is wrong with it.
func TestConvertIsLossless(t *testing.T) {
	const corpus = "../../../shared/corpus/edge"
	files, err := os.ReadDir(corpus)
	if err != nil {
		t.Skip("the corpus is not beside this checkout:", corpus)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".xml") {
			continue
		}
		b, err := os.ReadFile(corpus + "/" + f.Name())
		require.NoError(t, err)
		if _, err := canon.Canonical(b); err != nil {
			continue // UTF-16
		}
		asJSON := eppkit(t, nil, string(b), "convert")
		require.Equal(t, exitOK, asJSON.status, "%s: %s", f.Name(), asJSON.err)
		requireSame(t, string(b), eppkit(t, nil, asJSON.out, "convert").out)
	}
}
