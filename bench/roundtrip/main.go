// Roundtrip measures round trips over loopback TLS: client.Session against
// mockserver, typed at both ends, beside a bare TLS echo of the same octets on as
// many connections, and prints their ratios.
//
//	go run ./roundtrip
//
// The servers run in a process of their own, which is this program started again.
// The contenders take turns, so that what else the machine does meets all alike.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/eppkit/eppkit/bench/ratio"
	"github.com/eppkit/eppkit/bench/turns"
)

type options struct {
	rounds    int
	turn      time.Duration
	inProcess bool
	noJournal bool
	validate  bool
	only      string // part of a scenario's name
	noPeers   bool
	serverCPU string // where the server's profile goes
}

func main() {
	var opts options
	flag.IntVar(&opts.rounds, "rounds", 7, "how often each contender has its turn")
	flag.DurationVar(&opts.turn, "turn", 120*time.Millisecond, "how long a turn is")
	flag.BoolVar(&opts.inProcess, "inprocess", false, "run the servers in this process")
	flag.BoolVar(&opts.noJournal, "nojournal", false, "turn the mock server's journal off")
	flag.BoolVar(&opts.validate, "validate", false, "have the mock server hold every frame to its schemas, as it does unless it is told otherwise")
	flag.StringVar(&opts.only, "only", "", "measure only scenarios with this in their name")
	flag.BoolVar(&opts.noPeers, "nopeers", false, "measure only the echo and eppkit")
	cpu := flag.String("cpuprofile", "", "write a profile of this process here")
	flag.StringVar(&opts.serverCPU, "servercpuprofile", "", "write a profile of the server's process here")
	child := flag.Bool(serveFlag, false, "be the server's process (the program does this by itself)")
	flag.Parse()

	err := turns.Profiled(*cpu, func() error {
		if *child {
			return serve(opts, os.Stdin, os.Stdout)
		}
		return run(opts, os.Stdout)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "roundtrip:", err)
		os.Exit(1)
	}
}

// run measures all scenarios and prints a table.
func run(opts options, out io.Writer) error {
	b, err := start(opts)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "scenario\toctets\tcontender\ttrips/s\tof the echo's\t(from\tto)\tCPU µs/trip\techo's / it")
	for _, s := range scenarios(b) {
		if !strings.Contains(s.name, opts.only) {
			continue
		}
		if opts.noPeers {
			s.peer = nil
		}
		if err := s.print(w, opts); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", s.name, err), b.stop())
		}
	}
	return errors.Join(w.Flush(), b.stop())
}

func (s *scenario) print(w io.Writer, opts options) error {
	r, sz, err := s.measure(opts.rounds, opts.turn)
	if err != nil {
		return err
	}
	for i, name := range r.Names {
		low, high := ratio.Range(r.Rates[i], r.Rates[0])
		fmt.Fprintf(w, "%s\t%d+%d\t%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.1f\t%.2f\n", s.name, sz.Ask, sz.Answer, name,
			ratio.Median(r.Rates[i]), ratio.Of(r.Rates[i], r.Rates[0]), low, high,
			ratio.Median(r.CPU[i]), ratio.Of(r.CPU[0], r.CPU[i]))
	}
	return nil
}
