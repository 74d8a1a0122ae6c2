package xmljson

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
	"github.com/eppkit/eppkit/schemas"
)

const (
	eppNS    = "urn:ietf:params:xml:ns:epp-1.0"
	domainNS = "urn:ietf:params:xml:ns:domain-1.0"
	saunaNS  = "urn:example:sauna-1.0"
)

// prefixOf is what package epp does, in short.
func prefixOf(uri string) string {
	if uri == eppNS {
		return ""
	}
	prefix, _, _ := strings.Cut(uri[strings.LastIndexAny(uri, ":/")+1:], "-")
	ascii := !strings.ContainsFunc(prefix, func(r rune) bool { return r >= utf8.RuneSelf })
	if prefix == "" || !ascii || !isWord(prefix) || prefix[0] < 'A' || strings.HasPrefix(strings.ToLower(prefix), "xml") {
		return "ns"
	}
	return prefix
}

// formOf is what our schemas say.
func formOf(parent, child Name) (Form, bool) {
	f, known := validator().Form(epp.Name(parent), epp.Name(child))
	return Form(f), known
}

var validator = sync.OnceValue(func() *schemas.Validator {
	v, err := schemas.New(schemas.Options{})
	if err != nil {
		panic(err)
	}
	return v
})

var options = Options{Prefix: prefixOf, Form: formOf}

