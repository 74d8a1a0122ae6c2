package load

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/internal/shell"
	"github.com/eppkit/eppkit/internal/yamldoc"
)

// A Scenario is what a run does. [Scenario.Check] makes it whole.
type Scenario struct {
	Name string `yaml:"name,omitempty"`
	// Seed makes two runs choose alike: commands, names and times. 0 is a seed, too.
	Seed uint64 `yaml:"seed,omitempty"`
	// RunID is {{run}} in patterns, so that two runs against one registry do not create
	// the same names. "" is made of the time.
	RunID string `yaml:"runID,omitempty"`
	// Sessions are kept open; 4. A session that is lost is opened again.
	Sessions int `yaml:"sessions,omitempty"`
	// Depth is how many commands may be on their way on one session at once; 1.
	Depth int `yaml:"depth,omitempty"`
	// AnswerTime is how long a command waits for its answer; 10 s.
	AnswerTime time.Duration `yaml:"answerTime,omitempty"`
	// Waiting is how many commands that are due may wait for a session; 10,000. What
	// is due beyond is not started.
	Waiting    int               `yaml:"waiting,omitempty"`
	Names      map[string]Source `yaml:"names,omitempty"`
	Setup      []Step            `yaml:"setup,omitempty"`
	Commands   []Step            `yaml:"commands"`
	Phases     []Phase           `yaml:"phases"`
	Thresholds []string          `yaml:"thresholds,omitempty"`
	SLA        string            `yaml:"sla,omitempty"` // icann
}

// A Step is a command of the mix, or of the preparation.
type Step struct {
	// Name is its line in the figures; the command's own, as domain:check, where it is "".
	Name string `yaml:"name,omitempty"`
	// Run is a command line, as the shell of eppkit has it, or login for a session that is
	// opened and ended, or hello.
	Run string `yaml:"run,omitempty"`
	// Frame is a file that is sent as it is, but for the places for values.
	Frame string `yaml:"frame,omitempty"`
	// Weight is its share of the mix; 1.
	Weight float64 `yaml:"weight,omitempty"`
	// Times is how often it is sent in the preparation; 1.
	Times int `yaml:"times,omitempty"`
	// Expect are codes that are no failure; those below 2000 never are.
	Expect []int `yaml:"expect,omitempty"`

	words []Template
	frame Template
}

// Words are the templates of the words of Run.
func (s *Step) Words() []Template { return s.words }

// Document is the template of what is sent of Frame.
func (s *Step) Document() Template { return s.frame }

// Values are the keys of the values that the step uses.
func (s *Step) Values() (keys []string) {
	for _, p := range s.places() {
		if !slices.Contains(keys, p.key()) {
			keys = append(keys, p.key())
		}
	}
	return keys
}

