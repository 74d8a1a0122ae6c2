package gateway_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// clock is a clock that a test moves.
type clock struct{ now time.Time }

func newClock() *clock                   { return &clock{time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)} }
func (c *clock) Now() time.Time          { return c.now }
func (c *clock) advance(d time.Duration) { c.now = c.now.Add(d) }

// stand makes a gateway of accounts one and two; what o leaves out it fills in.
func stand(t *testing.T, o gateway.Options) *gateway.Gateway {
	t.Helper()
	if o.Accounts == nil {
		o.Accounts = accounts(t, one(), two())
	}
	if o.Provider == nil {
		o.Provider = &authcode.Router{}
	}
	g, err := gateway.New(o)
	require.NoError(t, err)
	return g
}

// TestSessions ends them in time.
func TestSessions(t *testing.T) {
	const ttl = time.Hour
	for name, r := range map[string]struct {
		opts gateway.Options
		idle bool
		used []time.Duration // how long after the use before
		end  time.Duration   // after the last use
	}{
		"absolute":           {gateway.Options{}, false, []time.Duration{ttl / 2, ttl / 4}, ttl / 4},
		"idle":               {gateway.Options{}, true, []time.Duration{ttl / 2, ttl - 1, ttl - 1}, ttl},
		"Options.SessionTTL": {gateway.Options{SessionTTL: time.Minute}, false, []time.Duration{time.Second}, 59 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			r.opts.Now = c.Now
			g := stand(t, r.opts)
			s := g.NewSessions(ttl, r.idle)
			who := g.Accounts().ByUser("ONE1")
			token, err := s.Open(who)
			require.NoError(t, err)
			require.Regexp(t, "^[0-9a-f]{32}$", token)
			for _, d := range r.used {
				c.advance(d)
				require.Same(t, who, s.Account(token))
			}
			c.advance(r.end - 1)
			if !r.idle {
				require.Same(t, who, s.Account(token))
				c.advance(1)
			} else {
				c.advance(1) // and not used a moment before
			}
			require.Nil(t, s.Account(token))
			c.advance(-r.end)
			require.Nil(t, s.Account(token), "what has ended stays so")
			require.False(t, s.Close(token))
		})
	}
}

// TestSessionQuota counts those of an account that are open.
func TestSessionQuota(t *testing.T) {
	c := newClock()
	g := stand(t, gateway.Options{MaxSessions: 2, Now: c.Now})
	s := g.NewSessions(time.Hour, false)
	a, b := g.Accounts().ByUser("ONE1"), g.Accounts().ByUser("TWO2")
	first, err := s.Open(a)
	require.NoError(t, err)
	c.advance(time.Minute)
	second, err := s.Open(a)
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	_, err = s.Open(a)
	require.ErrorIs(t, err, gateway.ErrTooManySessions)
	_, err = s.Open(b)
	require.NoError(t, err)

	require.True(t, s.Close(first))
	require.False(t, s.Close(first))
	require.Nil(t, s.Account(first))
	_, err = s.Open(a)
	require.NoError(t, err)
	_, err = s.Open(a)
	require.ErrorIs(t, err, gateway.ErrTooManySessions)

	c.advance(time.Hour - time.Minute)
	require.NotNil(t, s.Account(second))
	c.advance(time.Minute) // second ends
	_, err = s.Open(a)
	require.NoError(t, err)
}

// TestStaticTokens are sessions that never end and count for no quota.
func TestStaticTokens(t *testing.T) {
	c := newClock()
	s := stand(t, gateway.Options{Now: c.Now}).NewSessions(time.Hour, false)
	c.advance(1000 * time.Hour)
	require.Equal(t, "one", s.Account("t0ken-1b").Name)
	require.Equal(t, "two", s.Account("t0ken-2").Name)
	require.False(t, s.Close("t0ken-2"))
	require.Nil(t, s.Account(""))
	require.Nil(t, s.Account("t0ken"))
}

// TestSessionsApart has one interface not know the sessions of another, nor a session of
// its own by anything but the whole token.
func TestSessionsApart(t *testing.T) {
	g := stand(t, gateway.Options{})
	s, other := g.NewSessions(time.Hour, false), g.NewSessions(time.Hour, false)
	token, err := s.Open(g.Accounts().ByUser("ONE1"))
	require.NoError(t, err)
	require.NotNil(t, s.Account(token))
	require.Nil(t, other.Account(token))
	require.Nil(t, s.Account(token[:31]))
	require.Nil(t, s.Account(strings.ToUpper(token)+" "))
}

// alone is a source of randomness that can't be read twice at once.
type alone struct {
	busy atomic.Bool
	from io.Reader
}

func (r *alone) Read(b []byte) (int, error) {
	if r.busy.Swap(true) {
		return 0, errors.New("it is being read")
	}
	defer r.busy.Store(false)
	runtime.Gosched()
	return r.from.Read(b)
}

// TestTokens come from Options.Rand, by many goroutines at once.
func TestTokens(t *testing.T) {
	g := stand(t, gateway.Options{Rand: &alone{from: rand.NewChaCha8([32]byte{1})}, MaxSessions: 1000})
	var (
		all  sync.WaitGroup
		seen sync.Map
	)
	for _, s := range []*gateway.Sessions{g.NewSessions(time.Hour, false), g.NewSessions(time.Hour, true)} {
		for range 4 {
			all.Go(func() {
				for range 50 {
					token, err := s.Open(g.Accounts().ByUser("ONE1"))
					_, twice := seen.Swap(token, true)
					if err != nil || twice || s.Account(token) == nil {
						t.Errorf("token %s: %v", token, err)
					}
				}
			})
		}
	}
	all.Wait()

	broken := errors.New("no entropy")
	g = stand(t, gateway.Options{Rand: iotest.ErrReader(broken)})
	_, err := g.NewSessions(time.Hour, false).Open(g.Accounts().ByUser("ONE1"))
	require.ErrorIs(t, err, broken)
}
