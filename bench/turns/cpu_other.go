//go:build !unix

package turns

import "time"

// CPUTime is not known here.
func CPUTime() time.Duration { return 0 }
