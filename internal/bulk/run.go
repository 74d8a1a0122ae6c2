package bulk

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Run does the rows of an input.
type Run struct {
	Input *Input
	Total int // rows of Input
	// Journal is what remembers the run; nil remembers nothing.
	Journal *Journal
	// Prepare makes a job of a row. Several goroutines call it.
	Prepare func(context.Context, Row) (Job, error)
	// OnResult is told each result, one at a time. An error ends the run.
	OnResult func(Result) error

	Workers int     // 1
	Rate    float64 // jobs in a second; 0 is as many as the workers do
	// MaxErrors ends the run when so many rows were refused, failed or are of unknown
	// outcome, not counting earlier runs; 0 has no limit.
	MaxErrors int
	// Grace is how long jobs that are under way may take after the run was told to end.
	Grace time.Duration

	mu     sync.Mutex
	start  time.Time
	counts Counts
	open   map[int]Result // those after which more may come: unknown, not done, failed
	old    map[int]bool   // the rows of open whose result is that of an earlier run
	errors int            // of this run
	silent int            // rows that were not sent, in a row
	halt   error
	stop   context.CancelFunc
	limit  *rate.Limiter
	trid   string
}

// ErrTooManyErrors is that a run ended because of its MaxErrors.
var ErrTooManyErrors = errors.New("too many rows failed")

// Go does the rows that have no result yet, until ctx ends: then it starts no more, and
// waits for those that are under way. The error is why it ended early; where ctx ended
// that is the context's.
func (x *Run) Go(ctx context.Context) error {
	x.mu.Lock()
	x.start = time.Now()
	x.counts = Counts{}
	x.open = make(map[int]Result)
	x.old = make(map[int]bool)
	x.trid = "eppkit-bulk-" + rand.Text()[:13]
	x.limit = rate.NewLimiter(rate.Inf, 1)
	if x.Rate > 0 {
		x.limit.SetLimit(rate.Limit(x.Rate))
	}
	x.mu.Unlock()
	return x.pass(ctx, x.fresh, x.do)
}

// Look looks after the rows of unknown outcome; see [Job]. Those that were not done are
// done then, where again says so.
func (x *Run) Look(ctx context.Context, again bool) error {
	is := func(s Status) func(context.Context, Row) bool {
		return func(_ context.Context, row Row) bool {
			x.mu.Lock()
			defer x.mu.Unlock()
			return x.open[row.Number].Status == s
		}
	}
	err := x.pass(ctx, is(Unknown), x.look)
	if err == nil && again {
		err = x.pass(ctx, is(NotDone), x.do)
	}
	return err
}

// Counts are those of this moment.
func (x *Run) Counts() Counts {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.counts
	c.Total = x.Total
	if !x.start.IsZero() {
		c.Elapsed = time.Since(x.start)
	}
	return c
}

// pass hands the rows that are wanted to workers.
func (x *Run) pass(ctx context.Context, wanted func(context.Context, Row) bool, work func(ctx, hard context.Context, row Row)) error {
	outer := ctx
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	hard, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	x.mu.Lock()
	x.stop = stop
	x.mu.Unlock()
	var grace *time.Timer
	defer context.AfterFunc(ctx, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		grace = time.AfterFunc(x.Grace, cut)
	})()
	rows := make(chan Row)
	var all sync.WaitGroup
	for range max(x.Workers, 1) {
		all.Go(func() {
			for row := range rows {
				if x.limit.Wait(ctx) == nil && ctx.Err() == nil {
					work(ctx, hard, row)
				}
			}
		})
	}
	for row, err := range x.Input.Rows() {
		if err != nil {
			x.fail(err)
		}
		if ctx.Err() != nil {
			break
		}
		if wanted(hard, row) {
			select {
			case rows <- row:
			case <-ctx.Done():
			}
		}
	}
	close(rows)
	all.Wait()
	x.mu.Lock()
	defer x.mu.Unlock()
	if grace != nil {
		grace.Stop()
	}
	if x.halt != nil {
		return x.halt
	}
	return outer.Err()
}

// fail ends the run.
func (x *Run) fail(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.failing(err)
}

func (x *Run) failing(err error) {
	if err != nil && x.halt == nil {
		x.halt = err
		x.stop()
	}
}

