package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Everything, too short to say anything but that it works.
func TestQueue(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(options{messages: 500, sessions: 10, rounds: 1, turn: 5 * time.Millisecond, inProcess: true}, &out))
	t.Logf("\n%s", &out)
	require.Contains(t, out.String(), "all came, in order, once")
	require.Contains(t, out.String(), "after a check of each")
}
