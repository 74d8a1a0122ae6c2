package epp

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Forms of simple types that the schemas of EPP share. They are for [Codec.Check].

// IsROID reports whether s is a repository object identifier: 1 to 80 letters,
// digits, symbols and underscores, a hyphen, and 1 to 8 letters, digits and symbols
// (RFC 5730, section 2.8). Letters and digits are Unicode's, as in XML Schema.
func IsROID(s string) bool {
	object, repository, ok := strings.Cut(s, "-")
	return ok && isWord(object, 80, true) && isWord(repository, 8, false)
}

// isWord reports whether s is 1 to most of XML Schema's word characters.
func isWord(s string, most int, underscore bool) bool {
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			continue
		}
		if unicode.In(r, unicode.P, unicode.Z, unicode.C) && (r != '_' || !underscore) {
			return false
		}
	}
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= most
}

// isLanguage reports whether s has the form of a language tag (xs:language).
func isLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) < 1 || len(part) > 8 {
			return false
		}
		for _, c := range []byte(part) {
			letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// CheckROID is [Codec.Check] for a repository object identifier in the child or, with
// "@" before its name, the attribute local.
func CheckROID(x *Codec, local, roid string) {
	if x.checking() {
		x.Check(IsROID(Collapse(roid)), local, "is not a repository object identifier")
	}
}

// CheckEmails is [Codec.Check] for the addresses of a [CommaList] in the child local.
func CheckEmails(x *Codec, local string, emails []string) {
	if x.checking() {
		reason := (*commaList)(&emails).broken()
		x.Check(reason == "", local, reason)
	}
}

// IsE164 reports whether s is a telephone number as the object mappings write it:
// "+", a country code, a dot and digits, 17 characters in all (RFC 5733, section
// 2.5), or "", which their schemas allow.
func IsE164(s string) bool {
	if s == "" {
		return true
	}
	country, number, ok := strings.Cut(s, ".")
	return ok && country[:min(1, len(country))] == "+" && isDigits(country[1:], 3) &&
		isDigits(number, 14) && len(s) <= 17
}

func isDigits(s string, most int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= most
}

var ncName = regexp.MustCompile(`^[\pL_][\pL\pM\p{Nd}_.·-]*$`)

// CheckNCName is [Codec.Check] for an XML name without a colon in the child or, with "@"
// before its name, the attribute local.
func CheckNCName(x *Codec, local, s string) {
	if x.checking() {
		x.Check(ncName.MatchString(Collapse(s)), local, "is not an XML name without a colon")
	}
}

func runes(s string) int { return utf8.RuneCountInString(s) }

func between(s string, least, most int) bool {
	if len(s) >= utf8.UTFMax*least && len(s) <= most {
		return true // whatever the characters are
	}
	n := runes(s)
	return n >= least && n <= most
}
