package epp_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing secret", head + `<hello/>` + tail, head + `<hello/>` + tail},
		{"login", `<login><clID>reg</clID><pw>S</pw><newPW>S</newPW></login>`, `<login><clID>reg</clID><pw>[redacted]</pw><newPW>[redacted]</newPW></login>`},
		{"empty ones", `<login><pw/><newPW></newPW></login>`, `<login><pw/><newPW></newPW></login>`},
		{"white space is a secret too", `<pw> </pw>`, `<pw>[redacted]</pw>`},
		{"any namespace", `<l:loginSec xmlns:l="urn:ietf:params:xml:ns:epp:loginSec-1.0"><l:pw>S</l:pw></l:loginSec>`, `<l:loginSec xmlns:l="urn:ietf:params:xml:ns:epp:loginSec-1.0"><l:pw>[redacted]</l:pw></l:loginSec>`},
		{"a trademark's code, of which the name alone does not say it", `<l:code xmlns:l="urn:ietf:params:xml:ns:launch-1.0">S</l:code>`, `<l:code xmlns:l="urn:ietf:params:xml:ns:launch-1.0">[redacted]</l:code>`},
		{"another code", `<code>2</code>`, `<code>2</code>`},
		{"any case", `<a><PW>S</PW><NewPw>S</NewPw></a>`, `<a><PW>[redacted]</PW><NewPw>[redacted]</NewPw></a>`},
		{"authInfo with roid", `<authInfo><pw roid="N1-EX">S</pw></authInfo>`, `<authInfo><pw roid="N1-EX">[redacted]</pw></authInfo>`},
		{"authInfo with ext", "<authInfo>\n <ext>\n  <x:y xmlns:x=\"urn:x\" a=\"S\">S</x:y>\n </ext>\n</authInfo>", "<authInfo>\n <ext>\n  <x:y xmlns:x=\"urn:x\" a=\"[redacted]\">[redacted]</x:y>\n </ext>\n</authInfo>"},
		{"authInfo of text, as FRED has it", `<authInfo>S</authInfo>`, `<authInfo>[redacted]</authInfo>`},
		{"mixed text", `<authInfo>S<pw>S</pw></authInfo>`, `<authInfo>[redacted]</authInfo>`},
		{"text behind", `<authInfo><pw>S</pw>S</authInfo>`, `<authInfo>[redacted]</authInfo>`},
		{"a comment", `<authInfo><!--S--><pw>S</pw></authInfo>`, `<authInfo><pw>[redacted]</pw></authInfo>`},
		{"names that contain one", `<a><newPassword>S</newPassword><auth_info>S</auth_info><x allocationToken="S"/></a>`, `<a><newPassword>[redacted]</newPassword><auth_info>[redacted]</auth_info><x allocationToken="[redacted]"/></a>`},
		{"a roid that is none", `<authInfo><pw roid="S S">S</pw><x roid="S1-X"/></authInfo>`, `<authInfo><pw roid="[redacted]">[redacted]</pw><x roid="[redacted]"/></authInfo>`},
		{"words that quote it", `<reason>Element 'pw': the value 'S' is too short</reason>`, `<reason>[redacted]</reason>`},
		{"words that quote something else", `<reason>Element 'name': the value 'x' is too short</reason>`, `<reason>Element 'name': the value 'x' is too short</reason>`},
		{"words about it that quote nothing", `<reason>The authInfo is wrong</reason>`, `<reason>The authInfo is wrong</reason>`},
		{"a comment elsewhere", `<a><!-- <pw>S</pw> --><b>x<!--S-->y</b></a>`, `<a><b>xy</b></a>`},
		{"a processing instruction", `<a><?note S?>x</a>`, `<a>x</a>`},
		{"what looks like a comment in CDATA", `<a><![CDATA[<!--x-->]]><!--S--></a>`, `<a><![CDATA[<!--x-->]]></a>`},
		{"an instruction", `<authInfo><pw>S</pw><?p S?></authInfo>`, `<authInfo><pw>[redacted]</pw></authInfo>`},
		{"CDATA", `<pw><![CDATA[S]]></pw>`, `<pw>[redacted]</pw>`},
		{"CDATA beside an element", `<authInfo><![CDATA[ ]]><pw>S</pw></authInfo>`, `<authInfo>[redacted]</authInfo>`},
		{"attributes", `<a pw="S" x:newPW='S' xmlns:x="urn:x" b="shown"/>`, `<a pw="[redacted]" x:newPW='[redacted]' xmlns:x="urn:x" b="shown"/>`},
		{"attributes inside", `<authInfo type='S'><pw a="S"/></authInfo>`, `<authInfo type='[redacted]'><pw a="[redacted]"/></authInfo>`},
		{"quoted in a value", `<value><d:info xmlns:d="urn:d"><d:authInfo><d:pw>S</d:pw></d:authInfo></d:info></value>`, `<value><d:info xmlns:d="urn:d"><d:authInfo><d:pw>[redacted]</d:pw></d:authInfo></d:info></value>`},
		{"tokens and keys", `<a><allocationToken>S</allocationToken><key>S</key><authCode>S</authCode></a>`, `<a><allocationToken>[redacted]</allocationToken><key>[redacted]</key><authCode>[redacted]</authCode></a>`},
		{"as the root", `<authInfo>S</authInfo>`, `<authInfo>[redacted]</authInfo>`},
		{"two in a row, and what follows", `<a><pw>S</pw><pw>S</pw>shown<b c="shown"/></a>`, `<a><pw>[redacted]</pw><pw>[redacted]</pw>shown<b c="shown"/></a>`},
		{"names that only look so", `<a><pwd2>shown</pwd2><keyTag>1</keyTag><sendAuthInfo>shown</sendAuthInfo></a>`, `<a><pwd2>shown</pwd2><keyTag>1</keyTag><sendAuthInfo>shown</sendAuthInfo></a>`},
		{"ill-formed", `<a><pw>S</a>`, `[12 octets, not shown: not well-formed at line 1, column 9]`},
		{"ill-formed by its secret", `<pw>a<S</pw>`, `[12 octets, not shown: not well-formed at line 1, column 8]`},
		{"not XML", `S`, `[1 octets, not shown: not well-formed at line 1, column 1]`},
		{"nothing", ``, `[0 octets, not shown: not well-formed at line 1, column 1]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := []byte(c.in)
			require.Equal(t, c.want, string(epp.Redact(in)))
			require.Equal(t, c.in, string(in), "the frame itself stays")
		})
	}
}

func TestRedactUTF16(t *testing.T) {
	in := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="UTF-16"?><pw>S</pw>`)) {
		in = append(in, byte(u), byte(u>>8))
	}
	require.Equal(t, "\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\" ?><pw>[redacted]</pw>", string(epp.Redact(in)))
}

