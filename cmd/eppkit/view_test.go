package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// ours are the names that the view has of its own, for character data that its
// schema has no name for.
var ours = map[string]bool{
	"text":    true,                                                // beside an attribute
	"id":      true,                                                // of domain:contact
	"number":  true,                                                // of contact:voice
	"addr":    true,                                                // of domain:hostAddr
	"element": true,                                                // what an element is, and those inside a text
	"seconds": true,                                                // of ttl:ttl
	"n":       true,                                                // of fee:period
	"amount":  true,                                                // of fee:fee
	"key":     true,                                                // of launch:claimKey
	"token":   true,                                                // of allocationToken:allocationToken
	"name":    true, "namespace": true, "xml": true, "error": true, // of an element without a type
}

// inView is a text as a view has it: a time is in UTC there.
func inView(text string) string {
	text = epp.Collapse(text)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC().Format(time.RFC3339Nano)
	}
	return text
}

// compare holds a view to the XML that it is of: its names are names there, its
// texts are texts there, and no text of the XML is missing.
func compare(t *testing.T, doc []byte, v any, extra ...any) {
	t.Helper()
	d := etree.NewDocument()
	require.NoError(t, d.ReadFromBytes(doc))
	names, texts := map[string]bool{}, map[string]bool{}
	for _, el := range append(d.FindElements("//*"), d.Root()) {
		names[el.Tag] = true
		texts[el.Tag] = true // an empty element is a value where a group has a choice
		for _, word := range append(strings.Split(el.Text(), ","), el.Text()) {
			texts[inView(word)] = true
		}
		for _, at := range el.Attr {
			names[at.Key], texts[at.Value], texts[inView(at.Value)] = true, true, true
		}
	}
	shown, untyped := map[string]bool{}, fmt.Sprint(extra...)
	for _, l := range lines("", v) {
		for _, name := range strings.Split(l[0], ".") {
			require.True(t, names[name] || ours[name], "%q is no name in %s", name, doc)
		}
		text := epp.Collapse(l[1])
		shown[text] = true
		switch {
		case strings.HasSuffix(l[0], "xml"):
			untyped += l[1]
		case strings.HasSuffix(l[0], "namespace"):
		case l[0] == "element" || strings.HasSuffix(l[0], ".element"):
			_, local, _ := strings.Cut(text, ":")
			require.True(t, names[local], "%s is %q, which is no name in %s", l[0], text, doc)
		case text == "true" || text == "false":
			shown[map[string]string{"true": "1", "false": "0"}[text]] = true
		default:
			require.True(t, texts[text], "%s is %q, which is not in %s", l[0], text, doc)
		}
	}
	for _, el := range d.FindElements("//*") {
		text := inView(el.Text())
		if len(el.ChildElements()) == 0 && text != "" {
			require.True(t, shown[text] || shown[strings.Split(text, ",")[0]] || strings.Contains(untyped, strings.TrimSpace(el.Text())), "%s is %q, which the view has not: %v", el.Tag, text, v)
		}
	}
}

// TestViewOfTheMocks holds the view of each command's answer to its XML.
func TestViewOfTheMocks(t *testing.T) {
	for _, args := range []string{
		"domain check mydomain.cz free.cz",
		"domain info mydomain.cz",
		"domain info otherdomain.cz",
		"domain send-authinfo mydomain.cz",
		"contact check CID-MYOWN CID-FREE",
		"contact info CID-MYOWN",
		"contact info CID-ADMIN1",
		"contact send-authinfo CID-MYOWN",
		"nsset send-authinfo NID-MYNSSET",
		"keyset send-authinfo KID-MYKEYSET",
		"credit",
		"poll",
		"--registry gtld domain check alpha.example free.example",
		"--registry gtld domain info alpha.example",
		"--registry gtld domain info beta.example",
		"--registry gtld contact check jr-1 free-1",
		"--registry gtld contact info jr-1",
		"--registry gtld contact info kt-2",
		"--registry gtld poll",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			r := eppkit(t, nil, "", append(strings.Fields(args), "-o", "raw")...)
			require.Equal(t, exitOK, r.status, r.err)
			kind := "fred"
			if strings.Contains(args, "gtld") {
				kind = "gtld"
			}
			schema, err := epp.NewSchema(extensions(kind)...)
			require.NoError(t, err)
			compareResponse(t, schema, []byte(r.out))
		})
	}
}

func compareResponse(t *testing.T, schema *epp.Schema, doc []byte) {
	t.Helper()
	m, err := schema.Parse(doc)
	if err != nil {
		return
	}
	r, ok := m.(*epp.Response)
	if !ok {
		return
	}
	for _, e := range append(r.ResData, r.Extension...) {
		if _, untyped := e.(*epp.Raw); !untyped {
			compare(t, elementOf(t, doc, e.XMLName()), viewElement(e), extraList(r.Extra)...)
		}
	}
	if r.MsgQ != nil {
		compare(t, elementOf(t, doc, epp.Name{Space: epp.NS, Local: "msgQ"}), view(reflect.ValueOf(r.MsgQ)), extraList(r.Extra)...)
	}
}

// elementOf cuts an element out of a document.
func elementOf(t *testing.T, doc []byte, name epp.Name) []byte {
	t.Helper()
	d := etree.NewDocument()
	require.NoError(t, d.ReadFromBytes(doc))
	for _, el := range d.FindElements("//" + name.Local) {
		if el.NamespaceURI() == name.Space {
			out, err := etree.NewDocumentWithRoot(el.Copy()).WriteToBytes()
			require.NoError(t, err)
			return out
		}
	}
	require.Fail(t, "no "+name.String())
	return nil
}

// TestViewOfTheCorpus does so for the answers among the reference frames.
func TestViewOfTheCorpus(t *testing.T) {
	const dir = "../../../shared/corpus"
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no reference frames in %s", dir)
	}
	n := 0
	for _, kind := range registries {
		schema, err := epp.NewSchema(extensions(kind)...)
		require.NoError(t, err)
		require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".xml" {
				return err
			}
			doc, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			t.Run(kind+"/"+filepath.Base(path), func(t *testing.T) { compareResponse(t, schema, doc) })
			n++
			return nil
		}))
	}
	require.Positive(t, n)
}

func TestViewOfTheGreeting(t *testing.T) {
	r := eppkit(t, nil, "", "hello", "-o", "raw")
	require.Equal(t, exitOK, r.status, r.err)
	schema, err := epp.NewSchema(extensions("fred")...)
	require.NoError(t, err)
	m, err := schema.Parse([]byte(r.out))
	require.NoError(t, err)
	compare(t, elementOf(t, []byte(r.out), epp.Name{Space: epp.NS, Local: "greeting"}), view(reflect.ValueOf(m)))
}

func TestViewLosesNothing(t *testing.T) {
	type odd struct {
		Small  int8
		Wide   uint32
		Ratio  float64
		Table  map[string]int
		Pair   [2]int
		Choice any
	}
	b, err := json.Marshal(view(reflect.ValueOf(odd{1, 2, 2.5, map[string]int{"a": 1}, [2]int{3, 4}, "x"})))
	require.NoError(t, err)
	require.JSONEq(t, `{"small": 1, "wide": 2, "ratio": "2.5", "table": "map[a:1]", "pair": "[3 4]", "choice": "x"}`, string(b))
}
