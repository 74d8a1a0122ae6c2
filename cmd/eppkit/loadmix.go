package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/internal/load"
)

// mixWords are the words of --mix.
var mixWords = []string{"check", "info", "create", "update", "renew", "transfer", "delete", "poll", "hello", "login"}

// quickScenario makes a scenario of flags.
func (x *loadTarget) quickScenario(s *load.Scenario, f *loadFlags) error {
	if f.callers != 0 && (f.rate != 0 || f.to != 0) {
		return usage("--rate and --callers exclude each other")
	}
	mix, err := parseMix(f.mix)
	if err != nil {
		return err
	}
	zone := f.zone
	if zone == "" {
		if !x.mock {
			return usage("--zone is missing: below which name are the domains of this registry?")
		}
		zone = x.zone
	}
	main := load.Phase{Name: "load", For: f.length, Callers: f.callers, Think: f.think, Arrival: f.arrival}
	if f.callers == 0 {
		if main.Rate = f.rate; main.Rate == 0 && f.to == 0 {
			main.Rate = 50
		}
		if f.to > 0 {
			main.To = &f.to
		}
	}
	if f.warmUp > 0 {
		warm := main
		warm.Name, warm.WarmUp, warm.For, warm.To = "warm-up", true, f.warmUp, nil
		if warm.Callers == 0 && warm.Rate == 0 {
			warm.Rate = 1
		}
		s.Phases = append(s.Phases, warm)
	}
	s.Phases = append(s.Phases, main)
	return x.steps(s, mix, zone, f.names)
}

func parseMix(text string) (map[string]float64, error) {
	mix := make(map[string]float64)
	for item := range strings.SplitSeq(text, ",") {
		word, weight, weighted := strings.Cut(strings.TrimSpace(item), "=")
		if err := oneOf("--mix", word, mixWords); err != nil {
			return nil, err
		}
		mix[word] = 1
		if weighted {
			w, err := strconv.ParseFloat(weight, 64)
			if err != nil || w <= 0 {
				return nil, usage("--mix: the weight of %s is %q; it must be a number above 0", word, weight)
			}
			mix[word] = w
		}
	}
	return mix, nil
}

// steps are the commands of a mix, with the names that they are about and what has to be
// there first.
func (x *loadTarget) steps(s *load.Scenario, mix map[string]float64, zone, file string) error {
	holder, contact := "LOAD-{{run}}", "contact create LOAD-{{run}} --name 'Load Test' --street 'Sauna 1' --city Turku --pc 20100 --cc FI --email load@sauna.example"
	create := "domain create {{new}} --registrant LOAD-{{run}}"
	if x.kind == "gtld" {
		holder = "ld{{run}}"
		contact = "contact create ld{{run}} --type int --name 'Load Test' --street 'Sauna 1' --city Turku --pc 20100 --cc FI --email load@sauna.example --authinfo-file -"
		create = "domain create {{new}} --registrant ld{{run}} --authinfo-file -"
	}
	s.Names = map[string]load.Source{
		"new":  {Sequence: "load-{{run}}-{{n}}." + zone, From: 1},
		"free": {Random: "free-{{n}}." + zone},
		"mine": {Made: []string{"domain:create", "domain:renew"}},
	}
	info := "domain info {{mine}}"
	if file != "" {
		s.Names["known"] = load.Source{File: file}
		info = "domain info {{known}}"
	}
	lines := map[string]load.Step{
		"check":    {Run: "domain check {{free}}"},
		"info":     {Run: info},
		"create":   {Name: "domain:create", Run: create},
		"update":   {Run: "domain update {{mine}} --chg-registrant " + holder},
		"renew":    {Name: "domain:renew", Run: "domain renew {{take mine}} --cur-exp-date {{mine.exDate}} --period 1y"},
		"transfer": {Run: "domain transfer query {{mine}}", Expect: []int{2301}},
		"delete":   {Run: "domain delete {{take mine}}"},
		"poll":     {Run: "poll req"},
		"hello":    {Run: "hello"},
		"login":    {Run: "login"},
	}
	if x.kind == "fred" && mix["transfer"] > 0 {
		return usage("--mix: a registry of the kind fred has no query of transfers; other transfers are for a scenario")
	}
	made := s.Names["mine"].Made
	if mix["renew"] == 0 {
		s.Names["mine"] = load.Source{Made: made[:1]}
	}
	for _, word := range mixWords {
		if w := mix[word]; w > 0 {
			step := lines[word]
			step.Weight = w
			if mix["delete"] > 0 && slices.Contains([]string{"info", "update", "transfer"}, word) {
				step.Expect = append(step.Expect, 2303, 2304) // the delete overtook it
			}
			s.Commands = append(s.Commands, step)
		}
	}
	needMine := mix["update"]+mix["renew"]+mix["transfer"]+mix["delete"] > 0 || mix["info"] > 0 && file == ""
	if needMine || mix["create"] > 0 {
		s.Setup = append(s.Setup, load.Step{Run: contact})
	}
	if needMine {
		s.Setup = append(s.Setup, load.Step{Name: "domain:create", Run: create, Times: x.stock(s, mix)})
	} else {
		delete(s.Names, "mine")
	}
	if !needMine && mix["create"] == 0 {
		delete(s.Names, "new")
	}
	s.Name = fmt.Sprintf("mix %s", mixText(mix))
	return nil
}

// stock is how many domains there have to be first: for each to be renewed a few times at
// most, and not all to be deleted.
func (x *loadTarget) stock(s *load.Scenario, mix map[string]float64) int {
	rate, sum := 500.0, 0.0
	main := s.Phases[len(s.Phases)-1]
	if main.Callers == 0 {
		rate = main.Rate
		if main.To != nil {
			rate = max(rate, *main.To)
		}
	}
	for _, w := range mix {
		sum += w
	}
	seconds := 0.0
	for _, p := range s.Phases {
		seconds += p.For.Seconds()
	}
	use := rate * seconds / sum * (mix["renew"]/4 + max(0, mix["delete"]-mix["create"]/2))
	return int(min(max(100, use), 20_000))
}

func mixText(mix map[string]float64) string {
	var list []string
	for _, word := range mixWords {
		if w := mix[word]; w > 0 {
			list = append(list, fmt.Sprintf("%s=%g", word, w))
		}
	}
	return strings.Join(list, ",")
}
