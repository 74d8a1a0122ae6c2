package load

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A chart is a plot as the page's template draws it. Lengths are in the units of its
// picture.
type chart struct {
	ID, Title, Says string
	Width, Height   int
	Left, Right     float64 // of the plot
	Top, Bottom     float64
	XTitle, YTitle  string
	X, Y            []tick
	Bands           []band
	Lines           []line
	Marks           []mark
	Hover           hover
}

// A tick is a place on an axis.
type tick struct {
	At   float64
	Text string
}

// A band is a phase of a run.
type band struct {
	X, Width float64
	Text     string
	WarmUp   bool
}

// A line is a series. Class says how it is drawn.
type line struct{ Class, Label, Path string }

// A mark is a spot that stands for something that a line can't show.
type mark struct {
	X    float64
	Text string
}

// hover is what is told of the places of a plot.
type hover struct {
	X    []float64  `json:"x"`
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
}

func newChart(id, title, says string, height int) *chart {
	return &chart{
		ID: id, Title: title, Says: says, Width: 960, Height: height,
		Left: 62, Right: 936, Top: 18, Bottom: float64(height) - 28,
	}
}

// A scale maps values to places.
type scale struct {
	from, to   float64 // values
	start, end float64 // places
	log        bool
}

func (s scale) at(v float64) float64 {
	from, to := s.from, s.to
	if s.log {
		v, from, to = math.Log10(math.Max(v, s.from)), math.Log10(from), math.Log10(to)
	}
	return round(s.start + (v-from)/(to-from)*(s.end-s.start))
}

func round(f float64) float64 { return math.Round(f*10) / 10 }

// linear makes a scale from 0 with ticks.
func linear(most, start, end float64, ticks int, text func(float64) string) (scale, []tick) {
	step := niceStep(most/float64(ticks), 1)
	top := math.Max(math.Ceil(most/step-1e-9), 1) * step
	s := scale{from: 0, to: top, start: start, end: end}
	var list []tick
	for v := 0.0; v <= top*(1+1e-9); v += step {
		list = append(list, tick{s.at(v), text(v)})
	}
	return s, list
}

// niceStep is the next of 1, 2, 5, 10, ..., of which least is the smallest.
func niceStep(v, least float64) float64 {
	if v <= least {
		return least
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// logarithmic makes a scale of times in milliseconds, with ticks at 1, 2 and 5 where few
// decades are there, else at 1.
func logarithmic(least, most, start, end float64) (scale, []tick) {
	steps := []float64{1, 2, 5}
	if math.Log10(most/least) > 2.3 {
		steps = []float64{1}
	}
	var values []float64
	for e := -3; e <= 6; e++ {
		for _, m := range steps {
			values = append(values, m*math.Pow(10, float64(e)))
		}
	}
	lo, hi := 0, len(values)-1
	for lo+1 < len(values) && values[lo+1] <= least {
		lo++
	}
	for hi > lo+1 && values[hi-1] >= most {
		hi--
	}
	s := scale{from: values[lo], to: values[hi], start: start, end: end, log: true}
	var list []tick
	for _, v := range values[lo : hi+1] {
		list = append(list, tick{s.at(v), duration(v)})
	}
	return s, list
}

// duration writes milliseconds with the unit that suits them.
func duration(ms float64) string {
	digits := func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
	switch {
	case ms < 1:
		return strconv.FormatFloat(math.Round(1000*ms), 'f', 0, 64) + " µs"
	case ms < 1000:
		return digits(ms) + " ms"
	}
	return digits(ms/1000) + " s"
}

// A pen draws a line that may have gaps.
type pen struct {
	b    strings.Builder
	down bool
}

func (p *pen) to(x, y float64) {
	c := 'L'
	if !p.down {
		c = 'M'
	}
	p.down = true
	fmt.Fprintf(&p.b, "%c%g %g", c, x, y)
}

func (p *pen) lift() { p.down = false }

// alone draws a dot for a point that has no neighbours, which a line would not show.
func (p *pen) alone(x, y float64) {
	fmt.Fprintf(&p.b, "M%g %gh0.1", x, y)
	p.down = false
}

// drawSeries draws values, nil for none, at places.
func drawSeries(xs []float64, values []*float64, y scale) string {
	var p pen
	for i, v := range values {
		switch {
		case v == nil:
			p.lift()
		case !p.down && (i+1 == len(values) || values[i+1] == nil):
			p.alone(xs[i], y.at(*v))
		default:
			p.to(xs[i], y.at(*v))
		}
	}
	return p.b.String()
}
