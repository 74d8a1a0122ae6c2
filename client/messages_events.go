package client

import (
	"fmt"
	"log/slog"
	"time"
)

// The events of [Messages].

// AckedElsewhere is a message that somebody else has acknowledged: a second consumer, of
// the same registrar.
type AckedElsewhere struct{ ID string }

// Parked is an unreadable message that was put aside, for the reason Err.
type Parked struct {
	ID  string
	Err error
}

// QueueEmpty is the queue when it has become empty, and is asked for again and again.
type QueueEmpty struct{ Interval time.Duration }

// Retrying is a request or an acknowledgement that failed, and is sent again when that
// does no harm.
type Retrying struct {
	Err      error
	Failures int           // in a row
	Retry    time.Duration // until the next attempt
}

// Level is Warn.
func (AckedElsewhere) Level() slog.Level { return slog.LevelWarn }

// Level is Warn.
func (Parked) Level() slog.Level { return slog.LevelWarn }

// Level is Debug.
func (QueueEmpty) Level() slog.Level { return slog.LevelDebug }

// Level is Warn.
func (Retrying) Level() slog.Level { return slog.LevelWarn }

func (e AckedElsewhere) String() string {
	return "somebody else has acknowledged the message " + e.ID
}

func (e Parked) String() string {
	return fmt.Sprintf("the message %s can't be read and was put aside: %v", e.ID, e.Err)
}

func (e QueueEmpty) String() string {
	return fmt.Sprintf("the queue is empty; asking every %s", e.Interval)
}

func (e Retrying) String() string {
	return fmt.Sprintf("the queue can't be read for now (failure %d in a row); the next attempt is in %v: %v", e.Failures, e.Retry.Round(time.Millisecond), e.Err)
}
