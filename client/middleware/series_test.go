package middleware

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// What a server answers does not fill the memory: all codes that RFC 5730 does not have
// are one series.
func TestLatencyBoundsItsCodes(t *testing.T) {
	l := NewLatency(LatencyOptions{})
	for code := epp.Code(1000); code < 10_000; code++ {
		l.record(&epp.Command{Request: &epp.Logout{}}, Outcome{Code: code, Fate: client.Answered})
	}
	n := 0
	l.series.Range(func(_, _ any) bool { n++; return true })
	require.Less(t, n, 50)
}

// After the last of those who wait has left, a Limit has no timer that could still go off.
func TestLimitAtRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := NewLimit(LimitOptions{Rules: []Rule{{Rate: rate.Every(time.Hour)}}, MaxWait: 2 * time.Hour})
		require.NoError(t, err)
		_, err = m.Exchange(t.Context(), new(epp.Command), answered{})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err = m.Exchange(ctx, new(epp.Command), answered{})
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, m.waiting)
		require.False(t, m.timer.Stop(), "it was stopped")
	})
}

type answered struct{}

func (answered) Exchange(context.Context, *epp.Command) (*epp.Response, error) {
	return new(epp.Response), nil
}
