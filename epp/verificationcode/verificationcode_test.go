package verificationcode_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/verificationcode"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(verificationcode.Extension(), domain.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<v:` + local + ` xmlns:v="` + verificationcode.NS + `">` + content + `</v:` + local + `>`
}

var (
	create = &domain.Create{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}
	info   = &domain.Info{Name: "sauna.example"}
	due    = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)
)

// dsig is a signature in form alone.
const dsig = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>` +
	`<ds:CanonicalizationMethod Algorithm="urn:example:c14n"/><ds:SignatureMethod Algorithm="urn:example:sign"/>` +
	`<ds:Reference URI="#code1"><ds:DigestMethod Algorithm="urn:example:digest"/><ds:DigestValue>c2F1bmE=</ds:DigestValue></ds:Reference>` +
	`</ds:SignedInfo><ds:SignatureValue>c2F1bmE=</ds:SignatureValue></ds:Signature>`

// signedXML has white space and spelling that no writer here would make.
const signedXML = `<v:signedCode  xmlns:v="` + verificationcode.NS + `" id='code1'>
	<v:code type="domain" >12-Birch7</v:code>` + dsig + `</v:signedCode >`

var rows = []epptest.Row{
	{
		Name: "encodedSignedCode", Extends: create,
		XML: el("encodedSignedCode", `<v:code>c2F1 bmE=</v:code><v:code encoding="base64">c2F1bmE=</v:code><v:code/>`),
		Value: &verificationcode.EncodedSignedCode{Codes: []verificationcode.EncodedCode{
			{epp.Encoded{Text: "c2F1 bmE="}}, {epp.Encoded{Encoding: "base64", Text: "c2F1bmE="}}, {},
		}},
	},
	{Name: "info", Extends: info, XML: el("info", ""), Value: &verificationcode.Info{}},
	{
		Name: "info of a profile", Extends: info,
		XML:   `<v:info xmlns:v="` + verificationcode.NS + `" profile="lake">words</v:info>`,
		Value: &verificationcode.Info{Profile: "lake", Text: "words"},
	},
	{
		Name: "infData, least", Extends: epptest.Answer, XML: el("infData", `<v:status>notApplicable</v:status>`),
		Value: &verificationcode.InfData{Status: verificationcode.NotApplicable},
	},
	{
		Name: "infData, most", Extends: epptest.Answer, XML: el("infData", `<v:status>nonCompliant</v:status>
			<v:profile name="lake"><v:status>pendingCompliance</v:status>
				<v:missing><v:code type="registrant" due="2025-02-03T04:05:06Z"/><v:code type="domain" due="2025-02-03T04:05:06Z">soon</v:code></v:missing>
				<v:set><v:code type="domain" date="2025-02-03T04:05:06Z">12-Birch7</v:code><v:code type="" date="2025-02-03T04:05:06Z"/></v:set></v:profile>
			<v:profile><v:status>compliant</v:status></v:profile>`),
		Value: &verificationcode.InfData{
			Status: verificationcode.NonCompliant,
			Profiles: []verificationcode.Profile{{
				Name: "lake", Status: verificationcode.PendingCompliance,
				Missing: []verificationcode.MissingCode{{Type: "registrant", Due: due}, {Type: "domain", Due: due, Text: "soon"}},
				Set:     []verificationcode.SetCode{{Type: "domain", Date: due, Code: "12-Birch7"}, {Date: due}},
			}, {Status: verificationcode.Compliant}},
		},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func signed(t *testing.T) (s *verificationcode.SignedCode, sig *epp.Raw) {
	sig, err := epp.NewRaw([]byte(dsig))
	require.NoError(t, err)
	return &verificationcode.SignedCode{
		XMLID: "code1", Code: verificationcode.Code{Type: "domain", Code: "12-Birch7"}, Signature: sig,
	}, sig
}

func TestRefused(t *testing.T) {
	refused := func(name, path, reason string, change func(*verificationcode.SignedCode)) epptest.Refusal {
		m, _ := signed(t)
		change(m)
		return epptest.Refusal{Name: name, Extends: create, Value: m, Path: path, Error: reason}
	}
	infData := func(name, path, reason string, m verificationcode.InfData) epptest.Refusal {
		return epptest.Refusal{Name: name, Extends: epptest.Answer, Value: &m, Path: path, Error: reason}
	}
	profile := func(p verificationcode.Profile) verificationcode.InfData {
		p.Status = verificationcode.NonCompliant
		return verificationcode.InfData{Status: p.Status, Profiles: []verificationcode.Profile{p}}
	}
	epptest.Refused(t, []epptest.Refusal{
		{
			Name: "no code", Extends: create, Value: &verificationcode.EncodedSignedCode{},
			Path: "verificationCode:code", Error: "is missing",
		},
		refused("no name", "@id", "XML name", func(m *verificationcode.SignedCode) { m.XMLID = "1" }),
		refused("no number", "verificationCode:code", "a number, a hyphen", func(m *verificationcode.SignedCode) { m.Code.Code = "Birch-7" }),
		refused("no hyphen", "verificationCode:code", "a number, a hyphen", func(m *verificationcode.SignedCode) { m.Code.Code = "12" }),
		refused("no signature", "verificationCode:signedCode", "is missing", func(m *verificationcode.SignedCode) { m.Signature = nil }),
		refused("another signature", "verificationCode:signedCode", "ds:Signature", func(m *verificationcode.SignedCode) { m.Signature = info }),
		infData("an unknown status", "verificationCode:status", "the draft has", verificationcode.InfData{Status: "late"}),
		infData("an unknown status of a profile", "verificationCode:status", "the draft has", verificationcode.InfData{
			Status: verificationcode.Compliant, Profiles: []verificationcode.Profile{{}},
		}),
		infData("no due date", "@due", "is missing", profile(verificationcode.Profile{Missing: []verificationcode.MissingCode{{}}})),
		infData("no date", "@date", "is missing", profile(verificationcode.Profile{Set: []verificationcode.SetCode{{}}})),
	})
}

// What was signed is written as it came; a signed code of this program's own from its
// fields.
func TestSignedCode(t *testing.T) {
	want, sig := signed(t)
	doc := []byte(signedXML)
	m := verificationcode.Encode(doc, doc)
	require.Len(t, m.Codes, 2)
	got, err := m.Codes[1].SignedCode(set(t))
	require.NoError(t, err)
	require.Equal(t, want.XMLID, got.XMLID)
	require.Equal(t, want.Code, got.Code)
	require.Equal(t, sig.XML, got.Signature.(*epp.Raw).XML)

	var frames [][]byte
	for _, code := range []*verificationcode.SignedCode{got, want} {
		frame, err := epp.Append(nil, &epp.Command{Request: create, Extension: []epp.Element{code}})
		require.NoError(t, err)
		require.Equal(t, code == got, strings.Contains(string(frame), signedXML))
		back, err := set(t).ParseStrict(frame)
		require.NoError(t, err)
		require.Equal(t, want.Code, back.(*epp.Command).Extension[0].(*verificationcode.SignedCode).Code)
		frames = append(frames, frame)
	}
	epptest.SameInfoset(t, frames[0], frames[1])
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestSignedCodeUnreadable(t *testing.T) {
	for name, test := range map[string]struct {
		code   verificationcode.EncodedCode
		reason string
	}{
		"another encoding": {verificationcode.EncodedCode{Encoded: epp.Encoded{Encoding: "hex", Text: "00"}}, "not base64"},
		"no base64":        {verificationcode.EncodedCode{Encoded: epp.Encoded{Text: "c2F1bmE"}}, "illegal base64"},
		"no XML":           {verificationcode.EncodedCode{Encoded: epp.Encoded{Text: "c2F1bmE="}}, "line 1"},
		"another element":  {verificationcode.EncodedCode{Encoded: epp.Encoded{Text: base64.StdEncoding.EncodeToString([]byte(dsig))}}, "can't be decoded"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.code.SignedCode(set(t))
			require.ErrorContains(t, err, test.reason)
		})
	}
}

// What lists codes must list one.
func TestProfileOfNone(t *testing.T) {
	const frame = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="1000"><msg>Done</msg></result>` +
		`<extension>%s</extension><trID><svTRID>ROW-1</svTRID></trID></response></epp>`
	for _, list := range []string{"missing", "set"} {
		content := el("infData", `<v:status>compliant</v:status><v:profile><v:status>compliant</v:status><v:`+list+`/></v:profile>`)
		_, err := set(t).ParseStrict(fmt.Appendf(nil, frame, content))
		require.ErrorContains(t, err, list+"/verificationCode:code (line 1): is missing")
		_, err = set(t).Parse(fmt.Appendf(nil, frame, content))
		require.NoError(t, err)
	}
}

func FuzzElements(f *testing.F) {
	epptest.Fuzz(f, set(f), append(rows, epptest.Row{Extends: create, XML: signedXML, Value: &verificationcode.SignedCode{}}))
}

func ExampleEncode() {
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &domain.Create{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}},
		Extension: []epp.Element{verificationcode.Encode([]byte("the signed code, as its signer sent it"))},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <verificationCode:encodedSignedCode xmlns:verificationCode="urn:ietf:params:xml:ns:verificationCode-1.0">
	// <verificationCode:code>dGhlIHNpZ25lZCBjb2RlLCBhcyBpdHMgc2lnbmVyIHNlbnQgaXQ=</verificationCode:code>
	// </verificationCode:encodedSignedCode>
	// </extension>
	// </command>
	// </epp>
}
