package variant_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
	"github.com/eppkit/eppkit/internal/epptest"
	"github.com/eppkit/eppkit/internal/xmltree"
	"github.com/eppkit/eppkit/mockserver/internal/variant"
	"github.com/eppkit/eppkit/namespaces"
	"github.com/eppkit/eppkit/schemas"
)

const shared = "../../../../shared/"

// corpus are frames by name: those of the RFCs, with a slash in it, that are valid, and
// those of FRED's documents.
func corpus(t *testing.T) map[string][]byte {
	t.Helper()
	root := shared + "corpus/"
	verdicts, err := os.ReadFile(root + "rfc-examples/VALIDATION.tsv")
	if err != nil {
		t.Skip("the corpus is not beside this checkout:", root)
	}
	out := make(map[string][]byte)
	for line := range strings.Lines(string(verdicts)) {
		if f := strings.Split(line, "\t"); f[1] == "ok" {
			out[f[0]], err = os.ReadFile(root + "rfc-examples/" + f[0])
			require.NoError(t, err)
		}
	}
	fred, err := filepath.Glob(root + "fred-docs/*.xml")
	require.NoError(t, err)
	for _, name := range fred {
		doc, err := os.ReadFile(name)
		require.NoError(t, err)
		if _, err := xmltree.Parse(doc, xmltree.Limits{}); err == nil { // some are only parts
			out[filepath.Base(name)] = doc
		}
	}
	require.Greater(t, len(out), 250)
	return out
}

// utf8 is a document in UTF-8, for canon reads no other encoding.
func utf8(t *testing.T, doc []byte) []byte {
	t.Helper()
	tree, err := xmltree.Parse(doc, xmltree.Limits{})
	require.NoError(t, err, "%s", doc)
	return []byte(tree.XML(xmltree.Root))
}

func canonical(t *testing.T, doc []byte) string {
	t.Helper()
	s, err := canon.Canonical(utf8(t, doc))
	require.NoError(t, err, "%s", doc)
	return s
}

// sorted is a canonical form without the order of its lines.
func sorted(s string) []string {
	lines := strings.Split(s, "\n")
	slices.Sort(lines)
	return lines
}

// What is written says the same, for whoever reads it.
func TestSaysTheSame(t *testing.T) {
	for name, doc := range corpus(t) {
		want := canonical(t, doc)
		for seed := range uint64(4) {
			w := variant.New(seed, 1)
			require.Equal(t, sorted(want), sorted(canonical(t, w.Rewrite(doc))), name)
			w.Ordered = true
			require.Equal(t, want, canonical(t, w.Rewrite(doc)), name)
		}
	}
}

// The project's own types read the same from it.
func TestDecodesTheSame(t *testing.T) {
	set, err := epp.NewSchema(namespaces.All()...)
	require.NoError(t, err)
	encoded := func(doc []byte) string {
		m, err := set.Parse(doc)
		require.NoError(t, err, "%s", doc)
		out, err := set.Append(nil, m)
		require.NoError(t, err)
		return canonical(t, out)
	}
	for name, doc := range corpus(t) {
		m, err := set.Parse(doc)
		if err != nil {
			continue // the codec's own tests have it
		}
		if _, err := set.Append(nil, m); err != nil {
			continue
		}
		want := encoded(doc)
		for seed := range uint64(3) {
			w := variant.New(seed, 2)
			w.Ordered = true
			require.Equal(t, want, encoded(w.Rewrite(doc)), name)
		}
	}
}

// It is valid by the official schemas, and by ours.
func TestValid(t *testing.T) {
	set, err := epp.NewSchema(namespaces.All()...)
	require.NoError(t, err)
	v, err := schemas.For(set, schemas.Options{})
	require.NoError(t, err)
	var rfc, fred [][]byte
	for name, doc := range corpus(t) {
		valid := v.Validate(t.Context(), doc) == nil
		for seed := range uint64(3) {
			out := variant.New(seed, 3).Rewrite(doc)
			if valid {
				require.NoError(t, v.Validate(t.Context(), out), "%s\n%s", name, out)
			}
			switch {
			case strings.Contains(name, "/"):
				rfc = append(rfc, out)
			case valid: // not all of FRED's are
				fred = append(fred, out)
			}
		}
	}
	t.Run("IETF", func(t *testing.T) { epptest.XMLLint(t, shared+"reference/xsd/driver.xsd", rfc) })
	t.Run("FRED", func(t *testing.T) { epptest.XMLLint(t, shared+"reference/fred/xsd/all-2.4.7.xsd", fred) })
}

