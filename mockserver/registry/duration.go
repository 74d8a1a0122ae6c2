package registry

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Duration is a time span as fixtures and policies write it: what Go writes, such as
// 90m, or days, as in 5d. It is never negative. A day has 24 hours.
type Duration time.Duration

// Day is 24 hours.
const Day = Duration(24 * time.Hour)

// D is the span as Go has it.
func (d Duration) D() time.Duration { return time.Duration(d) }

// ParseDuration reads a Duration: days, or what package time reads, or both, as in 4d12h.
func ParseDuration(s string) (Duration, error) {
	bad := fmt.Errorf("%q is not a time span like 90m, 12h, 5d or 4d12h", s)
	days, rest, both := strings.Cut(s, "d")
	var sum Duration
	if both {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, bad
		}
		sum, s = Duration(n)*Day, rest
		if rest == "" {
			return sum, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || sum+Duration(d) < sum {
		return 0, bad
	}
	return sum + Duration(d), nil
}

// String writes whole days as days.
func (d Duration) String() string {
	if d != 0 && d%Day == 0 {
		return strconv.FormatInt(int64(d/Day), 10) + "d"
	}
	return time.Duration(d).String()
}

// MarshalText writes the span as String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDuration] does.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := ParseDuration(string(b))
	*d = v
	return err
}