// TestRules has a row for each rule of the package: a document, and its JSON.
func TestRules(t *testing.T) {
	const d, s = `xmlns="` + eppNS + `" xmlns:d="` + domainNS + `"`, `xmlns:s="` + saunaNS + `"`
	domain := func(rest string) string {
		return `{"epp": {"@xmlns": "` + eppNS + `", "@xmlns:domain": "` + domainNS + `", "command": {` + rest + `}}}`
	}
	sauna := func(rest string) string { return `{"sauna:hut": {"@xmlns:sauna": "` + saunaNS + `", ` + rest + `}}` }
	for _, row := range []struct{ name, xml, json string }{
		{
			"an array where the schema allows several, of one", `<epp ` + d + `><command><check><d:check><d:name>sauna.example</d:name></d:check></check></command></epp>`,
			domain(`"check": {"domain:check": {"domain:name": ["sauna.example"]}}`),
		},
		{
			"and of more", `<epp ` + d + `><command><check><d:check><d:name>a.example</d:name><d:name>b.example</d:name></d:check></check></command></epp>`,
			domain(`"check": {"domain:check": {"domain:name": ["a.example", "b.example"]}}`),
		},
		{
			"no array where the schema does not, an object where it has attributes", `<epp ` + d + `><command><info><d:info><d:name>a.example</d:name></d:info></info></command></epp>`,
			domain(`"info": {"domain:info": {"domain:name": {"$text": "a.example"}}}`),
		},
		{
			"attributes beside a text", `<epp ` + d + `><command><info><d:info><d:name hosts="all">a.example</d:name></d:info></info></command></epp>`,
			domain(`"info": {"domain:info": {"domain:name": {"@hosts": "all", "$text": "a.example"}}}`),
		},
		{
			"absent and empty", `<epp ` + d + `><command><update><d:update><d:name/><d:add/></d:update></update></command></epp>`,
			domain(`"update": {"domain:update": {"domain:name": "", "domain:add": {}}}`),
		},
		{
			"a second one where there may be one", `<epp ` + d + `><command><delete><d:delete><d:name>a.example</d:name><d:name>b.example</d:name></d:delete></delete></command></epp>`,
			domain(`"delete": {"domain:delete": {"$content": [{"domain:name": "a.example"}, {"domain:name": "b.example"}]}}`),
		},
		{
			"children of two names in turn", `<epp xmlns="` + eppNS + `"><response><result code="2005"><msg>No</msg><value><a xmlns=""/></value><extValue><value><a xmlns=""/></value><reason>b</reason></extValue><value><a xmlns="">1</a></value></result></response></epp>`,
			`{"epp": {"@xmlns": "` + eppNS + `", "response": {"result": [{"@code": "2005", "$content": [{"msg": {"$text": "No"}}, {"value": {":a": ""}}, {"extValue": {"value": {":a": ""}, "reason": {"$text": "b"}}}, {"value": {":a": "1"}}]}]}}}`,
		},
		{
			"no schema: children are arrays", `<s:hut ` + s + `><s:heat>90</s:heat><s:bench><s:seat/></s:bench></s:hut>`,
			sauna(`"sauna:heat": ["90"], "sauna:bench": [{"sauna:seat": [""]}]`),
		},
		{
			"text between elements, exactly", `<s:hut ` + s + `> Heat <s:heat>90</s:heat> or<s:heat> 95 </s:heat>` + "\n" + `</s:hut>`,
			sauna(`"$content": [" Heat ", {"sauna:heat": "90"}, " or", {"sauna:heat": " 95 "}, "\n"]`),
		},
		{
			"CDATA, comments, instructions and references", `<s:hut ` + s + `>1<!-- no --><![CDATA[<&]]>&lt;<?no no?><s:heat>9<!-- no -->0</s:heat>&#13;</s:hut>`,
			sauna(`"$content": ["1<&<", {"sauna:heat": "90"}, "\r"]`),
		},
		{"white space that is all the text", `<s:hut ` + s + `><s:heat>  </s:heat></s:hut>`, sauna(`"sauna:heat": ["  "]`)},
		{
			"attributes", `<s:hut ` + s + ` a="1" s:a="&#10;&quot;&lt;" xml:lang="cs" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="0"/>`,
			`{"sauna:hut": {"@xmlns:sauna": "` + saunaNS + `", "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "@a": "1", "@sauna:a": "\n\"<", "@xml:lang": "cs", "@xsi:nil": "0"}}`,
		},
		{
			"an attribute of EPP's namespace needs a prefix", `<e:epp xmlns:e="` + eppNS + `" e:a="1"/>`,
			`{"epp": {"@xmlns": "` + eppNS + `", "@xmlns:epp": "` + eppNS + `", "@epp:a": "1"}}`,
		},
		{
			"namespaces with one prefix", `<a:x xmlns:a="` + saunaNS + `"><b:x xmlns:b="urn:test:sauna-2.0"/></a:x>`,
			`{"sauna:x": {"@xmlns:sauna": "` + saunaNS + `", "@xmlns:sauna2": "urn:test:sauna-2.0", "sauna2:x": [""]}}`,
		},
		{
			"prefixes in values", `<s:hut ` + s + ` xmlns:q="urn:q" of="q:birch http://q"/>`,
			`{"sauna:hut": {"@xmlns:q": "urn:q", "@xmlns:sauna": "` + saunaNS + `", "@of": "q:birch http://q"}}`,
		},
		{
			"prefixes in pieces of text", `<s:hut ` + s + ` xmlns:q="urn:q">one<s:a/>q:birch</s:hut>`,
			`{"sauna:hut": {"@xmlns:q": "urn:q", "@xmlns:sauna": "` + saunaNS + `", "$content": ["one", {"sauna:a": ""}, "q:birch"]}}`,
		},
		{
			"a prefix that means two things", `<s:hut ` + s + `><s:a xmlns:q="urn:q">q:birch</s:a><s:b xmlns:q="urn:r">q:aspen</s:b></s:hut>`,
			sauna(`"sauna:a": [{"@xmlns:q": "urn:q", "$text": "q:birch"}], "sauna:b": [{"@xmlns:q": "urn:r", "$text": "q:aspen"}]`),
		},
		{"no namespace", `<hut><a/></hut>`, `{":hut": {":a": [""]}}`},
		{
			"a signed element", `<s:hut ` + s + ` xmlns:q="urn:q"><s:key  a='1'><q:b/><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></s:key></s:hut>`,
			`{"sauna:hut": {"@xmlns:sauna": "` + saunaNS + `", "sauna:key": [{"$xml": "<s:key xmlns:s=\"` + saunaNS + `\" xmlns:q=\"urn:q\"  a='1'><q:b/><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></s:key>"}]}}`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := FromXML([]byte(row.xml), options)
			require.NoError(t, err)
			require.Equal(t, compact(t, row.json), compact(t, string(got)))
			roundTrip(t, []byte(row.xml))
		})
	}
}

// compact leaves the order of members.
func compact(t *testing.T, doc string) string {
	var b strings.Builder
	require.True(t, json.Valid([]byte(doc)), doc)
	quoted := false
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			b.WriteByte(c)
			i++
		case !quoted && strings.IndexByte(" \t\n", c) >= 0:
			continue
		}
		b.WriteByte(doc[i])
	}
	return b.String()
}

