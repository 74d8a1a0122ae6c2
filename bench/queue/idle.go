package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp/domain"
)

// idle opens the sessions of a pool, and says what one takes of this process that has
// nothing to do.
func idle(b *backend, o options, out io.Writer) error {
	before := memory()
	p, err := b.pool(b.Clients[0], func(po *client.PoolOptions) {
		po.MinSessions, po.MaxSessions, po.MaxWaiting = o.sessions, o.sessions, o.sessions
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for p.Stats().Open < o.sessions {
		if err := p.Ready(ctx); err != nil {
			return errors.Join(err, p.Close())
		}
		time.Sleep(10 * time.Millisecond)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "idle sessions\twhen\theap, octets each\tstacks\tgoroutines each")
	report := func(when string) error {
		now, n := memory(), int64(o.sessions)
		fmt.Fprintf(w, "%d\t%s\t%d\t%d\t%.1f\n", n, when, (now.heap-before.heap)/n, (now.stacks-before.stacks)/n,
			float64(now.goroutines-before.goroutines)/float64(n))
		return w.Flush()
	}
	if err := report("after the login"); err != nil {
		return errors.Join(err, p.Close())
	}
	errs := make(chan error, o.sessions)
	for range o.sessions { // all at once, so that each session has something to do
		go func() {
			_, err := client.Do(ctx, p, &domain.Check{Names: []string{"name.example"}})
			errs <- err
		}()
	}
	for range o.sessions {
		err = errors.Join(err, <-errs)
	}
	if err == nil {
		err = report("after a check of each")
	}
	return errors.Join(err, p.Close())
}

type used struct {
	heap, stacks int64 // octets
	goroutines   int
}

// memory is what this process uses, when garbage was collected.
func memory() used {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return used{heap: int64(m.HeapAlloc), stacks: int64(m.StackInuse), goroutines: runtime.NumGoroutine()}
}
