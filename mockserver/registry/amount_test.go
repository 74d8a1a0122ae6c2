package registry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAmount(t *testing.T) {
	for in, want := range map[string]string{
		"41375.50": "41375.50", "0": "0.00", "0.5": "0.50", "-3.07": "-3.07", "-0.01": "-0.01",
		"90071992547409.93": "90071992547409.93", // a float64 would lose the last digit
	} {
		a, err := ParseAmount(in)
		require.NoError(t, err, in)
		require.Equal(t, want, a.String(), in)
	}
	for _, in := range []string{"", "-", ".5", "1.234", "1,5", "1e3", "--1", "+1", "99999999999999999999"} {
		_, err := ParseAmount(in)
		require.Error(t, err, in)
	}
}
