package client

import (
	"context"
	"fmt"

	"github.com/eppkit/eppkit/epp"
)

// An Outcome is what became of one command of a [Session.Pipeline]: its answer, whatever
// its result code, or an [*Error].
type Outcome struct {
	Response *epp.Response
	Err      error
}

// Pipeline sends commands together, in their order, with one write and with nothing of
// other callers between them, and returns what became of each. The server executes them
// one after another, each whatever became of those before it (RFC 5734, section 4).
//
// Where one of them can't be written, none is sent. With [Options].Pipeline at less than
// their number those beyond it wait for the answers to the first. ctx is that of all of
// them; where it has no deadline, each may take the Timeout after the one before it.
func (s *Session) Pipeline(ctx context.Context, cmds ...*epp.Command) []Outcome {
	out := make([]Outcome, len(cmds))
	calls := make([]*call, 0, len(cmds))
	for i, cmd := range cmds {
		c, err := s.prepare(ctx, cmd)
		if err != nil {
			for k := range cmds {
				out[k].Err = &Error{Op: nameOf(cmds[k]).Qualified(), Err: fmt.Errorf("command %d of those to be sent with it can't be: %v", i+1, err)}
			}
			out[i].Err = err
			for _, c := range calls {
				recycle(c.frame)
			}
			return out
		}
		calls = append(calls, c)
	}
	if len(calls) == 0 {
		return out
	}
	if err := s.enqueue(ctx, calls...); err != nil {
		for i, c := range calls {
			out[i].Err = c.error(NotSent, err)
		}
		return out
	}
	for i, c := range calls {
		out[i].Response, out[i].Err = responseOf(s.await(ctx, c))
	}
	return out
}
