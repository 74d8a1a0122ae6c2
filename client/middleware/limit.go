package middleware

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/cause"
)

// ErrLimited is in the chain of the error of a command that a [Limit] can't let pass
// before its deadline.
var ErrLimited = errors.New("the rate limit has no turn before the deadline")

// A Rule says how many commands of a kind may be sent in a time.
type Rule struct {
	// Of is the kind: "" for all, a [Class] such as "query", a verb such as "check" or
	// "poll", or a command by its name, such as "domain:check".
	Of string
	// Rate is how many a second, such as 5 or rate.Every(time.Minute).
	Rate rate.Limit
	// Burst is how many may be sent at once after a silence; 1.
	Burst int
}

// LimitOptions configure a [Limit].
type LimitOptions struct {
	// Rules are kept all: a command waits until each that fits it lets it pass.
	Rules []Rule
	// MaxWait is how long a command may wait whose context has no deadline; 30 s.
	MaxWait time.Duration
}

// A Limit keeps to the rates that a registry allows. Commands wait in order of arrival,
// but do not wait for those that only another rule holds up. One whose turn can't come
// before its deadline fails at once, and one whose caller gives up leaves its turn to the
// next; neither was sent.
type Limit struct {
	maxWait time.Duration

	mu      sync.Mutex
	rules   []*rule
	waiting []*turn // in order of arrival
	timer   *time.Timer
	stats   LimitStats
}

// LimitStats is what a [Limit] has done so far, and who waits now.
type LimitStats struct {
	Waiting     int           // now
	Passed      uint64        // let pass, at once or later
	Delayed     uint64        // of Passed: those that had to wait
	Refused     uint64        // that could not have their turn before their deadline
	GivenUp     uint64        // that ended waiting without a turn
	WaitingTime time.Duration // of Delayed and GivenUp together
}

type rule struct {
	of     string
	bucket *rate.Limiter
	// left is what the bucket holds while turns are given.
	left float64
}

// A turn is a command that waits.
type turn struct {
	rules []*rule
	ready chan struct{} // closed when it may go
}

// NewLimit makes a Limit. A rule that no command can fit, or that lets none pass, is an
// error.
func NewLimit(opts LimitOptions) (*Limit, error) {
	m := &Limit{maxWait: opts.MaxWait}
	if m.maxWait <= 0 {
		m.maxWait = 30 * time.Second
	}
	for _, r := range opts.Rules {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("middleware: the limit of %q: %w", r.Of, err)
		}
		m.rules = append(m.rules, &rule{of: r.Of, bucket: rate.NewLimiter(r.Rate, max(r.Burst, 1))})
	}
	return m, nil
}

func (r *Rule) check() error {
	known := r.Of == "" || strings.Contains(r.Of, ":") || epp.IsObjectVerb(r.Of) ||
		slices.Contains([]string{string(Session), string(Query), string(Transform), "login", "logout", "poll"}, r.Of)
	switch {
	case !known:
		return errors.New("that is neither a class, nor a verb, nor a command such as domain:check")
	case !(r.Rate > 0): // or not a number
		return fmt.Errorf("the rate %v lets nothing pass", float64(r.Rate))
	case r.Burst < 0:
		return fmt.Errorf("the burst is %d", r.Burst)
	}
	return nil
}

// fit returns the rules for a command.
func (m *Limit) fit(cmd *epp.Command) []*rule {
	r := requestOf(cmd)
	name, class := nameOf(r), string(ClassOf(cmd))
	verb := name[strings.IndexByte(name, ':')+1:]
	var fit []*rule
	for _, it := range m.rules {
		if it.of == "" || it.of == name || it.of == class || it.of == verb {
			fit = append(fit, it)
		}
	}
	return fit
}

// Exchange waits for the command's turn and passes it on.
func (m *Limit) Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
	if rules := m.fit(cmd); len(rules) > 0 {
		if err := m.wait(ctx, rules); err != nil {
			return nil, notSent(cmd, err)
		}
	}
	return next.Exchange(ctx, cmd)
}