// Everything that is left open does change.
func TestChangesWhatIsOpen(t *testing.T) {
	doc := []byte(`<?xml version="1.0" encoding="UTF-8"?><epp xmlns="` + epp.NS + `"><response><result code="1000">` +
		`<msg lang="en">Gut &amp; schön</msg></result><resData><domain:infData xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">` +
		`<domain:name>sauna.example</domain:name><domain:status s="clientHold"/><domain:status s="serverHold"/>` +
		`<domain:crDate>2031-02-03T04:05:06Z</domain:crDate></domain:infData>` +
		`<host:chkData xmlns:host="urn:ietf:params:xml:ns:host-1.0"><host:cd><host:name avail="1">ns.sauna.example</host:name></host:cd>` +
		`</host:chkData></resData><trID><svTRID>S-1</svTRID></trID></response></epp>`)
	var all []string
	for seed := range uint64(500) {
		out := variant.New(seed, 0).Rewrite(doc)
		if bytes.HasPrefix(out, []byte{0xFE, 0xFF}) || bytes.HasPrefix(out, []byte{0xFF, 0xFE}) {
			units := make([]uint16, len(out)/2)
			for i := range units {
				units[i] = uint16(out[2*i])<<8 | uint16(out[2*i+1])
			}
			if out[0] == 0xFF {
				for i, u := range units {
					units[i] = u<<8 | u>>8
				}
			}
			out = []byte("UTF-16 " + string(utf16.Decode(units)))
		}
		all = append(all, string(out))
	}
	for what, re := range map[string]string{
		"default namespace":      `<infData xmlns=`,
		"prefix with a dot":      `<x\.y:response`,
		"prefix with dashes":     `<e-p-p:`,
		"prefix with a letter":   `<příklad:`,
		"redeclared inside":      `(?s)<Z9:epp .*xmlns:Z9=.*xmlns:Z9=`,
		"prefix for another":     `(?s)<a:response .*<a:infData[^>]*xmlns:a=`,
		"white space":            `>\s+<\S*name`,
		"no declaration":         `^<[^?!]`,
		"single quotes":          `^<\?xml version='1.0'`,
		"standalone":             `^<\?xml [^?]*standalone`,
		"declared UTF-16":        `^UTF-16 \x{FEFF}<\?xml [^?]*UTF-16`,
		"undeclared UTF-16":      `^UTF-16 \x{FEFF}<[^?]`,
		"byte order mark":        `^\x{FEFF}<`,
		"order":                  `(?s)serverHold.*clientHold`,
		"fraction":               `:06\.0Z`,
		"thousandths":            `:06\.000Z`,
		"CDATA":                  `<!\[CDATA\[Gut & schön\]\]>`,
		"half CDATA":             `s<!\[CDATA\[auna.example`,
		"decimal reference":      `&#\d+;`,
		"hexadecimal reference":  `&#x[0-9A-F]+;`,
		"comment":                `<!--`,
		"processing instruction": `<\?eppkit`,
		"schemaLocation":         `schemaLocation`,
		"another boolean":        `avail\s*=\s*["']true`,
		"empty element":          `clientHold["']\s*/>`,
		"start and end":          `clientHold["']\s*></`,
		"order of attributes":    `<\S*chkData[^>]*unused[^>]*host-1.0`,
	} {
		require.True(t, slices.ContainsFunc(all, regexp.MustCompile(re).MatchString), what)
	}
	require.Equal(t, variant.New(7, 1).Rewrite(doc), variant.New(7, 1).Rewrite(doc), "the same seeds")
	require.NotEqual(t, variant.New(7, 1).Rewrite(doc), variant.New(7, 2).Rewrite(doc))
}

