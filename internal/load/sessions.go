package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// The back-off between attempts to open a session again.
const (
	firstPause = 250 * time.Millisecond
	lastPause  = 10 * time.Second
)

// openAll opens the sessions. Some may fail, and are tried again later; that all do is an
// error.
func (x *engine) openAll(ctx context.Context) ([]Session, error) {
	list := make([]Session, x.Sessions)
	errs := make([]error, x.Sessions)
	var wg sync.WaitGroup
	for i := range list {
		wg.Go(func() { list[i], errs[i] = x.open(ctx) })
	}
	wg.Wait()
	for _, s := range list {
		if s != nil {
			return list, nil
		}
	}
	return nil, errs[0]
}

// open opens one session, and counts that.
func (x *engine) open(ctx context.Context) (Session, error) {
	ctx, cancel := context.WithTimeout(ctx, x.AnswerTime)
	defer cancel()
	start := time.Now()
	s, err := x.target.Open(ctx)
	o := Outcome{Fate: Answered, Code: 1000}
	if err != nil {
		o = Outcome{Fate: NotSent, Err: err}
		var coded interface{ LoginCode() int }
		if errors.As(err, &coded) {
			o.Fate, o.Code = Answered, coded.LoginCode()
		}
	}
	if err == nil || !errors.Is(context.Cause(ctx), context.Canceled) { // the end of the run is nobody's failure
		x.rec.session("login", &o, time.Since(start))
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// keep has one session serve the queue until the run is over, and opens it again where it
// is lost. s is nil where it is to be opened.
func (x *engine) keep(ctx context.Context, s Session) {
	pause := firstPause
	for {
		if s == nil {
			if !x.wait(ctx, pause) {
				return
			}
			var err error
			if s, err = x.open(ctx); err != nil {
				pause = min(2*pause, lastPause)
				continue
			}
		}
		pause = firstPause
		if x.serve(s) {
			x.logout(s)
			return
		}
		x.rec.closed(true)
		s.Close(x.kill)
		s = nil
	}
}

// wait waits for about d, and is false when the run is over before.
func (x *engine) wait(ctx context.Context, d time.Duration) bool {
	x.trial.Lock()
	d = d/2 + time.Duration(x.tries.Float64()*float64(d/2))
	x.trial.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-x.over:
	}
	return false
}

func (x *engine) logout(s Session) {
	ctx, cancel := context.WithTimeout(x.kill, min(x.AnswerTime, x.opts.Grace))
	defer cancel()
	start := time.Now()
	o := s.Close(ctx)
	x.rec.session("logout", &o, time.Since(start))
	x.rec.closed(false)
}

// serve takes commands out of the queue, as many at once as the depth says. It is true at
// the end of the run, and false when the session is over.
func (x *engine) serve(s Session) bool {
	var wg sync.WaitGroup
	for range x.Depth {
		wg.Go(func() {
			for {
				select {
				case <-s.Done():
					return
				default:
				}
				select {
				case <-s.Done():
					return
				case <-x.over:
					return
				case j := <-x.jobs:
					x.do(s, j)
				case j := <-x.asked:
					x.do(s, j)
				}
			}
		})
	}
	wg.Wait()
	select {
	case <-s.Done():
		return false
	default:
		return true
	}
}

// do carries out one command.
func (x *engine) do(s Session, j *job) {
	ctx, cancel := context.WithTimeout(x.kill, x.AnswerTime)
	defer cancel()
	sent := time.Now()
	x.finish(j, s.Do(ctx, j.cmd), sent)
}

// prepare carries out the setup, as fast as the sessions allow. It counts for nothing, but
// where nothing of a step succeeds, there is nothing to measure.
func (x *engine) prepare(ctx context.Context) error {
	rng := x.rng(1 << 63)
	for i := range x.Setup {
		if err := x.prepareStep(ctx, rng, &x.Setup[i]); err != nil {
			return fmt.Errorf("setup: %s: %w", x.Setup[i].Label(), err)
		}
	}
	return nil
}

func (x *engine) prepareStep(ctx context.Context, rng *rand.Rand, step *Step) error {
	var mu sync.Mutex
	var first error
	failed := 0
	room := make(chan struct{}, x.Sessions*x.Depth)
	var wg sync.WaitGroup
	defer wg.Wait()
	for range step.Times {
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		j, err := x.next(rng, step, -1)
		switch {
		case err != nil:
			return err
		case j.cmd.Payload == nil:
			return errNoValue
		}
		wg.Go(func() {
			defer func() { <-room }()
			o := x.ask(ctx, j)
			if !step.failed(o) {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			failed++
			if first == nil {
				first = o.Err
			}
		})
	}
	wg.Wait()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case failed == step.Times:
		return fmt.Errorf("none of %d succeeded: %w", failed, first)
	case failed > 0:
		x.rec.note(fmt.Sprintf("%d of %d commands of the setup failed (%s), the first because of: %v", failed, step.Times, step.Label(), first))
	}
	return nil
}
