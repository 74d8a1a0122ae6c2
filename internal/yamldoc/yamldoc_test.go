package yamldoc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/yamldoc"
)

type inner struct {
	Name string `yaml:"name"`
}

type document struct {
	inner  `yaml:",inline"`
	On     *bool             `yaml:"on"`
	Count  int64             `yaml:"count"`
	Code   uint16            `yaml:"code"`
	Share  float64           `yaml:"share"`
	For    time.Duration     `yaml:"for"`
	At     time.Time         `yaml:"at"`
	List   []inner           `yaml:"list"`
	States map[string]string `yaml:"states"`
	Hidden string            `yaml:"-"`
}

func TestDecode(t *testing.T) {
	want := document{
		inner: inner{"sauna"}, On: new(bool), Count: -3, Code: 2302, Share: 0.5, For: 90 * time.Second,
		At: time.Date(2031, 5, 4, 0, 0, 0, 0, time.UTC), List: []inner{{"a"}, {"b"}}, States: map[string]string{"x": "y"},
	}
	for name, doc := range map[string]string{
		"YAML": "name: sauna\non: false\ncount: -3\ncode: 2302\nshare: 0.5\nfor: 90s\nat: 2031-05-04\nlist: [{name: a}, {name: b}]\nstates: {x: y}\n",
		"JSON": "{\n\t\"name\": \"s\\u0061una\",\n\t\"on\": false, \"count\": -3, \"code\": 2302, \"share\": 0.5, \"for\": \"90s\", \"at\": \"2031-05-04T00:00:00Z\",\n" +
			"\t\"list\": [\n\t\t{\"name\": \"a\"},\n\t\t{\"name\": \"b\"}\n\t],\n\t\"states\": {\"x\": \"y\"}\n}\n",
	} {
		var got document
		require.NoError(t, yamldoc.Decode([]byte(doc), &got), name)
		require.Equal(t, want, got, name)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for doc, want := range map[string]string{
		"":                                "line 1: the document is empty",
		"# nothing":                       "line 1: the document is empty",
		"name: a\nnmae: b":                "line 2: nmae: there is no such key",
		"inner: {}":                       "line 1: inner: there is no such key",
		"Hidden: x":                       "line 1: Hidden: there is no such key",
		"\"-\": x":                        "line 1: -: there is no such key",
		"list:\n  - name: a\n  - nam: b":  "line 3: list[1].nam: there is no such key",
		"name: a\nname: b":                "line 2: name: is there twice",
		"name: {a: b}":                    "line 1: name: must be a text",
		"on: 3":                           "line 1: on: must be true or false",
		"count: pw-77":                    "line 1: count: must be a whole number",
		"code: -1":                        "line 1: code: must be a whole number that is not negative",
		"code: 70000":                     "line 1: code: must be a whole number that is not negative",
		"share: pw-77":                    "line 1: share: must be a number",
		"for: pw-77":                      "line 1: for: must be a duration, like 90s, 36h or 5d",
		"at: pw-77":                       "line 1: at: must be a day or a time, like 2026-01-02 or 2026-01-02T03:04:05Z",
		"list: pw-77":                     "line 1: list: must be a list",
		"list: {name: a}":                 "line 1: list: must be a list",
		"list: [pw-77]":                   "line 1: list[0]: must be keys with values",
		"[]":                              "line 1: must be keys with values",
		"name: a\n---\nname: b":           "line 2: a second document is not expected",
		"name: [":                         "line 1: did not find expected node content",
		"states: {<<: {a: b}}":            "line 1: states.<<: merge keys are not understood",
		"list: &a\n  - name: a\n  - *a\n": "line 1: list[1]: must be keys with values",
	} {
		err := yamldoc.Decode([]byte(doc), new(document))
		var bad *yamldoc.Error
		require.ErrorAs(t, err, &bad, doc)
		require.Equal(t, want, err.Error(), doc)
		require.NotContains(t, err.Error(), "pw-77")
	}
}

type endless struct {
	List []endless `yaml:"list"`
}

func TestAliases(t *testing.T) {
	var got endless
	require.NoError(t, yamldoc.Decode([]byte("list: [{list: &a [{}, {}]}, {list: *a}]"), &got))
	require.Len(t, got.List[1].List, 2)

	err := yamldoc.Decode([]byte("list: &a\n  - list: *a\n"), new(endless))
	require.ErrorContains(t, err, "contains itself")

	// Each doubles the one before.
	bomb := "list:\n  - list: &a0 [{}, {}]\n"
	for i := range 40 {
		bomb += fmt.Sprintf("  - list: &a%d [{list: *a%d}, {list: *a%d}]\n", i+1, i, i)
	}
	err = yamldoc.Decode([]byte(bomb), new(endless))
	require.ErrorContains(t, err, "excessive aliasing")
}

func TestLine(t *testing.T) {
	doc := []byte("name: a\nlist:\n  - name: a\n  - name: b\n")
	require.Equal(t, 4, yamldoc.Line(doc, yamldoc.Path{"list", 1, "name"}))
	require.Equal(t, 4, yamldoc.Line(doc, yamldoc.Path{"list", 1, "other"}))
	require.Equal(t, 3, yamldoc.Line(doc, yamldoc.Path{"list", 7}))
	require.Equal(t, 1, yamldoc.Line(nil, yamldoc.Path{"list"}))
	require.Equal(t, "list[1].name", yamldoc.Path{"list"}.With(1, "name").String())
}

// FuzzDecode has what JSON's own package reads read alike.
func FuzzDecode(f *testing.F) {
	f.Add(`{"name":"a","list":[{"name":"b"}]}`)
	f.Add("{\t\"count\":\t3\n}")
	f.Fuzz(func(t *testing.T, doc string) {
		var got document
		err := yamldoc.Decode([]byte(doc), &got)
		var names struct {
			Name string `json:"name"`
		}
		dec := json.NewDecoder(strings.NewReader(doc))
		dec.DisallowUnknownFields()
		if err == nil && strings.HasPrefix(doc, "{") && dec.Decode(&names) == nil && names.Name != got.Name {
			t.Fatalf("%q is not %q", got.Name, names.Name)
		}
	})
}

// JSON has escapes that package yaml does not read.
func TestJSONEscapes(t *testing.T) {
	var got struct {
		A []string `yaml:"a"`
	}
	require.NoError(t, yamldoc.Decode([]byte(`{"a": ["a\/b", "\ud83d\uDE00", "\\\/\"\\ud83d", "\u00e9\n"]}`), &got))
	require.Equal(t, []string{"a/b", "\U0001F600", `\/"\ud83d`, "é\n"}, got.A)
}
