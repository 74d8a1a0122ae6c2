package middleware

import (
	"context"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// A Trace is told when a command starts, and by the function that it returns when it has
// ended. The context that it returns goes on with the command. Package otel, a module of
// its own, has one that makes spans.
type Trace func(ctx context.Context, i Info) (context.Context, func(Outcome))

// Exchange passes the command on between the two calls.
func (t Trace) Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
	start := time.Now()
	ctx, end := t(ctx, infoOf(cmd))
	resp, err := next.Exchange(ctx, cmd)
	if end != nil {
		end(outcomeOf(cmd, start, resp, err))
	}
	return resp, err
}
