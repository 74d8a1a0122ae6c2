package bulk

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// A Progress shows how far a run is: on a terminal in one line that changes, elsewhere by
// a line now and then. It is a Writer for what is to be said meanwhile, a line or several
// at a time.
type Progress struct {
	w       io.Writer
	counts  func() Counts
	fit     func(string) string
	stop    chan struct{}
	stopped sync.WaitGroup

	mu    sync.Mutex
	shown bool // the line stands on the terminal
}

// The times after which progress is shown again.
const (
	barInterval  = 200 * time.Millisecond
	lineInterval = 10 * time.Second
)

// ShowProgress shows the progress of what counts counts, until Stop. fit cuts a line to
// what the terminal shows in one; it is nil where w is no terminal.
func ShowProgress(w io.Writer, fit func(string) string, counts func() Counts) *Progress {
	p := &Progress{w: w, counts: counts, fit: fit, stop: make(chan struct{})}
	every := lineInterval
	if fit != nil {
		every = barInterval
	}
	p.stopped.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-tick.C:
				p.show()
			}
		}
	})
	return p
}

// Stop shows no more, and takes the line away.
func (p *Progress) Stop() {
	close(p.stop)
	p.stopped.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// Write writes above the line.
func (p *Progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(b)
}

func (p *Progress) clear() {
	if p.shown {
		io.WriteString(p.w, "\r\x1b[K")
		p.shown = false
	}
}

func (p *Progress) show() {
	c := p.counts()
	line := c.String()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fit == nil {
		fmt.Fprintln(p.w, line)
		return
	}
	if long := bar(c) + " " + line; p.fit(long) == long {
		line = long
	}
	fmt.Fprint(p.w, "\r"+p.fit(line)+"\x1b[K")
	p.shown = true
}

const barWidth = 20

func bar(c Counts) string {
	full := 0
	if c.Total > 0 {
		full = barWidth * c.settled() / c.Total
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "]"
}

// String is a line: how many of all rows are settled, the rate, the time left, and what
// is not as it should be.
func (c Counts) String() string {
	s := fmt.Sprintf("%d/%d", c.settled(), c.Total)
	if now := c.settled() - c.Earlier; now > 0 && c.Elapsed > 0 {
		rate := float64(now) / c.Elapsed.Seconds()
		s += fmt.Sprintf(", %.1f/s", rate)
		if left := c.Total - c.settled(); left > 0 {
			s += ", " + time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second).String() + " left"
		}
	}
	return s + c.trouble()
}

// trouble names the rows that are not done, by status.
func (c Counts) trouble() string {
	s := ""
	for _, n := range []struct {
		count int
		what  string
	}{{c.Refused, "refused"}, {c.Unknown, "of unknown outcome"}, {c.NotDone, "not done"}, {c.Failed, "failed"}} {
		if n.count > 0 {
			s += fmt.Sprintf(", %d %s", n.count, n.what)
		}
	}
	return s
}

// Summary is a line about a run that has ended.
func (c Counts) Summary() string {
	s := fmt.Sprintf("%d of %d rows done", c.Done, c.Total) + c.trouble()
	if rest := c.Left() - c.Failed; rest > 0 {
		s += fmt.Sprintf(", %d not begun", rest)
	}
	if c.Earlier > 0 {
		s += fmt.Sprintf("; %d settled by earlier runs", c.Earlier)
	}
	return s
}
