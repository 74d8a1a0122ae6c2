package domain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/domain"
)

func TestLabels(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, tt := range []struct{ name, ascii, unicode string }{
		{"sauna.example", "sauna.example", "sauna.example"},
		{"Sauna.EXAMPLE", "sauna.example", "sauna.example"},
		{"löyly.example", "xn--lyly-5qa.example", "löyly.example"},
		{"LÖYLY.example", "xn--lyly-5qa.example", "löyly.example"},
		{"lo\u0308yly.example", "xn--lyly-5qa.example", "löyly.example"}, // composed
		{"xn--lyly-5qa.example", "xn--lyly-5qa.example", "löyly.example"},
		{"XN--LYLY-5QA.example", "xn--lyly-5qa.example", "löyly.example"},
		{"straße.example", "xn--strae-oqa.example", "straße.example"}, // IDNA 2008 keeps the sharp s
		{"löyly。example", "xn--lyly-5qa.example", "löyly.example"},    // a full stop of another script
		{"ns1--old.example", "ns1--old.example", "ns1--old.example"},
		{"ab--cd.example", "ab--cd.example", "ab--cd.example"},
		{"1234", "1234", "1234"},
		{long + ".example", long + ".example", long + ".example"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ascii, err := domain.ToASCII(tt.name)
			require.NoError(t, err)
			require.Equal(t, tt.ascii, ascii)
			unicode, err := domain.ToUnicode(tt.name)
			require.NoError(t, err)
			require.Equal(t, tt.unicode, unicode)
		})
	}
}

func TestNotNames(t *testing.T) {
	for _, tt := range []struct{ name, reason string }{
		{"", "an empty label"},
		{".", "ends with a dot"},
		{"sauna..example", "an empty label"},
		{".example", "an empty label"},
		{"sauna.example.", "ends with a dot"},
		{"sau na.example", "disallowed rune U+0020"},
		{"sau_na.example", "disallowed rune U+005F"},
		{"sauna.example\n", "disallowed rune U+000A"},
		{"-sauna.example", "begins or ends with a hyphen"},
		{"sauna-.example", "begins or ends with a hyphen"},
		{"löyly-.example", "begins or ends with a hyphen"},
		{strings.Repeat("a", 64) + ".example", "more than 63 characters"},
		{strings.Repeat("ö", 63) + ".example", "more than 63 characters"},
		{strings.Repeat("sauna.", 42) + "sa", "more than 253 characters"},
		{"xn--lyly-5q!.example", "disallowed rune U+0021"},
		{"xn--a.example", "invalid label"},
		{"xn--sauna-.example", "invalid label"}, // ASCII needs no A-label
		{"\u0301a.example", "invalid label"},    // begins with a combining mark
		{"aא.example", "invalid label"},         // both directions
		{"a\u200db.example", "invalid label"},   // a joiner that joins nothing
		{"sauna\xff.example", "not UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, f := range []func(string) (string, error){domain.ToASCII, domain.ToUnicode} {
				out, err := f(tt.name)
				require.ErrorContains(t, err, "is not a domain name: ")
				require.ErrorContains(t, err, tt.reason)
				require.Empty(t, out)
			}
		})
	}
}
