package reconcile

import (
	"context"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/internal/cause"
)

// often is how often Quiet looks.
const often = 50 * time.Millisecond

// Quiet waits until no command is on its way on any session of p, which is a
// [client.Pool]. A command whose caller has gone, because its context ended, is on its way
// until its answer has come or its session is over, which the pool's StallTimeout bounds.
// Until then the registry may still carry it out, and a verdict be overtaken.
//
// Others who use the pool keep it busy: it is for a caller who has stopped them. The error
// is that of ctx, which bounds the waiting, and says how many commands there are.
//
// A connection that was lost is none of the pool's any more. What was sent on it is not
// waited for: see the package comment.
func Quiet(ctx context.Context, p interface{ Stats() client.PoolStats }) error {
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		busy := p.Stats().Busy
		if busy == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("reconcile: commands are still on their way (%d): %w", busy, cause.Of(ctx))
		}
	}
}
