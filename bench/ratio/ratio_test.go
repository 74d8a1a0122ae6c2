package ratio

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMedian(t *testing.T) {
	require.Zero(t, Median(nil))
	require.Equal(t, 3.0, Median([]float64{3}))
	require.Equal(t, 2.5, Median([]float64{4, 1, 3, 2}))
	require.Equal(t, 3.0, Median([]float64{100, 3, 1}))
}

func TestOf(t *testing.T) {
	require.Equal(t, 0.5, Of([]float64{1, 2, 9}, []float64{2, 4, 1}))
}

func TestRange(t *testing.T) {
	least, greatest := Range([]float64{1, 2, 9}, []float64{2, 1, 3})
	require.Equal(t, 0.5, least)
	require.Equal(t, 3.0, greatest)
}
