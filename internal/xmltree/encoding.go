package xmltree

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// toUTF8 returns the document as a string of valid UTF-8, converted when it is
// UTF-16 (XML 1.0, 4.3.3 and appendix F), and whether it was all ASCII.
func toUTF8(b []byte) (doc string, was16, ascii bool, err error) {
	var order binary.ByteOrder
	switch {
	case len(b) < 2:
	case b[0] == 0xFE && b[1] == 0xFF, b[0] == 0 && b[1] == '<':
		order = binary.BigEndian
	case b[0] == 0xFF && b[1] == 0xFE, b[0] == '<' && b[1] == 0:
		order = binary.LittleEndian
	}
	if order == nil {
		doc, ascii = string(b), isASCII(b)
		if !ascii && !utf8.ValidString(doc) {
			line, col := Position(doc, firstInvalid(doc))
			return "", false, false, &SyntaxError{Line: line, Column: col, Msg: "invalid UTF-8"}
		}
		return doc, false, ascii, nil
	}
	var out strings.Builder
	out.Grow(len(b)/2 + len(b)/16)
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(b) {
				low = rune(order.Uint16(b[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				line, col := Position(out.String(), out.Len())
				return "", true, false, &SyntaxError{Line: line, Column: col, Msg: "UTF-16 with half a surrogate pair"}
			}
			i += 2
		}
		out.WriteRune(r)
	}
	if len(b)%2 != 0 {
		line, col := Position(out.String(), out.Len())
		return "", true, false, &SyntaxError{Line: line, Column: col, Msg: "UTF-16 with half a character at its end"}
	}
	return out.String(), true, false, nil
}

// isASCII looks at many bytes at a time.
func isASCII(b []byte) bool {
	for ; len(b) >= 32; b = b[32:] {
		if (binary.LittleEndian.Uint64(b)|binary.LittleEndian.Uint64(b[8:])|
			binary.LittleEndian.Uint64(b[16:])|binary.LittleEndian.Uint64(b[24:]))&0x8080808080808080 != 0 {
			return false
		}
	}
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// firstInvalid is the offset of the first byte that is not UTF-8.
func firstInvalid(doc string) int {
	i := 0
	for i < len(doc) {
		r, n := utf8.DecodeRuneInString(doc[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

// declaration reads the XML declaration, where there is one.
func (s *scanner) declaration() {
	if !s.at("<?xml") || s.pos+5 >= len(s.Doc) || class[s.Doc[s.pos+5]]&isSpace == 0 {
		return
	}
	at := s.pos
	s.pos += 5
	for seen := 0; ; {
		sp := s.skipSpace()
		if s.at("?>") {
			if seen == 0 {
				s.fail(at, "an XML declaration without a version")
			}
			s.pos += 2
			return
		}
		if !sp {
			s.fail(s.pos, "malformed XML declaration")
			return
		}
		a, _ := s.attribute()
		if s.err != nil {
			return
		}
		a.Value = s.Doc[a.Start:a.End] // there are no references here
		switch {
		case seen == 0 && a.Local == "version":
			if a.Value != "1.0" {
				s.fail(int(a.Start), "the XML version is not 1.0")
			}
			seen = 1
		case seen == 1 && a.Local == "encoding":
			s.checkEncoding(a)
			seen = 2
		case seen >= 1 && seen < 3 && a.Local == "standalone" && (a.Value == "yes" || a.Value == "no"):
			seen = 3
		default:
			s.fail(int(a.Start), "malformed XML declaration")
		}
		if s.err != nil {
			return
		}
	}
}

// checkEncoding compares the declared encoding with what the bytes were. A
// document that was UTF-16 is UTF-8 now, and is made to say so.
func (s *scanner) checkEncoding(a Attr) {
	switch enc := strings.ToUpper(a.Value); {
	case enc == "UTF-8" && !s.was16,
		enc == "US-ASCII" && !s.was16 && !s.nonASCII:
	case s.was16 && (enc == "UTF-16" || enc == "UTF-16BE" || enc == "UTF-16LE"):
		quote := s.Doc[a.End : a.End+1]
		pad := strings.Repeat(" ", len(enc)-len("UTF-8")) // so that positions stay
		s.Doc = s.Doc[:a.Start] + "UTF-8" + quote + pad + s.Doc[a.End+1:]
	case enc == "UTF-8", enc == "US-ASCII", enc == "UTF-16", enc == "UTF-16BE", enc == "UTF-16LE":
		s.fail(int(a.Start), "the declared encoding is not the document's")
	default:
		s.fail(int(a.Start), "the declared encoding is not supported; use UTF-8 or UTF-16")
	}
}
