package registry

import "strings"

// Upper and Lower change the case of the letters A to Z alone: the names of a
// registry are ASCII, and none of them is meant by a letter that merely has one of
// these as its other case, such as the Kelvin sign.
func Upper(s string) string { return strings.Map(upper, s) }

// Lower is the other way of [Upper].
func Lower(s string) string { return strings.Map(lower, s) }

func upper(c rune) rune {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func lower(c rune) rune {
	if 'A' <= c && c <= 'Z' {
		return c - 'A' + 'a'
	}
	return c
}
