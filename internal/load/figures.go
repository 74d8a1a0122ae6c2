package load

import (
	"math"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// longest is the longest time that a histogram holds; what took longer counts as that.
const longest = 10 * time.Minute

func newHistogram(digits int) *hdr.Histogram {
	return hdr.New(1, longest.Microseconds(), digits)
}

func put(h *hdr.Histogram, d time.Duration) {
	_ = h.RecordValue(min(max(d, time.Microsecond), longest).Microseconds())
}

// A tally counts what became of commands that have something in common.
type tally struct {
	class            Class
	due, ok, refused int
	punctual         int // answered before its phase was over
	fates            [len(fates)]int
	codes            map[int]int
	latency, service *hdr.Histogram // of what was answered
}

func newTally(class Class) *tally {
	return &tally{class: class, codes: make(map[int]int), latency: newHistogram(3), service: newHistogram(3)}
}

// add counts a command. failed says that its code is not one that was expected.
func (t *tally) add(o *Outcome, failed, punctual bool, latency, service time.Duration) {
	t.due++
	t.fates[o.Fate]++
	if o.Fate != Answered {
		return
	}
	if failed {
		t.refused++
	} else {
		t.ok++
	}
	if punctual {
		t.punctual++
	}
	if o.Code != 0 {
		t.codes[o.Code]++
	}
	put(t.latency, latency)
	put(t.service, service)
}

func (t *tally) merge(o *tally) {
	t.due += o.due
	t.ok += o.ok
	t.refused += o.refused
	t.punctual += o.punctual
	for i, n := range o.fates {
		t.fates[i] += n
	}
	for c, n := range o.codes {
		t.codes[c] += n
	}
	t.latency.Merge(o.latency)
	t.service.Merge(o.service)
}

// quantile is the latency within which a share of all commands that were due was answered,
// 0 < q <= 1. It is false where fewer were.
func (t *tally) quantile(q float64) (time.Duration, bool) {
	rank := int64(math.Ceil(q*float64(t.due) - 1e-9))
	return ranked(t.latency, rank)
}

// ranked is the value of the rank-th of a histogram's values, from 1.
func ranked(h *hdr.Histogram, rank int64) (time.Duration, bool) {
	n := h.TotalCount()
	if n == 0 || rank > n {
		return 0, false
	}
	// In the middle of the step that belongs to the rank, so that no rounding matters.
	us := h.ValueAtQuantile((float64(max(rank, 1)) - 0.5) / float64(n) * 100)
	return time.Duration(us) * time.Microsecond, true
}

// within is the share of all commands that were due and were answered within d.
func (t *tally) within(d time.Duration) float64 {
	var n int64
	for _, bar := range t.latency.Distribution() {
		if bar.From <= d.Microseconds() {
			n += bar.Count
		}
	}
	return float64(n) / float64(max(t.due, 1))
}

// Times are of the commands of a line, in milliseconds. Nil is the time of a command that
// was not answered.
type Times struct {
	Mean *float64 `json:"mean"` // of the answered alone
	Min  *float64 `json:"min"`
	P50  *float64 `json:"p50"`
	P90  *float64 `json:"p90"`
	P95  *float64 `json:"p95"`
	P99  *float64 `json:"p99"`
	P999 *float64 `json:"p99.9"`
	Max  *float64 `json:"max"`
}

// A Point is a point of a curve: so many milliseconds are not exceeded by a share of the
// commands.
type Point struct {
	Share float64 `json:"share"` // from 0 to 1
	MS    float64 `json:"ms"`
}

// Figures are what was counted and measured of commands.
type Figures struct {
	Name  string `json:"name"`
	Class Class  `json:"class,omitempty"`
	Due   int    `json:"due"`
	OK    int    `json:"ok"`
	// Refused were answered with a code of 2000 or more that was not expected.
	Refused int `json:"refused"`
	// Failed are those that were not answered, by what became of them.
	Failed map[string]int `json:"failed,omitempty"`
	Codes  map[int]int    `json:"codes,omitempty"`
	// Rate is how many were answered a second, while the phases lasted.
	Rate float64 `json:"rate"`
	// Latency counts from when a command was due; in the closed model, from when its
	// caller wanted it. Service counts from when it was sent, and only what was
	// answered.
	Latency Times   `json:"latency"`
	Service Times   `json:"service"`
	Curve   []Point `json:"curve,omitempty"`
}

// Answered is how many were answered, whatever the code.
func (f *Figures) Answered() int { return f.OK + f.Refused }

// Errors is the share of those that were refused or not answered.
func (f *Figures) Errors() float64 { return float64(f.Due-f.OK) / float64(max(f.Due, 1)) }

func ms(d time.Duration) *float64 { return new(float64(d.Microseconds()) / 1000) }

func (t *tally) figures(name string, over time.Duration) Figures {
	f := Figures{Name: name, Class: t.class, Due: t.due, OK: t.ok, Refused: t.refused, Codes: t.codes}
	for i, n := range t.fates {
		if n > 0 && Fate(i) != Answered {
			if f.Failed == nil {
				f.Failed = make(map[string]int)
			}
			f.Failed[Fate(i).String()] = n
		}
	}
	if over > 0 {
		f.Rate = float64(t.punctual) / over.Seconds()
	}
	f.Latency = times(t.latency, t.due)
	f.Service = times(t.service, f.Answered())
	f.Curve = t.curve()
	return f
}

// times are of a histogram, of commands of which so many were due.
func times(h *hdr.Histogram, due int) Times {
	var x Times
	if h.TotalCount() == 0 {
		return x
	}
	x.Mean = new(math.Round(h.Mean()) / 1000)
	x.Min = ms(time.Duration(h.Min()) * time.Microsecond)
	for q, to := range map[float64]**float64{0.5: &x.P50, 0.9: &x.P90, 0.95: &x.P95, 0.99: &x.P99, 0.999: &x.P999, 1: &x.Max} {
		if d, ok := ranked(h, int64(math.Ceil(q*float64(due)-1e-9))); ok {
			*to = ms(d)
		}
	}
	return x
}

// curve is the latency by share, closer together towards 1. It ends where nothing was
// answered any more.
func (t *tally) curve() (out []Point) {
	for i := 0; ; i++ {
		share := 1 - math.Pow(10, -float64(i)/10)
		d, ok := t.quantile(max(share, 1e-9))
		if !ok {
			return out
		}
		out = append(out, Point{share, *ms(d)})
		if float64(t.due)*(1-share) < 1 {
			return out
		}
	}
}
