package namespaces_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
	"github.com/eppkit/eppkit/internal/epptest"
	"github.com/eppkit/eppkit/namespaces"
)

const corpus = "../../shared/corpus"

// What is in the corpus but can't be read, with a part of the error.
var notRead = map[string]string{
	"fred-docs/ProtocolBasics_Commands-01-command.xml":                                           "is not declared",     // a template
	"fred-docs/ProtocolBasics_GenericMessage-01-command.xml":                                     "has no root element", // a template
	"fred-docs/ProtocolBasics_GenericMessage-02-command.xml":                                     "holds no greeting",   // a template
	"fred-docs/ProtocolBasics_ServiceDiscovery-02-greeting.xml":                                  "does not match",      // not well-formed
	"rfc-examples/rfc5730/08-C-elements-identified-using-xml-namespace-notation-with-a-refe.xml": "the root element is epp, not",
	"rfc-examples/rfc7848/01-X-the-following-is-an-example-of-an-smd.xml":                        "the root element is {urn:ietf:params:xml:ns:signedMark-1.0}",
}

// What is written otherwise than it was read, and how. None of it is valid.
var changed = map[string]string{
	"edge/renew-curExpDate-datetime.xml": "a day without its time",
}

// What is valid, and holds elements that no type is needed for, and why.
var untyped = map[string]string{
	"edge/hello-with-content.xml":                       "the schema allows anything in hello",
	"edge/logout-with-child.xml":                        "the schema allows anything in logout",
	"edge/result-value-element.xml":                     "an element of a command that is wrong",
	"fred-docs/ProtocolBasics_Commands-04-response.xml": "an element of a command that is wrong",
	"rfc-examples/rfc5730/21-S-poll-response-with-mixed-message-content-and-without-object.xml": "words of a message",
}

// madeUp begins the namespaces of the objects in RFC 5730's examples.
const madeUp = "urn:ietf:params:xml:ns:obj"

// TestCorpus reads every frame of the corpus, and requires that it is written with
// the same infoset, whether it is valid or not. What is valid by the official schemas
// must be read strictly, too, into types that have a place for everything in it.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout:", corpus)
	}
	set, err := epp.NewSchema(namespaces.All()...)
	require.NoError(t, err)
	valid := verdicts(t)
	frames, seen := 0, 0
	require.NoError(t, filepath.WalkDir(corpus, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xml" {
			return err
		}
		frames++
		name, err := filepath.Rel(corpus, path)
		require.NoError(t, err)
		if valid[name] {
			seen++
		}
		t.Run(name, func(t *testing.T) { corpusFrame(t, set, name, valid[name]) })
		return nil
	}))
	require.Greater(t, frames, 400)
	require.Equal(t, len(valid), seen)
}

func corpusFrame(t *testing.T, set *epp.Schema, name string, valid bool) {
	in := read(t, filepath.Join(corpus, name))
	m, err := set.Parse(in)
	if reason, ok := notRead[name]; ok {
		require.ErrorContains(t, err, reason)
		return
	}
	require.NoError(t, err)
	if valid {
		m, err := set.ParseStrict(in)
		require.NoError(t, err)
		v := reflect.ValueOf(m)
		require.Equal(t, untyped[name] != "", len(rawsIn(v)) > 0, rawsIn(v))
		require.True(t, untyped[name] != "" || v.Elem().FieldByName("Extra").IsZero())
	}
	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	epptest.Stable(t, set, in)
	if _, ok := changed[name]; ok {
		require.False(t, valid)
		require.NotEqual(t, canonical(t, in), canonical(t, out))
		return
	}
	require.Equal(t, canonical(t, in), canonical(t, out))
}

func canonical(t *testing.T, doc []byte) string {
	s, err := canon.Canonical(doc)
	require.NoError(t, err)
	return s
}

// rawsIn names the elements in a message for which there should be a type.
func rawsIn(v reflect.Value) (names []string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if v.Type() == reflect.TypeFor[*epp.Raw]() && v.CanInterface() {
			if name := v.Interface().(*epp.Raw).XMLName(); !strings.HasPrefix(name.Space, madeUp) {
				names = append(names, name.String())
			}
			return names
		}
		return rawsIn(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			names = append(names, rawsIn(v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			names = append(names, rawsIn(v.Index(i))...)
		}
	}
	return names
}

// verdicts says which frames of the corpus are known to be valid by the official
// schemas.
func verdicts(t *testing.T) map[string]bool {
	valid := make(map[string]bool)
	for line := range strings.Lines(string(read(t, corpus+"/edge/RESULTS.tsv"))) {
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) > 1 && f[1] == "valid" {
			valid["edge/"+f[0]+".xml"] = true
		}
	}
	for line := range strings.Lines(string(read(t, corpus+"/rfc-examples/VALIDATION.tsv"))) {
		// The third column counts namespaces that an RFC made up as known.
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) > 2 && f[2] == "ok" {
			valid["rfc-examples/"+f[0]] = true
		}
	}
	for _, dir := range []string{"fred-commands", "fred-docs"} {
		files, err := os.ReadDir(filepath.Join(corpus, dir))
		require.NoError(t, err)
		for _, f := range files {
			name := dir + "/" + f.Name()
			if filepath.Ext(name) == ".xml" && notRead[name] == "" {
				valid[name] = true
			}
		}
	}
	delete(valid, "fred-docs/ProtocolBasics_Commands-02-response.xml") // a template
	require.Greater(t, len(valid), 330)
	return valid
}

// read returns a file that may be beside a checkout, and skips the test when it is
// not.
func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the documents of others are not beside this checkout:", path)
	}
	return b
}