// roundTrip requires that a document says the same after it was JSON.
func roundTrip(t testing.TB, doc []byte) {
	for _, o := range []Options{options, {}, {Prefix: prefixOf, Form: formOf, OpenSigned: true}} {
		j, err := FromXML(doc, o)
		require.NoError(t, err)
		require.True(t, json.Valid(j), "%s", j)
		back, err := ToXML(j)
		require.NoError(t, err, "%s", j)
		want, err := outlineOf(doc)
		require.NoError(t, err)
		got, err := outlineOf(back)
		require.NoError(t, err, "%s", back)
		require.Equal(t, want.text, got.text, "%s", j)
		require.Empty(t, want.lost(got), "%s\n%s", j, back)
		again, err := FromXML(back, o)
		require.NoError(t, err)
		if !strings.Contains(string(j), "$xml") {
			require.Equal(t, string(j), string(again))
		}
	}
}

func TestCorpus(t *testing.T) {
	const corpus = "../../../shared/corpus"
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout:", corpus)
	}
	frames, refused := 0, 0
	require.NoError(t, filepath.WalkDir(corpus, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xml" {
			return err
		}
		t.Run(strings.TrimPrefix(path, corpus+"/"), func(t *testing.T) {
			doc, err := os.ReadFile(path)
			require.NoError(t, err)
			j, err := FromXML(doc, options)
			if err != nil {
				refused++
				_, err := outlineOf(doc)
				require.Error(t, err)
				return
			}
			frames++
			roundTrip(t, doc)
			want, err := canon.Canonical(doc)
			if err != nil {
				return // UTF-16
			}
			back, err := ToXML(j)
			require.NoError(t, err)
			got, err := canon.Canonical(back)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
		return nil
	}))
	require.Greater(t, frames, 400)
	require.Less(t, refused, 20)
}

// TestByHand reads what people write and this package does not.
func TestByHand(t *testing.T) {
	const root = `{"epp": {"@xmlns": "` + eppNS + `", `
	for _, row := range []struct{ name, json, xml string }{
		{"one for an array", root + `"a": "1"}}`, `<epp xmlns="` + eppNS + `"><a>1</a></epp>`},
		{"an array anywhere", root + `"a": ["1", "2"], "b": []}}`, `<epp xmlns="` + eppNS + `"><a>1</a><a>2</a></epp>`},
		{"numbers, true and false", root + `"@n": 1.50, "a": true, "b": [1e2]}}`, `<epp xmlns="` + eppNS + `" n="1.50"><a>true</a><b>1e2</b></epp>`},
		{"a declaration where it is used", root + `"s:a": {"@xmlns:s": "` + saunaNS + `", "s:b": ""}}}`, `<epp xmlns="` + eppNS + `"><a xmlns="` + saunaNS + `"><b/></a></epp>`},
		{"another default inside", root + `"a": {"@xmlns": "` + saunaNS + `", "b": ""}}}`, `<epp xmlns="` + eppNS + `"><a xmlns="` + saunaNS + `"><b/></a></epp>`},
		{"an escaped pair", root + `"a": "\ud83d\ude00\\ud800"}}`, `<epp xmlns="` + eppNS + `"><a>😀\ud800</a></epp>`},
		{"an array in $content", root + `"$content": ["x", {"a": ["1", "2"]}]}}`, `<epp xmlns="` + eppNS + `">x<a>1</a><a>2</a></epp>`},
		{"$xml for anything", root + `":a": {"$xml": "<a><b/></a>"}}}`, `<epp xmlns="` + eppNS + `"><a xmlns=""><b/></a></epp>`},
		{"a byte order mark", "\ufeff" + root + `"a": ""}}`, `<epp xmlns="` + eppNS + `"><a/></epp>`},
		{"no default inside no namespace", root + `":a": {"b": "", "@xmlns": "` + saunaNS + `"}}}`, `<epp xmlns="` + eppNS + `"><a xmlns=""><b xmlns="` + saunaNS + `"/></a></epp>`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ToXML([]byte(row.json))
			require.NoError(t, err)
			is, err := outlineOf(got)
			require.NoError(t, err)
			want, err := outlineOf([]byte(row.xml))
			require.NoError(t, err)
			require.Equal(t, want.text, is.text, "%s", got)
		})
	}
}

