package metrics

import "github.com/eppkit/eppkit/client/middleware"

// layers writes the state of breakers, limits and retries.
func (h *Handler) layers(x *text) {
	h.breakers(x)
	h.limits(x)
	const repeats = "eppkit_retry_repeats_total"
	x.metric(repeats, counter, "Attempts beside the first ones.")
	for i := range h.sources {
		if s := &h.sources[i]; s.Retry != nil {
			x.sample(repeats, count(s.Retry.Repeats()), labelled(s)...)
		}
	}
}

var breakerMetrics = []metric[middleware.BreakerStats]{
	{"eppkit_breaker_window_commands", gauge, "Commands that ended within the window.", func(s *middleware.BreakerStats) float64 { return count(s.Commands) }},
	{"eppkit_breaker_window_failures", gauge, "Failures among the commands of the window.", func(s *middleware.BreakerStats) float64 { return count(s.Failures) }},
	{"eppkit_breaker_retry_timestamp_seconds", gauge, "When an open circuit lets commands through again; 0 while it is not open.", func(s *middleware.BreakerStats) float64 { return unix(s.Until) }},
	{"eppkit_breaker_opened_total", counter, "Times that the circuit was opened.", func(s *middleware.BreakerStats) float64 { return count(s.Opened) }},
	{"eppkit_breaker_refused_total", counter, "Commands that were refused because the circuit was open.", func(s *middleware.BreakerStats) float64 { return count(s.Refused) }},
}

func (h *Handler) breakers(x *text) {
	figures := read(h.sources, func(s *Source) (f middleware.BreakerStats, ok bool) {
		if s.Breaker == nil {
			return f, false
		}
		return s.Breaker.Stats(), true
	})
	const state = "eppkit_breaker_state"
	x.metric(state, gauge, "1 for the state that the circuit is in.")
	for _, f := range figures {
		for _, s := range []middleware.State{middleware.Closed, middleware.Open, middleware.HalfOpen} {
			x.sample(state, truth(f.of.State == s), labelled(f.source, label{"state", s.String()})...)
		}
	}
	write(x, breakerMetrics, figures)
}

var limitMetrics = []metric[middleware.LimitStats]{
	{"eppkit_limit_waiting", gauge, "Commands that wait for their turn.", func(s *middleware.LimitStats) float64 { return count(s.Waiting) }},
	{"eppkit_limit_passed_total", counter, "Commands that the limits let pass, at once or later.", func(s *middleware.LimitStats) float64 { return count(s.Passed) }},
	{"eppkit_limit_delayed_total", counter, "Commands that passed after they had to wait.", func(s *middleware.LimitStats) float64 { return count(s.Delayed) }},
	{"eppkit_limit_refused_total", counter, "Commands that could not have their turn before their deadline.", func(s *middleware.LimitStats) float64 { return count(s.Refused) }},
	{"eppkit_limit_given_up_total", counter, "Commands whose callers left before their turn.", func(s *middleware.LimitStats) float64 { return count(s.GivenUp) }},
	{"eppkit_limit_waiting_seconds_total", counter, "How long commands waited for their turn.", func(s *middleware.LimitStats) float64 { return s.WaitingTime.Seconds() }},
}

func (h *Handler) limits(x *text) {
	write(x, limitMetrics, read(h.sources, func(s *Source) (f middleware.LimitStats, ok bool) {
		if s.Limit == nil {
			return f, false
		}
		return s.Limit.Stats(), true
	}))
}
