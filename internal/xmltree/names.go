package xmltree

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a byte may be, as bits.
const (
	isNameStart = 1 << iota
	isName
	isTextStop
	isAttrStop
	isSpace
)

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	// firstOfNoncharacters is the first byte of U+FFFE and U+FFFF in UTF-8.
	firstOfNoncharacters = "\xef"
)

// class says of each byte what it may be. A byte of a multi-byte character counts
// as a name character here; qname looks at the character itself.
var class = func() (table [256]uint8) {
	mark := func(set string, bits uint8) {
		for i := range len(set) {
			table[set[i]] |= bits
		}
	}
	mark(letters+"_", isNameStart|isName)
	mark(digits+"-.", isName)
	for c := utf8.RuneSelf; c < len(table); c++ {
		table[c] |= isNameStart | isName
	}
	mark(" \t\r\n", isSpace)
	for c := range ' ' { // in a text tabs and line feeds are as good as letters
		if table[c] |= isAttrStop; c != '\t' && c != '\n' {
			table[c] |= isTextStop
		}
	}
	mark("<&"+firstOfNoncharacters, isTextStop|isAttrStop)
	mark("]", isTextStop)
	mark(`"'`, isAttrStop)
	return table
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
		case r >= utf8.RuneSelf && !unicode.Is(nameStart, r) && (start || !unicode.Is(nameMore, r)):
			return false
		}
		start = false
	}
	return true
}

// The productions [4] and [4a] of XML 1.0 beyond ASCII: what may begin a name, and
// what else may be in one.
var (
	nameStart = &unicode.RangeTable{
		R16: []unicode.Range16{
			{Lo: 0xC0, Hi: 0xD6, Stride: 1},
			{Lo: 0xD8, Hi: 0xF6, Stride: 1},
			{Lo: 0xF8, Hi: 0x2FF, Stride: 1},
			{Lo: 0x370, Hi: 0x37D, Stride: 1},
			{Lo: 0x37F, Hi: 0x1FFF, Stride: 1},
			{Lo: 0x200C, Hi: 0x200D, Stride: 1},
			{Lo: 0x2070, Hi: 0x218F, Stride: 1},
			{Lo: 0x2C00, Hi: 0x2FEF, Stride: 1},
			{Lo: 0x3001, Hi: 0xD7FF, Stride: 1},
			{Lo: 0xF900, Hi: 0xFDCF, Stride: 1},
			{Lo: 0xFDF0, Hi: 0xFFFD, Stride: 1},
		},
		R32: []unicode.Range32{{Lo: 0x10000, Hi: 0xEFFFF, Stride: 1}},
	}
	nameMore = &unicode.RangeTable{R16: []unicode.Range16{
		{Lo: 0xB7, Hi: 0xB7, Stride: 1},
		{Lo: 0x300, Hi: 0x36F, Stride: 1},
		{Lo: 0x203F, Hi: 0x2040, Stride: 1},
	}}
)

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
