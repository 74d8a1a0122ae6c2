package turns

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMeasure(t *testing.T) {
	var done atomic.Int64
	work := Repeat(func() error { done.Add(1); return nil })
	r, err := Measure([]*Contender{
		{Name: "one", Workers: []Worker{work}},
		{Name: "two", Workers: []Worker{work, work}},
	}, 3, time.Millisecond, func() (time.Duration, error) { return time.Duration(done.Load()) * time.Microsecond, nil })
	require.NoError(t, err)
	require.Equal(t, []string{"one", "two"}, r.Names)
	for i := range r.Names {
		require.Len(t, r.Rates[i], 3)
		require.Len(t, r.CPU[i], 3)
		for _, cpu := range r.CPU[i] {
			require.InDelta(t, 1, cpu, 1e-9, "all that was done is counted, and nothing else")
		}
	}
}

func TestFailures(t *testing.T) {
	bad := errors.New("bad")
	clock := func() (time.Duration, error) { return 0, nil }
	_, err := Measure([]*Contender{{Name: "it", Workers: []Worker{Repeat(func() error { return bad })}}}, 1, time.Millisecond, clock)
	require.ErrorIs(t, err, bad)
	require.ErrorContains(t, err, "it: ")

	closed := 0
	one := func() (*Contender, error) {
		return &Contender{Closers: []func() error{func() error { closed++; return nil }}}, nil
	}
	_, err = Open(one, one, func() (*Contender, error) { return nil, bad })
	require.ErrorIs(t, err, bad)
	require.Equal(t, 2, closed)
}
