package signedmark_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/epp/signedmark"
	"github.com/eppkit/eppkit/internal/epptest"
)

// A signature covers the canonical form of what is signed (Exclusive XML
// Canonicalization). The signed marks of this file are written in that form, so that to
// canonicalize them is to do nothing: what changes a single octet of them breaks their
// signature.

const (
	ds = "http://www.w3.org/2000/09/xmldsig#"

	smdStart = `<smd:signedMark xmlns:smd="` + signedmark.NS + `" id="loyly">`
	// White space, an entity and a character reference that a writer of its own
	// would not write.
	smdContent = `
<smd:id>1-7</smd:id><smd:issuerInfo issuerID="7"><smd:org> Steam   &amp; Co</smd:org><smd:email>a@steam.example</smd:email></smd:issuerInfo>` + "\t" + `
<smd:notBefore>2024-02-03T04:05:06.000Z</smd:notBefore><smd:notAfter>2034-02-03T04:05:06.000Z</smd:notAfter>
<mark:mark xmlns:mark="` + mark.NS + `"><mark:trademark><mark:id>00012-7</mark:id><mark:markName>Löyly&#xD;</mark:markName>
<mark:holder entitlement="owner"><mark:org></mark:org><mark:addr><mark:street>Quay 4</mark:street><mark:city>Turku</mark:city>
<mark:cc>FI</mark:cc></mark:addr></mark:holder><mark:jurisdiction>FI</mark:jurisdiction><mark:goodsAndServices>Stoves</mark:goodsAndServices>
<mark:regNum>R-1</mark:regNum><mark:regDate>2021-02-03T04:05:06.000Z</mark:regDate></mark:trademark></mark:mark>`

	signatureStart = `<ds:Signature xmlns:ds="` + ds + `">`
	signatureEnd   = `</ds:Signature>`
	smdEnd         = `</smd:signedMark>`
)

// sign makes a signed mark with a real signature.
func sign(key ed25519.PrivateKey) string {
	digest := sha256.Sum256([]byte(smdStart + smdContent + smdEnd))
	info := `<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519"></ds:SignatureMethod>` +
		`<ds:Reference URI="#loyly"><ds:Transforms>` +
		`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>` +
		`<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>` +
		`<ds:DigestValue>` + base64.StdEncoding.EncodeToString(digest[:]) + `</ds:DigestValue></ds:Reference>`
	value := base64.StdEncoding.EncodeToString(ed25519.Sign(key, signedInfo(info)))
	return smdStart + smdContent + signatureStart + `<ds:SignedInfo>` + info + `</ds:SignedInfo>` +
		`<ds:SignatureValue>` + value + `</ds:SignatureValue>` + signatureEnd + smdEnd
}

// signedInfo is the canonical form of <ds:SignedInfo>, which stands alone and so
// declares its prefix.
func signedInfo(content string) []byte {
	return []byte(`<ds:SignedInfo xmlns:ds="` + ds + `">` + content + `</ds:SignedInfo>`)
}

// verify reports whether the signature of a signed mark holds.
func verify(t *testing.T, key ed25519.PublicKey, smd string) bool {
	before, rest, ok := strings.Cut(smd, signatureStart)
	require.True(t, ok)
	signature, after, ok := strings.Cut(rest, signatureEnd)
	require.True(t, ok)
	digest := sha256.Sum256([]byte(before + after))
	info := between(t, signature, `<ds:SignedInfo>`, `</ds:SignedInfo>`)
	value, err := base64.StdEncoding.DecodeString(between(t, signature, `<ds:SignatureValue>`, `</ds:SignatureValue>`))
	require.NoError(t, err)
	return ed25519.Verify(key, signedInfo(info), value) &&
		base64.StdEncoding.EncodeToString(digest[:]) == between(t, info, `<ds:DigestValue>`, `</ds:DigestValue>`)
}

// between cuts what stands between two texts out of s.
func between(t *testing.T, s, from, to string) string {
	_, s, ok := strings.Cut(s, from)
	require.True(t, ok, from)
	s, _, ok = strings.Cut(s, to)
	require.True(t, ok, to)
	return s
}

func newKey(t *testing.T) (ed25519.PublicKey, ed25519.PrivateKey) {
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	return public, private
}

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), launch.Extension(), mark.Extension(), signedmark.Extension())
	require.NoError(t, err)
	return s
}

// inCreate puts a signed mark where it is sent: in a launch:create.
func inCreate(declarations, smd string) []byte {
	return []byte(`<epp xmlns="` + epp.NS + `"><command><update><d:update xmlns:d="` + domain.NS +
		`"><d:name>loyly.example</d:name></d:update></update><extension><launch:create xmlns:launch="` + launch.NS + `"` + declarations +
		`><launch:phase>sunrise</launch:phase>` + smd + `</launch:create></extension></command></epp>`)
}

func sentMark(t *testing.T, m epp.Message) *signedmark.SignedMark {
	marks := m.(*epp.Command).Extension[0].(*launch.Create).SignedMarks
	require.Len(t, marks, 1)
	return marks[0].(*signedmark.SignedMark)
}

