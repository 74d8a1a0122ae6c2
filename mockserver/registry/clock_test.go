package registry

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestClockStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(noon)
		time.Sleep(time.Hour)
		require.Equal(t, noon, c.Now())
		c.Advance(90 * time.Minute)
		require.Equal(t, noon.Add(90*time.Minute), c.Now())
		c.Set(noon)
		require.Equal(t, noon, c.Now())
	})
}

func TestSystemClockRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := SystemClock()
		start := c.Now()
		require.True(t, start.Equal(time.Now()))
		time.Sleep(time.Hour)
		require.Equal(t, time.Hour, c.Now().Sub(start))
		c.Set(noon)
		time.Sleep(time.Minute)
		require.Equal(t, noon.Add(time.Minute), c.Now())
		c.Advance(time.Hour)
		time.Sleep(time.Minute)
		require.Equal(t, noon.Add(62*time.Minute), c.Now())
	})
}

func TestRandIsSeeded(t *testing.T) {
	a, b, other := NewRand(7), NewRand(7), NewRand(8)
	require.Equal(t, a.Text("abcdef", 20), b.Text("abcdef", 20))
	require.Equal(t, a.Bytes(8), b.Bytes(8))
	require.NotEqual(t, a.Text("abcdef", 20), other.Text("abcdef", 20))
}
