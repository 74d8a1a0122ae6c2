package gtld_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// strong is as RFC 9154, section 4.1, wants an authInfo.
const strong = `mZ4&q!Tz9<w}Lr7^cK2@`

func TestSecureAuthInfo(t *testing.T) {
	m := startWith(t, gtld.Options{SecureAuthInfo: true})
	x, y := m.loginX(t), m.loginY(t)
	require.Contains(t, x.Greeting.All("extURI"), secureNS, "R9154-001")

	sponsor := func() []string { return x.Do(infoDomain("alpha.example", "", "")).Code(1000).All("authInfo/pw") }
	t.Run("R9154-009 the sponsor learns that there is one, and not which", func(t *testing.T) {
		require.Equal(t, []string{""}, sponsor(), "R9154 5.3")
		require.Equal(t, []string{""}, x.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(1000).All("authInfo/pw"))
		require.Empty(t, y.Do(infoDomain("delta.test", "", "")).Code(1000).All("authInfo"))
		require.Equal(t, []string{""}, x.Do(infoContact("jr-1", "")).Code(1000).All("authInfo/pw"))
		require.Empty(t, y.Do(infoContact("mv-4", "")).Code(1000).All("authInfo"))
	})
	t.Run("R9154-009 others learn nothing", func(t *testing.T) {
		require.Empty(t, y.Do(infoDomain("alpha.example", "", "")).Code(1000).All("authInfo"))
		for _, shown := range []string{pw("alpha-Secret7"), `<d:pw roid="C1-MOCK">jil-Secret7</d:pw>`} {
			a := y.Do(infoDomain("alpha.example", "", shown)).Code(1000)
			require.Empty(t, a.All("authInfo"))
			require.Equal(t, "jr-1", a.Text("registrant"))
		}
		require.Empty(t, y.Do(infoContact("jr-1", "jil-Secret7")).Code(1000).All("authInfo"))
	})
	t.Run("R9154-006 R9154-008 set, verify, unset", func(t *testing.T) {
		for _, unset := range []string{"<d:null/>", "<d:pw/>"} {
			a := x.Do(updateDomain("alpha.example", chgAuthInfo(pw(strong)))).Code(1000)
			require.NotContains(t, a.XML, "resData")
			require.Equal(t, []string{""}, sponsor())
			y.Do(infoDomain("alpha.example", "", pw(strong))).Code(1000)
			for _, wrong := range []string{"alpha-Secret7", strings.ToUpper(strong), strong + " ", strong[1:], ""} {
				y.Do(infoDomain("alpha.example", "", pw(wrong))).Code(2202)
			}
			x.Do(updateDomain("alpha.example", chgAuthInfo(unset))).Code(1000)
			require.Empty(t, sponsor())
			for _, old := range []string{strong, "alpha-Secret7", ""} {
				y.Do(infoDomain("alpha.example", "", pw(old))).Code(2202)
			}
		}
	})
	t.Run("R9154-007 weak", func(t *testing.T) {
		a := x.Do(updateDomain("beta.example", remStatus("clientTransferProhibited")+chgAuthInfo(pw("9thSecret7")))).Code(2202)
		require.Equal(t, []string{""}, a.All("extValue/value/authInfo"))
		require.NotContains(t, a.XML, "9thSecret7")
		require.Equal(t, []string{"clientTransferProhibited"}, status(x, "beta.example"), "nothing of it is carried out")
		y.Do(infoDomain("beta.example", "", pw("beta-Secret7"))).Code(1000)
		x.Do(updateDomain("beta.example", remStatus("clientTransferProhibited")+chgAuthInfo(pw(strong)))).Code(1000)
		y.Do(infoDomain("beta.example", "", pw(strong))).Code(1000)
	})
	t.Run("R9154 6.1 an update without an authInfo leaves it", func(t *testing.T) {
		x.Do(updateDomain("beta.example", addStatus("clientTransferProhibited"))).Code(1000)
		y.Do(infoDomain("beta.example", "", pw(strong))).Code(1000)
	})
	t.Run("R9154-003 no value but what the clients sent", func(t *testing.T) {
		for _, c := range []*wiretest.Client{x, y} {
			for _, doc := range c.Docs() {
				require.NotContains(t, doc, "-Secret7")
				require.NotContains(t, doc, "mZ4")
			}
		}
	})
	t.Run("R9154 3 a client need not name the extension", func(t *testing.T) {
		c := m.dial(t)
		c.Greeting = start(t).dial(t).Greeting // its login asks for what a greeting offers
		c.Login("reg-north", "north-Gate9")
		require.Equal(t, []string{""}, c.Do(infoDomain("beta.example", "", "")).All("authInfo/pw"))
	})
	t.Run("an extension of that namespace is none", func(t *testing.T) {
		x.Do(updateDomain("alpha.example", "") + `<extension><s:x xmlns:s="` + secureNS + `"/></extension>`).Code(2103)
	})
}

func TestNotSecureAuthInfo(t *testing.T) {
	x := start(t).loginX(t)
	require.NotContains(t, x.Greeting.All("extURI"), secureNS)
	x.Do(updateDomain("alpha.example", chgAuthInfo(pw("1")))).Code(1000)
	x.Do(updateDomain("alpha.example", chgAuthInfo(pw(strings.Repeat("x", 5000))))).Code(1000)
}

