//go:build unix

package main

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSignalsEndWatch(t *testing.T) {
	for name, sig := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, "poll", "watch", "-v", "--interval", "1h")
			require.Contains(t, p.says(), "in the queue")
			require.NoError(t, p.Process.Signal(sig))
			require.Equal(t, exitOK, p.status(), p.err.String())
			require.Equal(t, 1, strings.Count(p.err.String(), "<logout/>"))
			require.Contains(t, p.err.String(), `<result code="1500">`)
		})
	}
}
