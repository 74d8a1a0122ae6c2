package epp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// A Value is a simple type of XML Schema bound to a variable: how its text is
// read, written, and told from being absent. The functions below make them.
type Value interface {
	absent() bool
	append(dst []byte, attr bool) ([]byte, error)
	parse(text string) error
}

// Token is xs:token: white space at its ends is dropped and inside it collapsed.
func Token(v *string) Value { return (*token)(v) }

// String is xs:normalizedString: white space is kept, but each line break and
// tab becomes a space.
func String(v *string) Value { return (*normalized)(v) }

// Optional is a Value where absent, which nil stands for, and the zero value differ:
// epp.Optional(&m.Reach, epp.Int) for a Reach of type *int.
func Optional[T any](v **T, of func(*T) Value) Value { return &optional[T]{v, of} }

// OptToken is Token where absent (nil) and empty differ.
func OptToken(v **string) Value { return Optional(v, Token) }

// OptString is String where absent (nil) and empty differ.
func OptString(v **string) Value { return Optional(v, String) }

// Bool is xs:boolean. False counts as absent.
func Bool(v *bool) Value { return (*boolean)(v) }

// Int is xs:int. Zero counts as absent.
func Int(v *int) Value { return (*integer)(v) }

// Uint is xs:unsignedLong. Zero counts as absent.
func Uint(v *uint64) Value { return (*unsigned)(v) }

// Decimal is xs:decimal, kept as the text it is written with, so that no amount
// is ever rounded. "" counts as absent.
func Decimal(v *string) Value { return (*decimal)(v) }

// CommaList is a list in one xs:token, with commas between its items, as CZ.NIC
// writes e-mail addresses. White space around an item is dropped, and so are empty
// items. It is written without spaces, and at most 320 characters of it. Nil counts
// as absent.
func CommaList(v *[]string) Value { return (*commaList)(v) }

// DateTime is xs:dateTime, held in UTC and written with Z (RFC 5731, section 5).
// A value with an offset is converted. One without a zone is taken as UTC, and a bare
// date as its midnight in UTC; their locations are called "no zone" and "day", and they are
// written again as they came. The zero time counts as absent.
func DateTime(v *time.Time) Value { return (*dateTime)(v) }

// Date is xs:date, read as midnight of that day: in the zone that it names, which is
// called "Z" or as in "+02:00" and is written again, or in UTC when it names none. Any
// other time is written, without a zone, as the day that it is where the time is.
// The time of day of an xs:dateTime in its place is dropped. The zero time counts
// as absent.
func Date(v *time.Time) Value { return (*date)(v) }

type token string

func (v *token) absent() bool { return *v == "" }
func (v *token) append(dst []byte, attr bool) ([]byte, error) {
	if isPlain(string(*v), '!') {
		return append(dst, *v...), nil
	}
	return appendText(dst, Collapse(string(*v)), attr) // as its reader will
}
func (v *token) parse(s string) error { *v = token(Collapse(s)); return nil }

type normalized string

func (v *normalized) absent() bool { return *v == "" }
func (v *normalized) append(dst []byte, attr bool) ([]byte, error) {
	return appendText(dst, string(*v), attr)
}

func (v *normalized) parse(s string) error {
	if strings.ContainsAny(s, "\t\n\r") {
		s = strings.Map(func(r rune) rune {
			if r == '\t' || r == '\n' || r == '\r' {
				return ' '
			}
			return r
		}, s)
	}
	*v = normalized(s)
	return nil
}

type optional[T any] struct {
	v  **T
	of func(*T) Value
}

func (v *optional[T]) absent() bool { return *v.v == nil }
func (v *optional[T]) append(dst []byte, attr bool) ([]byte, error) {
	return v.of(*v.v).append(dst, attr)
}
func (v *optional[T]) parse(s string) error { *v.v = new(T); return v.of(*v.v).parse(s) }

type boolean bool

func (v *boolean) absent() bool { return !bool(*v) }
func (v *boolean) append(dst []byte, _ bool) ([]byte, error) {
	if *v {
		return append(dst, '1'), nil
	}
	return append(dst, '0'), nil
}

func (v *boolean) parse(s string) error {
	switch Collapse(s) {
	case "1", "true":
		*v = true
	case "0", "false":
		*v = false
	default:
		return &ValueError{Type: "a boolean", Text: s}
	}
	return nil
}

type integer int

func (v *integer) absent() bool { return *v == 0 }
func (v *integer) append(dst []byte, _ bool) ([]byte, error) {
	if *v < math.MinInt32 || *v > math.MaxInt32 {
		return dst, &RuleError{Reason: "an integer of more than 32 bits"}
	}
	return strconv.AppendInt(dst, int64(*v), 10), nil
}

