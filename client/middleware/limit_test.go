package middleware_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
)

func limit(t *testing.T, rules ...middleware.Rule) *middleware.Limit {
	m, err := middleware.NewLimit(middleware.LimitOptions{Rules: rules})
	require.NoError(t, err)
	return m
}

func TestLimitRefusesRules(t *testing.T) {
	for name, r := range map[string]middleware.Rule{
		"of a word":     {Of: "chek", Rate: 1},
		"without rate":  {Of: "check"},
		"negative rate": {Rate: -1},
		"no number":     {Rate: rate.Limit(nan())},
		"burst":         {Rate: 1, Burst: -1},
	} {
		_, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{r}})
		require.Error(t, err, name)
	}
	for _, of := range []string{"", "session", "query", "transform", "check", "poll", "login", "domain:check", "fred:creditInfo"} {
		limit(t, middleware.Rule{Of: of, Rate: 1})
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestLimitKeepsToRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := limit(t, middleware.Rule{Of: "domain:check", Rate: 2, Burst: 3}, middleware.Rule{Of: "transform", Rate: rate.Every(time.Minute)})
		d := middleware.Wrap(answering(epp.Success), m)
		start := time.Now()
		var at []time.Duration
		for range 6 {
			_, err := d.Exchange(t.Context(), check("a.example"))
			require.NoError(t, err)
			at = append(at, time.Since(start).Round(time.Millisecond))
		}
		const half = 500 * time.Millisecond
		require.Equal(t, []time.Duration{0, 0, 0, half, 2 * half, 3 * half}, at)

		// Others do not wait for them.
		start = time.Now()
		for range 10 {
			_, err := d.Exchange(t.Context(), &epp.Command{Request: &contact.Check{IDs: []string{"SAUNA-1"}}})
			require.NoError(t, err)
		}
		_, err := d.Exchange(t.Context(), create())
		require.NoError(t, err)
		require.Zero(t, time.Since(start))
		require.Equal(t, middleware.LimitStats{Passed: 7, Delayed: 3, WaitingTime: 3 * half}, rounded(m.Stats()))
	})
}

func rounded(s middleware.LimitStats) middleware.LimitStats {
	s.WaitingTime = s.WaitingTime.Round(time.Millisecond)
	return s
}

func TestLimitFailsAtOnceBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := limit(t, middleware.Rule{Rate: 1})
		inner := answering(epp.Success)
		d := middleware.Wrap(inner, m)
		_, err := d.Exchange(t.Context(), check("a.example"))
		require.NoError(t, err)

		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
		defer cancel()
		_, err = d.Exchange(ctx, create())
		require.ErrorIs(t, err, middleware.ErrLimited)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.True(t, client.SafeToRetry(err))
		require.Zero(t, time.Since(start), "it does not wait in vain")
		require.EqualValues(t, 1, inner.calls.Load())
		require.EqualError(t, err, "client: domain:create (clTRID A-2): not sent: the rate limit has no turn before the deadline: context deadline exceeded")

		// The one that was refused took no turn.
		_, err = d.Exchange(t.Context(), check("a.example"))
		require.NoError(t, err)
		require.Equal(t, time.Second, time.Since(start).Round(time.Millisecond))
		require.EqualValues(t, 1, m.Stats().Refused)
	})
}

// Those who wait already count: the turn of a newcomer comes after theirs.
func TestLimitKnowsItsQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := middleware.Wrap(answering(epp.Success), limit(t, middleware.Rule{Rate: 1}))
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { _, _ = d.Exchange(t.Context(), create()) })
		}
		synctest.Wait()
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 5900*time.Millisecond)
		defer cancel()
		_, err := d.Exchange(ctx, create())
		require.ErrorIs(t, err, middleware.ErrLimited)
		require.Zero(t, time.Since(start), "at once")
		ctx, cancel = context.WithTimeout(t.Context(), 6100*time.Millisecond)
		defer cancel()
		_, err = d.Exchange(ctx, create())
		require.NoError(t, err)
		all.Wait()
	})
}

func TestLimitWaitsNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{{Rate: rate.Every(time.Hour)}}, MaxWait: time.Minute})
		require.NoError(t, err)
		d := middleware.Wrap(answering(epp.Success), m)
		_, err = d.Exchange(t.Context(), create())
		require.NoError(t, err)
		_, err = d.Exchange(t.Context(), create())
		require.ErrorIs(t, err, middleware.ErrLimited)
	})
}

