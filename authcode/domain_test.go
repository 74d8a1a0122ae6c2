package authcode_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

func TestCanonicalDomain(t *testing.T) {
	long := strings.Repeat("a", 63)
	for name, want := range map[string]string{
		"alpha.example":                "alpha.example",
		"ALPHA.Example":                "alpha.example",
		"alpha.example.":               "alpha.example",
		" alpha.example ":              "alpha.example",
		"žluťoučký.example":            "xn--luouk-uva4it5a4g.example",
		"ŽLUŤOUČKÝ.example":            "xn--luouk-uva4it5a4g.example",
		"XN--LUOUK-UVA4IT5A4G.example": "xn--luouk-uva4it5a4g.example",
		"alpha\u3002example\u3002":     "alpha.example", // ideographic full stops, RFC 5895
		"ａｌｐｈａ.example":                "alpha.example", // full width
		"a--b.example":                 "a--b.example",
		"sub.alpha.co.example":         "sub.alpha.co.example",
		long + ".example":              long + ".example",
	} {
		got, err := authcode.CanonicalDomain(name)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{
		"", ".", "..", "example", "example.", ".alpha.example", "alpha..example", "alpha.example..",
		"alpha example.example", "alpha.exa mple", "alpha\n.example", "alpha.example\r\nBcc: x.example",
		"alpha.example/../beta", "alpha/beta.example", "alpha%2eexample.example", "alpha%00.example",
		"alpha\x00.example", "alpha_.example", "a@b.example", "alpha.example?x", "alpha.example#x",
		`alpha".example`, "<alpha>.example", "alpha\\.example", "alpha.example:53", "[::1]",
		"xn--a.example", "xn--\u00e9.example", "\xff.example", "alpha\u202e.example", "alpha\u2028.example",
		"\uff0f..\uff0f.example", // full width slashes
		long + "a.example", strings.Repeat(long+".", 4) + "example",
		everyCharacter() + ".example", // without a limit it takes half a minute
	} {
		got, err := authcode.CanonicalDomain(name)
		require.ErrorIs(t, err, authcode.Refused{Class: authcode.Invalid}, "%q became %q", name, got)
	}
}

// everyCharacter is a label that is as hard to convert as one can be.
func everyCharacter() string {
	var b strings.Builder
	for i := range 60_000 {
		b.WriteRune(rune(0x4e00 + i%20_000))
	}
	return b.String()
}

func FuzzCanonicalDomain(f *testing.F) {
	for _, s := range []string{"alpha.example", "ŽLUŤ.example.", "xn--luouk-uva4it5a4g.example", "a\u3002b\uff0e", "ß.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, err := authcode.CanonicalDomain(name)
		if err != nil {
			return
		}
		require.Empty(t, strings.Trim(got, "abcdefghijklmnopqrstuvwxyz0123456789-."))
		require.False(t, strings.HasPrefix(got, ".") || strings.HasSuffix(got, "."))
		again, err := authcode.CanonicalDomain(got)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}
