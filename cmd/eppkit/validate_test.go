package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/schemas"
)

const (
	goodFrame = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="req"/></command></epp>`
	badFrame  = "<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'>\n <command><poll op='fetch'/><clTRID>no</clTRID></command></epp>"
	saunaNS   = "urn:example:sauna-1.0"
)

// framed is a document behind the header of a frame.
func framed(t *testing.T, doc string) string {
	t.Helper()
	b, err := epp.AppendDataUnit(nil, []byte(doc))
	require.NoError(t, err)
	return string(b)
}

func TestValidate(t *testing.T) {
	dir := t.TempDir()
	good, bad := writeFile(t, dir, "good.xml", goodFrame), writeFile(t, dir, "bad.xml", badFrame)
	writeFile(t, dir, "notes.txt", "no frame")
	empty := t.TempDir()
	secret := writeFile(t, t.TempDir(), "secret.xml", `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><login><clID>REG-ME</clID><pw>ab12</pw>`+
		`<options><version>1.0</version><lang>en</lang></options><svcs><objURI>urn:ietf:params:xml:ns:domain-1.0</objURI></svcs></login></command></epp>`)
	for _, row := range []struct {
		name, in string
		args     []string
		status   int
		out, err string // regular expressions
	}{
		{"a valid document", "", []string{good}, exitOK, `^\S+good\.xml: valid\n$`, `^$`},
		{"standard input", goodFrame, []string{"-"}, exitOK, `^-: valid\n$`, `^$`},
		{
			"violations", "",
			[]string{bad},
			exitRefused,
			`^\S+bad\.xml:2:17: /epp/command/poll/@op: .*\n\S+bad\.xml:2:37: /epp/command/clTRID: .*\n$`, `^eppkit: the document is not valid\n$`,
		},
		{"several", "", []string{good, bad}, exitRefused, `^(\S+bad\.xml:.*\n)+$`, `^eppkit: 1 of 2 documents are not valid\n$`},
		{"several that are valid", "", []string{good, good}, exitOK, `^2 documents are valid\n$`, `^$`},
		{"a directory", "", []string{dir}, exitRefused, `^(\S+bad\.xml:.*\n)+$`, `^eppkit: 1 of 2 documents`},
		{"a directory without any", "", []string{empty}, exitUsage, `^$`, `no file \*\.xml`},
		{"not well-formed", "<epp>\n</eppp>", []string{"-"}, exitRefused, `^-:2:1: .*does not match`, `not valid`},
		{"no document", "", []string{"-"}, exitRefused, `^-:1:1: `, `not valid`},
		{"no file", "", []string{"/nonexistent/file", good}, exitUsage, `^$`, `^eppkit: open /nonexistent/file`},
		{"no file, and one that is not valid", "", []string{bad, "/nonexistent/file"}, exitUsage, `bad\.xml:2:`, `^eppkit: open /nonexistent/file`},
		{"nothing", "", nil, exitUsage, `^$`, `(?s)requires.*Usage: eppkit validate`},
		{"a form that it has not", "", []string{good, "-o", "xml"}, exitUsage, `^$`, `text, json`},
		{"no schemas", "", []string{good, "--schemas", empty}, exitUsage, `^$`, `no file \*\.xsd`},
		{"quiet", "", []string{"-q", bad}, exitRefused, `^$`, `^$`},
		{"quiet and valid", "", []string{"-q", good}, exitOK, `^$`, `^$`},
		{"a frame's header", framed(t, goodFrame), []string{"-"}, exitOK, `^-: valid\n$`, `standard input has a frame's header of 4 octets`},
		{"a header, and not valid", framed(t, badFrame), []string{"-"}, exitRefused, `^-:2:17: `, `header of 4 octets`},
		{"a frame that is cut", framed(t, goodFrame)[:40], []string{"-"}, exitRefused, `^-: begins like a frame's header, for 89 octets, but there are 40\n$`, ``},
		{"two frames", framed(t, goodFrame) + framed(t, goodFrame), []string{"-"}, exitRefused, `89 octets, and 89 more behind it; put each frame`, ``},
		{"standard input twice", goodFrame, []string{"-", good, "-"}, exitUsage, `^$`, `^eppkit: standard input, -, is given twice\n`},
		{"a secret", "", []string{secret, "-o", "json"}, exitRefused, `/epp/command/login/pw`, ``},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := eppkit(t, nil, row.in, append([]string{"validate"}, row.args...)...)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			require.Regexp(t, row.out, r.out)
			require.Regexp(t, row.err, r.err)
			require.NotContains(t, r.out+r.err, "ab12")
		})
	}
}

