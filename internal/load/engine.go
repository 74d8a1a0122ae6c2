package load

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Progress is the state of a run.
type Progress struct {
	Phase          string
	Elapsed, Total time.Duration
	Rate           float64       // answers a second, in the last whole interval
	P95            time.Duration // of the commands due in it that were answered
	Failed         int           // so far: refused, not answered or not started
	Sessions       int           // open
	Waiting        int           // commands that are due and not sent
}

// Options of a run.
type Options struct {
	// Progress, where it is given, is called once a second.
	Progress func(Progress)
	// Grace is how long an interrupted run waits for the answers that are due; 5 s.
	Grace time.Duration
}

// An engine is a run.
type engine struct {
	*Scenario
	target Target
	opts   Options
	rec    *recorder
	names  map[string]*names
	made   map[string][]*names // what a step of a name makes
	weight float64             // of all commands

	jobs  chan *job       // that are due
	asked chan *job       // of callers, who wait for a session to take them
	work  sync.WaitGroup  // jobs that have not ended
	kill  context.Context // ends the commands on their way
	over  chan struct{}   // closed when no more commands are taken
	trial sync.Mutex      // guards tries
	tries *rand.Rand      // of back-off
}

// Run carries out a scenario that was checked. When ctx ends, the report is of what was
// done until then, and says so. The error is of what keeps a run from being one: no
// session, a preparation in which nothing succeeds, a command that can't be written.
func Run(ctx context.Context, s *Scenario, t Target, opts Options) (*Report, error) {
	opts.Grace = cmp.Or(opts.Grace, 5*time.Second)
	x := &engine{
		Scenario: s, target: t, opts: opts, rec: newRecorder(s),
		names: make(map[string]*names), made: make(map[string][]*names),
		jobs: make(chan *job, s.Waiting), asked: make(chan *job), over: make(chan struct{}), tries: s.rng(0),
	}
	for name, src := range s.Names {
		n, err := newNames(src, s.RunID)
		if err != nil {
			return nil, wrong([]any{"names", name}, "%w", err)
		}
		x.names[name] = n
		for _, step := range src.Made {
			x.made[step] = append(x.made[step], n)
		}
	}
	for i := range s.Commands {
		x.weight += s.Commands[i].Weight
	}
	return x.run(ctx)
}

// rng is one of the run's sources of random numbers.
func (s *Scenario) rng(n uint64) *rand.Rand { return rand.New(rand.NewPCG(s.Seed, n)) }

func (x *engine) run(ctx context.Context) (*Report, error) {
	var stopWork context.CancelFunc
	x.kill, stopWork = context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	sessions, err := x.openAll(ctx)
	if err != nil {
		return nil, err
	}
	var keepers sync.WaitGroup
	for _, s := range sessions {
		keepers.Go(func() { x.keep(ctx, s) })
	}
	// Those who still wait for answers when the run was interrupted do so for Grace.
	grace := make(chan struct{})
	patient := context.AfterFunc(ctx, func() {
		defer close(grace)
		timer := time.NewTimer(x.opts.Grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			stopWork()
		case <-x.over:
		}
	})
	if err = x.prepare(ctx); err == nil {
		x.rec.begin()
		err = x.phases(ctx)
		x.drain(ctx)
	}
	ended := time.Now()
	close(x.over)
	keepers.Wait()
	if !patient() {
		<-grace
	}
	if err != nil {
		return nil, err
	}
	return x.rec.report(x.Scenario, ended, ctx.Err() != nil), nil
}

// phases runs them in turn.
func (x *engine) phases(ctx context.Context) error {
	defer x.observe()()
	start := x.rec.start
	for i := range x.Phases {
		x.rec.phase(i, start)
		run := x.openModel
		if x.Phases[i].Callers > 0 {
			run = x.closedModel
		}
		if err := run(ctx, i, start); err != nil || ctx.Err() != nil {
			x.rec.phaseEnd(i)
			return err
		}
		start = start.Add(x.Phases[i].For)
		if now := time.Now(); x.Phases[i].Callers > 0 && now.After(start) {
			start = now // the callers wait for their last answers
		}
		x.rec.phaseEnd(i)
	}
	return nil
}

// observe notes the state once a second, until stop is called.
func (x *engine) observe() (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			p := x.rec.look(len(x.jobs))
			for i := range x.Phases {
				if p.Total <= p.Elapsed {
					p.Phase = x.Phases[i].Name
				}
				p.Total += x.Phases[i].For
			}
			if x.opts.Progress != nil {
				x.opts.Progress(p)
			}
		}
	})
	return func() {
		close(done)
		wg.Wait()
		x.rec.look(len(x.jobs)) // for what the last tick did not see
	}
}

