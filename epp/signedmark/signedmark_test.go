package signedmark_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/epp/signedmark"
	"github.com/eppkit/eppkit/internal/epptest"
)

const (
	schema         = "../../../shared/reference/xsd/driver.xsd"
	xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
)

var update = &domain.Update{Name: "loyly.example"}

func create(marks ...epp.Element) *launch.Create {
	return &launch.Create{Phase: launch.Phase{Phase: launch.Sunrise}, SignedMarks: marks}
}

func el(content string) string {
	return `<l:create xmlns:l="` + launch.NS + `"><l:phase>sunrise</l:phase>` + content + `</l:create>`
}

func encoded(text string) string {
	return `<s:encodedSignedMark xmlns:s="` + signedmark.NS + `">` + text + `</s:encodedSignedMark>`
}

var rows = []epptest.Row{
	{
		Name: "RFC 7848, 2.4 encodedSignedMark", XML: el(encoded("c2F1bmE=") + encoded("")),
		Value:   create(&signedmark.EncodedSignedMark{Encoded: epp.Encoded{Text: "c2F1bmE="}}, new(signedmark.EncodedSignedMark)),
		Extends: update,
	},
	{
		Name:    "RFC 7848, 2.4 encodedSignedMark with its encoding",
		XML:     el(strings.Replace(encoded("c2F1 bmE="), `">`, `" encoding="base64">`, 1)),
		Value:   create(&signedmark.EncodedSignedMark{Encoded: epp.Encoded{Encoding: epp.Base64Encoding, Text: "c2F1 bmE="}}),
		Extends: update,
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func date(year int) time.Time { return time.Date(year, 2, 3, 4, 5, 6, 0, time.UTC) }

// made returns a signed mark that was not read.
func made(t *testing.T) *signedmark.SignedMark {
	_, private := newKey(t)
	smd := sign(private)
	signature, err := epp.NewRaw([]byte(signatureStart + between(t, smd, signatureStart, signatureEnd) + signatureEnd))
	require.NoError(t, err)
	return &signedmark.SignedMark{
		XMLID: "loyly", ID: "1-7",
		IssuerInfo: signedmark.IssuerInfo{
			IssuerID: "7", Org: "Steam & Co", Email: "a@steam.example",
			URL: "https://steam.example/", Voice: &signedmark.E164{Number: "+358.2555123", X: new("12")},
		},
		NotBefore: date(2024), NotAfter: date(2034),
		Mark: &mark.Mark{Trademarks: []mark.Trademark{{
			ID: "00012-7", MarkName: "Löyly", Holders: []mark.Holder{{
				Addr: mark.Addr{Street: []string{"Quay 4"}, City: "Turku", CC: "FI"},
			}},
			Jurisdiction: "FI", GoodsAndServices: "Stoves", RegNum: "R-1", RegDate: date(2021),
		}}},
		Signature: signature,
	}
}

// TestMade writes a signed mark from its fields, and reads the same again.
func TestMade(t *testing.T) {
	want := made(t)
	require.Nil(t, want.Verbatim())
	frame, err := epp.Append(nil, &epp.Command{Request: update, Extension: []epp.Element{create(want)}})
	require.NoError(t, err)
	m, err := set(t).ParseStrict(frame)
	require.NoError(t, err)
	got := sentMark(t, m)
	require.NotNil(t, got.Verbatim())
	require.Equal(t, want.XMLID, got.XMLID)
	require.Equal(t, want.ID, got.ID)
	require.Equal(t, want.IssuerInfo, got.IssuerInfo)
	require.Equal(t, want.NotBefore, got.NotBefore)
	require.Equal(t, want.NotAfter, got.NotAfter)
	require.Equal(t, want.Mark, got.Mark)
	require.Equal(t, want.Signature.(*epp.Raw).XML, got.Signature.(*epp.Raw).XML)
	epptest.XMLLint(t, schema, [][]byte{frame})
}

func TestRefused(t *testing.T) {
	var refusals []epptest.Refusal
	add := func(name, path, text string, change func(*signedmark.SignedMark)) {
		m := made(t)
		change(m)
		refusals = append(refusals, epptest.Refusal{Name: name, Value: create(m), Path: path, Error: text, Extends: update})
	}
	const end = "must end with a mark and then a ds:Signature"
	add("no XML id", "signedMark:signedMark/@id", "XML name", func(m *signedmark.SignedMark) { m.XMLID = "" })
	add("an XML id that begins with a digit", "signedMark:signedMark/@id", "XML name", func(m *signedmark.SignedMark) { m.XMLID = "1a" })
	add("an XML id with a colon", "signedMark:signedMark/@id", "XML name", func(m *signedmark.SignedMark) { m.XMLID = "a:b" })
	add("an id without a hyphen", "signedMark:id", "hyphen between", func(m *signedmark.SignedMark) { m.ID = "1" })
	add("no e-mail address", "signedMark:email", "must not be empty", func(m *signedmark.SignedMark) { m.IssuerInfo.Email = "" })
	add("a number that is none", "signedMark:voice", "not a telephone number", func(m *signedmark.SignedMark) { m.IssuerInfo.Voice.Number = "1" })
	add("no begin", "signedMark:notBefore", "is missing", func(m *signedmark.SignedMark) { m.NotBefore = time.Time{} })
	add("no end", "signedMark:notAfter", "is missing", func(m *signedmark.SignedMark) { m.NotAfter = time.Time{} })
	add("no mark", "signedMark:signedMark", end, func(m *signedmark.SignedMark) { m.Mark = nil })
	add("no signature", "signedMark:signedMark", end, func(m *signedmark.SignedMark) { m.Signature = nil })
	add("two marks", "signedMark:signedMark", end, func(m *signedmark.SignedMark) { m.Signature = m.Mark })
	add("two signatures", "signedMark:signedMark", end, func(m *signedmark.SignedMark) { m.Mark = m.Signature })
	epptest.Refused(t, refusals)
}

// TestTolerant reads a signed mark with its signature at a wrong place, and one with
// nothing in it: both are written as they are.
func TestTolerant(t *testing.T) {
	_, private := newKey(t)
	smd := sign(private)
	signature := signatureStart + between(t, smd, signatureStart, signatureEnd) + signatureEnd
	first := strings.Replace(strings.Replace(smd, signature, "", 1), "<smd:id>", signature+"<smd:id>", 1)
	for _, smd := range []string{first, smdStart + " … " + smdEnd} {
		_, err := set(t).ParseStrict(inCreate("", smd))
		var field *epp.FieldError
		require.ErrorAs(t, err, &field)
		m, err := set(t).Parse(inCreate("", smd))
		require.NoError(t, err)
		frame, err := epp.Append(nil, m)
		require.NoError(t, err)
		require.Contains(t, string(frame), smd)
		if got := sentMark(t, m); smd == first {
			require.IsType(t, new(mark.Mark), got.Mark)
			require.IsType(t, new(epp.Raw), got.Signature)
		}
	}
}

func TestEncoding(t *testing.T) {
	got, err := (&signedmark.EncodedSignedMark{Encoded: epp.Encoded{Encoding: " Base64 ", Text: "c2F1\n bmE="}}).Document()
	require.NoError(t, err)
	require.Equal(t, "sauna", string(got))

	_, err = (&signedmark.EncodedSignedMark{Encoded: epp.Encoded{Encoding: "base32", Text: "c2F1bmE="}}).Document()
	require.ErrorIs(t, err, epp.ErrEncoding)
	_, err = (&signedmark.EncodedSignedMark{Encoded: epp.Encoded{Text: "c2F1bmE"}}).SignedMark(nil)
	require.ErrorAs(t, err, new(base64.CorruptInputError))
	_, err = signedmark.Encode([]byte("sauna")).SignedMark(nil)
	require.ErrorAs(t, err, new(*epp.SyntaxError))
	_, err = signedmark.Encode([]byte("<sauna/>")).SignedMark(nil)
	require.ErrorContains(t, err, "can't be decoded")
}

// TestDocument reads the document of RFC 7848, section 2.3.
func TestDocument(t *testing.T) {
	const path = "../../../shared/corpus/rfc-examples/rfc7848/01-X-the-following-is-an-example-of-an-smd.xml"
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the corpus is not beside this checkout:", path)
	}
	m, err := signedmark.Parse(set(t), doc)
	require.NoError(t, err)
	require.Equal(t, []int{15}, m.Mark.(*mark.Mark).Trademarks[0].Classes)
	require.Equal(t, "65535", m.IssuerInfo.IssuerID)
	require.Contains(t, string(doc), m.Verbatim().XML)
	require.True(t, strings.HasPrefix(m.Verbatim().XML, "<smd:signedMark") && strings.HasSuffix(m.Verbatim().XML, smdEnd))
}

func FuzzElements(f *testing.F) {
	signed := epptest.Row{
		XML:   el(sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))),
		Value: create(), Extends: update,
	}
	epptest.Fuzz(f, set(f), append(rows, signed))
}

// A signed mark comes as a file in base64, and is sent in a sunrise as it is.
func Example() {
	file := []byte("PHNtZDpzaWduZWRNYXJrLz4=")
	smd, err := (&signedmark.EncodedSignedMark{Encoded: epp.Encoded{Text: string(file)}}).Document()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n", smd)
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Create{Name: "loyly.example", AuthInfo: new(epp.AuthInfo)},
		Extension: []epp.Element{&launch.Create{
			Phase:       launch.Phase{Phase: launch.Sunrise},
			SignedMarks: []epp.Element{signedmark.Encode(smd)},
		}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <smd:signedMark/>
	// <launch:create xmlns:launch="urn:ietf:params:xml:ns:launch-1.0">
	// <launch:phase>sunrise</launch:phase>
	// <signedMark:encodedSignedMark xmlns:signedMark="urn:ietf:params:xml:ns:signedMark-1.0">PHNtZDpzaWduZWRNYXJrLz4=</signedMark:encodedSignedMark>
	// </launch:create>
	// </extension>
	// </command>
	// </epp>
}
