package main

import (
	"fmt"
	"io"
	"time"

	"github.com/eppkit/eppkit/internal/load"
)

// A loadProgress shows how a load is doing: on a terminal in one line that is written
// over, elsewhere in a line now and then.
type loadProgress struct {
	w     io.Writer
	fit   func(string) string // nil where w is no terminal
	shown time.Duration
}

// quietFor is how long a log is not told of a load that goes on.
const quietFor = 10 * time.Second

func (a *app) loadProgress() *loadProgress {
	return &loadProgress{w: a.err, fit: lineFitter(a.err)}
}

func (p *loadProgress) show(s load.Progress) {
	if p.fit == nil {
		if s.Elapsed-p.shown < quietFor {
			return
		}
		p.shown = s.Elapsed
	}
	line := fmt.Sprintf("eppkit: %s %v of %v: %.0f/s, p95 %v, %d errors, %d sessions, %d waiting",
		s.Phase, s.Elapsed.Round(time.Second), s.Total, s.Rate, s.P95.Round(10*time.Microsecond), s.Failed, s.Sessions, s.Waiting)
	if p.fit != nil {
		fmt.Fprintf(p.w, "\r\x1b[K%s", p.fit(oneLine(line)))
		return
	}
	fmt.Fprintln(p.w, oneLine(line))
}

func (p *loadProgress) end() {
	if p.fit != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