func (m *Limit) wait(ctx context.Context, rules []*rule) error {
	if ctx.Err() != nil {
		return cause.Of(ctx)
	}
	start := time.Now()
	until, ok := ctx.Deadline()
	if !ok {
		until = start.Add(m.maxWait)
	}
	t, err := m.queue(rules, until)
	if t == nil {
		return err
	}
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	select {
	case <-t.ready:
		m.count(func(s *LimitStats) { s.WaitingTime += time.Since(start) })
		return nil
	case <-ctx.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.WaitingTime += time.Since(start)
	i := slices.Index(m.waiting, t)
	if i < 0 { // it had its turn just now
		return nil
	}
	m.waiting = slices.Delete(m.waiting, i, i+1)
	m.stats.GivenUp++
	m.give(time.Now())
	if ctx.Err() == context.DeadlineExceeded {
		return fmt.Errorf("%w: %w", ErrLimited, cause.Of(ctx))
	}
	return cause.Of(ctx)
}

// queue lets a command pass at once, which is nil, refuses it, or has it wait until some
// time.
func (m *Limit) queue(rules []*rule, until time.Time) (*turn, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now() // with mu held: a bucket must not see time go back
	t := &turn{rules: rules, ready: make(chan struct{})}
	m.waiting = append(m.waiting, t)
	m.give(now)
	if last := len(m.waiting) - 1; last < 0 || m.waiting[last] != t {
		return nil, nil
	}
	if now.Add(m.soonest(t)).After(until) {
		m.waiting = m.waiting[:len(m.waiting)-1]
		m.stats.Refused++
		m.give(now)
		return nil, fmt.Errorf("%w: %w", ErrLimited, context.DeadlineExceeded)
	}
	m.stats.Delayed++ // unless it gives up; see Stats
	return t, nil
}

// soonest is the least that the last of those who wait has to: until all that came before
// it and need the same have had their turn.
func (m *Limit) soonest(t *turn) time.Duration {
	var most time.Duration
	for _, r := range t.rules {
		need := -r.left
		for _, w := range m.waiting {
			if slices.Equal(w.rules, t.rules) {
				need++
			}
		}
		most = max(most, duration(need, r.bucket.Limit()))
	}
	return most
}

// duration is how long a bucket takes to fill by some, at least a nanosecond: so that
// time moves on.
func duration(need float64, r rate.Limit) time.Duration {
	if need <= 0 || r == rate.Inf {
		return 0
	}
	d := math.Ceil(need / float64(r) * float64(time.Second))
	return time.Duration(min(max(d, 1), float64(math.MaxInt64/2)))
}

// give lets all go whose turn it is, the oldest first, and sets the timer for the next.
// It is called with mu held.
func (m *Limit) give(now time.Time) {
	for _, r := range m.rules {
		r.left = r.bucket.TokensAt(now)
	}
	next := time.Duration(math.MaxInt64)
	m.waiting = slices.DeleteFunc(m.waiting, func(t *turn) bool {
		var delay time.Duration
		for _, r := range t.rules {
			delay = max(delay, duration(1-r.left, r.bucket.Limit()))
		}
		if delay > 0 {
			next = min(next, delay)
			return false
		}
		for _, r := range t.rules {
			r.bucket.AllowN(now, 1)
			r.left = r.bucket.TokensAt(now)
		}
		m.stats.Passed++
		close(t.ready)
		return true
	})
	switch {
	case len(m.waiting) == 0:
		if m.timer != nil {
			m.timer.Stop()
		}
	case m.timer == nil:
		m.timer = time.AfterFunc(next, m.tick)
	default:
		m.timer.Reset(next)
	}
}

func (m *Limit) tick() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.give(time.Now())
}

func (m *Limit) count(f func(*LimitStats)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.stats)
}

// Stats returns what the limit has done so far.
func (m *Limit) Stats() LimitStats {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stats
	s.Waiting = len(m.waiting)
	s.Delayed -= s.GivenUp + uint64(s.Waiting)
	return s
}
