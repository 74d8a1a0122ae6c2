package client

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// PoolOptions configure a [Pool]. The zero value of a field stands for the default that
// is named beside it.
type PoolOptions struct {
	// Options are those of each session. Its Pipeline is for who has a session to
	// itself, by [Pool.Hold]; for all others there is Depth. The
	// pool's StallTimeout is Timeout by default, so that a session on which nothing
	// is answered any more is replaced early. Timeout bounds also what a command
	// may take in all, its waiting included, where its context has no deadline.
	Options

	// Addresses are the servers of the registry, host or host:port, that hold one
	// state. The pool stays with one that serves, and tries the others where it does
	// not. At least one is needed.
	Addresses []string

	// MaxSessions is how many sessions there may be; 4. It is a bound for the
	// registry's own, which the pool finds out by being refused (2502).
	MaxSessions int
	// MinSessions are opened ahead of demand, and are kept; 0.
	MinSessions int
	// Depth is how many commands may be on their way on one session at once; 1. A
	// lost connection leaves as many transforms of unknown outcome.
	Depth int
	// MaxWaiting is how many callers may wait for a session; 1,024. The next one is
	// refused at once with [ErrQueueFull].
	MaxWaiting int

	// FailFast has callers get the error of an attempt to open a session, in place of
	// waiting for a later one: those who wait when it fails, and those who come until the
	// next attempt. It is for callers who have somebody else waiting, and for whom no
	// answer now is better than one in a minute. Where a session is open they wait.
	FailFast bool

	// KeepAlive is after how much silence a session says hello; 1 minute. It has to
	// be less than the time after which the registry drops an idle session.
	// Negative turns it off.
	KeepAlive time.Duration
	// MaxIdle is how long a session above MinSessions may go without a command
	// before it is logged out; 10 minutes. Negative is for ever.
	MaxIdle time.Duration
	// MaxAge is after how long a session is replaced, less up to a tenth of it at
	// random; 12 hours. Negative is never.
	MaxAge time.Duration
	// Backoff is how long to wait before connecting again after a failure.
	Backoff Backoff
	// MaxRepeats is how often a query whose answer got lost is sent again; 2.
	// Negative is never. A transform is never sent again.
	MaxRepeats int

	// OnEvent is told what the owner of a pool may want to know or do something
	// about: see [Event]. Events come one at a time, in order. It may call the pool,
	// but not wait for its end.
	OnEvent func(Event)
	// Rand gives numbers in [0, 1) for jitter; nil means math/rand/v2.
	Rand func() float64
}

// A Backoff says how long to wait after failures in a row: Min after the first, twice as
// long after each further one, Max at most, and of that a random part between half and
// all.
type Backoff struct {
	Min, Max time.Duration // 1 s; 1 minute
	// Limit is how long a pool keeps to fewer sessions after the registry refused
	// another (2502); 1 minute, doubled with each such refusal in a row, up to 16
	// times as long.
	Limit time.Duration
}

// After returns the wait after the nth failure in a row, counted from 1. rand gives numbers
// in [0, 1). Min and Max are used as they are: the defaults are those of a pool.
func (b Backoff) After(n int, rand func() float64) time.Duration {
	return jitter(double(b.Min, n, b.Max), rand)
}

// double is d after the first of n times, doubled with each further one, up to most.
func double(d time.Duration, n int, most time.Duration) time.Duration {
	for ; n > 1 && d < most; n-- {
		d *= 2
	}
	return min(d, most)
}

// jitter is between half of d and d.
func jitter(d time.Duration, rand func() float64) time.Duration {
	return d/2 + time.Duration(rand()*float64(d/2))
}

// or is a value, or what stands for its absence.
func or[T int | time.Duration](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

// own is a copy of which nobody else has a part that may be changed.
func (o PoolOptions) own() PoolOptions {
	o.Addresses = slices.Clone(o.Addresses)
	o.TLS = o.TLS.Clone()
	if o.Credentials != nil {
		cred := *o.Credentials
		o.Credentials = &cred
	}
	return o
}

// withDefaults is the one place where a pool's defaults are.
func (o PoolOptions) withDefaults() PoolOptions {
	if o.StallTimeout <= 0 {
		o.StallTimeout = o.Options.withDefaults().Timeout
	}
	o.Options = o.Options.withDefaults()
	o.MaxSessions = or(o.MaxSessions, 4)
	o.Depth = or(o.Depth, 1)
	o.Pipeline = max(o.Pipeline, o.Depth)
	o.MaxWaiting = or(o.MaxWaiting, 1024)
	o.KeepAlive = or(o.KeepAlive, time.Minute)
	o.MaxIdle = or(o.MaxIdle, 10*time.Minute)
	o.MaxAge = or(o.MaxAge, 12*time.Hour)
	o.MaxRepeats = or(o.MaxRepeats, 2)
	o.Backoff.Min = or(o.Backoff.Min, time.Second)
	o.Backoff.Max = max(or(o.Backoff.Max, time.Minute), o.Backoff.Min)
	o.Backoff.Limit = or(o.Backoff.Limit, time.Minute)
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	return o
}

// check refuses what no pool can be made of.
func (o *PoolOptions) check() error {
	switch {
	case len(o.Addresses) == 0:
		return errors.New("the option Addresses is empty")
	case o.MaxSessions < 1:
		return fmt.Errorf("the option MaxSessions is %d", o.MaxSessions)
	case o.MinSessions < 0 || o.MinSessions > o.MaxSessions:
		return fmt.Errorf("the option MinSessions is %d, which is not between 0 and MaxSessions, %d", o.MinSessions, o.MaxSessions)
	case o.MaxWaiting < 0:
		return fmt.Errorf("the option MaxWaiting is %d", o.MaxWaiting)
	case o.Credentials != nil && o.Credentials.NewPW != "":
		return errors.New("the option Credentials has a NewPW, which each session would send; see Pool.ChangePassword")
	case o.Depth < 1:
		return fmt.Errorf("the option Depth is %d", o.Depth)
	case o.Backoff.Min < 0 || o.Backoff.Limit < 0:
		return errors.New("the option Backoff has a negative time")
	}
	for _, addr := range o.Addresses {
		if _, err := tlsConfig(addr, o.TLS); err != nil {
			return err
		}
	}
	return o.Options.check()
}