// fresh reports whether a row is to be done. It tells the results of earlier runs.
func (x *Run) fresh(ctx context.Context, row Row) bool {
	if x.Journal == nil {
		return true
	}
	if r, ok := x.Journal.Results[row.Number]; ok {
		x.tell(r, true)
		return false
	}
	had, begun := x.Journal.Begun[row.Number]
	if !begun {
		return true
	}
	job, err := x.Prepare(ctx, row)
	if err != nil {
		x.fail(fmt.Errorf("row %d: %w", row.Number, err))
		return false
	}
	r := Result{
		Row: row.Number, Line: row.Line, Object: job.Object, Status: Unknown, ClTRID: had.ClTRID, Sent: had.Sent,
		Error: "an earlier run was cut off between sending it and its answer",
	}
	x.fail(x.Journal.result(r))
	x.tell(r, true)
	return false
}

// do does a row. Its own context is hard; ctx says that the run is to end.
func (x *Run) do(ctx, hard context.Context, row Row) {
	job, err := x.Prepare(hard, row)
	if err != nil {
		x.fail(fmt.Errorf("row %d: %w", row.Number, err))
		return
	}
	clTRID := fmt.Sprintf("%s-%d", x.trid, row.Number)
	if x.was(row.Number).Status == NotDone {
		clTRID += "r"
	}
	clTRID = cmp.Or(job.ClTRID, clTRID)
	began := time.Now()
	if x.Journal != nil && !job.Harmless {
		if err := x.Journal.begin(Begin{row.Number, clTRID, began.UTC()}); err != nil {
			x.fail(err)
			return
		}
		if ctx.Err() != nil {
			x.fail(x.Journal.notSent(row.Number))
			return
		}
	}
	sent := time.Now()
	r := job.Do(hard, clTRID)
	r.Row, r.Line, r.Object, r.ClTRID, r.Sent = row.Number, row.Line, job.Object, clTRID, began.UTC()
	r.Seconds = float64(time.Since(sent).Microseconds()) / 1e6
	x.record(r, job.Harmless)
	x.judge(r)
}

// was is what became of a row so far, where more may come.
func (x *Run) was(row int) Result {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.open[row]
}

// look looks what became of a row.
func (x *Run) look(_, hard context.Context, row Row) {
	job, err := x.Prepare(hard, row)
	if err != nil {
		x.fail(fmt.Errorf("row %d: %w", row.Number, err))
		return
	}
	r := x.was(row.Number)
	job.Look(hard, &r)
	x.record(r, false)
}

// record writes a result down, and tells it.
func (x *Run) record(r Result, harmless bool) {
	var err error
	switch {
	case x.Journal == nil:
	case r.Status != Failed:
		err = x.Journal.result(r)
	case !harmless:
		err = x.Journal.notSent(r.Row)
	}
	x.fail(err)
	x.tell(r, false)
}

// tell counts a result, and tells it.
func (x *Run) tell(r Result, earlier bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if was, ok := x.open[r.Row]; ok {
		*x.counts.of(was.Status)--
		delete(x.open, r.Row)
		if x.old[r.Row] { // this run has settled it anew
			x.counts.Earlier--
			delete(x.old, r.Row)
		}
	}
	*x.counts.of(r.Status)++
	if r.Status == Unknown || r.Status == NotDone || r.Status == Failed {
		r.Answer = nil
		x.open[r.Row] = r
		if earlier {
			x.old[r.Row] = true
		}
	}
	if earlier {
		x.counts.Earlier++
	}
	x.failing(x.OnResult(r))
}

// judge decides after a row was done whether to go on.
func (x *Run) judge(r Result) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.failing(r.Halt)
	if x.silent++; r.Status != Failed {
		x.silent = 0
	}
	if x.silent > 2*max(x.Workers, 1) {
		x.failing(fmt.Errorf("%d rows after one another could not be sent; the last one: %s", x.silent, r.Error))
	}
	if r.Status != Done {
		x.errors++
	}
	if x.MaxErrors > 0 && x.errors >= x.MaxErrors {
		x.failing(fmt.Errorf("%w: %d", ErrTooManyErrors, x.errors))
	}
}

// Open are the results after which more may come, in the order of their rows: of unknown
// outcome, not done, failed.
func (x *Run) Open() []Result {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.SortedFunc(maps.Values(x.open), func(a, b Result) int { return cmp.Compare(a.Row, b.Row) })
}
