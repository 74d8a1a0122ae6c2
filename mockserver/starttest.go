package mockserver

import (
	"log/slog"
	"strings"
)

// TB is what [StartTest] needs of a *testing.T or *testing.B.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// StartTest makes and starts a Server for a test, which is closed when the test
// ends. What goes wrong is a line in the test's log unless Options.Log is set.
func StartTest(tb TB, opts Options) *Server {
	tb.Helper()
	if opts.Log == nil {
		opts.Log = slog.New(slog.NewTextHandler(testLog{tb}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	s, err := New(opts)
	if err == nil {
		err = s.Start()
	}
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Fatalf("%v", err)
		}
	})
	return s
}

// testLog writes a log into that of a test.
type testLog struct{ tb TB }

func (w testLog) Write(p []byte) (int, error) {
	w.tb.Logf("%s", strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}
