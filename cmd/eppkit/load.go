package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/internal/load"
)

// loadFlags are those of eppkit load.
type loadFlags struct {
	rate, to           float64
	arrival            string
	callers            int
	think, length      time.Duration
	warmUp, answerTime time.Duration
	sessions, depth    int
	mix, zone, names   string
	seed               uint64
	thresholds         []string
	sla                string
	json, html         string
	own                string
}

// quick are the flags that stand for a scenario's file.
var quick = []string{"rate", "to", "arrival", "callers", "think", "for", "warm-up", "mix", "zone", "names"}

func (a *app) loadCommand() *cobra.Command {
	var f loadFlags
	cmd := &cobra.Command{
		Use:   "load [FILE]",
		Short: "Put a load on a server, and measure how it bears it",
		Long: `Send commands to an EPP server, at a rate or as so many callers, and report latencies,
result codes and errors. What is sent is in a scenario, a YAML FILE, or in flags.

With a rate, commands are due at times that do not depend on the answers, and latencies
count from then: a server that stalls makes all that were due meanwhile late. With
--callers each caller waits for its answer, and a stall holds the callers back. A command
that was not answered, or not even started, counts as slower than all others.

Without --profile the server is the mock registry inside eppkit, and the figures are of
both ends on this machine. A server that is not on this machine has to be yours:
--i-own-this-target repeats the host of its address.

A scenario:

  sessions: 5
  names:
    free:  {random: "free-{{n}}.cz", of: 100000}
    new:   {sequence: "load-{{run}}-{{n}}.cz"}
    mine:  {made: [create, renew]}
    known: {file: names.txt}
  setup:
    - {name: create, run: "domain create {{new}} --registrant CID-MYOWN", times: 50}
  commands:
    - {run: "domain check {{free}}", weight: 70}
    - {run: "domain info {{known}}", weight: 20, expect: [2303]}
    - {name: create, run: "domain create {{new}} --registrant CID-MYOWN", weight: 5}
    - {name: renew, run: "domain renew {{take mine}} --cur-exp-date {{mine.exDate}}", weight: 5}
    - {run: login}                # a session of its own: connecting, login, logout
    - {frame: odd.xml, name: odd} # a document that is sent as it is
  phases:
    - {warmUp: true, for: 10s, rate: 50}
    - {name: ramp, for: 30s, rate: 50, to: 400}
    - {name: steady, for: 1m, rate: 400, arrival: even}   # or callers: 64, think: 100ms
  thresholds: ["domain:check p95<100ms", "errors<1%", "rate>=99%"]
  sla: icann

run is what you would type after eppkit; "--authinfo-file -" is a random authInfo.
{{mine}} is a name that a command in made has used and that was created; {{take mine}}
removes it until its command succeeds and is one of those; {{mine.exDate}} is from the
answer. {{run}} differs from run to run.

Exit status: 1 where a threshold was not kept to, 5 where the run was interrupted, 3 where
no session could be opened or not a single command was answered. That others were not
answered, as when the server went away, is for a threshold, such as errors<1%.`,
		Example: `  eppkit load --rate 200 --for 30s --mix check=70,info=25,create=5 --sessions 5
  eppkit load --callers 64 --for 10s --registry gtld --html report.html
  eppkit load scenario.yaml --profile test --i-own-this-target epp.registry.example --sla icann --json report.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.load(cmd, args, &f)
		},
	}
	x := cmd.Flags()
	x.Float64Var(&f.rate, "rate", 0, "so many commands are due each second, on average (default 50 where there are no callers)")
	x.Float64Var(&f.to, "to", 0, "the `RATE` that is reached steadily by the end (default that of --rate)")
	x.StringVar(&f.arrival, "arrival", load.Poisson, "`HOW` commands come: poisson, as of many who know nothing of each other, or even")
	x.IntVar(&f.callers, "callers", 0, "`N` callers send one command after the other, in place of a rate")
	x.DurationVar(&f.think, "think", 0, "`TIME` that a caller waits after an answer")
	x.DurationVar(&f.length, "for", 10*time.Second, "`TIME` that is measured")
	x.DurationVar(&f.warmUp, "warm-up", 2*time.Second, "`TIME` before it that is not")
	x.DurationVar(&f.answerTime, "answer-time", 0, "`TIME` to wait for an answer (default the scenario's, or 10s)")
	x.IntVar(&f.sessions, "sessions", 0, "so many sessions (default the scenario's, or 4)")
	x.IntVar(&f.depth, "depth", 0, "so many commands on their way at once on each (default the scenario's, or 1)")
	x.StringVar(&f.mix, "mix", "check=70,info=30", "`COMMANDS` with weights: check, info, create, update, renew, transfer (its query), delete, poll, hello, login")
	x.StringVar(&f.zone, "zone", "", "`ZONE` of the names (default the mock's first)")
	x.StringVar(&f.names, "names", "", "`FILE` with a name in each line for info (default domains that the run creates first)")
	x.Uint64Var(&f.seed, "seed", 0, "runs with the same `NUMBER` choose the same commands, names and times")
	x.StringArrayVar(&f.thresholds, "threshold", nil, "`LIMIT` that the figures have to keep to, as in 'domain:check p95<500ms', 'query within 2s>=90%', 'errors<1%' or 'rate>=95%'; may be given several times")
	x.StringVar(&f.sla, "sla", "", "service `LEVELS` to keep to: icann, which are 90% within 4 s for session commands, 2 s for queries and 4 s for transforms")
	x.StringVar(&f.json, "json", "", "write the report to this `FILE` in JSON, or for - to standard output in place of the text")
	x.StringVar(&f.html, "html", "", "write the report to this `FILE` as a page with plots, or for - to standard output in place of the text")
	x.StringVar(&f.own, "i-own-this-target", "", "the server at `HOST`, which is not this machine, is mine to put a load on")
	complete(cmd, "arrival", []string{load.Poisson, load.Even})
	complete(cmd, "sla", []string{"icann"})
	withFlags(cmd, "config", "profile", "mock", "registry")
	cmd.Annotations["usage of profile"] = "`NAME` of the profile to use (default none: the mock registry inside eppkit; neither the file's nor $EPPKIT_PROFILE)"
	return cmd
}

// load carries out a scenario and reports.
func (a *app) load(cmd *cobra.Command, args []string, f *loadFlags) error {
	for _, name := range []string{"zone", "names", "sla", "json", "html", "i-own-this-target"} {
		if isEmpty(cmd.Flags().Lookup(name)) {
			return usage("--%s is empty", name)
		}
	}
	if err := f.check(cmd); err != nil {
		return err
	}
	if a.flags.profile == "" {
		if a.flags.config != "" {
			return usage("--config needs --profile: a load goes to no registry that was not named")
		}
		a.flags.mock = true
	}
	ctx := cmd.Context()
	x, err := a.newLoadTarget(ctx, f.own)
	if err != nil {
		return err
	}
	defer x.close()
	s, err := x.scenario(cmd, args, f)
	if err != nil {
		return err
	}
	x.keepFacts(s)
	reports, err := a.openReports(f, args)
	if err != nil {
		return err
	}
	defer reports.close()
	fmt.Fprintf(a.err, "eppkit: run %s of %s against %s, %d sessions\n", s.RunID, cmp.Or(s.Name, "a load"), x.at, s.Sessions)
	progress := a.loadProgress()
	r, err := load.Run(ctx, s, x, load.Options{Progress: progress.show})
	progress.end()
	if err != nil {
		return err
	}
	r.Environment = x.environment()
	if x.mock {
		r.Notes = append(r.Notes, "The server is the mock registry inside the same process: the figures include both ends, on one machine.")
	}
	return joined(loadOutcome(r), reports.write(r))
}

// check refuses what would be as if it were not given.
func (f *loadFlags) check(cmd *cobra.Command) error {
	for name, zero := range map[string]bool{
		"rate": f.rate == 0 && f.to == 0, "callers": f.callers == 0, "sessions": f.sessions == 0, "depth": f.depth == 0,
	} {
		if zero && cmd.Flags().Changed(name) {
			return usage("--%s is 0; it must be more", name)
		}
	}
	return nil
}

// loadOutcome is nil when a load was what it should have been.
func loadOutcome(r *load.Report) error {
	switch {
	case r.Failed():
		return &loadError{status: exitRefused, text: "a threshold was not kept to"}
	case r.Interrupted:
		return &loadError{status: exitTimeout, text: "the load was interrupted; the figures are of what was done until then"}
	case r.Total.Answered() == 0:
		return &loadError{status: exitConnection, text: "not a single command was answered"}
	}
	return nil
}

// A loadError is that a load was not what it should have been.
type loadError struct {
	status int
	text   string
}

func (e *loadError) Error() string { return e.text }

// scenario is that of the file, or what the flags make.
func (x *loadTarget) scenario(cmd *cobra.Command, args []string, f *loadFlags) (*load.Scenario, error) {
	s := &load.Scenario{}
	if len(args) == 1 {
		for _, name := range quick {
			if cmd.Flags().Changed(name) {
				return nil, usage("--%s is in the scenario", name)
			}
		}
		doc, err := readFile(cmd.Context(), args[0], x.app.in)
		if err != nil {
			return nil, err
		}
		if s, err = load.ReadScenario(doc, filepath.Dir(args[0])); err != nil {
			return nil, &configError{fmt.Errorf("%s: %w", inputName(args[0]), err)}
		}
	} else if err := x.quickScenario(s, f); err != nil {
		return nil, err
	}
	s.Sessions, s.Depth = cmp.Or(f.sessions, s.Sessions), cmp.Or(f.depth, s.Depth)
	s.AnswerTime, s.Seed = cmp.Or(f.answerTime, s.AnswerTime), cmp.Or(f.seed, s.Seed)
	s.Thresholds = append(s.Thresholds, f.thresholds...)
	s.SLA = cmp.Or(f.sla, s.SLA)
	if err := s.Check(); err != nil {
		return nil, &usageError{err}
	}
	return s, nil
}