func TestRefusals(t *testing.T) {
	const root = `{"epp": {"@xmlns": "` + eppNS + `", `
	for _, row := range []struct{ name, json, says string }{
		{"no JSON", `{"epp": }`, "json: line 1, column 9: "},
		{"cut", `{"epp": {`, "ends too early"},
		{"more behind it", `{":a": ""} {}`, "column 11: more behind"},
		{"not UTF-8", "{\":a\": \"\xff\"}", "not UTF-8"},
		{"half a pair", `{":a": "\ud800x"}`, "half of a surrogate pair"},
		{"UTF-16", "{\x00\"\x00e\x00", "not UTF-8, which JSON must be"},
		{"an array for the root", `{"epp": []}`, "the root must be one element, not an array"},
		{"an array of one for the root", `{":a": [{}]}`, "the root must be one element, not an array"},
		{"xml bound", root + `"@xmlns:xml": "urn:x"}}`, "the prefix xml has a meaning of its own"},
		{"no object", `["a"]`, "an object of one element"},
		{"nothing", `{}`, "an object of one element"},
		{"two roots", `{":a": "", ":b": ""}`, "an object of one element"},
		{"an array of roots", `{":a": ["", ""]}`, "array"},
		{"two members of one name", root + `"a": "secret", "a": ""}}`, "second member"},
		{"two of one name in other letters", root + `"a": "", "\u0061": ""}}`, "second member"},
		{"arrays in arrays", root + `"a": [["secret"]]}}`, "epp.a: an array of arrays"},
		{"null", root + `"a": null}}`, "epp.a: null says nothing"},
		{"a namespace that is not declared", `{"epp": {}}`, `epp: the namespace of names without a prefix`},
		{"a prefix that is not declared", root + `"domain:check": {}}}`, `epp.domain:check: the prefix is not declared; the root needs an "@xmlns:domain"`},
		{"an attribute's prefix", root + `"@x:y": "secret"}}`, `epp.@x:y: the prefix is not declared`},
		{"an attribute with a colon", root + `"@:y": "secret"}}`, `no colon`},
		{"a prefix for nothing", root + `"@xmlns:x": ""}}`, `declares no prefix`},
		{"no prefix", root + `"@xmlns:": "urn:x"}}`, `declares no prefix`},
		{"xmlns bound", root + `"@xmlns:xmlns": "urn:x", "xmlns:a": ""}}`, `no document`},
		{"a name with markup", root + `"a b='1'": ""}}`, "not a name"},
		{"a name with a tag", root + `"a><b": ""}}`, "not a name"},
		{"a name with two colons", root + `"a:b:c": ""}}`, "not a name"},
		{"an empty name", root + `"": ""}}`, "a name is empty"},
		{"an empty name in $content", root + `"$content": [{"": ""}]}}`, "empty"},
		{"a digit first", root + `"1a": ""}}`, "no document"},
		{"an attribute with markup", root + `"@a='' b": ""}}`, "not a name"},
		{"an attribute that is no text", root + `"@a": {}}}`, "must be a text"},
		{"an attribute twice", root + `"@xmlns:a": "urn:x", "@xmlns:b": "urn:x", "@a:x": "", "@b:x": ""}}`, "stands twice"},
		{"a character", root + `"a": "\u0000"}}`, "epp.a: a character"},
		{"in $content", root + `"$content": ["\ufffe"]}}`, "a character"},
		{"unknown $", root + `"$frob": ""}}`, `"$frob" is not known`},
		{"text and children", root + `"$text": "x", "a": ""}}`, "exclude each other"},
		{"$content and children", root + `"a": "", "$content": ["x"]}}`, "exclude each other"},
		{"$content no array", root + `"$content": "x"}}`, "must be an array"},
		{"an attribute in $content", root + `"$content": [{"@a": "x"}]}}`, "one child"},
		{"two in $content", root + `"$content": [{"a": "", "b": ""}]}}`, "one child"},
		{"$xml with attributes", root + `"@a": "1", "$xml": "<a/>"}}`, "are there, too"},
		{"$xml of another", root + `"a": {"$xml": "<b/>"}}}`, "another element"},
		{"$xml that is none", root + `"a": {"$xml": "<a>"}}}`, "epp.a: $xml: "},
		{"$xml with a DOCTYPE", root + `"a": {"$xml": "<!DOCTYPE a><a/>"}}}`, "DOCTYPE"},
		{"many prefixes", root + strings.Join(manyPrefixes(1100), ", ") + "}}", "more than 1024 prefixes"},
		{"deep", strings.Repeat(`{":a": `, 65) + `""` + strings.Repeat("}", 65), "deeper than 64"},
		{"deeper", strings.Repeat(`[`, 100_000), "too deep"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := ToXML([]byte(row.json))
			require.ErrorContains(t, err, row.says)
			require.NotContains(t, err.Error(), "secret")
			var syntax *SyntaxError
			require.ErrorAs(t, err, &syntax)
		})
	}
}

