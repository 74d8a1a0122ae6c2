package bulk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A desk does jobs whose rows say what becomes of them.
type desk struct {
	mu      sync.Mutex
	did     []string // "row identifier"
	results []Result
	takes   time.Duration
}

// heat is a run of n rows; become says what becomes of those that are not done.
func (d *desk) heat(n int, become map[int]Status) *Run {
	var b bytes.Buffer
	b.WriteString("name\n")
	for i := range n {
		fmt.Fprintf(&b, "sauna%d\n", i+1)
	}
	return &Run{
		Input: &Input{Format: CSV, Data: b.Bytes()}, Total: n, Workers: 4, Grace: 10 * time.Second,
		OnResult: func(r Result) error { d.results = append(d.results, r); return nil },
		Prepare: func(_ context.Context, row Row) (Job, error) {
			do := func(ctx context.Context, clTRID string) Result {
				d.mu.Lock()
				d.did = append(d.did, fmt.Sprintf("%d %s", row.Number, clTRID))
				d.mu.Unlock()
				wait, cancel := context.WithTimeout(ctx, d.takes)
				defer cancel()
				<-wait.Done()
				if ctx.Err() != nil {
					return Result{Status: Unknown}
				}
				if s := become[row.Number]; s != "" && !strings.HasSuffix(clTRID, "r") {
					return Result{Status: s, Error: "cold"}
				}
				return Result{Status: Done}
			}
			look := func(_ context.Context, r *Result) {
				if row.Number%2 == 0 {
					r.Status = NotDone
				}
			}
			return Job{Object: row.Cells[0].Value, Do: do, Look: look}, nil
		},
	}
}

// times is how often a row was done.
func (d *desk) times(row int) (n int) {
	for _, did := range d.did {
		if strings.HasPrefix(did, fmt.Sprintf("%d ", row)) {
			n++
		}
	}
	return n
}

func TestRunsCount(t *testing.T) {
	var d desk
	x := d.heat(10, map[int]Status{2: Refused, 3: Failed, 4: Unknown})
	require.NoError(t, x.Go(t.Context()))
	c := x.Counts()
	c.Elapsed = 0
	require.Equal(t, Counts{Total: 10, Done: 7, Refused: 1, Failed: 1, Unknown: 1}, c)
	require.Equal(t, 1, c.Left())
	require.Len(t, d.results, 10)
	require.Equal(t, "7 of 10 rows done, 1 refused, 1 of unknown outcome, 1 failed", c.Summary())
	var open []int
	for _, r := range x.Open() {
		open = append(open, r.Row)
	}
	require.Equal(t, []int{3, 4}, open)
}

// TestRate holds a run to its rate, and the figures for people to the clock.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := desk{takes: 10 * time.Millisecond}
		x := d.heat(101, nil)
		x.Rate = 20
		began := time.Now()
		go func() {
			time.Sleep(time.Second) // of the bubble's clock
			require.Equal(t, "20/101, 20.0/s, 4s left", x.Counts().String())
		}()
		require.NoError(t, x.Go(t.Context()))
		require.Equal(t, 5*time.Second+d.takes, time.Since(began))
		synctest.Wait()
	})
}

// TestRunsAreToldToEnd lets what is under way finish, starts nothing, and goes on later.
func TestRunsAreToldToEnd(t *testing.T) {
	for _, row := range []struct {
		name    string
		takes   time.Duration
		unknown int
		lasts   time.Duration
	}{
		{"what is under way finishes", 2 * time.Second, 0, 6 * time.Second},
		{"but not for ever", time.Hour, 4, 15 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "j")
			synctest.Test(t, func(t *testing.T) {
				d := desk{takes: row.takes}
				x := d.heat(100, nil)
				x.Journal = openTest(t, path)
				ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
				defer stop()
				began := time.Now()
				require.ErrorIs(t, x.Go(ctx), context.DeadlineExceeded)
				require.Equal(t, row.lasts, time.Since(began))
				c := x.Counts()
				require.Equal(t, row.unknown, c.Unknown)
				require.Equal(t, len(d.did), c.Done+c.Unknown)
				require.NoError(t, x.Journal.Close())

				d.takes, d.results = 0, nil
				x = d.heat(100, nil)
				x.Journal = openTest(t, path)
				require.NoError(t, x.Go(t.Context()))
				require.NoError(t, x.Journal.Close())
				require.Equal(t, 100-row.unknown, x.Counts().Done)
				require.Equal(t, c.Done+c.Unknown, x.Counts().Earlier)
				require.Len(t, d.results, 100)
				for n := range 100 {
					require.Equal(t, 1, d.times(n+1))
				}
			})
		})
	}
}