func TestValidateJSON(t *testing.T) {
	dir := t.TempDir()
	good, bad := writeFile(t, dir, "good.xml", framed(t, goodFrame)), writeFile(t, dir, "bad.xml", badFrame)
	r := eppkit(t, nil, "", "validate", "-o", "json", good, bad, "/nonexistent/file")
	require.Equal(t, exitUsage, r.status, r.err)
	var got []struct {
		File          string
		Valid, Header bool
		Violations    []schemas.Violation
		Unreadable    string
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &got), r.out)
	require.Len(t, got, 3)
	require.Equal(t, good, got[0].File)
	require.True(t, got[0].Valid)
	require.True(t, got[0].Header)
	require.False(t, got[1].Valid)
	require.Len(t, got[1].Violations, 2)
	require.Equal(t, schemas.BadChoice, got[1].Violations[0].Code)
	require.Equal(t, 2, got[1].Violations[0].Line)
	require.Contains(t, r.out, `"element": {
          "name": "poll",
          "namespace": "urn:ietf:params:xml:ns:epp-1.0"
        }`)
	require.NotRegexp(t, `"[A-Z][A-Za-z]*":`, r.out, "names begin with small letters")
	require.NotEmpty(t, got[2].Unreadable)
}

// A registry's own schemas are held to, and take the place of those that are built in.
func TestValidateOwnSchemas(t *testing.T) {
	const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="` + saunaNS + `"><xs:element name="heat" type="xs:int"/></xs:schema>`
	frame := func(value string) string {
		return strings.Replace(goodFrame, "</command>", `<extension><heat xmlns="`+saunaNS+`">`+value+`</heat></extension></command>`, 1)
	}
	one, other := t.TempDir(), t.TempDir()
	writeFile(t, one, "sauna-1.0.xsd", schema)
	writeFile(t, other, "steam-1.0.xsd", strings.Replace(schema, "sauna", "steam", 1))

	r := eppkit(t, nil, frame("90"), "validate", "-")
	require.Equal(t, exitRefused, r.status, r.err)
	require.Contains(t, r.out, "no schema of its namespace")
	r = eppkit(t, nil, frame("90"), "validate", "-", "--schemas", other, "--schemas", one)
	require.Equal(t, exitOK, r.status, r.out)
	r = eppkit(t, nil, frame("hot"), "validate", "-", "--schemas", one)
	require.Equal(t, exitRefused, r.status, r.err)
}

// What this program sends and gets from the mock is valid.
func TestValidateOwnFrames(t *testing.T) {
	dir := t.TempDir()
	for name, args := range map[string]string{
		"command.xml": "domain info mydomain.cz --dry-run", "answer.xml": "domain info mydomain.cz -o raw", "greeting.xml": "hello -o raw",
	} {
		r := eppkit(t, nil, "", strings.Fields(args)...)
		require.Equal(t, exitOK, r.status, r.err)
		writeFile(t, dir, name, r.out)
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "below"), 0o700))
	writeFile(t, dir, "below/frame.XML", goodFrame)
	r := eppkit(t, nil, "", "validate", dir)
	require.Equal(t, exitOK, r.status, "%s%s", r.out, r.err)
	require.Equal(t, "4 documents are valid\n", r.out)
}

// A registry's own schema of a namespace that eppkit has one of is the one that counts.
func TestValidateReplaced(t *testing.T) {
	const rgp = `urn:ietf:params:xml:ns:rgp-1.0`
	frame := func(element string) string {
		return strings.Replace(goodFrame, `</command>`, `<extension><`+element+` xmlns="`+rgp+`"/></extension></command>`, 1)
	}
	dir := t.TempDir()
	writeFile(t, dir, "rgp.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="`+rgp+`"><xs:element name="sauna"/></xs:schema>`)
	for _, row := range []struct {
		element string
		args    []string
		status  int
	}{
		{"sauna", nil, exitRefused},
		{"sauna", []string{"--schemas", dir}, exitOK},
		{"update", []string{"--schemas", dir}, exitRefused},
	} {
		r := eppkit(t, nil, frame(row.element), append([]string{"validate", "-"}, row.args...)...)
		require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
	}
}
