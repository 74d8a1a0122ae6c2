package fred

import "time"

// Idle is a part of what FRED deletes when nothing refers to it for long.
type Idle struct {
	// IdleAt is when that will be, or zero as long as something does.
	IdleAt time.Time `json:"idleAt,omitzero"`
}
