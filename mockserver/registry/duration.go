package registry

import (
	"time"

	"github.com/eppkit/eppkit/internal/span"
)

// A Duration is a time span as fixtures and policies write it: what Go writes, such as
// 90m, or days, as in 5d. It is never negative. A day has 24 hours.
type Duration time.Duration

// Day is 24 hours.
const Day = Duration(span.Day)

// D is the span as Go has it.
func (d Duration) D() time.Duration { return time.Duration(d) }

// ParseDuration reads a Duration: days, or what package time reads, or both, as in 4d12h.
func ParseDuration(s string) (Duration, error) {
	d, err := span.Parse(s)
	return Duration(d), err
}

// String writes whole days as days.
func (d Duration) String() string { return span.String(d.D()) }

// MarshalText writes the span as String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDuration] does.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := ParseDuration(string(b))
	*d = v
	return err
}
