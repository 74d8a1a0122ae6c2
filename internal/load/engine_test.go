package load

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// server is a Target: what answers after a while that answer says.
type server struct {
	answer func(sinceStart time.Duration, line string) (time.Duration, Outcome)
	refuse func(n int) error // the n-th session

	mu       sync.Mutex
	start    time.Time
	lines    []string
	opened   int
	now, top int // sessions
	sessions []*session
}

type session struct {
	*server
	done chan struct{}
	once sync.Once
}

func (x *server) Open(context.Context) (Session, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.opened++
	if x.refuse != nil {
		if err := x.refuse(x.opened); err != nil {
			return nil, err
		}
	}
	x.now++
	x.top = max(x.top, x.now)
	s := &session{server: x, done: make(chan struct{})}
	x.sessions = append(x.sessions, s)
	return s, nil
}

func (x *server) Prepare(step *Step, v Values) (Command, error) {
	var line []string
	for _, w := range step.Words() {
		s, err := w.Expand(v)
		if err != nil {
			return Command{}, err
		}
		line = append(line, s)
	}
	class := ClassQuery
	if line[0] == "create" || line[0] == "delete" || line[0] == "renew" {
		class = ClassTransform
	}
	return Command{Name: line[0], Class: class, Payload: strings.Join(line, " ")}, nil
}

func (s *session) Do(ctx context.Context, cmd Command) Outcome {
	line := cmd.Payload.(string)
	s.mu.Lock()
	s.lines = append(s.lines, line)
	since := time.Since(s.start)
	s.mu.Unlock()
	took, o := time.Millisecond, Outcome{Code: 1000}
	if s.answer != nil {
		took, o = s.answer(since, line)
	}
	select {
	case <-time.After(took):
		return o
	case <-s.done:
		return Outcome{Fate: Unknown, Err: errors.New("the connection is gone")}
	case <-ctx.Done():
		return Outcome{Fate: Unknown, Err: ctx.Err()}
	}
}

func (s *session) Done() <-chan struct{} { return s.done }

func (s *session) Close(context.Context) Outcome {
	s.drop()
	return Outcome{Code: 1500}
}

func (s *session) drop() {
	s.once.Do(func() {
		close(s.done)
		s.mu.Lock()
		s.now--
		s.mu.Unlock()
	})
}

// stalls is a server that answers in 1 ms, but from one time to another not at all.
func stalls(from, to time.Duration) *server {
	return &server{start: time.Now(), answer: func(at time.Duration, _ string) (time.Duration, Outcome) {
		took := time.Millisecond
		if at >= from && at < to {
			took += to - at
		}
		return took, Outcome{Code: 1000}
	}}
}

func mustRun(t *testing.T, ctx context.Context, s Scenario, x Target) *Report {
	t.Helper()
	require.NoError(t, s.Check())
	r, err := Run(ctx, &s, x, Options{})
	require.NoError(t, err)
	return r
}

var checks = []Step{{Run: "check a"}}

// TestStall: what was due while a server stalled was late by what was left of the stall.
// The closed model sees one command late for each of its callers, and nothing else.
func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phase := Phase{For: 5 * time.Second, Rate: 100, Arrival: Even}
		r := mustRun(t, t.Context(), Scenario{Commands: checks, Phases: []Phase{phase}}, stalls(2*time.Second, 3*time.Second))
		require.Equal(t, 500, r.Total.Due)
		require.Equal(t, 500, r.Total.OK)
		require.InDelta(t, 1001, *r.Total.Latency.Max, 1)
		require.InDelta(t, 1, *r.Total.Latency.P50, 0.1)
		// One in five was due in the second of the stall: the slowest 10 % took from
		// half of it on.
		require.InDelta(t, 501, *r.Total.Latency.P90, 15)
		require.InDelta(t, 501, *r.Series[2].P50, 15)
		require.InDelta(t, 1001, *r.Series[2].Max, 10)
		require.InDelta(t, 1, *r.Series[3].Max, 35, "the backlog of 100 is served by four sessions")
	})
	synctest.Test(t, func(t *testing.T) {
		phase := Phase{For: 5 * time.Second, Callers: 1}
		r := mustRun(t, t.Context(), Scenario{Commands: checks, Phases: []Phase{phase}}, stalls(2*time.Second, 3*time.Second))
		require.InDelta(t, 1001, *r.Total.Latency.Max, 1)
		require.InDelta(t, 1, *r.Total.Latency.P99, 0.1, "coordinated omission, as the model has it")
		require.InDelta(t, 4000, r.Total.Due, 10)
	})
}

