package load

import (
	"math"
	"math/rand/v2"
	"time"
)

// arrivals gives the times at which the commands of an open phase are due, from its
// beginning. How many are due until t is a t + (b-a) t²/2T for a rate that goes from a to
// b in T; each arrival is where that reaches the next position.
type arrivals struct {
	a, b, length float64
	position     float64
	step         func() float64
}

func newArrivals(p *Phase, rng *rand.Rand) *arrivals {
	x := &arrivals{a: p.Rate, b: p.to(), length: p.For.Seconds(), step: rng.ExpFloat64}
	if p.Arrival == Even {
		x.step = func() float64 { return 1 }
		x.position = -1 // the first is due at once
		if x.a == 0 {
			x.position = -0.5
		}
	}
	return x
}

// next is when the next command is due. It is false when that is after the phase.
func (x *arrivals) next() (time.Duration, bool) {
	x.position += x.step()
	t := x.at(x.position)
	if math.IsNaN(t) || t >= x.length {
		return 0, false
	}
	return time.Duration(t * float64(time.Second)), true
}

// at is the time at which so many have been due; NaN for never.
func (x *arrivals) at(n float64) float64 {
	grow := (x.b - x.a) / (2 * x.length)
	if grow == 0 {
		return n / x.a
	}
	// The form of the root that loses no digits where grow is small.
	return 2 * n / (x.a + math.Sqrt(x.a*x.a+4*grow*n))
}

// dueBetween is how many commands of the phase are due between two times from its
// beginning.
func (p *Phase) dueBetween(from, to time.Duration) float64 {
	until := func(d time.Duration) float64 {
		t, length := min(max(d, 0), p.For).Seconds(), p.For.Seconds()
		return p.Rate*t + (p.to()-p.Rate)*t*t/(2*length)
	}
	return until(to) - until(from)
}
