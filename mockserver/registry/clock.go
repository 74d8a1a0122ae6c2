package registry

import (
	"sync"
	"time"
)

// A Clock is the only time that a registry knows. Its methods may be called by any
// number of goroutines.
type Clock struct {
	mu      sync.Mutex
	base    time.Time
	started time.Time // when base was set, by the machine's clock; zero when frozen
}

// NewClock makes a clock that stands still until it is set or advanced.
func NewClock(t time.Time) *Clock { return &Clock{base: t.UTC()} }

// SystemClock makes a clock that shows the machine's time and goes on from
// wherever it is set.
func SystemClock() *Clock {
	now := time.Now()
	return &Clock{base: now.UTC(), started: now}
}

// Now is the clock's time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.started.IsZero() {
		return c.base
	}
	return c.base.Add(time.Since(c.started))
}

// Set moves the clock to t, which may be in its past.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(t)
}

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.now().Add(d))
}

func (c *Clock) set(t time.Time) {
	c.base = t.UTC().Round(0)
	if !c.started.IsZero() {
		c.started = time.Now()
	}
}
