package middleware

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// An Outcome is how a command ended.
type Outcome struct {
	// Code is the first result code of the answer, or 0 without one.
	Code epp.Code
	// Fate is how far a command without an answer came. An error that does not say it
	// counts as [client.Unknown].
	Fate client.Fate
	// ClTRID and SvTRID are the identifiers of the exchange, where they are known.
	ClTRID, SvTRID string
	// Err is why there is no answer. Its text may hold words of the server, and those
	// a secret: see [Outcome.Reason].
	Err  error
	Took time.Duration
}

func outcomeOf(cmd *epp.Command, start time.Time, resp *epp.Response, err error) Outcome {
	o := Outcome{Took: time.Since(start), ClTRID: epp.Collapse(cmd.ClTRID), Err: err}
	if err == nil && resp != nil {
		o.Code, o.Fate, o.SvTRID = resp.Code(), client.Answered, resp.TrID.SvTRID
		o.ClTRID = cmp.Or(resp.TrID.ClTRID, o.ClTRID)
		return o
	}
	o.Fate = client.Unknown
	var e *client.Error
	if errors.As(err, &e) {
		o.Fate, o.ClTRID = e.Fate, cmp.Or(e.ClTRID, o.ClTRID)
	}
	return o
}

// The values of [Outcome.Result] of a command without an answer that can be used.
const (
	ResultNotSent  = "not sent"
	ResultUnknown  = "unknown"
	ResultExecuted = "executed" // but the answer was not valid
	ResultOther    = "other"    // an answer with a code that RFC 5730 does not have
)

// Result is the code of the answer in four digits, or one of the Result constants: a
// value of which there are few, whatever a server sends.
func (o Outcome) Result() string {
	switch {
	case o.Code != 0 && o.Code.Known():
		return fmt.Sprintf("%04d", uint16(o.Code))
	case o.Code != 0:
		return ResultOther
	case o.Fate == client.NotSent:
		return ResultNotSent
	case o.Fate == client.Answered:
		return ResultExecuted
	}
	return ResultUnknown
}

// Reason is the text of Err, or "". Words of the server are not in it, because some
// registries quote a password or an authInfo; its codes are.
func (o Outcome) Reason() string {
	if o.Err == nil {
		return ""
	}
	var refusal *epp.ResultError
	if errors.As(o.Err, &refusal) {
		return fmt.Sprintf("the server said %04d", uint16(refusal.Code()))
	}
	return o.Err.Error()
}
