package shell

import (
	"errors"
	"strings"
)

// ErrOpenQuote is that a line ends within quotation marks, or after a backslash.
var ErrOpenQuote = errors.New("a quotation mark is not closed")

// A Line is one that was split into words, as a POSIX shell does it: blanks between
// words, 'all as it is', "all but \" and \\", a backslash before any character, and a
// comment from a # that begins a word.
type Line struct {
	Words []string
	// Text is the line without the comment and the blanks around it.
	Text string
	// Last is the word that the end of the line is in, and Raw how it is written; both
	// are "" after a blank. Words has it, too.
	Last, Raw string
	// Quote is the quotation mark that is open at the end, or 0.
	Quote byte
}

// Split splits a line. With [ErrOpenQuote] the Line is what can be said of one that is
// still being typed.
func Split(s string) (*Line, error) { return split(s, false) }

// SplitTemplate is Split for a line in which {{what stands between such braces}} belongs to
// one word, blanks and all, and is kept as it is.
func SplitTemplate(s string) (*Line, error) { return split(s, true) }

func split(s string, places bool) (*Line, error) {
	l := new(Line)
	var word strings.Builder
	in, escaped, first, start, end := false, false, -1, 0, 0
	begin := func(i int) {
		if in {
			return
		}
		if in, start = true, i; first < 0 {
			first = i
		}
	}
	defer func() { l.Text = s[max(first, 0):end] }()
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case escaped:
			if l.Quote == '"' && c != '"' && c != '\\' {
				word.WriteByte('\\')
			}
			word.WriteByte(c)
			escaped = false
		case c == '\\' && l.Quote != '\'':
			begin(i)
			escaped = true
		case l.Quote != 0 && c == l.Quote:
			l.Quote = 0
		case l.Quote != 0:
			word.WriteByte(c)
		case c == '\'' || c == '"':
			begin(i)
			l.Quote = c
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			if in {
				l.Words = append(l.Words, word.String())
				word.Reset()
				in, end = false, i
			}
		case c == '#' && !in:
			return l, nil
		case places && strings.HasPrefix(s[i:], "{{"):
			begin(i)
			length := strings.Index(s[i:], "}}") + len("}}")
			if length < len("{{}}") {
				length = len(s) - i
			}
			word.WriteString(s[i : i+length])
			i += length - 1
		default:
			begin(i)
			word.WriteByte(c)
		}
	}
	if in {
		end = len(s)
		l.Words, l.Last, l.Raw = append(l.Words, word.String()), word.String(), s[start:]
	}
	if l.Quote != 0 || escaped {
		return l, ErrOpenQuote
	}
	return l, nil
}

// Rest is what is to be typed to make of the last word the given one, which begins with
// it. A space follows where that ends the word.
func (l *Line) Rest(word string, ends bool) string {
	rest := strings.TrimPrefix(word, l.Last)
	if l.Quote == 0 {
		rest = escape.Replace(rest)
	}
	if ends {
		if l.Quote != 0 {
			rest += string(l.Quote)
		}
		rest += " "
	}
	return rest
}

var escape = strings.NewReplacer(" ", `\ `, "\t", "\\\t", "'", `\'`, `"`, `\"`, `\`, `\\`, "#", `\#`)
