package main

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/bench/ratio"
	"github.com/eppkit/eppkit/bench/turns"
)

// speed measures commands a second of the mix, with registries of all sizes, validating
// and not, beside the echo of the same octets.
func speed(o options, out io.Writer) (err error) {
	var backends []*backend
	defer func() {
		for _, b := range backends {
			err = errors.Join(err, b.process.Stop())
		}
	}()
	for _, domains := range o.domains {
		b, err := start(o, domains)
		if err != nil {
			return err
		}
		backends = append(backends, b)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "sessions\tcontender\tcommands/s\tof the echo's\t(from\tto)\tCPU µs each\techo's / it")
	for i, sessions := range o.sessions {
		r, err := mixing(o, backends, i, sessions)
		if err != nil {
			return fmt.Errorf("%d sessions: %w", sessions, err)
		}
		for i, name := range r.Names {
			low, high := ratio.Range(r.Rates[i], r.Rates[0])
			fmt.Fprintf(w, "%d\t%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.1f\t%.2f\n", sessions, name,
				ratio.Median(r.Rates[i]), ratio.Of(r.Rates[i], r.Rates[0]), low, high,
				ratio.Median(r.CPU[i]), ratio.Of(r.CPU[0], r.CPU[i]))
		}
	}
	return w.Flush()
}

// mixing measures one number of sessions. round tells apart the names that are
// registered.
func mixing(o options, backends []*backend, round, sessions int) (r turns.Result, err error) {
	sizes, err := sizesOf(backends[0], round)
	if err != nil {
		return r, err
	}
	opening := []func() (*turns.Contender, error){
		func() (*turns.Contender, error) { return echoes(backends[0], sessions, sizes) },
	}
	for _, b := range backends {
		for _, valid := range []bool{false, true} {
			if valid && o.plain {
				continue
			}
			opening = append(opening, func() (*turns.Contender, error) { return mixers(b, valid, round, sessions) })
		}
	}
	all, err := turns.Open(opening...)
	if err != nil {
		return r, err
	}
	r, err = turns.Measure(all, o.rounds, o.turn, func() (time.Duration, error) {
		sum := turns.CPUTime()
		for _, b := range backends {
			f, err := b.figures("cpu")
			if err != nil {
				return 0, err
			}
			if !o.inProcess {
				sum += f.CPU
			}
		}
		return sum, nil
	})
	return r, errors.Join(err, turns.Close(all))
}

// sizesOf finds out how many octets the commands of the mix and their answers have.
func sizesOf(b *backend, round int) ([]echo.Size, error) {
	cfg, err := b.tls()
	if err != nil {
		return nil, err
	}
	s, err := dial(b.Plain, cfg, 0, b.Domains)
	if err != nil {
		return nil, err
	}
	sizes, err := s.mixing(fmt.Sprintf("z%dx0000x", round), 7).sizes()
	return sizes, errors.Join(err, s.conn.Close())
}

func echoes(b *backend, sessions int, sizes []echo.Size) (*turns.Contender, error) {
	cfg, err := b.tls()
	if err != nil {
		return nil, err
	}
	c := &turns.Contender{Name: "TLS echo"}
	for range sessions {
		e, err := echo.Dial(b.Echo, cfg, sizes...)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.Closers = append(c.Closers, e.Close)
		c.Workers = append(c.Workers, func(stop *atomic.Bool) (int, error) { return e.Run(1, stop) })
	}
	return c, nil
}

func mixers(b *backend, valid bool, round, sessions int) (*turns.Contender, error) {
	cfg, err := b.tls()
	if err != nil {
		return nil, err
	}
	c := &turns.Contender{Name: fmt.Sprintf("%d domains", b.Domains)}
	addr, letter := b.Plain, "p"
	if valid {
		addr, letter = b.Valid, "v"
		c.Name += ", validating"
	}
	for n := range sessions {
		s, err := dial(addr, cfg, n, b.Domains)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		s.mixing(fmt.Sprintf("%s%dx%04dx", letter, round, n), uint64(n))
		c.Closers = append(c.Closers, s.conn.Close)
		c.Workers = append(c.Workers, s.run)
	}
	return c, nil
}