// TestSignature sends a signed mark through a client and a server that read and write
// it, each with its own prefixes, and verifies its signature at the end.
func TestSignature(t *testing.T) {
	public, private := newKey(t)
	smd := sign(private)
	require.True(t, verify(t, public, smd))
	require.False(t, verify(t, public, strings.Replace(smd, "   &amp;", " &amp;", 1)), "a space less")

	for _, tt := range []struct{ name, declarations, smd string }{
		{"as it is", "", smd},
		{"its prefix is declared outside", ` xmlns:smd="` + signedmark.NS + `"`, strings.Replace(smd, ` xmlns:smd="`+signedmark.NS+`"`, "", 1)},
		{"its prefix means something else outside", ` xmlns:smd="urn:example:else-1.0"`, smd},
	} {
		t.Run(tt.name, func(t *testing.T) {
			frame := inCreate(tt.declarations, tt.smd)
			for range 3 {
				m, err := set(t).ParseStrict(frame)
				require.NoError(t, err)
				frame, err = epp.Append(nil, m)
				require.NoError(t, err)
			}
			got := between(t, string(frame), "<launch:phase>sunrise</launch:phase>", "</launch:create>")
			require.Equal(t, smd, got)
			require.True(t, verify(t, public, got))
			epptest.XMLLint(t, schema, [][]byte{frame})
		})
	}

	// Its writer can't rule out that a reference to a character spells a prefix that was
	// in scope, and declares it. The canonical form has no declaration without a use.
	t.Run("other prefixes around it", func(t *testing.T) {
		frame := strings.ReplaceAll(string(inCreate(` xmlns:o="urn:example:else-1.0"`, smd)), "launch:", "l:")
		frame = strings.ReplaceAll(frame, "xmlns:launch", "xmlns:l")
		m, err := set(t).ParseStrict([]byte(frame))
		require.NoError(t, err)
		out, err := epp.Append(nil, m)
		require.NoError(t, err)
		got := between(t, string(out), "<launch:phase>sunrise</launch:phase>", "</launch:create>")
		start, content, _ := strings.Cut(got, ">")
		for _, unused := range []string{` xmlns:l="` + launch.NS + `"`, ` xmlns:o="urn:example:else-1.0"`} {
			start = strings.Replace(start, unused, "", 1)
		}
		require.Equal(t, smd, start+">"+content)
		require.True(t, verify(t, public, start+">"+content))
	})

	t.Run("encoded", func(t *testing.T) {
		doc := xmlDeclaration + smd
		m, err := set(t).ParseStrict(inCreate("", encoded(signedmark.Encode([]byte(doc)).Text)))
		require.NoError(t, err)
		frame, err := epp.Append(nil, m)
		require.NoError(t, err)
		m, err = set(t).ParseStrict(frame)
		require.NoError(t, err)
		e := m.(*epp.Command).Extension[0].(*launch.Create).SignedMarks[0].(*signedmark.EncodedSignedMark)
		got, err := e.Document()
		require.NoError(t, err)
		require.Equal(t, doc, string(got))

		inside, err := e.SignedMark(set(t))
		require.NoError(t, err)
		frame, err = epp.Append(nil, &epp.Command{
			Request: &domain.Update{Name: "loyly.example"},
			Extension: []epp.Element{&launch.Create{
				Phase: launch.Phase{Phase: launch.Sunrise}, SignedMarks: []epp.Element{inside},
			}},
		})
		require.NoError(t, err)
		require.True(t, verify(t, public, smdStart+between(t, string(frame), smdStart, smdEnd)+smdEnd))
	})
}

// TestVerbatim reads signed marks in forms that canonicalization would change, which
// are no less to be kept: what a signature covers is for its verifier to know.
func TestVerbatim(t *testing.T) {
	_, private := newKey(t)
	smd := sign(private)
	replace := strings.NewReplacer
	for name, odd := range map[string]string{
		"comments and instructions": replace(`<smd:id>`, `<!-- a --><?b c?><smd:id>`).Replace(smd),
		"CDATA":                     replace(`Stoves`, `<![CDATA[Sto]]>ves`).Replace(smd),
		"other quotation marks":     replace(`issuerID="7"`, `issuerID = '7'`).Replace(smd),
		"empty-element tags":        replace(`<mark:org></mark:org>`, `<mark:org />`).Replace(smd),
		"character references":      replace(`R-1`, `&#82;&#x2d;1`).Replace(smd),
		"another order of attributes": replace(smdStart,
			`<smd:signedMark  id='loyly' xmlns:smd="`+signedmark.NS+`" >`).Replace(smd),
		"the namespace as the default":            replace(`xmlns:smd`, `xmlns`, `smd:`, ``).Replace(smd),
		"names that another default would change": replace(`xmlns:ds`, `xmlns`, `ds:`, ``).Replace(smd),
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, smd, odd)
			m, err := set(t).ParseStrict(inCreate("", odd))
			require.NoError(t, err)
			got := sentMark(t, m)
			require.Equal(t, "1-7", got.ID)
			require.Equal(t, "loyly", got.XMLID)
			tm := got.Mark.(*mark.Mark).Trademarks[0]
			require.Equal(t, "R-1 Stoves", tm.RegNum+" "+tm.GoodsAndServices)
			frame, err := epp.Append(nil, m)
			require.NoError(t, err)
			require.Contains(t, string(frame), odd)
		})
	}
}