// TestNotStarted: what waits is bounded, and what finds no room is counted and makes the
// percentiles worse.
func TestNotStarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{
			Sessions: 1, Waiting: 10, AnswerTime: 20 * time.Second, Commands: checks,
			Phases: []Phase{{For: 10 * time.Second, Rate: 10, Arrival: Even}},
		}
		x := stalls(5*time.Second, 10*time.Second)
		r := mustRun(t, t.Context(), s, x)
		require.Equal(t, 100, r.Total.Due)
		require.Equal(t, 61, r.Total.OK, "50 before, one that was on its way, ten that waited")
		require.Equal(t, map[string]int{"not started": 39}, r.Total.Failed)
		require.Nil(t, r.Total.Latency.P90)
		require.NotNil(t, r.Total.Latency.P50)
		require.InDelta(t, 0.39, r.Total.Errors(), 0.001)
		require.Equal(t, 10, r.Series[8].NotStarted)
		require.Equal(t, 1, r.Series[6].OK)
		require.Nil(t, r.Series[6].P50, "nine of ten were not started")
	})
}

// TestUnanswered: commands without an answer are slower than all others.
func TestUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{
			Sessions: 1, AnswerTime: time.Second, Commands: checks,
			Phases: []Phase{{For: 10 * time.Second, Rate: 1, Arrival: Even}}, Thresholds: []string{"p80<10ms", "p90<10ms", "errors<=20%"},
		}
		x := stalls(3*time.Second, 5*time.Second)
		r := mustRun(t, t.Context(), s, x)
		require.Equal(t, 8, r.Total.OK)
		require.Equal(t, map[string]int{"outcome unknown": 2}, r.Total.Failed)
		require.Nil(t, r.Total.Latency.P90)
		require.Equal(t, []Verdict{
			{Threshold: "p80<10ms", Measured: "1 ms", Passed: new(true)},
			{Threshold: "p90<10ms", Measured: "too few were answered", Passed: new(false)},
			{Threshold: "errors<=20%", Measured: "20.00%", Passed: new(true)},
		}, r.Thresholds)
	})
}

// TestWarmUp: what was due in warm-up is in the series alone.
func TestWarmUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{Commands: checks, Phases: []Phase{
			{WarmUp: true, For: 5 * time.Second, Rate: 10, Arrival: Even},
			{For: 5 * time.Second, Rate: 100, Arrival: Even},
		}}
		r := mustRun(t, t.Context(), s, stalls(0, 4*time.Second))
		require.Equal(t, 500, r.Total.Due)
		require.InDelta(t, 1, *r.Total.Latency.Max, 0.1)
		require.Equal(t, 500, r.Commands[0].Due)
		require.Equal(t, 50, r.Phases[0].Figures.Due)
		require.InDelta(t, 4001, *r.Phases[0].Figures.Latency.Max, 5)
		require.InDelta(t, 100, r.Total.Rate, 1)
		require.True(t, r.Series[4].WarmUp)
		require.False(t, r.Series[5].WarmUp)
		require.InDelta(t, 10, *r.Series[4].Asked, 0.001)
		require.InDelta(t, 100, *r.Series[5].Asked, 0.001)
		require.Len(t, r.Series, 10)
	})
}

