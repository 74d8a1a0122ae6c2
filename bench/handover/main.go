// Handover measures how many transfer codes a second a reseller can have: from an HTTP
// request through a dialect's handler, the EPP client and TLS to a mock registry, with
// one caller and with 64, and prints the ratios to the same handler over a provider
// that answers at once.
//
//	go run ./handover
//
// All is in one process, so that the processor time is that of callers, handler and
// registry together. The contenders take turns, so that what else the machine does
// meets all alike.
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
	domains   int
	sessions  int // of EPP
	noJournal bool
	only      string // part of a scenario's name
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 7, "how often each contender has its turn")
	flag.DurationVar(&o.turn, "turn", 120*time.Millisecond, "how long a turn is")
	flag.IntVar(&o.domains, "domains", 1024, "how many domains there are; with 1 all callers want the same")
	flag.IntVar(&o.sessions, "sessions", 1, "over how many EPP sessions the commands go")
	flag.BoolVar(&o.noJournal, "nojournal", false, "turn the mock registries' journal off")
	flag.StringVar(&o.only, "only", "", "measure only scenarios with this in their name")
	cpu := flag.String("cpuprofile", "", "write a profile here")
	flag.Parse()

	if err := turns.Profiled(*cpu, func() error { return run(o, os.Stdout) }); err != nil {
		fmt.Fprintln(os.Stderr, "handover:", err)
		os.Exit(1)
	}
}

// run measures all scenarios and prints a table.
func run(o options, out io.Writer) error {
	if o.domains < 1 || o.sessions < 1 {
		return errors.New("there is at least one domain, and one session")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "scenario\tcontender\thand-overs/s\tof the floor's\t(from\tto)\tCPU µs each\tfloor's / it")
	for _, s := range scenarios(o) {
		if !strings.Contains(s.name(), o.only) {
			continue
		}
		r, err := s.measure()
		if err != nil {
			return fmt.Errorf("%s: %w", s.name(), err)
		}
		for i, name := range r.Names {
			low, high := ratio.Range(r.Rates[i], r.Rates[0])
			fmt.Fprintf(w, "%s\t%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.0f\t%.2f\n", s.name(), name,
				ratio.Median(r.Rates[i]), ratio.Of(r.Rates[i], r.Rates[0]), low, high,
				ratio.Median(r.CPU[i]), ratio.Of(r.CPU[0], r.CPU[i]))
		}
	}
	return w.Flush()
}
