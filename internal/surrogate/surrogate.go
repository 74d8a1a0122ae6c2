// Package surrogate finds halves of surrogate pairs in JSON, which package json reads as
// U+FFFD: another text than was meant.
package surrogate

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Half is where half of a surrogate pair is escaped without the other half (RFC 8259,
// section 8.2); -1 for nowhere.
func Half(doc []byte) int {
	for i := 0; i < len(doc); i++ {
		if doc[i] != '\\' {
			continue
		}
		switch r := escaped(doc[i:]); {
		case !utf16.IsSurrogate(r):
			i++ // what follows the backslash may be another
		case utf16.DecodeRune(r, escaped(doc[i+6:])) == utf8.RuneError:
			return i
		default:
			i += 11
		}
	}
	return -1
}

// escaped is the code unit with which a text begins that has the form \u0041; -1 for
// others.
func escaped(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
