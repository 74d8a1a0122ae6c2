package jsonwire

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestMend leaves out the commas that documents have too many, and none besides.
func TestMend(t *testing.T) {
	for doc, want := range map[string]string{
		``:                           ``,
		`{}`:                         `{}`,
		`{"a":1}`:                    `{"a":1}`,
		`{"a":1,}`:                   `{"a":1 }`,
		"{\"a\":1 , \r\n\t}":         "{\"a\":1   \r\n\t}",
		`{"a":[1,2,],"b":{"c":1,},}`: `{"a":[1,2 ],"b":{"c":1 } }`,
		`[[1,],]`:                    `[[1 ] ]`,
		`[{},[],"",null,]`:           `[{},[],"",null ]`,
		`{"a":",}"}`:                 `{"a":",}"}`,
		`{"a,}":"\",}\\",}`:          `{"a,}":"\",}\\" }`,
		`{"a":"\\\",]",}`:            `{"a":"\\\",]" }`,
		`{"a":"é,}",}`:               `{"a":"é,}" }`,
		`{,}`:                        `{,}`,
		`[,]`:                        `[,]`,
		`[1,,]`:                      `[1,,]`,
		`[1, ,]`:                     `[1, ,]`,
		`,`:                          `,`,
		`,}`:                         `,}`,
		`{"a":1,`:                    `{"a":1,`,
		`{"a":"b,}`:                  `{"a":"b,}`,
		`"\`:                         `"\`,
	} {
		before := []byte(doc)
		require.Equal(t, want, string(mend(before)), doc)
		require.Equal(t, doc, string(before), "the document is the caller's")
	}
}

type part struct {
	Inner string `json:"inner"`
}

type message struct {
	part
	Name string `json:"auth_code"`
	N    Int    `json:"n,omitempty"`
	Yes  Flag   `json:"yes"`
	List []int  `json:"list"`
	None int    `json:"-"`
}

// TestUnmarshal reads what there is a place for, in any case as encoding/json does, and
// keeps the rest as it came.
func TestUnmarshal(t *testing.T) {
	var m message
	extra, err := Unmarshal([]byte(`{"auth_code":"a,}<&","N":"7","inner":"in","more":{"x":1, },"-":2,"None":3,"YES":true,}`), &m)
	require.NoError(t, err)
	require.Equal(t, message{part: part{Inner: "in"}, Name: "a,}<&", N: 7, Yes: true}, m)
	require.Equal(t, map[string]json.RawMessage{"more": json.RawMessage(`{"x":1  }`), "-": json.RawMessage("2"), "None": json.RawMessage("3")}, extra)

	extra, err = Unmarshal([]byte(`{"auth_code":"x"}`), &m)
	require.NoError(t, err)
	require.Nil(t, extra)
}

// TestMalformed refuses what can't be read, and quotes nothing of it.
func TestMalformed(t *testing.T) {
	for doc, want := range map[string]string{
		``:                                "malformed JSON at octet 0",
		`{"auth_code":"c0de"`:             "malformed JSON at octet 19",
		`{"c0de":1,,}`:                    "malformed JSON at octet 11",
		`{"x":[1,],"c0de" 1}`:             "malformed JSON at octet 18",
		`{,}`:                             "malformed JSON at octet 2",
		`[]`:                              "malformed JSON: it is no object",
		`"c0de"`:                          "malformed JSON: it is no object",
		`c0de`:                            "malformed JSON at octet 1",
		`{"auth_code":["c0de"]}`:          "malformed JSON: auth_code is of a kind that is not expected",
		`{"list":["c0de"]}`:               "malformed JSON: list is of a kind that is not expected",
		`{"n":"c0de"}`:                    "malformed JSON",
		`{"n":c0de}`:                      "malformed JSON at octet 6",
		`{"yes":"c0de"}`:                  "malformed JSON",
		"{\"auth_code\":\"c0de\xff\"}":    "malformed JSON: it is not UTF-8",
		"{\"auth_code\":\"c0de\x00\"}":    "malformed JSON at octet 19",
		`{"auth_code":"c0de\x"}`:          "malformed JSON at octet 20",
		`{"auth_code":"c0de"}{"c0de":1}`:  "malformed JSON at octet 21",
		`{"auth_code":"c0de"} trailing c`: "malformed JSON at octet 22",
	} {
		_, err := Unmarshal([]byte(doc), &message{})
		require.ErrorIs(t, err, ErrMalformed, doc)
		require.EqualError(t, err, want, doc)
	}
}

