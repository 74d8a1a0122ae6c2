package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// All scenarios with all contenders, too short to say anything but that they work.
func TestRoundTrips(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a few hundred connections")
	}
	var out bytes.Buffer
	require.NoError(t, run(options{rounds: 1, turn: 5 * time.Millisecond, inProcess: true}, &out))
	t.Logf("\n%s", &out)
	require.Contains(t, out.String(), "16 deep on one")
}
