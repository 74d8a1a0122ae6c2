// Validate measures the validation of frames by package schemas beside reading them, and
// beside libxml2 as xmllint runs it, with the same schemas.
//
//	go run ./validate
//
// The contenders take turns; what counts is processor time. Without xmllint the program
// measures the rest.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/eppkit/eppkit/bench/ratio"
	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/bench/turns"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/schemas"
)

type options struct {
	rounds, times int
	only, schemas string
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 7, "how often each contender has its turn")
	flag.IntVar(&o.times, "times", 2000, "how often a turn does the work; a multiple of 100")
	flag.StringVar(&o.only, "only", "", "measure only messages with this in their name")
	flag.StringVar(&o.schemas, "schemas", "../schemas", "the folder of package schemas")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "validate:", err)
		os.Exit(1)
	}
}

// measured are the messages: small ones, and such as many types have a part in.
var measured = []string{
	"domain: check", "domain: create", "domain: infData", "domain: update", "contact: create", "contact: infData",
	"FRED contact: infData", "FRED nsset: create",
}

// A contender does its work so many times, and returns the processor time that took.
type contender struct {
	name string
	do   func(ctx context.Context, times int) (time.Duration, error)
}

func run(ctx context.Context, out io.Writer, o options) error {
	validator, err := schemas.New(schemas.Options{})
	if err != nil {
		return err
	}
	lint, err := newLint(o.schemas)
	if err != nil {
		return err
	}
	defer lint.close()
	if lint == nil {
		fmt.Fprintln(out, "xmllint is not here (Debian: libxml2-utils); it is left out")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "message\toctets\tcontender\tµs\ttime / validation's")
	for _, c := range sample.Commands() {
		if !chosen(c.Name, o.only) {
			continue
		}
		doc := sample.Document(c.Message)
		by, err := contenders(validator, lint, doc)
		if err != nil {
			return err
		}
		times := make([][]float64, len(by))
		for round := -1; round < o.rounds; round++ { // the first one warms up
			for i, c := range by {
				took, err := c.do(ctx, o.times)
				if err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				if round >= 0 {
					times[i] = append(times[i], took.Seconds()/float64(o.times))
				}
			}
		}
		for i, by := range by {
			fmt.Fprintf(w, "%s\t%d\t%s\t%.1f\t%.2f\n", c.Name, len(doc), by.name, ratio.Median(times[i])*1e6, ratio.Of(times[i], times[0]))
		}
	}
	return w.Flush()
}

func chosen(name, only string) bool {
	for _, m := range measured {
		if m == name && strings.Contains(name, only) {
			return true
		}
	}
	return false
}

func contenders(v *schemas.Validator, lint *xmllint, doc []byte) ([]contender, error) {
	all := sample.All()
	out := []contender{
		{"eppkit: validate", repeat(func(ctx context.Context) error { return v.Validate(ctx, doc) })},
		{"eppkit: parse", repeat(func(context.Context) error { _, err := all.Parse(doc); return err })},
		{"eppkit: parse strictly", repeat(func(context.Context) error { _, err := all.ParseStrict(doc); return err })},
		{"eppkit: only scan", repeat(func(context.Context) error { _, err := (*epp.Schema)(nil).Parse(doc); return err })},
	}
	if lint == nil {
		return out, nil
	}
	file, err := lint.write(doc)
	if err != nil {
		return nil, err
	}
	return append(out,
		contender{"libxml2: parse and validate", lint.repeat(file, "--schema", lint.driver)},
		contender{"libxml2: parse", lint.repeat(file)},
	), nil
}

// repeat makes a contender of what is done in this process.
func repeat(once func(context.Context) error) func(context.Context, int) (time.Duration, error) {
	return func(ctx context.Context, times int) (time.Duration, error) {
		start := turns.CPUTime()
		for range times {
			if err := once(ctx); err != nil {
				return 0, err
			}
		}
		return turns.CPUTime() - start, nil
	}
}
