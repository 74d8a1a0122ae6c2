package authcode

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
)

// MinEntropy is how many bits of randomness a code made here has at least (RFC 9154,
// section 4.1).
const MinEntropy = 128

// Printable are the characters that codes are made of: printable ASCII without space,
// and without those that need escapes in XML, JSON, shells and SQL: " & ' < > \ and
// the backquote.
const Printable = "!#$%()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~"

// Limits are what a registry takes for a code.
type Limits struct {
	// Min and Max are the least and the most characters; 0 is no limit.
	Min, Max int
	// Alphabet are the characters that may be used, each once, in ASCII;
	// Printable.
	Alphabet string
}

// groups are the kinds of characters of which registries often want one each (RFC
// 9154, section 5.2).
var groups = [...]string{
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789",
	"!#$%()*+,-./:;=?@[]^_{|}~",
}

// Length is how many characters a code within the limits has. The error says that
// they leave no room for MinEntropy, or that the alphabet is none.
func (l Limits) Length() (int, error) {
	alphabet := cmp.Or(l.Alphabet, Printable)
	for i, r := range alphabet {
		if r <= ' ' || r > '~' || strings.IndexByte(alphabet, byte(r)) != i {
			return 0, fmt.Errorf("authcode: the alphabet of a code has characters twice, or beyond printable ASCII")
		}
	}
	bits := math.Log2(float64(len(alphabet)))
	least := int(math.Ceil(MinEntropy / bits))
	// One more than needed, where it fits: that no group is missing costs a fraction
	// of a character, which nearly always the rounding has left over.
	n := max(l.Min, least+1)
	if l.Max != 0 {
		n = min(n, max(l.Max, least))
	}
	if len(alphabet) < 2 || n < l.Min || l.Max != 0 && n > l.Max {
		return 0, fmt.Errorf("authcode: a code of %d bits does not fit into %d characters of %d kinds",
			MinEntropy, l.Max, len(alphabet))
	}
	return n, nil
}

// Generate makes a code of MinEntropy bits or more within the limits. It has capitals,
// small letters, digits and signs, as far as the alphabet does. random is
// crypto/rand.Reader, but in tests. The error is Length's, or that of random.
func Generate(random io.Reader, l Limits) (Secret, error) {
	n, err := l.Length()
	if err != nil {
		return "", err
	}
	alphabet := cmp.Or(l.Alphabet, Printable)
	code := make([]byte, n)
	for range 1000 {
		if err := pick(random, alphabet, code); err != nil {
			return "", fmt.Errorf("authcode: no randomness: %w", err)
		}
		if varied(string(code), alphabet) {
			return Secret(code), nil
		}
	}
	return "", fmt.Errorf("authcode: what should be random is not")
}

// pick fills code with characters of an alphabet, each as likely as the others.
func pick(random io.Reader, alphabet string, code []byte) error {
	most := 256 - 256%len(alphabet) // octets from here on would favour the first characters
	buf := make([]byte, 1)
	for i := range code {
		for {
			if _, err := io.ReadFull(random, buf); err != nil {
				return err
			}
			if int(buf[0]) < most {
				break
			}
		}
		code[i] = alphabet[int(buf[0])%len(alphabet)]
	}
	return nil
}

// varied reports whether a code has a character of each group that the alphabet has.
func varied(code, alphabet string) bool {
	for _, g := range groups {
		if strings.ContainsAny(alphabet, g) && !strings.ContainsAny(code, g) {
			return false
		}
	}
	return true
}
