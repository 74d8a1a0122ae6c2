package bulk

import (
	"context"
	"encoding/json"
	"time"
)

// A Status is what became of a row.
type Status string

// The statuses.
const (
	Done    Status = "done"
	Refused Status = "refused"
	// Failed is a row that failed without having changed anything. It stays to be done.
	Failed Status = "failed"
	// NotDone is a row whose outcome was unknown, and of which a look showed that it was
	// not done.
	NotDone Status = "not-done"
	// Unknown is a row that may have been done or not.
	Unknown Status = "unknown"
)

// A Result is what became of a row, as a line of JSON has it. Where there are several of
// one row the last one counts.
type Result struct {
	Row     int             `json:"row"`
	Line    int             `json:"line"`
	Object  string          `json:"object"`
	Status  Status          `json:"status"`
	Code    int             `json:"code,omitempty"`
	Message string          `json:"message,omitempty"`
	ClTRID  string          `json:"clTRID,omitempty"`
	SvTRID  string          `json:"svTRID,omitempty"`
	Error   string          `json:"error,omitempty"`
	Verdict json.RawMessage `json:"verdict,omitempty"` // of a look at what became of it
	Answer  json.RawMessage `json:"answer,omitempty"`
	Sent    time.Time       `json:"sent,omitzero"`     // when it began
	Seconds float64         `json:"seconds,omitempty"` // that it took

	// Halt is why it makes no sense to go on with further rows.
	Halt error `json:"-"`
}

// A Job is a row that is ready to be done.
type Job struct {
	Object string // that it is about
	// Harmless says that doing it twice is as good as once.
	Harmless bool
	// ClTRID is an identifier that the job has of its own, for each attempt; "" takes one
	// that is new.
	ClTRID string
	// Do does it, under an identifier of this attempt, until ctx ends. The result needs
	// neither row, line, object nor time.
	Do func(ctx context.Context, clTRID string) Result
	// Look finds out what became of it, whose result is [Unknown]: that is changed to
	// [Done] or [NotDone] where it can tell.
	Look func(ctx context.Context, r *Result)
}

// Counts are how many rows of a run have which status.
type Counts struct {
	Total   int
	Earlier int // of the others: whose result is that of an earlier run
	Done    int
	Refused int
	Failed  int
	NotDone int
	Unknown int
	Elapsed time.Duration
}

// Left is how many rows stay to be done.
func (c Counts) Left() int { return c.Total - c.Done - c.Refused - c.NotDone - c.Unknown }

// settled are those of which no more is to be expected of this run.
func (c Counts) settled() int { return c.Total - c.Left() + c.Failed }

func (c *Counts) of(s Status) *int {
	switch s {
	case Done:
		return &c.Done
	case Refused:
		return &c.Refused
	case Failed:
		return &c.Failed
	case NotDone:
		return &c.NotDone
	}
	return &c.Unknown
}
