// Package span reads and writes time spans as people do in files: as package time does,
// and in days, which have 24 hours.
package span

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Day is 24 hours.
const Day = 24 * time.Hour

// Parse reads days, or what package time reads, or both, as in 4d12h. A span is never
// negative.
func Parse(s string) (time.Duration, error) {
	bad := fmt.Errorf("%q is not a time span like 90m, 12h, 5d or 4d12h", s)
	days, rest, both := strings.Cut(s, "d")
	var sum time.Duration
	if both {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, bad
		}
		sum, s = time.Duration(n)*Day, rest
		if rest == "" {
			return sum, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || sum+d < sum {
		return 0, bad
	}
	return sum + d, nil
}

// String writes whole days as days.
func String(d time.Duration) string {
	if d != 0 && d%Day == 0 {
		return strconv.FormatInt(int64(d/Day), 10) + "d"
	}
	return d.String()
}
