package authcode

import (
	"errors"
	"fmt"
	"strings"
)

// An Error is a call without an outcome: it did not get there, or no answer came that
// can be trusted.
type Error struct {
	System string // whose answer is missing, as in netim or smtp
	Op     string // the call in the system's words
	Domain string // "" for calls about no domain, such as a login
	// Unknown says that the call may have been carried out: a code may have been
	// made, replaced or sent. When false nothing has been changed.
	Unknown bool
	// Delivered are the masked addresses of those who got a code for certain,
	// where the rest is Unknown.
	Delivered []string
	// HTTPStatus, Code and Body are of the answer, where there was one: its
	// status, the system's own code, and all of it as far as it was read.
	HTTPStatus int
	Code       string
	Body       Body
	Err        error
}

func (e *Error) Error() string {
	s := "authcode: " + e.System + ": " + e.Op
	if e.Domain != "" && !strings.Contains(e.Op, e.Domain) {
		s += " (" + e.Domain + ")"
	}
	if e.Unknown {
		s += unknownOutcome
	}
	if len(e.Delivered) > 0 {
		s += ": it was sent to " + strings.Join(e.Delivered, ", ")
	}
	if e.HTTPStatus != 0 {
		s += fmt.Sprintf(": HTTP status %d", e.HTTPStatus)
	}
	if e.Code != "" {
		s += ": code " + e.Code
	}
	if e.Err != nil {
		why := e.Err.Error()
		if e.Unknown { // a courier's letter may be what is unknown: it is said once
			why = strings.ReplaceAll(why, unknownOutcome, "")
		}
		s += ": " + strings.TrimPrefix(why, "authcode: ")
	}
	return s
}

const unknownOutcome = ": outcome unknown, look before you repeat it"

func (e *Error) Unwrap() error { return e.Err }

// OutcomeUnknown reports whether a code may have been made, replaced or sent by the
// call that failed with err.
func OutcomeUnknown(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Unknown
}

// SafeToRetry reports whether the call that failed with err changed nothing, so that
// it can be repeated: it failed on its way. It is false for nil and for a Refused.
func SafeToRetry(err error) bool {
	var e *Error
	return errors.As(err, &e) && !e.Unknown
}
