package schemas

import (
	"fmt"

	"github.com/eppkit/eppkit/epp"
)

// An Error says why a frame is not valid.
type Error struct {
	// Violations is everything that is wrong, in the order of the document. There
	// is at least one, and at most as many as Options says.
	Violations []Violation
}

// Error is the first violation, and how many more there are.
func (e *Error) Error() string {
	switch n := len(e.Violations); n {
	case 0:
		return "not valid"
	case 1:
		return e.Violations[0].String()
	default:
		return fmt.Sprintf("%s (and %d more)", e.Violations[0], n-1)
	}
}

// A Violation is one thing that is wrong in a frame. Nothing in it quotes a secret.
type Violation struct {
	// Path leads to the element or attribute, as in
	// /epp/command/check/domain:check/domain:name[2]. Prefixes are those that
	// eppkit writes, whatever the frame has; a number counts the elements of one
	// name among the children of their parent, where there are several. It is ""
	// in a frame that is not well-formed.
	Path string `json:"path,omitempty"`
	// Line and Column are where what is wrong begins: an element, an attribute or a
	// text. They count from 1, columns in characters, in the frame as it came. They
	// are 0 where the place is not known.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Element is the element that is wrong, or that has the attribute or the text.
	Element epp.Name `json:"element,omitzero"`
	Code    Code     `json:"code"`
	// Message says in words what is wrong, and what would be right where that is
	// known.
	Message string `json:"message"`
}

// String is everything in one line.
func (v Violation) String() string {
	s := v.Message
	if v.Path != "" {
		s = v.Path + ": " + s
	}
	if v.Line > 0 {
		s = fmt.Sprintf("line %d, column %d: %s", v.Line, v.Column, s)
	}
	return s
}

// A Code is a kind of violation. Codes do not change.
type Code string

// The kinds of violations.
const (
	// Syntax is for what is no XML that eppkit accepts: not well-formed, a DTD, an
	// encoding that is not supported, a limit that was passed.
	Syntax Code = "syntax"
	// Unknown is for an element that no schema declares, where any declared one may
	// stand, and for such a root.
	Unknown Code = "unknown"
	// Unexpected is for an element that may not stand in this place.
	Unexpected Code = "unexpected"
	// Missing is for an element that lacks a child.
	Missing Code = "missing"
	// Text is for text in an element that may have none.
	Text Code = "text"
	// UnexpectedAttribute is for an attribute that the element may not have.
	UnexpectedAttribute Code = "unexpected-attribute"
	// MissingAttribute is for an element that lacks an attribute.
	MissingAttribute Code = "missing-attribute"
	// BadType is for a value that is not of its type, as a number that is none.
	BadType Code = "type"
	// BadLength is for a value that is too long or too short.
	BadLength Code = "length"
	// BadRange is for a number or a time that is too large or too small, or has too
	// many digits.
	BadRange Code = "range"
	// BadPattern is for a value that does not have the form it must have.
	BadPattern Code = "pattern"
	// BadChoice is for a value that is not one of those allowed.
	BadChoice Code = "choice"
	// Other is for what frames seldom have: xsi:type and xsi:nil, identities.
	Other Code = "other"
)
