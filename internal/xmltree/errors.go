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
	offset = min(offset, len(doc))
	head := strings.TrimPrefix(doc[:offset], "\ufeff")
	line = 1 + strings.Count(head, "\n")
	return line, 1 + utf8.RuneCountInString(head[strings.LastIndexByte(head, '\n')+1:])
}