func TestAuthInfoLimits(t *testing.T) {
	secure := gtld.Options{SecureAuthInfo: true}
	for _, tt := range []struct {
		name string
		o    gtld.Options
		pw   string
		ok   bool
	}{
		{"5 of 6 to 8", gtld.Options{AuthInfoMin: 6, AuthInfoMax: 8}, "ěšč12", false},
		{"6 of 6 to 8", gtld.Options{AuthInfoMin: 6, AuthInfoMax: 8}, "ěšč123", true},
		{"8 of 6 to 8", gtld.Options{AuthInfoMin: 6, AuthInfoMax: 8}, "ěšč12345", true},
		{"9 of 6 to 8", gtld.Options{AuthInfoMin: 6, AuthInfoMax: 8}, "ěšč123456", false},
		{"no variety is wanted", gtld.Options{AuthInfoMin: 6}, "aaaaaa", true},

		{"R9154 4.1 20 of 94", secure, strong, true},
		{"19 of 94", secure, strong[1:], false},
		{"20 of 94 without a digit", secure, "mZ$&q!Tz(<w}Lr)^cK#@", true},
		{"R9154 4.1 25 of 36", secure, "k3v9x2m7q4w8z1t6r5n0b3h7c", true},
		{"24 of 36", secure, "k3v9x2m7q4w8z1t6r5n0b3h7", false},
		{"25 of 36, capitals", secure, "K3V9X2M7Q4W8Z1T6R5N0B3H7C", true},
		{"22 of 62", secure, "K3v9X2m7Q4w8Z1t6R5n0B3", true},
		{"21 of 62", secure, "K3v9X2m7Q4w8Z1t6R5n0B", false},
		{"28 letters", secure, "kqvwxtmzqjwpzytfrgnobdhacuel", true},
		{"27 letters", secure, "kqvwxtmzqjwpzytfrgnobdhacue", false},
		{"39 digits", secure, "730164829506172839405162738495061728394", true},
		{"38 digits", secure, "73016482950617283940516273849506172839", false},
		{"20 of non-ASCII", secure, "ěščřžýáíéúůťďňóĚŠČŘŽ", true},
		{"seven different ones", secure, "aB3$eF7aB3$eF7aB3$eF7aB3$eF7", false},
		{"eight different ones", secure, "aB3$eF7!aB3$eF7!aB3$eF7!", true},
		{"30 where 32 is the least", gtld.Options{SecureAuthInfo: true, AuthInfoMin: 32}, strong + strong[:10], false},
		{"32 where 32 is the least", gtld.Options{SecureAuthInfo: true, AuthInfoMin: 32}, strong + strong[:12], true},
		{"12 of 94 where 12 is the least", gtld.Options{SecureAuthInfo: true, AuthInfoMin: 12, AuthInfoMax: 16}, strong[:12], true},
		{"15 of 36 where 12 is the least", gtld.Options{SecureAuthInfo: true, AuthInfoMin: 12, AuthInfoMax: 16}, "k3v9x2m7q4w8z1t", true},
		{"14 of 36 where 12 is the least", gtld.Options{SecureAuthInfo: true, AuthInfoMin: 12, AuthInfoMax: 16}, "k3v9x2m7q4w8z1", false},
		{"17 where 16 is the most", gtld.Options{SecureAuthInfo: true, AuthInfoMin: 12, AuthInfoMax: 16}, strong[:17], false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := startWith(t, tt.o).loginX(t)
			a := x.Do(updateDomain("alpha.example", chgAuthInfo(pw(tt.pw))))
			if !tt.ok {
				a.Code(2202)
				require.NotContains(t, a.XML, tt.pw)
				x.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(1000)
				return
			}
			a.Code(1000)
			x.Do(infoDomain("alpha.example", "", pw(tt.pw))).Code(1000)
			x.Do(updateDomain("alpha.example", chgAuthInfo("<d:pw/>"))).Code(1000)
		})
	}
}

// TestRandomAuthInfo requires that hardly any value that is made well is refused:
// a client that tries three times, as RFC 9154, section 5.2, asks of it, succeeds.
func TestRandomAuthInfo(t *testing.T) {
	x := startWith(t, gtld.Options{SecureAuthInfo: true}).loginX(t)
	const small, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	rnd := registry.NewRand(1)
	var printable string
	for c := '!'; c <= '~'; c++ {
		printable += string(c)
	}
	for _, tt := range []struct {
		alphabet string
		n        int
	}{{printable, 20}, {small + strings.ToUpper(small) + digits, 22}, {small + digits, 25}, {digits + "abcdef", 32}} {
		refused := 0
		for range 200 {
			a := x.Do(updateDomain("alpha.example", chgAuthInfo(pw(rnd.Text(tt.alphabet, tt.n)))))
			if strings.Contains(a.XML, `code="2202"`) {
				refused++
			}
		}
		require.LessOrEqual(t, refused, 2, tt.alphabet)
	}
}

func TestOptionsRefused(t *testing.T) {
	for _, o := range []gtld.Options{
		{AuthInfoMin: 9, AuthInfoMax: 8},
		{AuthInfoMin: -1},
		{AuthInfoMax: -1},
		{SecureAuthInfo: true, AuthInfoMax: 19},
		{SecureAuthInfo: true, AuthInfoMin: 5, AuthInfoMax: 7},
	} {
		_, err := gtld.New(o)
		require.ErrorContains(t, err, "no authInfo has")
	}
	_, err := gtld.New(gtld.Options{SecureAuthInfo: true, AuthInfoMax: 20})
	require.NoError(t, err)
}
