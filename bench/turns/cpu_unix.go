//go:build unix

package turns

import (
	"syscall"
	"time"
)

// CPUTime is what this process has used so far, in its own code and the kernel's.
func CPUTime() time.Duration {
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		return 0
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}
