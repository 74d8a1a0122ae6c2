package load

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// seconds writes a place on the axis of time.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second)).Round(time.Second)
	if d < 2*time.Minute {
		return fmt.Sprintf("%g s", d.Seconds())
	}
	if d < 2*time.Hour {
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d h", int(d.Hours()), int(d.Minutes())%60)
}

// overTime makes the axis of time, with its phases, and the places of the moments.
func (c *chart) overTime(r *Report) (xs []float64) {
	most := r.Interval
	for _, p := range r.Phases {
		most = math.Max(most, p.From+p.Seconds)
	}
	if n := len(r.Series); n > 0 {
		most = math.Max(most, r.Series[n-1].At+r.Interval)
	}
	s := scale{from: 0, to: most, start: c.Left, end: c.Right}
	step := timeStep(most / 8)
	for v := 0.0; v <= most*(1+1e-9); v += step {
		c.X = append(c.X, tick{s.at(v), seconds(v)})
	}
	for _, p := range r.Phases {
		x := s.at(p.From)
		c.Bands = append(c.Bands, band{X: x, Width: s.at(p.From+p.Seconds) - x, Text: fit(p.Phase.Name, s.at(p.From+p.Seconds)-x), WarmUp: p.Phase.WarmUp})
	}
	for _, m := range r.Series {
		xs = append(xs, s.at(m.At+r.Interval/2))
		c.Hover.X = append(c.Hover.X, xs[len(xs)-1])
		c.Hover.Head = append(c.Hover.Head, seconds(m.At)+" to "+seconds(m.At+r.Interval))
	}
	return xs
}

// fit is a text where there is room for it, or nothing.
func fit(text string, width float64) string {
	if float64(len(text))*6.5+8 > width {
		return ""
	}
	return text
}

// timeStep is a step of time that people count in.
func timeStep(least float64) float64 {
	steps := []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600}
	for _, s := range steps {
		if s >= least {
			return s
		}
	}
	return 3600 * math.Ceil(least/3600)
}

// latencyChart is of latency over time.
func latencyChart(r *Report) *chart {
	c := newChart("latency", "Latency over time", "Of the commands that were due in each interval, counted from when they were due. The scale is logarithmic.", 330)
	xs := c.overTime(r)
	kinds := []struct {
		name string
		of   func(*Moment) *float64
	}{
		{"p50", func(m *Moment) *float64 { return m.P50 }},
		{"p95", func(m *Moment) *float64 { return m.P95 }},
		{"p99", func(m *Moment) *float64 { return m.P99 }},
		{"max", func(m *Moment) *float64 { return m.Max }},
	}
	least, most := math.Inf(1), 0.0
	for i := range r.Series {
		for _, k := range kinds {
			if v := k.of(&r.Series[i]); v != nil {
				least, most = math.Min(least, *v), math.Max(most, *v)
			}
		}
	}
	if most == 0 {
		return nil
	}
	var y scale
	y, c.Y = logarithmic(least, most, c.Bottom, c.Top+14)
	for n, k := range kinds {
		values := make([]*float64, len(r.Series))
		for i := range r.Series {
			values[i] = k.of(&r.Series[i])
		}
		c.Lines = append(c.Lines, line{fmt.Sprintf("s%d", n), k.name, drawSeries(xs, values, y)})
	}
	for i := range r.Series {
		m := &r.Series[i]
		lost := m.Failed + m.NotStarted
		row := []string{}
		for _, k := range kinds {
			text := "none"
			if v := k.of(m); v != nil {
				text = duration(*v)
			}
			row = append(row, k.name+": "+text)
		}
		if lost > 0 {
			c.Marks = append(c.Marks, mark{xs[i], fmt.Sprintf("%d without an answer", lost)})
			row = append(row, fmt.Sprintf("%d of %d without an answer", lost, m.Due))
		}
		c.Hover.Rows = append(c.Hover.Rows, row)
	}
	return c
}

// rateChart is of what was asked for and what was answered.
func rateChart(r *Report) *chart {
	c := newChart("rate", "Throughput", "Commands a second: what was due on average, what was answered, and what was refused or not answered.", 290)
	xs := c.overTime(r)
	n := len(r.Series)
	asked, answered, wrong := make([]*float64, n), make([]*float64, n), make([]*float64, n)
	most, anyAsked, anyWrong := 1.0, false, false
	for i := range r.Series {
		m := &r.Series[i]
		asked[i], answered[i] = m.Asked, &m.Rate
		w := float64(m.Refused+m.Failed+m.NotStarted) / r.Interval
		wrong[i] = &w
		most = math.Max(most, math.Max(m.Rate, w))
		row := []string{"answered: " + decimal(m.Rate) + "/s"}
		if m.Asked != nil {
			anyAsked = true
			most = math.Max(most, *m.Asked)
			row = append(row, "asked: "+decimal(*m.Asked)+"/s")
		}
		if w > 0 {
			anyWrong = true
			row = append(row, fmt.Sprintf("refused %d, failed %d, not started %d", m.Refused, m.Failed, m.NotStarted))
		}
		c.Hover.Rows = append(c.Hover.Rows, row)
	}
	if n == 0 {
		return nil
	}
	var y scale
	y, c.Y = linear(most*1.05, c.Bottom, c.Top+14, 5, compact)
	c.Lines = append(c.Lines, line{"s0", "answered", drawSeries(xs, answered, y)})
	if anyAsked {
		c.Lines = append(c.Lines, line{"asked", "asked for", drawSeries(xs, asked, y)})
	}
	if anyWrong {
		c.Lines = append(c.Lines, line{"bad", "refused or not answered", drawSeries(xs, wrong, y)})
	}
	return c
}

