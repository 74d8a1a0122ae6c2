package xmltree

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// leafText keeps white space between pos and an end tag at i, where it is all
// the text of an element without children, or the end of its text.
func (s *scanner) leafText(i int) {
	if len(s.stack) > 0 && i > s.pos {
		s.addText(s.Doc[s.pos:i], strings.IndexByte(s.Doc[s.pos:i], '\r') >= 0)
	}
}

// addText appends character data to the innermost open element. Carriage
// returns are normalized where the caller has seen any (XML 1.0, 2.11).
func (s *scanner) addText(piece string, cr bool) {
	if piece == "" {
		return
	}
	o := &s.stack[len(s.stack)-1]
	n := &s.Nodes[o.node]
	if n.Text == "" && len(o.text) == 0 && !cr {
		n.Text = piece
		return
	}
	if len(o.text) == 0 {
		o.text = append(o.text, n.Text...)
	}
	o.text = appendLines(o.text, piece)
}

// appendLines appends s with \r\n and \r turned into \n.
func appendLines(dst []byte, s string) []byte {
	for {
		i := strings.IndexByte(s, '\r')
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(append(dst, s[:i]...), '\n')
		s = s[i+1:]
		s = strings.TrimPrefix(s, "\n")
	}
}

// text reads character data up to the next '<'.
func (s *scanner) text() {
	d, i, from, cr := s.Doc, s.pos, s.pos, false
	for i < len(d) {
		c := d[i]
		if class[c]&isTextStop == 0 {
			i++
			continue
		}
		switch c {
		case '<':
			s.addText(d[from:i], cr)
			s.pos = i
			return
		case '\r':
			cr = true
			i++
		case ']':
			if strings.HasPrefix(d[i:], "]]>") {
				s.fail(i, "']]>' in character data")
				return
			}
			i++
		case '&':
			s.addText(d[from:i], cr)
			r, n := s.reference(i)
			if s.err != nil {
				return
			}
			s.addRune(r)
			i += n
			from, cr = i, false
		case 0xEF:
			if s.nonCharacter(i) {
				return
			}
			i++
		default:
			s.fail(i, "the control character %U is not allowed", rune(c))
			return
		}
	}
	s.failEnd()
}

// addRune appends a decoded reference, which is never normalized.
func (s *scanner) addRune(r rune) {
	o := &s.stack[len(s.stack)-1]
	if len(o.text) == 0 {
		o.text = append(o.text, s.Nodes[o.node].Text...)
	}
	o.text = utf8.AppendRune(o.text, r)
}

func (s *scanner) cdata() {
	from := s.pos + len("<![CDATA[")
	n := strings.Index(s.Doc[from:], "]]>")
	if n < 0 {
		s.fail(s.pos, "a CDATA section without its end")
		return
	}
	if s.checkChars(from, from+n) {
		piece := s.Doc[from : from+n]
		s.addText(piece, strings.IndexByte(piece, '\r') >= 0)
	}
	s.pos = from + n + 3
}

func (s *scanner) comment() {
	from := s.pos + len("<!--")
	n := strings.Index(s.Doc[from:], "--")
	if n < 0 {
		s.fail(s.pos, "a comment without its end")
		return
	}
	s.checkChars(from, from+n)
	s.pos = from + n
	if !s.at("-->") {
		s.fail(s.pos, "'--' inside a comment")
		return
	}
	s.pos += 3
}

func (s *scanner) instruction() {
	at := s.pos
	s.pos += 2
	name, colon := s.qname()
	if s.err != nil {
		return
	}
	if colon >= 0 || strings.EqualFold(name, "xml") {
		s.fail(at, "a processing instruction may not be called %s", quoteName(name))
		return
	}
	from := s.pos
	if !s.at("?>") && !s.skipSpace() {
		s.fail(s.pos, "white space is expected after a processing instruction's name")
		return
	}
	n := strings.Index(s.Doc[s.pos:], "?>")
	if n < 0 {
		s.fail(at, "a processing instruction without its end")
		return
	}
	s.checkChars(from, s.pos+n)
	s.pos += n + 2
}

// checkChars reports whether Doc[i:j] holds only characters that XML allows.
func (s *scanner) checkChars(i, j int) bool {
	for ; i < j; i++ {
		switch c := s.Doc[i]; {
		case c < 0x20 && class[c]&isSpace == 0:
			s.fail(i, "the control character %U is not allowed", rune(c))
			return false
		case c == 0xEF && s.nonCharacter(i):
			return false
		}
	}
	return true
}

// nonCharacter reports, and refuses, U+FFFE and U+FFFF at i.
func (s *scanner) nonCharacter(i int) bool {
	if i+2 < len(s.Doc) && s.Doc[i+1] == 0xBF && s.Doc[i+2] >= 0xBE {
		s.fail(i, "the character U+FFF%X is not allowed", 0xE+s.Doc[i+2]-0xBE)
		return true
	}
	return false
}

// reference decodes the character or entity reference at offset i and returns
// its length.
func (s *scanner) reference(i int) (r rune, n int) {
	r, n, why := Reference(s.Doc[i:])
	if why != "" {
		s.fail(i, "%s", why)
	}
	return r, n
}

// Reference decodes the character or entity reference with which d, that begins with
// '&', begins, and returns its length. Where there is none, n is 0, and why says what is
// wrong.
func Reference(d string) (r rune, n int, why string) {
	semi := 1
	for semi < len(d) && (class[d[semi]]&isName != 0 || d[semi] == '#') {
		semi++
	}
	if semi < 2 || semi == len(d) || d[semi] != ';' {
		return 0, 0, "'&' does not begin a reference; write it as &amp;"
	}
	body := d[1:semi]
	if r, ok := predefined[body]; ok {
		return r, semi + 1, ""
	}
	code, isNumber := strings.CutPrefix(body, "#")
	if !isNumber {
		return 0, 0, "a reference to an entity that is not declared"
	}
	base := 10
	if hex, ok := strings.CutPrefix(code, "x"); ok {
		code, base = hex, 16
	}
	v, err := strconv.ParseUint(code, base, 31)
	if err != nil || !isChar(rune(v)) {
		return 0, 0, "a reference to a character that XML does not allow"
	}
	return rune(v), semi + 1, ""
}

// predefined are the entities that need no declaration (XML 1.0, 4.6).
var predefined = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}
