// Codec measures parsing and building of typical frames beside other ways to do
// it in Go, alternating among them, and prints ratios of time.
//
//	go run ./codec
//	go run ./codec -commands   # every command of every object
package main

import (
	"flag"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/eppkit/eppkit/bench/ratio"
)

func main() {
	rounds := flag.Int("rounds", 9, "how often each contender has its turn")
	turn := flag.Duration("turn", 25*time.Millisecond, "how long a turn is")
	commands := flag.Bool("commands", false, "measure every command of every object, in turns an eighth as long")
	only := flag.String("only", "", "of the commands, those with this in their name, as in \"host: \"")
	flag.Parse()
	measure := func() error { return run(*rounds, *turn) }
	if *commands {
		measure = func() error { return runCommands(os.Stdout, *rounds, *turn/8, *only) }
	}
	if err := measure(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(rounds int, turn time.Duration) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "job\toctets\tcontender\tµs\tallocations\ttime / eppkit's\teppkit's / time")
	for _, j := range jobs() {
		times, err := j.measure(rounds, turn)
		if err != nil {
			return err
		}
		for i, c := range j.by {
			fmt.Fprintf(w, "%s\t%d\t%s\t%.2f\t%.0f\t%.2f\t%.3f\n", j.name, j.size, c.name, ratio.Median(times[i])*1e6,
				allocations(c), ratio.Of(times[i], times[0]), ratio.Of(times[0], times[i]))
		}
	}
	return w.Flush()
}

// measure returns the seconds that one run took, by contender and round.
func (j *job) measure(rounds int, turn time.Duration) ([][]float64, error) {
	times := make([][]float64, len(j.by))
	for round := -1; round < rounds; round++ { // the first one warms up
		for i, c := range j.by {
			n, start := 0, time.Now()
			for n%16 != 0 || time.Since(start) < turn {
				if err := c.do(); err != nil {
					return nil, fmt.Errorf("%s: %s: %w", j.name, c.name, err)
				}
				n++
			}
			if round >= 0 {
				times[i] = append(times[i], time.Since(start).Seconds()/float64(n))
			}
		}
	}
	return times, nil
}
