package load

import (
	"maps"
	"slices"
	"time"
)

// A Report is what a run found. It is written as JSON as it is.
type Report struct {
	Name        string    `json:"name,omitempty"`
	Started     time.Time `json:"started"`
	Seconds     float64   `json:"seconds"` // from the first phase's begin to the last answer
	Interrupted bool      `json:"interrupted,omitempty"`
	// Environment is what else the figures depend on: versions, the server, this
	// machine. The caller of Run fills it in.
	Environment []Fact   `json:"environment"`
	Scenario    Scenario `json:"scenario"`
	Notes       []string `json:"notes,omitempty"`

	// Total is of all commands that were due outside of warm-up; Commands and Classes
	// are of parts of it, and Phases of each phase, warm-up included.
	Total    Figures        `json:"total"`
	Commands []Figures      `json:"commands"`
	Classes  []Figures      `json:"classes"`
	Phases   []PhaseFigures `json:"phases"`
	Sessions SessionFigures `json:"sessions"`
	// Errors are the first of each kind in words, with how many there were.
	Errors []ErrorKind `json:"errors,omitempty"`
	// Lateness is by how much commands were put into the queue after they were due. It
	// is in the latencies, and tells of this machine, not of the server.
	Lateness Times `json:"lateness"`

	Interval   float64   `json:"interval"` // seconds of an item of Series
	Series     []Moment  `json:"series"`
	Thresholds []Verdict `json:"thresholds,omitempty"`
}

// A Fact is a name and a value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// PhaseFigures are those of a phase.
type PhaseFigures struct {
	Phase   Phase   `json:"phase"`
	From    float64 `json:"from"` // seconds since the first phase began
	Seconds float64 `json:"seconds"`
	Asked   float64 `json:"asked,omitempty"` // the mean rate of the open model
	Figures Figures `json:"figures"`
}

// SessionFigures are of the sessions that the run keeps open for its commands.
type SessionFigures struct {
	Opened   int     `json:"opened"`
	Unopened int     `json:"unopened"` // attempts that failed
	Lost     int     `json:"lost"`     // that ended without being asked to
	Login    Figures `json:"login"`    // connecting, TLS, greeting and login
	Logout   Figures `json:"logout"`
}

// An ErrorKind is errors that are alike.
type ErrorKind struct {
	Count int    `json:"count"`
	Text  string `json:"text"`
}

// A Moment is an interval of the run. Latencies, and what became of commands, are of those
// that were due in it; Rate is of the answers that came in it.
type Moment struct {
	At         float64  `json:"at"` // seconds since the first phase began
	Asked      *float64 `json:"asked,omitempty"`
	Due        int      `json:"due"`
	Rate       float64  `json:"rate"`
	OK         int      `json:"ok"`
	Refused    int      `json:"refused"`
	Failed     int      `json:"failed"`
	NotStarted int      `json:"notStarted"`
	P50        *float64 `json:"p50"`
	P95        *float64 `json:"p95"`
	P99        *float64 `json:"p99"`
	Max        *float64 `json:"max"`
	Sessions   int      `json:"sessions"`
	Waiting    int      `json:"waiting"`
	WarmUp     bool     `json:"warmUp,omitempty"`
}

