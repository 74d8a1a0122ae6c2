package gateway

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Rate is how many requests are allowed in a time, all at once or spread over it. The
// zero Rate is no limit.
type Rate struct {
	Requests int
	Per      time.Duration
}

// wait is how long it takes until one more request is allowed, rounded up to seconds.
func (r Rate) wait() time.Duration {
	if !r.limits() {
		return 0
	}
	n := time.Duration(r.Requests) * time.Second
	return (r.Per + n - 1) / n * time.Second
}

func (r Rate) limits() bool { return r.Requests > 0 && r.Per > 0 }

// limiter holds accounts to a Rate.
type limiter struct {
	rate Rate
	mu   sync.Mutex
	of   map[string]*rate.Limiter // by account
}

func (l *limiter) allow(account string, now time.Time) bool {
	if !l.rate.limits() {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[string]*rate.Limiter{}
	}
	it := l.of[account]
	if it == nil {
		it = rate.NewLimiter(rate.Limit(float64(l.rate.Requests)/l.rate.Per.Seconds()), l.rate.Requests)
		l.of[account] = it
	}
	return it.AllowN(now, 1)
}