func manyPrefixes(n int) (members []string) {
	for i := range n {
		members = append(members, fmt.Sprintf(`"@xmlns:p%d": "urn:x"`, i))
	}
	return members
}

// TestManyPrefixes has more prefixes in values than the root should have.
func TestManyPrefixes(t *testing.T) {
	var doc strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&doc, `<a xmlns:p%d="urn:x">p%d:y</a>`, i, i)
	}
	roundTrip(t, []byte("<r>"+doc.String()+"</r>"))
}

// TestTooLarge has documents that would grow without end.
func TestTooLarge(t *testing.T) {
	uri := "urn:" + strings.Repeat("x", 1<<12)
	_, err := ToXML([]byte(`{":a": {"@xmlns:x": "` + uri + `", "x:b": [` + strings.Repeat(`"",`, 20_000) + `""]}}`))
	require.ErrorIs(t, err, ErrTooLarge)
	signed := `<s xmlns="` + saunaNS + `"><d:Signature/></s>`
	_, err = FromXML([]byte(`<a xmlns:d="`+dsigSpace+`" xmlns:x="`+uri+`">`+strings.Repeat(signed, 20_000)+`</a>`), options)
	require.ErrorIs(t, err, ErrTooLarge)
}

// A signature covers octets: those inside the element are the same.
func TestSignedStays(t *testing.T) {
	const signed = "<s:key a='1'\n xmlns:s=\"" + saunaNS + "\"> <s:b/>\r\n<!-- c --><Signature xmlns=\"" + dsigSpace + "\"/></s:key>"
	j, err := FromXML([]byte(`<epp xmlns="`+eppNS+`"><extension>`+signed+`</extension></epp>`), options)
	require.NoError(t, err)
	back, err := ToXML(j)
	require.NoError(t, err)
	_, rest, _ := strings.Cut(signed, "<s:key")
	require.Contains(t, string(back), rest)
}

func FuzzRoundTrip(f *testing.F) {
	for _, doc := range []string{
		`<a/>`, `<epp xmlns="` + eppNS + `"><command><check><d:check xmlns:d="` + domainNS + `"><d:name>a.example</d:name></d:check></check></command></epp>`,
		`<a xmlns="u" b="1" x:c="&#10;" xmlns:x="v">1<b xmlns=""/>x:y<![CDATA[<]]><b/> </a>`,
		`<a xmlns:q="u"><b c="q:d"/><b xmlns:q="v">q:e</b></a>`,
		`<s xmlns="u"><Signature xmlns="` + dsigSpace + `"/> x </s>`,
		`{":a": {"@xmlns:x": "u", "x:b": ["1", {"$content": ["t", {":c": ""}]}], ":d": {"$xml": "<d/>"}}}`,
		`{"a": {"@xmlns": "u", "$text": "x", "@b": true}}`,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if doc, err := ToXML(in); err == nil {
			in = doc
		}
		if _, err := FromXML(in, options); err != nil {
			return
		}
		if _, err := outlineOf(in); err != nil {
			return // encoding/xml knows the names of the fourth edition
		}
		roundTrip(t, in)
	})
}

func Example() {
	doc, err := FromXML([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><check>`+
		`<d:check xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>sauna.example</d:name></d:check>`+
		`</check><clTRID>SAUNA-1</clTRID></command></epp>`), options)
	fmt.Printf("%s%v\n", doc, err)
	// Output:
	// {
	//   "epp": {
	//     "@xmlns": "urn:ietf:params:xml:ns:epp-1.0",
	//     "@xmlns:domain": "urn:ietf:params:xml:ns:domain-1.0",
	//     "command": {
	//       "check": {
	//         "domain:check": {
	//           "domain:name": [
	//             "sauna.example"
	//           ]
	//         }
	//       },
	//       "clTRID": "SAUNA-1"
	//     }
	//   }
	// }
	// <nil>
}