// TestSeed: two runs choose alike, another seed otherwise.
func TestSeed(t *testing.T) {
	run := func(seed uint64) (lines []string) {
		synctest.Test(t, func(t *testing.T) {
			s := Scenario{
				Seed: seed, RunID: "r", Sessions: 1,
				Names:    map[string]Source{"x": {Random: "n{{n}}", Of: 50}, "new": {Sequence: "{{run}}-{{n}}"}},
				Commands: []Step{{Run: "check {{x}}", Weight: 3}, {Run: "create {{new}}"}},
				Phases:   []Phase{{For: 10 * time.Second, Rate: 30}},
			}
			x := &server{start: time.Now()}
			mustRun(t, t.Context(), s, x)
			lines = x.lines
		})
		return lines
	}
	first := run(7)
	require.InDelta(t, 300, len(first), 60)
	require.Equal(t, first, run(7))
	require.NotEqual(t, first, run(8))
	creates := 0
	for _, l := range first {
		if strings.HasPrefix(l, "create") {
			require.Equal(t, fmt.Sprintf("create r-%d", creates), l)
			creates++
		}
	}
	require.InDelta(t, len(first)/4, creates, 25)
}

// TestMade: commands are about what others have made, with the facts of the answers; what
// is taken is nobody else's.
func TestMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{
			RunID: "r",
			Names: map[string]Source{"new": {Sequence: "d{{n}}", From: 1}, "made": {Made: []string{"create", "renew"}}},
			Setup: []Step{{Name: "create", Run: "create {{new}}", Times: 20}},
			Commands: []Step{
				{Name: "renew", Run: "renew {{take made}} {{made.exDate}}", Weight: 5},
				{Run: "delete {{take made}}"},
			},
			Phases: []Phase{{For: 4 * time.Second, Rate: 100, Arrival: Even}},
		}
		until, busy := map[string]int{}, map[string]bool{}
		var mu sync.Mutex
		x := &server{start: time.Now()}
		x.answer = func(_ time.Duration, line string) (time.Duration, Outcome) {
			mu.Lock()
			defer mu.Unlock()
			f := strings.Fields(line)
			switch f[0] {
			case "create":
				until[f[1]] = 1
			case "renew":
				if f[2] != fmt.Sprint("y", until[f[1]]) || busy[f[1]] {
					return time.Millisecond, Outcome{Code: 2306, Err: errors.New("another date")}
				}
				until[f[1]]++
			case "delete":
				if until[f[1]] == 0 {
					return time.Millisecond, Outcome{Code: 2303, Err: errors.New("gone")}
				}
				delete(until, f[1])
			}
			return 30 * time.Millisecond, Outcome{Code: 1000, Facts: map[string]string{"exDate": fmt.Sprint("y", until[f[1]])}}
		}
		r := mustRun(t, t.Context(), s, x)
		require.Zero(t, r.Total.Refused, r.Errors)
		require.Empty(t, until, "400 commands delete 20 domains")
		require.Equal(t, r.Total.Due-r.Total.OK, r.Total.Failed["no value"])
		require.Greater(t, r.Total.OK, 40)
		require.Len(t, r.Commands, 2, "the setup is not counted")
		require.Equal(t, "delete", r.Commands[0].Name)
		require.Equal(t, r.Commands[0].Due, 20+r.Commands[0].Failed["no value"])
	})
}

// TestTaken: a name comes back from a command that was refused, and not from one of which
// nobody knows what it did.
func TestTaken(t *testing.T) {
	for fate, times := range map[Fate]int{Answered: 10, NotSent: 10, Unknown: 2} {
		synctest.Test(t, func(t *testing.T) {
			s := Scenario{
				Names:    map[string]Source{"known": {List: []string{"a", "b"}}},
				Commands: []Step{{Run: "delete {{take known}}"}},
				Phases:   []Phase{{For: time.Second, Rate: 10, Arrival: Even}},
			}
			x := &server{start: time.Now(), answer: func(time.Duration, string) (time.Duration, Outcome) {
				return time.Millisecond, Outcome{Fate: fate, Code: 2304, Err: errors.New("no")}
			}}
			r := mustRun(t, t.Context(), s, x)
			require.Len(t, x.lines, times, fate)
			require.Equal(t, 10-times, r.Total.Failed["no value"])
		})
	}
}

