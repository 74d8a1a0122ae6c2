package epp

// Most texts need nothing done to them. This file holds the test that tells, which
// looks at eight bytes at a time: a result of below or equal is 0 when none of them
// is what was asked for.

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

func below(w uint64, least byte) uint64 { return (w - eachByte*uint64(least)) &^ w & highBits }

func equal(w uint64, c byte) uint64 { return below(w^eachByte*uint64(c), 1) }

// word is the first eight bytes of s.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// isPlain reports whether s is ASCII from least on, and is written as it is
// wherever it stands.
func isPlain(s string, least byte) bool {
	if len(s) < 8 {
		for i := range len(s) {
			if c := s[i]; c < least || c >= 0x80 || c == '"' || c == '&' || c == '<' || c == '>' {
				return false
			}
		}
		return true
	}
	found := special(word(s[len(s)-8:]), least)
	for ; len(s) > 8; s = s[8:] {
		found |= special(word(s), least)
	}
	return found == 0
}

// special finds what isPlain refuses. '"' and '&' differ in one bit, and so do '<'
// and '>'.
func special(w uint64, least byte) uint64 {
	return below(w, least) | w&highBits | equal(w|eachByte*('"'^'&'), '&') | equal(w|eachByte*('<'^'>'), '>')
}