// places are where a secret may stand in a document; %s is the secret.
var places = []string{
	`<pw>%s</pw>`, `<d:pw xmlns:d="urn:d">%s</d:pw>`, `<newPW>%s</newPW>`, `<authInfo>%s</authInfo>`, `<authInfo><pw>%s</pw></authInfo>`,
	`<authInfo><pw roid="N1-EX">x%s</pw></authInfo>`, `<authInfo><ext><y>%s</y></ext></authInfo>`, `<authInfo><ext><y z="%s"/></ext></authInfo>`,
	`<authInfo><ext> <y><z/>%s</y></ext></authInfo>`, `<authInfo><!--%s--><pw/></authInfo>`, `<authInfo><pw/><?p %s?></authInfo>`,
	`<pw><![CDATA[%s]]></pw>`, `<pw>&lt;%s</pw>`, `<pw>x<!-- -->%s</pw>`, `<a pw="%s"/>`, `<a d:newPW='%s' xmlns:d="urn:d">text</a>`,
	`<value><authInfo><pw>%s</pw></authInfo></value>`, `<token>%s</token>`, `<allocationToken>%s</allocationToken>`, `<pw><pw>%s</pw></pw>`,
	`<AUTHINFO>%s</AUTHINFO>`, `<apiKey>%s</apiKey>`, `<password>%s</password>`, `<secret a="%s">x</secret>`, `<key> <a b='c'>%s</a> </key>`,
}

// A secret in any of these places, in pairs and nested, is never shown, and what is
// shown is well-formed.
func TestRedactEverywhere(t *testing.T) {
	const secret = "blue-Tide-77"
	for i, one := range places {
		for j, other := range places {
			for _, doc := range []string{
				`<a>` + fmt.Sprintf(one, secret) + fmt.Sprintf(other, secret) + `</a>`,
				`<a>text` + fmt.Sprintf(one, secret) + `<b c="d">` + fmt.Sprintf(other, secret) + `</b>text</a>`,
			} {
				out := epp.Redact([]byte(doc))
				require.NotContains(t, string(out), secret, "%d and %d in %s", i, j, doc)
				_, err := canon.Canonical(out)
				require.NoError(t, err, "%s", out)
			}
		}
		if strings.HasSuffix(one, "%s</pw>") { // one secret inside another
			doc := fmt.Sprintf(one, fmt.Sprintf(places[i%5], secret))
			require.NotContains(t, string(epp.Redact([]byte(doc))), secret)
		}
	}
}

// FuzzRedact plants a secret in a place of a document of any form.
func FuzzRedact(f *testing.F) {
	f.Add([]byte(`<a>`), []byte(`</a>`), 0)
	f.Add([]byte(`<a x='`), []byte(`'><b/></a>`), 3)
	f.Add([]byte(`<authInfo>`), []byte(`<!-- --></authInfo>`), 7)
	f.Add([]byte("\ufeff<?xml version='1.0'?><e:a xmlns:e='u' pw=''>text"), []byte(`<pw>x</pw></e:a>`), 14)
	f.Fuzz(func(t *testing.T, before, after []byte, place int) {
		const secret = "S3cr3tZq"
		if bytes.Contains(before, []byte("S3")) || bytes.Contains(after, []byte("S3")) {
			return
		}
		piece := fmt.Sprintf(places[uint(place)%uint(len(places))], secret)
		doc := append(append(bytes.Clone(before), piece...), after...)
		// Where the piece is not markup but text, in a comment or in CDATA, it is
		// no secret place; unless it stands where an element stands, skip it.
		probe := append(append(bytes.Clone(before), "<zq/>"...), after...)
		if !hasElement(probe, "zq") {
			return
		}
		out := epp.Redact(doc)
		if bytes.Contains(out, []byte(secret)) {
			t.Fatalf("shown: %q", out)
		}
		if bytes.HasPrefix(out, []byte("[")) {
			return
		}
		if again := epp.Redact(out); bytes.HasPrefix(again, []byte("[")) {
			t.Fatalf("not well-formed any more: %q", out)
		}
	})
}

// hasElement reports whether a document has an element of this name.
func hasElement(doc []byte, name string) bool {
	s, err := canon.Canonical(doc)
	if err != nil {
		return false
	}
	for line := range strings.Lines(s) {
		element, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if element == name || strings.HasSuffix(element, "}"+name) {
			return true
		}
	}
	return false
}