// TestInt reads an integer in the forms in which clients and systems send one.
func TestInt(t *testing.T) {
	for text, want := range map[string]Int{
		`1`: 1, `"1"`: 1, `-3`: -3, `"-3"`: -3, `0`: 0, `true`: 1, `false`: 0, `"true"`: 1, `"false"`: 0,
		`2147483648`: 1 << 31, `null`: 9, // as it was
	} {
		n := Int(9)
		require.NoError(t, json.Unmarshal([]byte(text), &n), text)
		require.Equal(t, want, n, text)
	}
	for _, text := range []string{`""`, `"x"`, `1.5`, `1e3`, `"1 "`, `[]`, `{}`, `9223372036854775808`} {
		var n Int
		require.Error(t, json.Unmarshal([]byte(text), &n), text)
	}
	b, err := json.Marshal(Int(5))
	require.NoError(t, err)
	require.Equal(t, "5", string(b))
}

// TestFlag reads a yes or no in its forms.
func TestFlag(t *testing.T) {
	for text, want := range map[string]Flag{
		`1`: true, `"1"`: true, `true`: true, `2`: true, `0`: false, `"0"`: false, `false`: false, `"false"`: false,
	} {
		for _, f := range []Flag{false, true} {
			require.NoError(t, json.Unmarshal([]byte(text), &f), text)
			require.Equal(t, want, f, text)
			require.NoError(t, json.Unmarshal([]byte("null"), &f))
			require.Equal(t, want, f, "null leaves it")
		}
	}
	var f Flag
	require.Error(t, json.Unmarshal([]byte(`"yes"`), &f))
	require.Equal(t, `{"t":1,"f":0}`, string(Append(struct {
		T Flag `json:"t"`
		F Flag `json:"f"`
	}{T: true})))
}

// TestAppend writes a code as it is.
func TestAppend(t *testing.T) {
	require.Equal(t, `{"c":")*(&<\"$'>\\é"}`, string(Append(map[string]string{"c": `)*(&<"$'>\é`})))
	require.Equal(t, `null`, string(Append(nil)))
	require.Equal(t, `"\n"`, string(Append("\n")))
}

// FuzzUnmarshal: what is JSON for encoding/json reads the same; what is mended stays as
// it is, and as long as it was; nothing that is no object is read.
func FuzzUnmarshal(f *testing.F) {
	for _, doc := range []string{`{"a":[1,2,],}`, `{"a":"\",}",}`, `{,}`, `[1,,]`, `null`, "{\"a\":1,\n}", `{"n":"1","yes":true}`, `"\`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		once := mend(doc)
		require.Len(t, once, len(doc))
		require.Equal(t, once, mend(once))
		if json.Valid(doc) {
			require.Equal(t, doc, once)
		}
		var got, want message
		_, err := Unmarshal(doc, &got)
		if utf8.Valid(doc) && json.Unmarshal(doc, &want) == nil {
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		if err == nil {
			require.NotContains(t, []string{"[", `"`}, string(bytes.TrimSpace(doc)[:1]))
		}
	})
}

// TestExact writes a text as it is or not at all, wherever it stands.
func TestExact(t *testing.T) {
	type wire struct {
		Code Exact  `json:"code,omitempty"`
		Text string `json:"text"`
	}
	for _, code := range []string{"", "23)9W*(zHLBCEwg4", `)*(&<"$'`, "Ž-þ€𝛑\u2028", "\ufffd", `\ufffd`, "a\x00\n\x7f"} {
		doc, err := Marshal(wire{Exact(code), "<"})
		require.NoError(t, err)
		require.NotContains(t, string(doc), `\u003c`)
		var back wire
		_, err = Unmarshal(doc, &back)
		require.NoError(t, err)
		require.Equal(t, wire{Exact(code), "<"}, back)
	}
	for _, code := range []string{"x\xffy", "\xc3", "\xed\xa0\x80"} { // the last one is half a surrogate pair
		for _, v := range []any{wire{Code: Exact(code)}, &wire{Code: Exact(code)}, map[string]any{"data": []wire{{Code: Exact(code)}}}} {
			_, err := Marshal(v)
			require.ErrorIs(t, err, ErrNotText)
			require.NotContains(t, err.Error(), code)
		}
		require.Panics(t, func() { Append(wire{Code: Exact(code)}) })
		doc, err := Marshal(wire{Text: code})
		require.NoError(t, err, "a text for people is mended")
		require.True(t, utf8.Valid(doc))
	}
}
