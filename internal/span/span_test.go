package span_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/span"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "5d": 120 * time.Hour, "4d12h": 108 * time.Hour, "0d": 0, "0": 0, "1.5h": 90 * time.Minute,
		"65535d": 65535 * span.Day,
	} {
		got, err := span.Parse(s)
		require.NoError(t, err, s)
		require.Equal(t, want, got, s)
		back, err := span.Parse(span.String(got))
		require.NoError(t, err, s)
		require.Equal(t, got, back, s)
	}
	for _, s := range []string{"", "d", "-1d", "1d-1h", "-1h", "1.5d", "5", "1d5", "65536d", "1h1d", "65535d2562047h"} {
		_, err := span.Parse(s)
		require.ErrorContains(t, err, "is not a time span like", s)
	}
	require.Equal(t, "3d", span.String(72*time.Hour))
	require.Equal(t, "36h0m0s", span.String(36*time.Hour))
	require.Equal(t, "0s", span.String(0))
}
