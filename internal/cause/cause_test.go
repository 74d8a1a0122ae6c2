package cause_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/cause"
)

func TestOf(t *testing.T) {
	moved := errors.New("the caller has moved on")
	both := fmt.Errorf("the caller has moved on: %w", context.Canceled)
	for name, row := range map[string]struct{ given, want error }{
		"no cause":                   {nil, context.Canceled},
		"a cause":                    {moved, moved},
		"a cause that says it ended": {both, both},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(row.given)
			got := cause.Of(ctx)
			require.ErrorIs(t, got, context.Canceled)
			require.ErrorIs(t, got, row.want)
			if row.want == both {
				require.Equal(t, both, got, "it is not said twice")
			}
		})
	}
}