// Three wait; the first of them gives up; the others come a turn earlier.
func TestLimitGivesTurnsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := limit(t, middleware.Rule{Rate: 1})
		d := middleware.Wrap(answering(epp.Success), m)
		start := time.Now()
		_, err := d.Exchange(t.Context(), create())
		require.NoError(t, err)
		gone, cancel := context.WithCancelCause(t.Context())
		away := errors.New("the customer hung up")
		var all sync.WaitGroup
		var at [3]time.Duration
		for i, ctx := range []context.Context{gone, t.Context(), t.Context()} {
			all.Go(func() {
				_, err := d.Exchange(ctx, create())
				if gaveUp := errors.Is(err, away) && errors.Is(err, context.Canceled) && client.SafeToRetry(err); gaveUp != (i == 0) || err != nil && !gaveUp {
					t.Error(i, err)
				}
				at[i] = time.Since(start).Round(time.Millisecond)
			})
			synctest.Wait() // they come in this order
		}
		time.Sleep(500 * time.Millisecond)
		require.Equal(t, 3, m.Stats().Waiting)
		cancel(away)
		all.Wait()
		require.Equal(t, [3]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}, at)
		s := rounded(m.Stats())
		require.Equal(t, middleware.LimitStats{Passed: 3, Delayed: 2, GivenUp: 1, WaitingTime: 3500 * time.Millisecond}, s)
	})
}

// One that only a narrow rule holds up does not hold up what comes after it.
func TestLimitOneKindDoesNotBlockAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := limit(t, middleware.Rule{Rate: 10, Burst: 10}, middleware.Rule{Of: "domain:check", Rate: rate.Every(10 * time.Second)})
		d := middleware.Wrap(answering(epp.Success), m)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { _, _ = d.Exchange(t.Context(), check("a.example")) })
		}
		synctest.Wait()
		require.Equal(t, 2, m.Stats().Waiting)
		start := time.Now()
		_, err := d.Exchange(t.Context(), create())
		require.NoError(t, err)
		require.Zero(t, time.Since(start))
		all.Wait()
		require.Equal(t, 20*time.Second, time.Since(start).Round(time.Millisecond))
	})
}

// Whoever comes and goes, no more pass than each rule allows, and none waits for ever.
func TestLimitUnderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := limit(t, middleware.Rule{Rate: 50, Burst: 5}, middleware.Rule{Of: "transform", Rate: 7, Burst: 2})
		var mu sync.Mutex
		var all, transforms []time.Time
		inner := &doer{f: func(_ context.Context, cmd *epp.Command) (*epp.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, time.Now())
			if !cmd.IsQuery() {
				transforms = append(transforms, time.Now())
			}
			return answer(epp.Success, cmd), nil
		}}
		d := middleware.Wrap(inner, m)
		var callers sync.WaitGroup
		for i := range 64 {
			callers.Go(func() {
				random := rand.New(rand.NewPCG(3, uint64(i)))
				for range 30 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(3000))*time.Millisecond)
					cmd := check("a.example")
					if random.IntN(2) == 0 {
						cmd = create()
					}
					if _, err := d.Exchange(ctx, cmd); err != nil && !client.SafeToRetry(err) {
						t.Error(err)
					}
					cancel()
				}
			})
		}
		callers.Wait()
		within(t, all, 50, 5)
		within(t, transforms, 7, 2)
		s := m.Stats()
		require.Zero(t, s.Waiting)
		require.EqualValues(t, len(all), s.Passed)
		require.EqualValues(t, 64*30-len(all), s.Refused+s.GivenUp)
		require.Positive(t, s.Refused)
		require.Greater(t, len(transforms), 50)
	})
}

// within checks that in no stretch of time there were more than a bucket allows.
func within(t *testing.T, at []time.Time, perSecond, burst float64) {
	for i := range at {
		for k := i; k < len(at); k++ {
			most := burst + perSecond*at[k].Sub(at[i]).Seconds()
			require.LessOrEqual(t, float64(k-i+1), most+1e-6)
		}
	}
}
