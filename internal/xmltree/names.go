package xmltree

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	isNameStart = 1 << iota
	isName
	isTextStop
	isAttrStop
	isSpace
)

// class says of each byte what it may begin. A byte of a multi-byte character
// counts as a name character here; qname looks at the character itself.
var class = func() (t [256]uint8) {
	for i := range t {
		c := byte(i)
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= utf8.RuneSelf:
			t[i] |= isNameStart | isName
		case c >= '0' && c <= '9', c == '-', c == '.':
			t[i] |= isName
		case c == ' ', c == '\t', c == '\n', c == '\r':
			t[i] |= isSpace
		}
		// 0xEF begins U+FFFE and U+FFFF.
		if c < 0x20 && c != '\t' && c != '\n' || c == '<' || c == '&' || c == ']' || c == 0xEF {
			t[i] |= isTextStop
		}
		if c < 0x20 || c == '<' || c == '&' || c == '"' || c == '\'' || c == 0xEF {
			t[i] |= isAttrStop
		}
	}
	return t
}()

// qname reads a qualified name at pos; colon is the offset of its colon, or -1.
func (s *scanner) qname() (name string, colon int) {
	d, from := s.Doc, s.pos
	i, colon := from, -1
	for {
		if i >= len(d) || class[d[i]]&isNameStart == 0 {
			s.fail(i, "a name is expected")
			return "", -1
		}
		for i < len(d) && class[d[i]]&isName != 0 {
			i++
		}
		if colon >= 0 || i >= len(d) || d[i] != ':' {
			break
		}
		colon = i - from
		i++
	}
	s.pos = i
	name = d[from:i]
	if s.nonASCII && !validName(name) {
		s.fail(from, "a name with a character that XML does not allow there")
	}
	return name, colon
}

func validName(name string) bool {
	start := true
	for _, r := range name {
		switch {
		case r == ':':
			start = true
			continue
		case r >= utf8.RuneSelf && !isNameStartRune(r) && (start || !isNameRune(r)):
			return false
		}
		start = false
	}
	return true
}

// isNameStartRune and isNameRune are the productions [4] and [4a] of XML 1.0
// beyond ASCII.
func isNameStartRune(r rune) bool {
	switch {
	case r >= 0xC0 && r <= 0x2FF:
		return r != 0xD7 && r != 0xF7
	case r >= 0x370 && r <= 0x1FFF:
		return r != 0x37E
	}
	return r == 0x200C || r == 0x200D ||
		r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF ||
		r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

func isNameRune(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// isChar is the production [2] of XML 1.0.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// ValidChars reports whether s may stand, escaped, in a document.
func ValidChars(s string) bool {
	for i, r := range s {
		if !isChar(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// quoteName quotes a name for an error text, cut to a readable length.
func quoteName(name string) string {
	const most = 64
	if len(name) > most {
		return fmt.Sprintf("%q…", name[:most])
	}
	return fmt.Sprintf("%q", name)
}