// TestCutOff does no row again that had begun, and does again what was not sent.
func TestCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	j := openTest(t, path)
	at := time.Date(2031, 4, 15, 12, 0, 0, 0, time.UTC)
	for row := 1; row <= 4; row++ {
		require.NoError(t, j.begin(Begin{row, fmt.Sprintf("T-%d", row), at}))
	}
	require.NoError(t, j.result(Result{Row: 1, Status: Done}))
	require.NoError(t, j.notSent(2))
	require.NoError(t, j.Close())
	var d desk
	x := d.heat(6, nil)
	x.Journal = openTest(t, path)
	require.NoError(t, x.Go(t.Context()))
	for row, n := range []int{0, 1, 0, 0, 1, 1} {
		require.Equal(t, n, d.times(row+1), row+1)
	}
	i := slices.IndexFunc(d.results, func(r Result) bool { return r.Row == 3 })
	require.Equal(t, Result{
		Row: 3, Line: 4, Object: "sauna3", Status: Unknown, ClTRID: "T-3", Sent: at,
		Error: "an earlier run was cut off between sending it and its answer",
	}, d.results[i])
	require.Equal(t, 2, x.Counts().Unknown)

	// Row 4 is one of those that were not done.
	require.NoError(t, x.Look(t.Context(), false))
	require.Zero(t, d.times(4))
	require.Equal(t, 1, x.Counts().NotDone)
	require.NoError(t, x.Journal.Close())

	x = d.heat(6, nil)
	x.Journal = openTest(t, path)
	require.NoError(t, x.Go(t.Context()))
	require.Zero(t, d.times(4), "it is done again where that is asked for alone")
	require.NoError(t, x.Look(t.Context(), true))
	require.NoError(t, x.Journal.Close())
	require.Equal(t, 1, d.times(4))
	require.Zero(t, d.times(3))
	require.Equal(t, []int{5, 1}, []int{x.Counts().Done, x.Counts().Unknown})
	require.Equal(t, "5 of 6 rows done, 1 of unknown outcome; 4 settled by earlier runs", x.Counts().Summary())
}

func TestRunsEndEarly(t *testing.T) {
	all := func(s Status) map[int]Status {
		m := map[int]Status{}
		for n := range 1000 {
			m[n+1] = s
		}
		return m
	}
	t.Run("by their errors", func(t *testing.T) {
		var d desk
		x := d.heat(1000, all(Refused))
		x.MaxErrors = 3
		require.ErrorIs(t, x.Go(t.Context()), ErrTooManyErrors)
		require.Less(t, len(d.did), 3+2*x.Workers)
	})
	t.Run("where nothing can be sent", func(t *testing.T) {
		var d desk
		x := d.heat(1000, all(Failed))
		require.ErrorContains(t, x.Go(t.Context()), "9 rows after one another could not be sent; the last one: cold")
		require.Less(t, len(d.did), 9+2*x.Workers)
	})
	t.Run("where results can't be told", func(t *testing.T) {
		var d desk
		x := d.heat(1000, nil)
		full := errors.New("the disk is full")
		x.OnResult = func(Result) error { return full }
		require.ErrorIs(t, x.Go(t.Context()), full)
		require.Less(t, len(d.did), 2*x.Workers)
	})
	t.Run("where nothing can be remembered", func(t *testing.T) {
		var d desk
		x := d.heat(1000, nil)
		x.Journal = openTest(t, filepath.Join(t.TempDir(), "j"))
		require.NoError(t, x.Journal.f.Close())
		require.Error(t, x.Go(t.Context()))
		require.Empty(t, d.did, "what can't be remembered is not done")
		require.Error(t, x.Journal.Close())
	})
}

// A terminal keeps what is written to it.
type terminal struct {
	mu sync.Mutex
	bytes.Buffer
}

func (w *terminal) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Buffer.Write(b)
}

func TestProgress(t *testing.T) {
	for _, row := range []struct {
		name  string
		width int
		want  string
	}{
		{"on a terminal", 80, "\r[#####...............] 5/20, 10.0/s, 2s left, 1 refused\x1b[K\r\x1b[Khot\n"},
		{"on a narrow one", 40, "\r5/20, 10.0/s, 2s left, 1 refused\x1b[K\r\x1b[Khot\n"},
		{"on a very narrow one", 10, "\r5/20, 10.0\x1b[K\r\x1b[Khot\n"},
		{"elsewhere", 0, "hot\n5/20, 10.0/s, 2s left, 1 refused\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var w terminal
				var fit func(string) string
				if row.width > 0 {
					fit = func(line string) string { return line[:min(len(line), row.width)] }
				}
				p := ShowProgress(&w, fit, func() Counts {
					return Counts{Total: 20, Done: 4, Refused: 1, Elapsed: 500 * time.Millisecond}
				})
				time.Sleep(barInterval + time.Millisecond)
				fmt.Fprintln(p, "hot")
				if row.width == 0 {
					time.Sleep(lineInterval)
				}
				p.Stop()
				require.Equal(t, row.want, w.String())
			})
		})
	}
}
