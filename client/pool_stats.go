package client

import "time"

// PoolStats is the state of a [Pool] at one moment, and what it has counted since it was
// made.
type PoolStats struct {
	// Of now.
	Open     int // sessions that are logged in
	Opening  int // that are being opened: 0 or 1
	Retiring int // of Open: that take no more commands and are logged out
	Limit    int // how many there may be, which is less than MaxSessions while the registry refuses more
	Busy     int // commands on their way, hellos and holds among them
	Waiting  int // callers who wait for a session
	// Stopped is why no sessions are opened any more, or nil.
	Stopped error
	// Retry is when the next session may be opened, where it has to wait for that.
	Retry time.Time
	// Sessions describes those that are open.
	Sessions []SessionStats

	// Counted.
	Commands    uint64        // that Exchange was asked for
	Answered    uint64        // that have an answer, whatever its code
	Moved       uint64        // times that one that was never sent went to another session
	Repeated    uint64        // times that a query was sent again
	Unknown     uint64        // that ended with an outcome that is not known
	NotSent     uint64        // that ended without having been sent
	QueueFull   uint64        // callers who were refused because too many waited
	Dials       uint64        // attempts to open a session
	Opened      uint64        // sessions
	Refused     uint64        // logins, by whatever code
	Limited     uint64        // of Refused: by the limit of sessions (2502)
	Lost        uint64        // sessions that ended by themselves
	LoggedOut   uint64        // sessions that the pool ended
	Hellos      uint64        // sent to keep sessions alive
	WaitingTime time.Duration // of all callers together
}

// SessionStats is the state of one session of a pool.
type SessionStats struct {
	Address  string
	Opened   time.Time
	LastUse  time.Time // when a command was last answered; Opened before the first
	Busy     int       // commands on their way
	Commands uint64    // so far
	Retiring bool
}
