package schemas

import (
	"errors"
	"fmt"

	"github.com/jacoelho/xsd/xsderrors"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// An Error says why a frame is not valid.
type Error struct {
	Violations []Violation // in the order in which they were found; at least one
}

func (e *Error) Error() string {
	if n := len(e.Violations); n > 1 {
		return fmt.Sprintf("%s (and %d more)", e.Violations[0], n-1)
	}
	return e.Violations[0].String()
}

// A Violation is one thing that is wrong in a frame.
type Violation struct {
	Path         string
	Line, Column int
	Element      epp.Name
	Code         string
	Message      string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: line %d, column %d: %s", v.Path, v.Line, v.Column, v.Message)
}

func syntaxViolation(err error) Violation {
	v := Violation{Code: "syntax", Message: err.Error()}
	var e *xmltree.SyntaxError
	if errors.As(err, &e) {
		v.Line, v.Column, v.Message = e.Line, e.Column, e.Msg
	}
	return v
}

// report makes violations of what the library says.
type report struct {
	tree       *xmltree.Tree
	violations []Violation
}

func (r *report) add(err error) {
	var all xsderrors.Errors
	if errors.As(err, &all) {
		for _, err := range all {
			r.add(err)
		}
		return
	}
	var e *xsderrors.Error
	if !errors.As(err, &e) {
		r.violations = append(r.violations, Violation{Message: err.Error()})
		return
	}
	r.violations = append(r.violations, Violation{Path: e.Path, Line: e.Line, Column: e.Column, Code: string(e.Code), Message: e.Message})
}