// places are where values stand.
func (s *Step) places() (out []part) {
	for _, t := range append([]Template{s.frame}, s.words...) {
		for _, p := range t.parts {
			if p.source != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

// Label is how the step is called where no command's name is known.
func (s *Step) Label() string { return cmp.Or(s.Name, s.Run, s.Frame) }

func (s *Step) failed(o Outcome) bool {
	return o.Fate != Answered || o.Code >= 2000 && !slices.Contains(s.Expect, o.Code)
}

// A Phase is a time in which the load is the same, or grows or shrinks steadily.
type Phase struct {
	Name string `yaml:"name,omitempty"`
	// WarmUp leaves what is due in the phase out of the figures.
	WarmUp bool          `yaml:"warmUp,omitempty"`
	For    time.Duration `yaml:"for"`
	// Rate is how many commands a second are due: the open model. To is the rate at
	// the end, which is reached steadily; the same where it is nil.
	Rate float64  `yaml:"rate,omitempty"`
	To   *float64 `yaml:"to,omitempty"`
	// Arrival is poisson, where the commands come as of many callers who know nothing
	// of each other, or even; poisson.
	Arrival string `yaml:"arrival,omitempty"`
	// Callers is how many send one command after the other: the closed model. Think is
	// how long each waits after an answer.
	Callers int           `yaml:"callers,omitempty"`
	Think   time.Duration `yaml:"think,omitempty"`
}

// MarshalJSON writes a scenario as it is read.
func (s Scenario) MarshalJSON() ([]byte, error) {
	type plain Scenario
	return asRead(plain(s))
}

// MarshalJSON writes a phase as it is read.
func (p Phase) MarshalJSON() ([]byte, error) {
	type plain Phase
	return asRead(plain(p))
}

// asRead is JSON with the keys and values of YAML, such as 90s.
func asRead(v any) ([]byte, error) {
	doc, err := yaml.Marshal(v)
	if err != nil {
		return nil, err
	}
	var keys map[string]any
	if err := yaml.Unmarshal(doc, &keys); err != nil {
		return nil, err
	}
	return json.Marshal(keys)
}

// secret is what the registry takes for an authInfo, in a command line.
var secret = regexp.MustCompile(`(--authinfo[= ]\s*)('[^']*'|"[^"]*"|\S+)`)

// shown is the scenario without its secrets.
func (s *Scenario) shown() Scenario {
	out := *s
	mask := func(steps []Step) []Step {
		steps = slices.Clone(steps)
		for i := range steps {
			steps[i].Run = secret.ReplaceAllString(steps[i].Run, "$1(secret)")
		}
		return steps
	}
	out.Setup, out.Commands = mask(s.Setup), mask(s.Commands)
	return out
}

// to is the rate at the end.
func (p *Phase) to() float64 {
	if p.To == nil {
		return p.Rate
	}
	return *p.To
}

// The ways in which commands arrive.
const (
	Poisson = "poisson"
	Even    = "even"
)

// ReadScenario reads one in YAML. Files that it names are looked for in dir. The error is
// a *yamldoc.Error.
func ReadScenario(doc []byte, dir string) (*Scenario, error) {
	var s Scenario
	if err := yamldoc.Decode(doc, &s); err != nil {
		return nil, err
	}
	for name, src := range s.Names {
		if src.File != "" && !filepath.IsAbs(src.File) {
			src.File = filepath.Join(dir, src.File)
			s.Names[name] = src
		}
	}
	for _, steps := range [][]Step{s.Setup, s.Commands} {
		for i := range steps {
			if f := steps[i].Frame; f != "" && !filepath.IsAbs(f) {
				steps[i].Frame = filepath.Join(dir, f)
			}
		}
	}
	if err := s.Check(); err != nil {
		var bad *fault
		if errors.As(err, &bad) {
			return nil, &yamldoc.Error{Line: yamldoc.Line(doc, bad.at), Path: bad.at, Reason: bad.err.Error()}
		}
		return nil, err
	}
	return &s, nil
}

// A fault is where in a scenario something does not do.
type fault struct {
	at  yamldoc.Path
	err error
}

func (e *fault) Error() string { return e.at.String() + ": " + e.err.Error() }

func (e *fault) Unwrap() error { return e.err }

func wrong(at yamldoc.Path, format string, args ...any) error {
	return &fault{at, fmt.Errorf(format, args...)}
}

// Check fills in the defaults and refuses what can't be run.
func (s *Scenario) Check() error {
	s.Sessions = cmp.Or(s.Sessions, 4)
	s.Depth = cmp.Or(s.Depth, 1)
	s.AnswerTime = cmp.Or(s.AnswerTime, 10*time.Second)
	s.Waiting = cmp.Or(s.Waiting, 10_000)
	s.RunID = cmp.Or(s.RunID, strings.ToLower(fmt.Sprintf("%x", time.Now().UnixMilli()/100)))
	for key, n := range map[string]int{"sessions": s.Sessions, "depth": s.Depth, "waiting": s.Waiting} {
		if n < 0 || n > 1_000_000 {
			return wrong(yamldoc.Path{key}, "must be from 1 to 1000000")
		}
	}
	switch {
	case s.AnswerTime < 0:
		return wrong(yamldoc.Path{"answerTime"}, "must be more than 0")
	case len(s.Commands) == 0:
		return wrong(yamldoc.Path{"commands"}, "there is nothing to send")
	case len(s.Phases) == 0:
		return wrong(yamldoc.Path{"phases"}, "there is no phase")
	case s.SLA != "" && s.SLA != "icann":
		return wrong(yamldoc.Path{"sla"}, "must be icann")
	}
	for i := range s.Phases {
		if err := s.Phases[i].check(yamldoc.Path{"phases", i}, i); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(s.Phases, func(p Phase) bool { return !p.WarmUp }) {
		return wrong(yamldoc.Path{"phases"}, "all are warm-up; there would be no figures")
	}
	for key, steps := range map[string][]Step{"setup": s.Setup, "commands": s.Commands} {
		for i := range steps {
			if err := s.checkStep(&steps[i], yamldoc.Path{key, i}); err != nil {
				return err
			}
		}
	}
	for name, src := range s.Names {
		for i, of := range src.Made {
			if !s.hasStep(of) {
				return wrong(yamldoc.Path{"names", name, "made", i}, "no command has the name %q", of)
			}
		}
		if _, err := newNames(src, s.RunID); err != nil {
			return wrong(yamldoc.Path{"names", name}, "%w", err)
		}
	}
	for i, t := range s.Thresholds {
		if _, err := ParseThreshold(t); err != nil {
			return wrong(yamldoc.Path{"thresholds", i}, "%w", err)
		}
	}
	return nil
}

func (s *Scenario) hasStep(name string) bool {
	named := func(st Step) bool { return st.Name == name }
	return slices.ContainsFunc(s.Setup, named) || slices.ContainsFunc(s.Commands, named)
}

func (s *Scenario) checkStep(st *Step, at yamldoc.Path) error {
	if (st.Run == "") == (st.Frame == "") {
		return wrong(at, "must have one of run and frame")
	}
	if st.Weight = cmp.Or(st.Weight, 1); st.Weight < 0 {
		return wrong(at.With("weight"), "must be more than 0")
	}
	if st.Times = cmp.Or(st.Times, 1); st.Times < 0 {
		return wrong(at.With("times"), "must be more than 0")
	}
	line, err := shell.SplitTemplate(st.Run)
	if err != nil {
		return wrong(at.With("run"), "%w", err)
	}
	st.words = nil
	for i, w := range line.Words {
		if i == 0 && w == "eppkit" {
			continue
		}
		t, err := ParseTemplate(w)
		if err != nil {
			return wrong(at.With("run"), "%w", err)
		}
		st.words = append(st.words, t)
	}
	if st.Frame != "" {
		doc, err := os.ReadFile(st.Frame)
		if err == nil {
			st.frame, err = ParseTemplate(string(doc))
		}
		if err != nil {
			return wrong(at.With("frame"), "%w", err)
		}
	}
	for _, p := range st.places() {
		if _, known := s.Names[p.source]; p.source != "run" && !known {
			return wrong(at, "there is a place for {{%s}}, but names has no %q", p.source, p.source)
		}
	}
	return nil
}

func (p *Phase) check(at yamldoc.Path, i int) error {
	p.Arrival = cmp.Or(p.Arrival, Poisson)
	if p.Name == "" {
		p.Name = fmt.Sprintf("phase %d", i+1)
		if p.WarmUp {
			p.Name = "warm-up"
		}
	}
	switch {
	case p.For <= 0:
		return wrong(at.With("for"), "must be more than 0")
	case p.Rate < 0 || p.to() < 0 || p.Rate > 1e6 || p.to() > 1e6:
		return wrong(at.With("rate"), "must be from 0 to 1000000 a second")
	case p.Callers < 0 || p.Callers > 1_000_000:
		return wrong(at.With("callers"), "must be from 1 to 1000000")
	case p.Callers > 0 && p.Rate+p.to() > 0:
		return wrong(at, "rate and callers exclude each other")
	case p.Callers == 0 && p.Rate+p.to() == 0:
		return wrong(at, "must have a rate or callers")
	case p.Think < 0 || p.Think > 0 && p.Callers == 0:
		return wrong(at.With("think"), "is for callers")
	case p.Arrival != Poisson && p.Arrival != Even:
		return wrong(at.With("arrival"), "must be poisson or even")
	}
	return nil
}