// What a signature covers survives byte for byte.
func TestSigned(t *testing.T) {
	for name, mark := range map[string]string{
		"own prefix":        `<s:signedMark xmlns:s="urn:ietf:params:xml:ns:signedMark-1.0"  id='x' ><s:id>1-2</s:id></s:signedMark>`,
		"default namespace": `<signedMark xmlns="urn:ietf:params:xml:ns:signedMark-1.0"><id >1-2</id><!-- x --></signedMark>`,
		"signature":         `<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:SignedInfo>&#65;</d:SignedInfo></d:Signature>`,
		"unknown":           `<u:thing xmlns:u="urn:example:u" xmlns:q="urn:example:q" type="q:x"/>`,
	} {
		doc := `<epp xmlns="` + epp.NS + `"><response><extension>` + mark + `</extension></response></epp>`
		for seed := range uint64(100) {
			require.Contains(t, string(utf8(t, variant.New(seed, 0).Rewrite([]byte(doc)))), mark, name)
		}
	}
	// One that relies on what is declared around it gets the declarations it needs.
	doc := []byte(`<epp xmlns="` + epp.NS + `" xmlns:u="urn:example:u"><response><extension><u:thing><clTRID>x</clTRID></u:thing></extension></response></epp>`)
	for seed := range uint64(100) {
		require.Equal(t, canonical(t, doc), canonical(t, variant.New(seed, 0).Rewrite(doc)))
	}
}

// Text survives, whatever is in it, and so does an element of no namespace.
func TestText(t *testing.T) {
	doc := []byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg lang="a&#9;b&#10;c&#13;'&quot;&lt;">` +
		`]]&gt; &#13;&#10; ]]&gt;]]&gt;</msg></result><extension><bare xmlns="" a="1"><b>x</b></bare></extension></response></epp>`)
	read := func(doc []byte) (text, lang, bare string) {
		tree, err := xmltree.Parse(doc, xmltree.Limits{})
		require.NoError(t, err, "%s", doc)
		for i := range tree.Nodes {
			switch n := &tree.Nodes[i]; n.Local {
			case "msg":
				text = n.Text
				for _, a := range tree.AttrsOf(int32(i)) {
					if a.Local == "lang" {
						lang = a.Value
					}
				}
			case "bare", "b":
				bare += tree.SpaceURI(n.NS) + n.Local
			}
		}
		return text, lang, bare
	}
	for seed := range uint64(300) {
		text, lang, bare := read(variant.New(seed, 0).Rewrite(doc))
		require.Equal(t, "]]> \r\n ]]>]]>", text)
		require.Equal(t, "a\tb\nc\r'\"<", lang)
		require.Equal(t, "bareb", bare)
	}
}

func TestSplit(t *testing.T) {
	whole := bytes.Repeat([]byte("0123456789"), 100)
	pieces := 0
	for seed := range uint64(20) {
		all := variant.New(seed, 0).Split(whole)
		require.Equal(t, whole, bytes.Join(all, nil))
		pieces += len(all)
	}
	require.Greater(t, pieces, 40)
}

// What is not well-formed stays as it is.
func TestNotWellFormed(t *testing.T) {
	require.Equal(t, "<epp>", string(variant.New(1, 1).Rewrite([]byte("<epp>"))))
}

// The names of which this package knows the types are those of the schemas.
func TestNames(t *testing.T) {
	files, err := filepath.Glob("../../../schemas/xsd/*.xsd")
	require.NoError(t, err)
	fred, err := filepath.Glob("../../../schemas/xsd/fred/*.xsd")
	require.NoError(t, err)
	want := make(map[string]map[epp.Name]bool)
	elements := make(map[epp.Name]bool)
	typed := regexp.MustCompile(`<(?:\w+:)?(element|attribute) [^>]*>`)
	attr := func(tag, name string) string {
		m := regexp.MustCompile(` ` + name + `="(?:\w+:)?([^"]*)"`).FindStringSubmatch(tag)
		if m == nil {
			return ""
		}
		return m[1]
	}
	for _, file := range append(files, fred...) {
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		space := regexp.MustCompile(`targetNamespace="([^"]*)"`).FindStringSubmatch(string(doc))[1]
		if variant.Signed(space) {
			continue
		}
		for _, m := range typed.FindAllStringSubmatch(string(doc), -1) {
			kind := m[1] + " " + attr(m[0], "type")
			if want[kind] == nil {
				want[kind] = make(map[epp.Name]bool)
			}
			name := epp.Name{Space: space, Local: attr(m[0], "name")}
			if elements[name] = true; m[1] == "attribute" {
				name.Space = ""
			}
			want[kind][name] = true
		}
	}
	for _, name := range variant.Listed() {
		require.Contains(t, elements, name)
	}
	for kind, known := range variant.Names() {
		require.Equal(t, want[kind], known, kind)
		for other, names := range want {
			if strings.HasPrefix(kind, "attribute") && strings.HasPrefix(other, "attribute") && other != kind {
				for name := range known {
					require.NotContains(t, names, name, "%s in %s", kind, other)
				}
			}
		}
	}
}