func compact(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%gM", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%gk", v/1e3)
	}
	return fmt.Sprintf("%g", v)
}

// sessionChart is of the sessions that were open.
func sessionChart(r *Report) *chart {
	return countChart(r, "sessions", "Sessions", "How many sessions were open at the end of each interval.", "s0", "sessions open",
		func(m *Moment) int { return m.Sessions })
}

// queueChart is of what waited for a session, if anything ever did.
func queueChart(r *Report) *chart {
	if !slices.ContainsFunc(r.Series, func(m Moment) bool { return m.Waiting > 0 }) {
		return nil
	}
	return countChart(r, "queue", "Queue", "How many commands were due and waited for a session, at the end of each interval.", "s1", "commands waiting",
		func(m *Moment) int { return m.Waiting })
}

func countChart(r *Report, id, title, says, class, label string, of func(*Moment) int) *chart {
	c := newChart(id, title, says, 180)
	xs := c.overTime(r)
	var values []*float64
	most := 1.0
	for i := range r.Series {
		n := float64(of(&r.Series[i]))
		values = append(values, &n)
		most = math.Max(most, n)
		c.Hover.Rows = append(c.Hover.Rows, []string{fmt.Sprintf("%s: %g", label, n)})
	}
	if len(values) == 0 {
		return nil
	}
	var y scale
	y, c.Y = linear(most*1.05, c.Bottom, c.Top+10, 4, compact)
	c.Lines = append(c.Lines, line{class, label, drawSeries(xs, values, y)})
	return c
}

// maxCurves is how many commands have a curve, those with the most first.
const maxCurves = 8

// curveChart is the latency by percentile for each command.
func curveChart(r *Report) *chart {
	c := newChart("percentiles", "Latency by percentile", "How long the slowest took: at 99 %, one in a hundred took longer. A curve ends where commands were not answered, or were too few to tell.", 350)
	list := slices.Clone(r.Commands)
	slices.SortStableFunc(list, func(a, b Figures) int { return b.Due - a.Due })
	if n := len(list); n > maxCurves {
		list = list[:maxCurves]
		c.Says += fmt.Sprintf(" Of the %d commands those %d of which most were due have a curve.", n, maxCurves)
	}
	least, most, nines := math.Inf(1), 0.0, 1.0
	for i := range list {
		for _, p := range list[i].Curve {
			least, most = math.Min(least, p.MS), math.Max(most, p.MS)
			nines = math.Max(nines, -math.Log10(1-p.Share))
		}
	}
	if most == 0 {
		return nil
	}
	nines = math.Ceil(nines - 0.05)
	x := scale{from: 0, to: nines, start: c.Left, end: c.Right}
	place := func(share float64) float64 { return x.at(-math.Log10(1 - share)) }
	for _, share := range []float64{0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999} {
		if at := place(share); at <= c.Right {
			c.X = append(c.X, tick{at, fmt.Sprintf("%g %%", math.Round(1e6*share)/1e4)})
		}
	}
	c.XTitle = "share of the commands that took no longer"
	var y scale
	y, c.Y = logarithmic(least, most, c.Bottom-20, c.Top)
	for i := range list {
		var p pen
		for _, at := range list[i].Curve {
			p.to(place(at.Share), y.at(at.MS))
		}
		if p.down {
			c.Lines = append(c.Lines, line{fmt.Sprintf("s%d", i), list[i].Name, p.b.String()})
		}
	}
	c.Bottom -= 20
	c.curveHover(list, place)
	return c
}

// curveHover tells all curves at the shares at which the longest has points.
func (c *chart) curveHover(list []Figures, place func(float64) float64) {
	var shares []float64
	for i := range list {
		for _, p := range list[i].Curve {
			shares = append(shares, p.Share)
		}
	}
	slices.Sort(shares)
	for _, share := range slices.Compact(shares) {
		row := []string{}
		for i := range list {
			text := "none"
			for _, p := range list[i].Curve {
				if p.Share >= share {
					text = duration(p.MS)
					break
				}
			}
			row = append(row, list[i].Name+": "+text)
		}
		c.Hover.X = append(c.Hover.X, place(share))
		c.Hover.Head = append(c.Hover.Head, fmt.Sprintf("%.4g %%", 100*share))
		c.Hover.Rows = append(c.Hover.Rows, row)
	}
}

// A bar is a share of a whole.
type bar struct {
	Label, Text string
	Width       float64 // percent of the most
	Bad         bool
}

// codeBars are the result codes and what came in their place.
func codeBars(f *Figures) (list []bar) {
	most := 1
	for _, n := range f.Codes {
		most = max(most, n)
	}
	for _, n := range f.Failed {
		most = max(most, n)
	}
	add := func(label string, n int, bad bool) {
		share := float64(n) / float64(max(f.Due, 1))
		list = append(list, bar{label, fmt.Sprintf("%d (%s)", n, percent(share)), math.Max(0.4, 100*float64(n)/float64(most)), bad})
	}
	for _, c := range slices.Sorted(maps.Keys(f.Codes)) {
		add(fmt.Sprint(c), f.Codes[c], c >= 2000)
	}
	for _, k := range slices.Sorted(maps.Keys(f.Failed)) {
		add(k, f.Failed[k], true)
	}
	return list
}
