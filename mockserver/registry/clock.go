package registry

import (
	"sync"
	"time"
)

// A Clock is the only time that a registry knows. Its methods may be called by any
// number of goroutines. Where a registry is to act on a new time at once, without
// waiting for the next command, see [State.Advance].
type Clock struct {
	mu      sync.Mutex
	base    time.Time
	started time.Time // when base was set, by the machine's clock
	scale   float64   // seconds by this clock in one of the machine's; 0 stands still
	system  bool      // shows the machine's time unless it was told otherwise
}

// NewClock makes a clock that stands still until it is set or advanced.
func NewClock(t time.Time) *Clock { return &Clock{base: t.UTC()} }

// SystemClock makes a clock that shows the machine's time and goes on from
// wherever it is set.
func SystemClock() *Clock {
	now := time.Now()
	return &Clock{base: now.UTC(), started: now, scale: 1, system: true}
}

// maxSpan is how far a clock that runs fast gets from where it was set, two centuries: it
// stands still then.
const maxSpan = 200 * 365 * 24 * float64(time.Hour)

// Now is the clock's time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	switch c.scale {
	case 0:
		return c.base
	case 1:
		return c.base.Add(time.Since(c.started))
	}
	passed := float64(time.Since(c.started)) * c.scale
	return c.base.Add(time.Duration(min(passed, maxSpan)))
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

// Scale is how many seconds pass by the clock in one of the machine's: 0 for one that
// stands still, 1 for the machine's own pace.
func (c *Clock) Scale() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.scale
}

// SetScale changes the pace, from the time that the clock shows now on. One that is not
// a number of 0 or more counts as 0.
func (c *Clock) SetScale(f float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.now())
	c.scale = 0
	if f > 0 {
		c.scale = f
	}
}

func (c *Clock) set(t time.Time) {
	c.base = t.UTC().Round(0)
	c.started = time.Now()
}

// reset brings back how the clock was when the registry began, which was at t and with
// this pace.
func (c *Clock) reset(t time.Time, scale float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scale = scale
	if c.system {
		t = time.Now()
	}
	c.set(t)
}
