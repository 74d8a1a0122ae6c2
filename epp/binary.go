package epp

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Values of which the text is kept as it is written, and only its form is looked at.

// Exact is xs:string: nothing in it is changed.
func Exact(v *string) Value { return (*exact)(v) }

// Duration is xs:duration, such as P1Y2M or -PT0.5S, kept as the text it is written
// with: how long a month is depends on when it begins. "" counts as absent.
func Duration(v *string) Value { return &formed{v, "a duration", isDuration} }

// Hex is xs:hexBinary, kept as text. "" counts as absent.
func Hex(v *string) Value { return &formed{v, "hexadecimal", isHex} }

// Base64 is xs:base64Binary, kept as text, with its white space collapsed. "" counts
// as absent.
func Base64(v *string) Value { return &formed{v, "base64", isBase64} }

type exact string

func (v *exact) absent() bool { return *v == "" }
func (v *exact) append(dst []byte, attr bool) ([]byte, error) {
	return appendText(dst, string(*v), attr)
}
func (v *exact) parse(s string) error { *v = exact(s); return nil }

// formed is a token that must have a form.
type formed struct {
	v     *string
	what  string // with its article
	valid func(string) bool
}

func (v *formed) absent() bool { return *v.v == "" }
func (v *formed) append(dst []byte, _ bool) ([]byte, error) {
	s := Collapse(*v.v)
	if !v.valid(s) {
		return dst, &ValueError{Type: v.what, Text: s}
	}
	return append(dst, s...), nil
}

func (v *formed) parse(s string) error {
	t := Collapse(s)
	if !v.valid(t) {
		return &ValueError{Type: v.what, Text: s}
	}
	*v.v = t
	return nil
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

// isBase64 reports whether s is in the lexical space of xs:base64Binary (XML Schema
// part 2, 3.2.16): a space may stand between any two characters.
func isBase64(s string) bool {
	_, err := base64.StdEncoding.Strict().DecodeString(strings.ReplaceAll(s, " ", ""))
	return err == nil
}

// isDuration reports whether s is in the lexical space of xs:duration (XML Schema
// part 2, 3.2.6.1).
func isDuration(s string) bool {
	s = strings.TrimPrefix(s, "-")
	day, clock, timed := strings.Cut(s, "T")
	if !strings.HasPrefix(day, "P") || timed && clock == "" {
		return false
	}
	days, okDays := parts(day[1:], "YMD", false)
	times, okTimes := parts(clock, "HMS", true)
	return okDays && okTimes && days+times > 0
}

// parts counts the numbers in s, each with one of the units after it, in their order.
func parts(s, units string, fraction bool) (n int, ok bool) {
	for ; s != ""; n++ {
		i := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if i < 1 {
			return n, false
		}
		at := strings.IndexByte(units, s[i])
		whole, frac, point := strings.Cut(s[:i], ".")
		if at < 0 || !isDigits(whole, i) || point && (!fraction || s[i] != 'S' || !isDigits(frac, i)) {
			return n, false
		}
		units, s = units[at+1:], s[i+1:]
	}
	return n, true
}
