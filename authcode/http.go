package authcode

import (
	"log/slog"
	"net/http"
	"time"
)

// HTTP is how a client reaches an interface over HTTP. The zero value works.
type HTTP struct {
	// Base is the interface's address, as in "https://api.example/v2"; "" is the
	// system's own.
	Base string
	// Client makes the requests; nil is one of the package's own. Its redirects
	// are not used: none is followed off the host, nor with a call that changes
	// something.
	Client *http.Client
	// Timeout bounds a call with all its repetitions; 30 s.
	Timeout time.Duration
	// MaxBody is the most octets of an answer; 1 MiB.
	MaxBody int64
	// Retries is how often a call is repeated that changes nothing, or that never
	// got out; 2. A negative number is none.
	Retries int
	// Backoff is how long to wait before the first repetition, twice as long
	// before the next; 250 ms. A Retry-After in the answer can make it longer.
	Backoff time.Duration
	// Now is the clock; time.Now.
	Now func() time.Time
	// Log gets a line for each request at debug level: method, path, status.
	// Nil logs nothing.
	Log *slog.Logger
}