// openModel puts commands into the queue when they are due.
func (x *engine) openModel(ctx context.Context, phase int, start time.Time) error {
	p := &x.Phases[phase]
	rng := x.rng(uint64(phase) + 1)
	due := newArrivals(p, rng)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for at, more := due.next(); more; at, more = due.next() {
		j, err := x.next(rng, x.choose(rng), phase)
		if err != nil {
			return err
		}
		j.due = start.Add(at)
		if err := sleepUntil(ctx, timer, j.due); err != nil {
			x.giveBack(j)
			return nil
		}
		x.rec.lateness(time.Since(j.due))
		x.offer(j)
	}
	_ = sleepUntil(ctx, timer, start.Add(p.For))
	return nil
}

func sleepUntil(ctx context.Context, timer *time.Timer, t time.Time) error {
	if d := time.Until(t); d > 0 {
		timer.Reset(d)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

var (
	errNoValue = errors.New("there was no name to fill in")
	errNoRoom  = errors.New("too many commands were waiting")
	errTooLate = errors.New("no session was free for it")
)

// offer puts a job into the queue, where it has room.
func (x *engine) offer(j *job) {
	x.work.Add(1)
	j.ended = func(Outcome) { x.work.Done() }
	if j.cmd.Payload == nil {
		x.finish(j, Outcome{Fate: NoValue, Err: errNoValue}, time.Now())
		return
	}
	select {
	case x.jobs <- j:
	default:
		x.finish(j, Outcome{Fate: NotStarted, Err: errNoRoom}, time.Now())
	}
}

// closedModel runs callers that send one command after the other.
func (x *engine) closedModel(ctx context.Context, phase int, start time.Time) error {
	p := &x.Phases[phase]
	ctx, cancel := context.WithDeadline(ctx, start.Add(p.For))
	defer cancel()
	errs := make([]error, p.Callers)
	var callers sync.WaitGroup
	for i := range p.Callers {
		rng := x.rng(uint64(phase+1)<<32 + uint64(i))
		callers.Go(func() {
			if errs[i] = x.caller(ctx, rng, phase); errs[i] != nil {
				cancel()
			}
		})
	}
	callers.Wait()
	return errors.Join(slices.DeleteFunc(errs, func(err error) bool { return err == nil })...)
}

func (x *engine) caller(ctx context.Context, rng *rand.Rand, phase int) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		j, err := x.next(rng, x.choose(rng), phase)
		if err != nil {
			return err
		}
		x.ask(ctx, j)
		pause := x.Phases[phase].Think
		if j.cmd.Payload == nil && pause == 0 {
			pause = time.Millisecond // until there is something to name
		}
		if pause > 0 {
			_ = sleepUntil(ctx, timer, time.Now().Add(pause))
		}
	}
	return nil
}

// ask sends a command and waits for its end. One that no session has taken when ctx ends
// counts for nothing: its caller goes. One that waits for longer than an answer may take
// was not started.
func (x *engine) ask(ctx context.Context, j *job) Outcome {
	j.due = time.Now()
	ended := make(chan Outcome, 1)
	j.ended = func(o Outcome) { ended <- o }
	if j.cmd.Payload == nil {
		x.finish(j, Outcome{Fate: NoValue, Err: errNoValue}, j.due)
		return <-ended
	}
	timer := time.NewTimer(x.AnswerTime)
	defer timer.Stop()
	select {
	case x.asked <- j:
	case <-timer.C:
		x.finish(j, Outcome{Fate: NotStarted, Err: errTooLate}, time.Now())
	case <-ctx.Done():
		x.giveBack(j)
		return Outcome{Fate: NotStarted, Err: context.Cause(ctx)}
	}
	return <-ended
}

// drain waits for the commands that were due: as long as one answer may take, but where
// the run was interrupted, only for those on their way.
func (x *engine) drain(ctx context.Context) {
	done := make(chan struct{})
	go func() { x.work.Wait(); close(done) }()
	timer := time.NewTimer(x.AnswerTime)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	case <-ctx.Done():
	}
	for { // each of those on their way has a deadline of its own
		select {
		case j := <-x.jobs:
			x.cut(ctx, j)
		case <-done:
			return
		}
	}
}

// cut ends a job that waits. It is the run's fault, and not the server's, where the run
// was interrupted.
func (x *engine) cut(ctx context.Context, j *job) {
	if ctx.Err() != nil {
		x.giveBack(j)
		j.ended(Outcome{})
		return
	}
	x.finish(j, Outcome{Fate: NotStarted, Err: errTooLate}, time.Now())
}
