package metrics

import (
	"math"

	"github.com/eppkit/eppkit/client/middleware"
)

// commands writes what the sources' Latency has recorded.
func (h *Handler) commands(x *text) {
	recorded := make([][]middleware.Histogram, len(h.sources))
	for i, s := range h.sources {
		if s.Latency != nil {
			recorded[i] = s.Latency.Snapshot()
		}
	}
	each := func(f func(m *middleware.Histogram, labels []label)) {
		for i := range recorded {
			for k := range recorded[i] {
				m := &recorded[i][k]
				f(m, labelled(&h.sources[i], label{"command", m.Command}, label{"class", string(m.Class)}, label{"result", m.Result}))
			}
		}
	}
	const total, took = "eppkit_commands_total", "eppkit_command_duration_seconds"
	x.metric(total, counter, "Commands, by name, class and result: a code of RFC 5730, or how far a command without an answer came.")
	each(func(m *middleware.Histogram, labels []label) { x.sample(total, count(m.Count), labels...) })
	x.metric(took, histogram, "How long commands took, as their callers saw it.")
	each(func(m *middleware.Histogram, labels []label) {
		var n uint64
		for i, c := range m.Counts {
			n += c
			bound := math.Inf(1)
			if i < len(m.Bounds) {
				bound = m.Bounds[i].Seconds()
			}
			x.sample(took+"_bucket", count(n), append(labels[:len(labels):len(labels)], label{"le", number(bound)})...)
		}
		x.sample(took+"_sum", m.Sum.Seconds(), labels...)
		x.sample(took+"_count", count(m.Count), labels...)
	})
}
