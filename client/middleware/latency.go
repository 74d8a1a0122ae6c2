package middleware

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// LatencyOptions configure a [Latency].
type LatencyOptions struct {
	// Bounds are the upper bounds of the histograms' buckets; a last one without a bound
	// follows. Nil means those of [DefaultBounds].
	Bounds []time.Duration
}

// DefaultBounds are from 1 ms to a minute. ICANN's service levels of 2 s and 4 s are
// among them, so that the share of commands that keep them is exact.
func DefaultBounds() []time.Duration {
	const ms = time.Millisecond
	return []time.Duration{
		1 * ms, 2 * ms, 5 * ms, 10 * ms, 25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms,
		1000 * ms, 2000 * ms, 4000 * ms, 8000 * ms, 15_000 * ms, 30_000 * ms, 60_000 * ms,
	}
}

// maxCommands bounds how many names of commands a Latency tells apart, whatever names
// documents have that callers send.
const maxCommands = 512

// A Latency counts commands, and how long they took, by command and result. Buckets have
// fixed bounds: what is recorded is a few atomic additions, goroutines do not wait for
// each other, and several programs' figures can be added up.
type Latency struct {
	bounds []time.Duration
	series sync.Map // seriesKey → *series

	mu    sync.Mutex
	names map[epp.Name]bool // that are told apart
}

type seriesKey struct {
	name   epp.Name
	class  Class
	code   epp.Code // or 0
	fate   client.Fate
	result string // only of what code and fate do not say
}

type series struct {
	counts []atomic.Uint64 // by bucket
	sum    atomic.Int64    // nanoseconds
}

// NewLatency makes a Latency.
func NewLatency(opts LatencyOptions) *Latency {
	bounds := opts.Bounds
	if bounds == nil {
		bounds = DefaultBounds()
	}
	bounds = slices.Clone(bounds)
	slices.Sort(bounds)
	return &Latency{bounds: slices.Compact(bounds), names: map[epp.Name]bool{}}
}

// Exchange passes the command on and records how long that took.
func (l *Latency) Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
	start := time.Now()
	resp, err := next.Exchange(ctx, cmd)
	l.record(cmd, outcomeOf(cmd, start, resp, err))
	return resp, err
}

func (l *Latency) record(cmd *epp.Command, o Outcome) {
	key := seriesKey{class: ClassOf(cmd), code: o.Code, fate: o.Fate}
	if r := requestOf(cmd); r != nil {
		key.name = r.XMLName()
	}
	if o.Code != 0 && !o.Code.Known() { // so that a server can't make any number of series
		key.code, key.result = 0, ResultOther
	}
	it, ok := l.series.Load(key)
	if !ok {
		key.name = l.known(key.name)
		it, _ = l.series.LoadOrStore(key, &series{counts: make([]atomic.Uint64, len(l.bounds)+1)})
	}
	s := it.(*series)
	i, _ := slices.BinarySearch(l.bounds, o.Took)
	s.counts[i].Add(1)
	s.sum.Add(int64(o.Took))
}

// known is a name that is told apart, or the one for all others.
func (l *Latency) known(n epp.Name) epp.Name {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.names[n] && len(l.names) >= maxCommands {
		return epp.Name{Local: ResultOther}
	}
	l.names[n] = true
	return n
}

// A Histogram is how long the commands of one name, class and result took.
type Histogram struct {
	Command string // such as domain:check
	Class   Class
	Result  string // see [Outcome.Result]
	Count   uint64
	Sum     time.Duration
	Bounds  []time.Duration // must not be changed
	Counts  []uint64        // by bucket, one more than Bounds; what took exactly a bound is in its bucket
}

// Snapshot returns the histograms, sorted by command, class and result. Names in several
// namespaces with one prefix, such as domain:check of RFC 5731 and of FRED, are counted
// together.
func (l *Latency) Snapshot() []Histogram {
	type labels struct {
		name   string
		class  Class
		result string
	}
	byLabels := map[labels]*Histogram{}
	l.series.Range(func(k, v any) bool {
		key, s := k.(seriesKey), v.(*series)
		at := labels{key.label(), key.class, cmp.Or(key.result, Outcome{Code: key.code, Fate: key.fate}.Result())}
		h := byLabels[at]
		if h == nil {
			h = &Histogram{Command: at.name, Class: at.class, Result: at.result, Bounds: l.bounds, Counts: make([]uint64, len(l.bounds)+1)}
			byLabels[at] = h
		}
		h.Sum += time.Duration(s.sum.Load())
		for i := range s.counts {
			n := s.counts[i].Load()
			h.Counts[i] += n
			h.Count += n
		}
		return true
	})
	all := make([]Histogram, 0, len(byLabels))
	for _, h := range byLabels {
		all = append(all, *h)
	}
	slices.SortFunc(all, func(a, b Histogram) int {
		return cmp.Or(cmp.Compare(a.Command, b.Command), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Result, b.Result))
	})
	return all
}

func (k *seriesKey) label() string {
	if k.name == (epp.Name{}) {
		return nameOf(nil)
	}
	return k.name.Qualified()
}

// Quantile returns a duration that a share q of the commands did not exceed, from 0 to 1:
// somewhere in the bucket that it is in, as if those in it were spread evenly. It is the
// last bound for what lies beyond it, and 0 without commands.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := q * float64(h.Count)
	var below float64
	for i, n := range h.Counts[:len(h.Bounds)] {
		if n == 0 || below+float64(n) < rank {
			below += float64(n)
			continue
		}
		var low time.Duration
		if i > 0 {
			low = h.Bounds[i-1]
		}
		return low + time.Duration((rank-below)/float64(n)*float64(h.Bounds[i]-low))
	}
	if h.Count == 0 || len(h.Bounds) == 0 {
		return 0
	}
	return h.Bounds[len(h.Bounds)-1]
}
