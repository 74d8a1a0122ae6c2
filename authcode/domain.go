package authcode

import (
	"strings"

	"golang.org/x/net/idna"
)

// names checks and converts as RFC 5891, section 5 has it, but leaves hyphens in any
// place of a label to the registry.
var names = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true),
	idna.CheckHyphens(false), idna.VerifyDNSLength(true))

// maxName is the most octets of a name that are looked at: those of 253 characters. To
// convert a name takes time that grows with the square of its length.
const maxName = 4 * 256

// CanonicalDomain returns a domain's name as this package compares names: in lower
// case, in ASCII (A-labels, RFC 5890), without a dot at its end. The error is a
// Refused of class Invalid.
func CanonicalDomain(name string) (string, error) {
	invalid := Refused{Class: Invalid, Text: "this is not the name of a domain"}
	if len(name) > maxName {
		return "", invalid
	}
	ascii, err := names.ToASCII(strings.TrimSpace(name))
	ascii = strings.TrimSuffix(ascii, ".") // not before: other characters become dots too
	if err == nil {
		// What is no character becomes one that only a second look refuses.
		_, err = names.ToASCII(ascii)
	}
	if err != nil || !strings.Contains(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", invalid
	}
	return ascii, nil
}

// CanonicalSuffix is CanonicalDomain for the end of a name, which may be a single label.
// A dot before or behind it is dropped; "" is the end of all names. The error is a Refused
// of class Invalid.
func CanonicalSuffix(suffix string) (string, error) {
	suffix = strings.Trim(suffix, ".")
	if suffix == "" {
		return "", nil
	}
	name, err := CanonicalDomain("x." + suffix)
	return strings.TrimPrefix(name, "x."), err
}

// suffixes yields a canonical name and what it is below, longest first, "" last.
func suffixes(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name != "" {
			if !yield(name) {
				return
			}
			_, name, _ = strings.Cut(name, ".")
		}
		yield("")
	}
}
