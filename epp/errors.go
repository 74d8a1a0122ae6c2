package epp

import (
	"errors"
	"fmt"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// SyntaxError is a document that is not well-formed, or that holds what this
// package refuses, such as a DOCTYPE; it has the line and the column.
type SyntaxError = xmltree.SyntaxError

// ErrMissing is a required attribute or child that is not there.
var ErrMissing = errors.New("is missing")

// ErrNotRequest is a message that only a server may send.
var ErrNotRequest = errors.New("holds what is not for a client to send")

// A FieldError is a value or a child that could not be read or written, and the
// path of the element at which that was. Err is ErrMissing, a *ValueError, a
// *RuleError or an *UnexpectedError.
type FieldError struct {
	Path         string // as in /epp/response/resData/domain:infData/domain:crDate
	Line, Column int    // in the frame that was read; 0 when writing
	Err          error
}

func (e *FieldError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("epp: %s (line %d): %v", e.Path, e.Line, e.Err)
	}
	return fmt.Sprintf("epp: %s: %v", e.Path, e.Err)
}

func (e *FieldError) Unwrap() error { return e.Err }

// A RuleError is a value that breaks a rule of its schema.
type RuleError struct{ Reason string }

func (e *RuleError) Error() string { return e.Reason }

// An UnexpectedError is a child or an attribute (as "@name") that the schema does
// not have at its place.
type UnexpectedError struct{ Name string }

func (e *UnexpectedError) Error() string { return e.Name + " is not expected here" }

// A ResultError is an answer that says that a command failed. It is what a
// client's call returns, and what a server's handler returns to send one.
type ResultError struct {
	Results []Result // at least one, all of them failures
	TrID    TrID
	// Response is the whole answer, where it came from a server.
	Response *Response
}

// Refuse makes a ResultError of one result with the standard text.
func Refuse(code Code, values ...ErrValue) *ResultError {
	return &ResultError{Results: []Result{{Code: code, Msg: Text{Text: code.Text()}, Values: values}}}
}

// Code is the code of the first result, or 0 when there is none.
func (e *ResultError) Code() Code { return firstCode(e.Results) }

// Error gives each result's code, message and reasons, and the transaction
// identifiers. It never quotes the values, which may hold a secret.
func (e *ResultError) Error() string {
	s := "epp:"
	var set *Schema
	if e.Response != nil {
		set = e.Response.set
	}
	if len(e.Results) == 0 {
		s += " an answer without a result"
	}
	for i := range e.Results {
		r := &e.Results[i]
		if i > 0 {
			s += ";"
		}
		s += fmt.Sprintf(" %04d %s", r.Code, set.redactQuoted(r.Msg.Text))
		for j := range r.Values {
			if reason := r.Values[j].Reason; reason != nil && reason.Text != "" {
				s += " (" + set.redactQuoted(reason.Text) + ")"
			}
		}
	}
	switch {
	case e.TrID.SvTRID == "":
	case e.TrID.ClTRID == "":
		s += fmt.Sprintf(" [svTRID %s]", e.TrID.SvTRID)
	default:
		s += fmt.Sprintf(" [clTRID %s, svTRID %s]", e.TrID.ClTRID, e.TrID.SvTRID)
	}
	return s
}

// Is reports whether target is a [Code] that one of the results has.
func (e *ResultError) Is(target error) bool {
	code, ok := target.(Code)
	if !ok {
		return false
	}
	for i := range e.Results {
		if e.Results[i].Code == code {
			return true
		}
	}
	return false
}