func (v *integer) parse(s string) error {
	n, err := strconv.ParseInt(Collapse(s), 10, 32)
	if err != nil {
		return &ValueError{Type: "an integer", Text: s}
	}
	*v = integer(n)
	return nil
}

type unsigned uint64

func (v *unsigned) absent() bool { return *v == 0 }
func (v *unsigned) append(dst []byte, _ bool) ([]byte, error) {
	return strconv.AppendUint(dst, uint64(*v), 10), nil
}

func (v *unsigned) parse(s string) error {
	n, err := strconv.ParseUint(strings.TrimPrefix(Collapse(s), "+"), 10, 64)
	if err != nil {
		return &ValueError{Type: "an unsigned integer", Text: s}
	}
	*v = unsigned(n)
	return nil
}

type decimal string

func (v *decimal) absent() bool { return *v == "" }
func (v *decimal) append(dst []byte, _ bool) ([]byte, error) {
	if !isDecimal(string(*v)) {
		return dst, &ValueError{Type: "a decimal number", Text: string(*v)}
	}
	return append(dst, *v...), nil
}

func (v *decimal) parse(s string) error {
	t := Collapse(s)
	if !isDecimal(t) {
		return &ValueError{Type: "a decimal number", Text: s}
	}
	*v = decimal(t)
	return nil
}

// isDecimal reports whether s is in the lexical space of xs:decimal (XML Schema
// part 2, 3.2.3.1).
func isDecimal(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, points := 0, 0
	for i := range len(s) {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			digits++
		case s[i] == '.':
			points++
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

type commaList []string

// maxCommaList is the most characters that a CommaList may have.
const maxCommaList = 320

func (v *commaList) absent() bool { return *v == nil }
func (v *commaList) append(dst []byte, attr bool) ([]byte, error) {
	if reason := v.broken(); reason != "" {
		return dst, &RuleError{Reason: reason}
	}
	return appendText(dst, strings.Join(*v, ","), attr)
}

// broken says which rule of such a list does not hold, or "".
func (v *commaList) broken() string {
	size := len(*v) - 1 // the commas
	for _, s := range *v {
		local, host, _ := strings.Cut(s, "@")
		if runes(local) < 1 || runes(local) > 64 || host == "" || strings.ContainsAny(local+host, "@, \t\n\r") {
			return "has an item that is no address in such a list"
		}
		size += runes(s)
	}
	if size > maxCommaList {
		return "has more than 320 characters"
	}
	return ""
}

func (v *commaList) parse(s string) error {
	*v = []string{}
	for item := range strings.SplitSeq(s, ",") {
		if item = Collapse(item); item != "" {
			*v = append(*v, item)
		}
	}
	return nil
}

// Collapse applies the white space rule of xs:token.
func Collapse(s string) string {
	if isPlain(s, '!') {
		return s
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c > ' ' {
			continue
		}
		switch {
		case c == '\t', c == '\n', c == '\r',
			c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' '):
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
				return r == ' ' || r == '\t' || r == '\n' || r == '\r'
			}), " ")
		}
	}
	return s
}

// appendText writes s escaped, and refuses what no XML document can hold.
func appendText(dst []byte, s string, attr bool) ([]byte, error) {
	if isPlain(s, ' ') {
		return append(dst, s...), nil
	}
	if !xmltree.ValidChars(s) {
		return dst, &RuleError{Reason: "holds a character that XML does not allow, or invalid UTF-8"}
	}
	return appendEscaped(dst, s, attr), nil
}

func appendEscaped(dst []byte, s string, attr bool) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		var e string
		switch c := s[i]; {
		case c == '&':
			e = "&amp;"
		case c == '<':
			e = "&lt;"
		case c == '>':
			e = "&gt;"
		case c == '\r':
			e = "&#13;"
		case c == '"' && attr:
			e = "&quot;"
		case c == '\n' && attr:
			e = "&#10;"
		case c == '\t' && attr:
			e = "&#9;"
		default:
			continue
		}
		dst = append(append(dst, s[from:i]...), e...)
		from = i + 1
	}
	return append(dst, s[from:]...)
}

// A ValueError is a text that is not of the type its place asks for.
type ValueError struct {
	Type string // with its article, as in "a date"
	Text string
}

func (e *ValueError) Error() string {
	const most = 40
	text := e.Text
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return fmt.Sprintf("%q is not %s", text, e.Type)
}