func (x *recorder) report(s *Scenario, ended time.Time, interrupted bool) *Report {
	x.mu.Lock()
	defer x.mu.Unlock()
	r := &Report{
		Name: s.Name, Started: x.start.UTC().Round(0), Seconds: ended.Sub(x.start).Seconds(), Interrupted: interrupted,
		Scenario: s.shown(), Notes: x.notes, Interval: x.interval.Seconds(), Lateness: times(x.lag, int(x.lag.TotalCount())),
		Sessions: SessionFigures{Opened: x.opened, Unopened: x.unopened, Lost: x.lost},
	}
	x.rename()
	measured := x.phaseFigures(r, s)
	total := newTally("")
	for i, p := range x.phases {
		if !s.Phases[i].WarmUp {
			total.merge(p.tally)
		}
	}
	r.Total = total.figures("all", measured)
	for _, name := range slices.Sorted(maps.Keys(x.rows)) {
		r.Commands = append(r.Commands, x.rows[name].figures(name, measured))
	}
	classes := x.classes()
	for _, c := range []Class{ClassSession, ClassQuery, ClassTransform} {
		if t := classes[c]; t != nil {
			r.Classes = append(r.Classes, t.figures(string(c), measured))
		}
	}
	r.Sessions.Login = row(x.own, "login", ClassSession).figures("login", 0)
	r.Sessions.Logout = row(x.own, "logout", ClassSession).figures("logout", 0)
	for _, kind := range x.kinds {
		r.Errors = append(r.Errors, *kind)
	}
	slices.SortStableFunc(r.Errors, func(a, b ErrorKind) int { return b.Count - a.Count })
	x.series(r, s)
	r.Thresholds = judge(s, x.rows, classes, total, r)
	return r
}

// classes are the tallies by class. The run's own logins and logouts are of the class of
// sessions.
func (x *recorder) classes() map[Class]*tally {
	classes := make(map[Class]*tally)
	for _, rows := range []map[string]*tally{x.rows, x.own} {
		for _, t := range rows {
			if t.class != "" {
				row(classes, t.class, t.class).merge(t)
			}
		}
	}
	return classes
}

// phaseFigures adds those that were reached, and returns for how long was measured.
func (x *recorder) phaseFigures(r *Report, s *Scenario) (measured time.Duration) {
	for i, p := range x.phases {
		if p.start.IsZero() {
			break
		}
		took := p.end.Sub(p.start)
		if !s.Phases[i].WarmUp {
			measured += took
		}
		f := PhaseFigures{
			Phase: s.Phases[i], From: p.start.Sub(x.start).Seconds(), Seconds: took.Seconds(),
			Figures: p.figures(s.Phases[i].Name, took),
		}
		if s.Phases[i].Callers == 0 && took > 0 {
			f.Asked = s.Phases[i].dueBetween(0, took) / took.Seconds()
		}
		r.Phases = append(r.Phases, f)
	}
	return measured
}

// series adds the moments.
func (x *recorder) series(r *Report, s *Scenario) {
	var end time.Duration
	for _, p := range x.phases {
		if !p.start.IsZero() {
			end = p.end.Sub(x.start)
		}
	}
	for i := range x.moments {
		m := &x.moments[i]
		from := time.Duration(i) * x.interval
		if from >= end && m.due == 0 && m.answered == 0 {
			break
		}
		out := Moment{
			At: from.Seconds(), Due: m.due, Rate: float64(m.answered) / x.interval.Seconds(),
			OK: m.ok, Refused: m.refused, Failed: m.failed, NotStarted: m.notStarted,
			Sessions: m.sessions, Waiting: m.waiting,
		}
		if m.latency != nil {
			t := times(m.latency, m.due)
			out.P50, out.P95, out.P99, out.Max = t.P50, t.P95, t.P99, t.Max
		}
		if n := len(r.Series); !m.looked && n > 0 { // such as of the time of the last answers
			out.Sessions, out.Waiting = r.Series[n-1].Sessions, r.Series[n-1].Waiting
		}
		asked := 0.0
		for k, p := range x.phases {
			if p.start.IsZero() {
				break
			}
			at := from - p.start.Sub(x.start)
			if at+x.interval > 0 && at < p.end.Sub(p.start) {
				out.WarmUp = s.Phases[k].WarmUp
				if s.Phases[k].Callers == 0 {
					asked += s.Phases[k].dueBetween(at, at+x.interval)
				}
			}
		}
		if asked > 0 {
			out.Asked = new(asked / x.interval.Seconds())
		}
		r.Series = append(r.Series, out)
	}
}
