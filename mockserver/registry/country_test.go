package registry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/registry"
)

func TestCountryCode(t *testing.T) {
	for _, cc := range []string{"AD", "FI", "GB", "SS", "ZW"} {
		require.True(t, registry.CountryCode(cc), cc)
	}
	n := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if registry.CountryCode(string([]rune{a, b})) {
				n++
			}
		}
	}
	require.Equal(t, 249, n)
	for _, cc := range []string{"", "F", "FIN", "fi", "Fi", "XX", "UK", "EU", "ZZ", "D ", " D", "E ", "\u212a\u212a"} {
		require.False(t, registry.CountryCode(cc), cc)
	}
}

func TestEmailAddress(t *testing.T) {
	for _, s := range []string{"a@b.example", "first.last+tag@sauna.example", "o'neil@xn--bcher-kva.example", "1@1.2.example"} {
		require.True(t, registry.EmailAddress(s), s)
	}
	long := "x123456789x123456789x123456789x123456789x123456789x123456789"
	for _, s := range []string{
		"", "example", "@example.com", "a@", "a@example", "a@b@c.example", ".a@b.example", "a.@b.example", "a..b@c.example",
		"a b@c.example", "a@b .example", "a@-b.example", "a@b-.example", "a@b..example", "a@b.example.", "a@b_c.example",
		"a,b@c.example", "a@b.example,c@d.example", "\u00e5@b.example", "a@b\u00e5.example", "<a@b.example>", "a\n@b.example",
		long + "12345@b.example", "a@" + long + "." + long + "." + long + "." + long + "." + long + ".example",
	} {
		require.False(t, registry.EmailAddress(s), s)
	}
}
