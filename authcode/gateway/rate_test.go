package gateway_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// TestRetryAfter waits as long as a gateway says, and is let in.
func TestRetryAfter(t *testing.T) {
	for _, r := range []struct {
		rate gateway.Rate
		wait time.Duration
	}{
		{gateway.Rate{}, 0},
		{gateway.Rate{Requests: 1, Per: time.Second}, time.Second},
		{gateway.Rate{Requests: 300, Per: 300 * time.Second}, time.Second},
		{gateway.Rate{Requests: 1000, Per: time.Second}, time.Second},
		{gateway.Rate{Requests: 2, Per: 5 * time.Second}, 3 * time.Second},
	} {
		now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
		g, err := gateway.New(gateway.Options{
			Provider: &authcode.Router{}, Accounts: &gateway.Accounts{}, Rate: r.rate,
			Now: func() time.Time { return now },
		})
		require.NoError(t, err)
		require.Equal(t, r.wait, g.RetryAfter())
		who := &gateway.Account{Name: "one"}
		for range r.rate.Requests {
			require.True(t, g.Allow(who))
		}
		require.Equal(t, r.wait == 0, g.Allow(who))
		now = now.Add(g.RetryAfter())
		require.True(t, g.Allow(who))
	}
}

// TestRate holds each account to its own share.
func TestRate(t *testing.T) {
	c := newClock()
	g := stand(t, gateway.Options{Rate: gateway.Rate{Requests: 3, Per: 30 * time.Second}, Now: c.Now})
	a, b := g.Accounts().ByUser("ONE1"), g.Accounts().ByUser("TWO2")
	for range 3 {
		require.True(t, g.Allow(a))
	}
	require.False(t, g.Allow(a))
	require.True(t, g.Allow(b))
	c.advance(10*time.Second - time.Millisecond)
	require.False(t, g.Allow(a))
	c.advance(time.Millisecond)
	require.True(t, g.Allow(a))
	require.False(t, g.Allow(a))
	c.advance(time.Hour)
	for range 3 {
		require.True(t, g.Allow(a))
	}
	require.False(t, g.Allow(a))
}
