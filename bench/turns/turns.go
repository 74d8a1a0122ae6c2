// Package turns has contenders take turns at the same work, so that what else the
// machine does meets them all alike.
package turns

import (
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"
)

// A Contender is one way to do the work, with its connections open.
type Contender struct {
	Name    string
	Workers []Worker
	Closers []func() error
}

// A Worker does the work again and again until stop, and counts how often.
type Worker func(stop *atomic.Bool) (int, error)

// Repeat makes a worker of a function that does the work once.
func Repeat(once func() error) Worker {
	return func(stop *atomic.Bool) (n int, err error) {
		for !stop.Load() {
			if err := once(); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
}

// Close calls the closers.
func (c *Contender) Close() error {
	var errs []error
	for _, f := range c.Closers {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}

// Open opens contenders, or none.
func Open(opening ...func() (*Contender, error)) (all []*Contender, err error) {
	for _, f := range opening {
		c, err := f()
		if err != nil {
			return nil, errors.Join(err, Close(all))
		}
		all = append(all, c)
	}
	return all, nil
}

// Close closes contenders.
func Close(all []*Contender) error {
	var errs []error
	for _, c := range all {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// A Result is what was measured, by contender and round.
type Result struct {
	Names []string
	Rates [][]float64 // a second
	CPU   [][]float64 // µs of processor time each
}

// Measure lets the contenders take turns, of which the first is not counted. cpu is
// the processor time used so far.
func Measure(all []*Contender, rounds int, turn time.Duration, cpu func() (time.Duration, error)) (Result, error) {
	r := Result{Rates: make([][]float64, len(all)), CPU: make([][]float64, len(all))}
	for _, c := range all {
		r.Names = append(r.Names, c.Name)
	}
	for round := -1; round < rounds; round++ {
		for i, c := range all {
			before, err := cpu()
			if err != nil {
				return r, err
			}
			n, took, err := c.turn(turn)
			if err != nil {
				return r, fmt.Errorf("%s: %w", c.Name, err)
			}
			after, err := cpu()
			if err != nil {
				return r, err
			}
			if round >= 0 {
				r.Rates[i] = append(r.Rates[i], float64(n)/took.Seconds())
				r.CPU[i] = append(r.CPU[i], (after-before).Seconds()*1e6/float64(n))
			}
		}
	}
	return r, nil
}

// turn lets all workers run for a while, and counts what they did.
func (c *Contender) turn(d time.Duration) (n int64, took time.Duration, err error) {
	var (
		stop  atomic.Bool
		total atomic.Int64
		wg    sync.WaitGroup
		errs  = make([]error, len(c.Workers))
	)
	start := time.Now()
	for i, w := range c.Workers {
		wg.Go(func() {
			n, err := w(&stop)
			total.Add(int64(n))
			errs[i] = err
		})
	}
	time.Sleep(d)
	stop.Store(true)
	wg.Wait()
	return total.Load(), time.Since(start), errors.Join(errs...)
}

// Profiled runs f, with a CPU profile if path names a file for it.
func Profiled(path string, f func() error) error {
	if path == "" {
		return f()
	}
	w, err := os.Create(path)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := pprof.StartCPUProfile(w); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return f()
}
