package xmltree

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A SyntaxError reports where and why a document is not acceptable. Its text
// never quotes character data or attribute values, which may be secrets.
type SyntaxError struct {
	Line   int // 1-based
	Column int // 1-based, in characters
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("xml: line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// Position gives the 1-based line and column, in characters, of a byte offset
// into doc.
func Position(doc string, offset int) (line, column int) {
	var l Locator
	return l.Position(doc, offset)
}

// A Locator finds positions in one document. It remembers the last, so that a
// document full of errors costs no more than a few passes over it.
type Locator struct {
	offset    int
	line, col int // counted from 0
}

// Position is the function Position.
func (l *Locator) Position(doc string, offset int) (line, column int) {
	offset = min(offset, len(doc))
	between := doc[min(l.offset, offset):max(l.offset, offset)]
	lines := strings.Count(between, "\n")
	switch {
	case lines > 0:
		start := strings.LastIndexByte(doc[:offset], '\n') + 1
		l.col = columns(doc, start, offset)
	case offset >= l.offset:
		l.col += columns(doc, l.offset, offset)
	default:
		l.col -= columns(doc, offset, l.offset)
	}
	if offset < l.offset {
		lines = -lines
	}
	l.line, l.offset = l.line+lines, offset
	return l.line + 1, l.col + 1
}

// columns counts the characters of doc[from:to], without a byte order mark.
func columns(doc string, from, to int) int {
	n := utf8.RuneCountInString(doc[from:to])
	if from == 0 && strings.HasPrefix(doc[:to], "\ufeff") {
		n--
	}
	return n
}
