package load

import (
	"regexp"
	"strings"
	"sync"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// maxIntervals bounds the points of the series: the longer a run, the longer its
// intervals.
const maxIntervals = 600

// A recorder keeps what is measured. Its methods may be called by many goroutines.
type recorder struct {
	start    time.Time
	interval time.Duration

	mu       sync.Mutex
	rows     map[string]*tally
	names    map[string]string // of commands, by their steps' labels
	own      map[string]*tally // of the run's own sessions: login, logout
	phases   []phaseRecord
	moments  []moment
	notes    []string
	kinds    []*ErrorKind
	open     int
	opened   int
	lost     int
	unopened int
	lag      *hdr.Histogram
}

// A moment is an interval of the series.
type moment struct {
	latency                    *hdr.Histogram
	due, ok, refused, answered int
	failed, notStarted         int
	sessions, waiting          int
	looked                     bool // sessions and waiting are known
}

func newRecorder(s *Scenario) *recorder {
	var total time.Duration
	for _, p := range s.Phases {
		total += p.For
	}
	x := &recorder{
		interval: max(time.Second, (total / maxIntervals).Round(time.Second)),
		rows:     make(map[string]*tally), own: make(map[string]*tally), names: make(map[string]string),
		lag: newHistogram(3),
	}
	for range s.Phases {
		x.phases = append(x.phases, phaseRecord{tally: newTally("")})
	}
	return x
}

// A phaseRecord is what is measured of a phase.
type phaseRecord struct {
	*tally
	start, end time.Time // zero for one that was not reached
}

// begin is when the first phase does.
func (x *recorder) begin() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.start = time.Now()
}

func (x *recorder) phase(i int, start time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.phases[i].start = start
}

func (x *recorder) phaseEnd(i int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.phases[i].end = time.Now()
}

// called says what the command of a step is called. Before, what is counted of it stands
// under the step's label.
func (x *recorder) called(label, name string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.names[label] = name
}

// rename puts what stands under labels to where it belongs.
func (x *recorder) rename() {
	for label, name := range x.names {
		if t := x.rows[label]; t != nil && label != name {
			row(x.rows, name, t.class).merge(t)
			delete(x.rows, label)
		}
	}
}

// note keeps a sentence for the report.
func (x *recorder) note(s string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.notes = append(x.notes, s)
}

// at is the interval of a time. It is called with mu held.
func (x *recorder) at(t time.Time) *moment {
	i := max(0, int(t.Sub(x.start)/x.interval))
	for len(x.moments) <= i {
		x.moments = append(x.moments, moment{})
	}
	return &x.moments[i]
}

// row is the tally of a name, made where it is not there yet.
func row[K ~string](rows map[K]*tally, name K, class Class) *tally {
	t := rows[name]
	if t == nil {
		t = newTally(class)
		rows[name] = t
	}
	return t
}

// done counts a command that has ended.
func (x *recorder) done(j *job, o *Outcome, sent, end time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	failed := j.step.failed(*o)
	latency, service := end.Sub(j.due), end.Sub(sent)
	m := x.at(j.due)
	m.due++
	switch {
	case o.Fate == NotStarted:
		m.notStarted++
	case o.Fate != Answered:
		m.failed++
	case failed:
		m.refused++
	default:
		m.ok++
	}
	if o.Fate == Answered {
		if m.latency == nil {
			m.latency = newHistogram(2)
		}
		put(m.latency, latency)
		x.at(end).answered++
	}
	punctual := x.phases[j.phase].end.IsZero()
	x.phases[j.phase].add(o, failed, punctual, latency, service)
	if j.warmUp {
		return
	}
	if failed {
		x.sample(j.cmd.Name, o)
	}
	if len(o.Parts) == 0 {
		row(x.rows, j.cmd.Name, j.cmd.Class).add(o, failed, punctual, latency, service)
		return
	}
	waited := sent.Sub(j.due)
	for i := range o.Parts {
		p := &o.Parts[i]
		row(x.rows, p.Name, j.cmd.Class).add(&p.Outcome, p.Fate == Answered && p.Code >= 2000, punctual, waited+p.Took, p.Took)
		waited = 0
	}
}

// maxKinds bounds how many kinds of errors are told.
const maxKinds = 50

// varying is what differs in the texts of errors that are alike.
var varying = regexp.MustCompile(`[\[(]clTRID [^\])]*[\])]|127\.0\.0\.1:\d+->|\d+ms|\d+µs`)

// sample counts an error with those that are alike, and keeps the words of the first.
func (x *recorder) sample(name string, o *Outcome) {
	if o.Err == nil {
		return
	}
	text := name + ": " + strings.TrimSpace(varying.ReplaceAllString(o.Err.Error(), ""))
	for _, k := range x.kinds {
		if k.Text == text {
			k.Count++
			return
		}
	}
	if len(x.kinds) == maxKinds {
		x.kinds = append(x.kinds, &ErrorKind{Text: "others"})
	}
	if len(x.kinds) > maxKinds {
		x.kinds[maxKinds].Count++
		return
	}
	x.kinds = append(x.kinds, &ErrorKind{1, text})
}

// session counts a login or a logout of the run's own sessions.
func (x *recorder) session(name string, o *Outcome, took time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	failed := o.Fate != Answered || o.Code >= 2000
	row(x.own, name, ClassSession).add(o, failed, false, took, took)
	if name == "login" {
		if failed {
			x.unopened++
		} else {
			x.opened++
			x.open++
		}
	}
	if failed {
		x.sample(name, o)
	}
}

// closed counts a session that is over.
func (x *recorder) closed(lost bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.open--
	if lost {
		x.lost++
	}
}

// lateness keeps by how much the schedule was late.
func (x *recorder) lateness(d time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	put(x.lag, d)
}

// look notes the state of now in the series, and says it. It is called about once a
// second, for the interval in which half a second ago was.
func (x *recorder) look(waiting int) Progress {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := time.Now()
	m := x.at(now.Add(-time.Second / 2))
	m.sessions, m.waiting, m.looked = x.open, waiting, true
	p := Progress{Elapsed: now.Sub(x.start), Sessions: x.open, Waiting: waiting, Rate: float64(m.answered) / x.interval.Seconds()}
	if m.latency != nil {
		p.P95, _ = ranked(m.latency, (95*m.latency.TotalCount()+99)/100)
	}
	for i := range x.moments {
		p.Failed += x.moments[i].failed + x.moments[i].refused + x.moments[i].notStarted
	}
	return p
}
