package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
)

// idle opens sessions that do nothing, to a server in a process of its own, and says what
// one takes there.
func idle(o options, out io.Writer) (err error) {
	if limit := openFiles(); uint64(o.idle)+spareFiles > limit {
		return fmt.Errorf("%d sessions need more open files than the %d that a process may have here (ulimit -Hn)", o.idle, limit)
	}
	o.noJournal = true // what it keeps is no session's
	b, err := start(o, 1000)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.process.Stop()) }()
	before, err := b.figures("memory")
	if err != nil {
		return err
	}
	all, err := openAll(b, o.idle)
	defer func() {
		for _, s := range all {
			err = errors.Join(err, s.conn.Close())
		}
	}()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "idle sessions\twhen\theap, octets each\tstacks\tof the machine's memory")
	report := func(when string) error {
		f, err := b.figures("memory")
		if err != nil {
			return err
		}
		if f.Sessions != o.idle {
			return fmt.Errorf("%d sessions are logged in, and not %d", f.Sessions, o.idle)
		}
		n := uint64(o.idle)
		fmt.Fprintf(w, "%d\t%s\t%d\t%d\t%d\n", n, when,
			int64(f.Heap-before.Heap)/int64(n), int64(f.Stacks-before.Stacks)/int64(n), int64(f.RSS-before.RSS)/int64(n))
		return w.Flush()
	}
	if err := report("after the login"); err != nil {
		return err
	}
	for i, s := range all {
		s.mixing("", uint64(i))
		s.commands = slices.DeleteFunc(s.commands, func(c command) bool { return c.name != "check" && c.name != "info" })
		for range 10 {
			if err := s.mixed(); err != nil {
				return err
			}
		}
		s.commands = nil
	}
	return report("after ten queries of each")
}

// spareFiles are what a process has open beside its sessions.
const spareFiles = 50

// openAll opens sessions, several at a time.
func openAll(b *backend, n int) ([]*session, error) {
	cfg, err := b.tls()
	if err != nil {
		return nil, err
	}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		all  []*session
		errs []error
	)
	const atOnce = 8
	for k := range atOnce {
		wg.Go(func() {
			for i := k; i < n; i += atOnce {
				s, err := dial(b.Plain, cfg, i, b.Domains)
				mu.Lock()
				if err != nil {
					errs = append(errs, fmt.Errorf("session %d: %w", i, err))
				} else {
					all = append(all, s)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return all, errors.Join(errs...)
}
