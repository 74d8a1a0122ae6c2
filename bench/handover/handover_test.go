package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// All scenarios with all contenders, too short to say anything but that they work.
func TestHandOvers(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a few hundred connections")
	}
	var out bytes.Buffer
	require.NoError(t, run(options{rounds: 1, turn: 5 * time.Millisecond, domains: 100, sessions: 2}, &out))
	t.Logf("\n%s", &out)
	for _, d := range append(others, mijn) {
		require.Contains(t, out.String(), d.name+", 64 at once")
	}
	require.Contains(t, out.String(), "EPP, FRED, one hash, no HTTP")
}

// What hands no code over is an error, in every dialect.
func TestRefusals(t *testing.T) {
	for _, d := range append(others, mijn) {
		t.Run(d.name, func(t *testing.T) {
			s := &scenario{options: options{domains: 1}, dialect: d, callers: 1}
			handOver, closers, err := s.raw(&authcode.Router{})
			require.NoError(t, err)
			require.Error(t, handOver(0))
			for _, f := range closers {
				require.NoError(t, f())
			}
		})
	}
}