// TestLost: sessions that are lost are opened again, with a back-off; what was on its way
// has an unknown outcome, and what was due meanwhile waits.
func TestLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{Sessions: 2, Commands: checks, Phases: []Phase{{For: 20 * time.Second, Rate: 50, Arrival: Even}}}
		x := stalls(5*time.Second, 5*time.Second+10*time.Millisecond)
		x.refuse = func(n int) error {
			if n > 2 && time.Since(x.start) < 8*time.Second {
				return errors.New("not now")
			}
			return nil
		}
		time.AfterFunc(5*time.Second+5*time.Millisecond, func() {
			for _, s := range x.sessions {
				s.drop()
			}
		})
		r := mustRun(t, t.Context(), s, x)
		require.Equal(t, 2, r.Sessions.Lost)
		require.Equal(t, 4, r.Sessions.Opened)
		require.Positive(t, r.Sessions.Unopened)
		require.Less(t, r.Sessions.Unopened, 20, "no storm")
		require.Equal(t, map[string]int{"outcome unknown": 1}, r.Total.Failed)
		require.Equal(t, 999, r.Total.OK)
		require.Greater(t, *r.Total.Latency.P999, 2900.0)
		require.Zero(t, r.Series[6].Sessions)
		require.Equal(t, 2, r.Series[15].Sessions)
		require.Zero(t, x.now, "all are closed")
	})
}

// TestNoSession: a run without a session is none.
func TestNoSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{Commands: checks, Phases: []Phase{{For: time.Minute, Rate: 1}}}
		require.NoError(t, s.Check())
		refused := errors.New("wrong password")
		_, err := Run(t.Context(), &s, &server{refuse: func(int) error { return refused }}, Options{})
		require.ErrorIs(t, err, refused)
	})
}

// TestInterrupted: the report is of what was done, and the answers on their way are waited
// for, but not for ever.
func TestInterrupted(t *testing.T) {
	for _, p := range []Phase{{For: time.Hour, Rate: 100, Arrival: Even}, {For: time.Hour, Callers: 10}} {
		for _, hangs := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				x := stalls(9*time.Second, 11*time.Second)
				if hangs {
					x = stalls(9*time.Second, time.Hour)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				r := mustRun(t, ctx, Scenario{AnswerTime: time.Minute, Commands: checks, Phases: []Phase{p}}, x)
				require.True(t, r.Interrupted)
				if hangs {
					require.Equal(t, map[string]int{"outcome unknown": 4}, r.Total.Failed)
					require.Less(t, time.Since(x.start), 16*time.Second)
				} else {
					require.Empty(t, r.Total.Failed)
					require.Less(t, time.Since(x.start), 12*time.Second)
				}
				require.Greater(t, r.Total.OK, 890)
				require.Zero(t, x.now)
			})
		}
	}
}

// TestThink: callers wait between their commands, and are no more at once than sessions.
func TestThink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{Sessions: 3, Commands: checks, Phases: []Phase{{For: 10 * time.Second, Callers: 8, Think: 99 * time.Millisecond}}}
		x := &server{start: time.Now()}
		r := mustRun(t, t.Context(), s, x)
		require.InDelta(t, 800, r.Total.Due, 10)
		require.Equal(t, 3, x.top)
		require.InDelta(t, 3, *r.Total.Latency.Max, 0.1, "eight callers and three sessions")
		require.InDelta(t, 1, *r.Total.Service.Max, 0.1)
	})
}
