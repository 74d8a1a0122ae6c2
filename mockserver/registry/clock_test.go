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

func TestClockRunsFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(noon)
		c.SetScale(3600)
		time.Sleep(time.Minute)
		require.Equal(t, noon.Add(60*time.Hour), c.Now())
		c.SetScale(1e9)
		time.Sleep(time.Hour)
		later := c.Now()
		require.True(t, later.Year() > 2200 && later.Year() < 2262, later)
		time.Sleep(1000 * time.Hour)
		require.Equal(t, later, c.Now(), "it has come to its end")
		c.SetScale(-1)
		time.Sleep(time.Hour)
		require.Equal(t, later, c.Now())
		require.Zero(t, c.Scale())
	})
}
