package authcode_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

func seeded() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{'e', 'p', 'p'}) }

// TestPrintable holds the alphabet to what its comment says.
func TestPrintable(t *testing.T) {
	for r := rune(0); r < 256; r++ {
		want := r > ' ' && r < 0x7f && !strings.ContainsRune("\"&'<>\\`", r)
		require.Equal(t, want, strings.ContainsRune(authcode.Printable, r), "%q", r)
	}
	require.Len(t, authcode.Printable, 94-7)
}

func TestGenerate(t *testing.T) {
	random := seeded()
	for name, l := range map[string]authcode.Limits{
		"no limits":           {},
		"long":                {Min: 64, Max: 255},
		"just enough":         {Max: 21},
		"letters and digits":  {Alphabet: letters + digits, Max: 32},
		"digits alone":        {Alphabet: digits},
		"hexadecimal":         {Alphabet: "0123456789abcdef"},
		"two characters":      {Alphabet: "01"},
		"one digit among all": {Alphabet: letters + "7"},
		"one sign of each":    {Alphabet: "Aa0!"},
	} {
		t.Run(name, func(t *testing.T) {
			alphabet := l.Alphabet
			if alphabet == "" {
				alphabet = authcode.Printable
			}
			seen := map[string]bool{}
			for range 50 {
				secret, err := authcode.Generate(random, l)
				require.NoError(t, err)
				code := secret.Reveal()
				require.Empty(t, strings.Trim(code, alphabet))
				require.GreaterOrEqual(t, len(code), l.Min)
				if l.Max != 0 {
					require.LessOrEqual(t, len(code), l.Max)
				}
				require.GreaterOrEqual(t, float64(len(code))*math.Log2(float64(len(alphabet))), 128.0)
				require.False(t, seen[code])
				seen[code] = true
				for _, group := range []string{digits, letters[:26], letters[26:]} {
					require.Equal(t, strings.ContainsAny(alphabet, group), strings.ContainsAny(code, group))
				}
			}
		})
	}
}

// TestGenerateEntropy holds that MinEntropy is left when the codes without one of the
// groups are thrown away: log2 of how many codes remain, by inclusion and exclusion.
func TestGenerateEntropy(t *testing.T) {
	groups := []string{letters[:26], letters[26:], digits, "!#$%()*+,-./:;=?@[]^_{|}~"}
	for _, alphabet := range []string{authcode.Printable, letters + digits, letters + "7", letters[26:] + "7", letters[26:] + "A7!", "Aa0!", digits, "01"} {
		n, err := authcode.Limits{Alphabet: alphabet}.Length()
		require.NoError(t, err)
		share := 0.0 // of all strings of n characters
		for set := range 1 << len(groups) {
			sign, left := 1.0, alphabet
			for i, g := range groups {
				if set&(1<<i) == 0 {
					continue
				}
				if !strings.ContainsAny(alphabet, g) {
					sign = 0 // it is not asked for
					break
				}
				sign = -sign
				left = strings.Map(func(r rune) rune {
					if strings.ContainsRune(g, r) {
						return -1
					}
					return r
				}, left)
			}
			share += sign * math.Pow(float64(len(left))/float64(len(alphabet)), float64(n))
		}
		bits := float64(n)*math.Log2(float64(len(alphabet))) + math.Log2(share)
		require.GreaterOrEqual(t, bits, float64(authcode.MinEntropy), alphabet)
	}
}

// TestGenerateUniform: no character is likelier than others. The threshold is four
// standard deviations of chi-squared; without the rejection in pick it is far above.
func TestGenerateUniform(t *testing.T) {
	random := seeded()
	count := map[rune]int{}
	const codes, length = 400, 200
	for range codes {
		secret, err := authcode.Generate(random, authcode.Limits{Min: length})
		require.NoError(t, err)
		for _, r := range secret.Reveal() {
			count[r]++
		}
	}
	k := float64(len(authcode.Printable))
	want := codes * length / k
	chi := 0.0
	for _, r := range authcode.Printable {
		d := float64(count[r]) - want
		chi += d * d / want
	}
	require.Less(t, chi, (k-1)+4*math.Sqrt(2*(k-1)))
}

func TestGenerateImpossible(t *testing.T) {
	for name, l := range map[string]authcode.Limits{
		"too short":            {Max: 19},
		"too short for digits": {Max: 38, Alphabet: digits},
		"least above most":     {Min: 64, Max: 32},
		"one character":        {Alphabet: "a"},
		"one twice":            {Alphabet: "aa"},
		"some twice":           {Alphabet: "0123456789abcdefa"},
		"a space":              {Alphabet: letters + " "},
		"a control character":  {Alphabet: letters + "\x7f"},
		"beyond ASCII":         {Alphabet: "abcdefgh\u00e9"},
		"every octet":          {Alphabet: strings.Repeat(authcode.Printable, 4)},
	} {
		_, err := l.Length()
		require.Error(t, err, name)
		_, err = authcode.Generate(seeded(), l)
		require.Error(t, err, name)
	}
}

func TestGenerateWithoutRandomness(t *testing.T) {
	broken := errors.New("the generator is broken")
	_, err := authcode.Generate(iotest.ErrReader(broken), authcode.Limits{})
	require.ErrorIs(t, err, broken)
	_, err = authcode.Generate(strings.NewReader("short"), authcode.Limits{})
	require.Error(t, err)
	_, err = authcode.Generate(constant{7}, authcode.Limits{})
	require.ErrorContains(t, err, "what should be random is not")
}

// constant repeats an octet for ever.
type constant struct{ octet byte }

func (c constant) Read(b []byte) (int, error) {
	return copy(b, bytes.Repeat([]byte{c.octet}, len(b))), nil
}
