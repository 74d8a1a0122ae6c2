package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/eppkit/eppkit/client"
)

// A metric is a figure among those of an S.
type metric[S any] struct {
	name  string
	kind  kind
	help  string
	value func(*S) float64
}

// figures are those of one source, read once so that they fit each other.
type figures[S any] struct {
	source *Source
	of     S
}

func read[S any](sources []Source, f func(*Source) (S, bool)) []figures[S] {
	var all []figures[S]
	for i := range sources {
		if of, ok := f(&sources[i]); ok {
			all = append(all, figures[S]{&sources[i], of})
		}
	}
	return all
}

func write[S any](x *text, metrics []metric[S], all []figures[S]) {
	for _, m := range metrics {
		x.metric(m.name, m.kind, m.help)
		for i := range all {
			x.sample(m.name, m.value(&all[i].of), labelled(all[i].source)...)
		}
	}
}

// poolMetrics has each field of client.PoolStats but Sessions.
var poolMetrics = []metric[client.PoolStats]{
	{"eppkit_pool_sessions", gauge, "Sessions that are logged in.", func(s *client.PoolStats) float64 { return count(s.Open) }},
	{"eppkit_pool_sessions_opening", gauge, "Sessions that are being opened.", func(s *client.PoolStats) float64 { return count(s.Opening) }},
	{"eppkit_pool_sessions_retiring", gauge, "Of the sessions: those that take no more commands and are logged out.", func(s *client.PoolStats) float64 { return count(s.Retiring) }},
	{"eppkit_pool_sessions_limit", gauge, "How many sessions there may be now.", func(s *client.PoolStats) float64 { return count(s.Limit) }},
	{"eppkit_pool_commands_in_flight", gauge, "Commands on their way.", func(s *client.PoolStats) float64 { return count(s.Busy) }},
	{"eppkit_pool_callers_waiting", gauge, "Callers who wait for a session.", func(s *client.PoolStats) float64 { return count(s.Waiting) }},
	{"eppkit_pool_stopped", gauge, "1 when no more sessions are opened until somebody has looked.", func(s *client.PoolStats) float64 { return truth(s.Stopped != nil) }},
	{"eppkit_pool_retry_timestamp_seconds", gauge, "When the next session may be opened; 0 when it need not wait.", func(s *client.PoolStats) float64 { return unix(s.Retry) }},
	{"eppkit_pool_commands_total", counter, "Commands that Exchange was asked for; Ready and Hold are none.", func(s *client.PoolStats) float64 { return count(s.Commands) }},
	{"eppkit_pool_answered_total", counter, "Of the commands: those that have an answer, whatever its code.", func(s *client.PoolStats) float64 { return count(s.Answered) }},
	{"eppkit_pool_moved_total", counter, "Times that a command that was never sent went to another session.", func(s *client.PoolStats) float64 { return count(s.Moved) }},
	{"eppkit_pool_repeated_total", counter, "Times that a query was sent again.", func(s *client.PoolStats) float64 { return count(s.Repeated) }},
	{"eppkit_pool_unknown_total", counter, "Of the commands: those whose outcome is not known.", func(s *client.PoolStats) float64 { return count(s.Unknown) }},
	{"eppkit_pool_not_sent_total", counter, "Of the commands: those that ended without having been sent.", func(s *client.PoolStats) float64 { return count(s.NotSent) }},
	{"eppkit_pool_queue_full_total", counter, "Callers who were refused because too many waited, those of Ready and Hold as well.", func(s *client.PoolStats) float64 { return count(s.QueueFull) }},
	{"eppkit_pool_dials_total", counter, "Attempts to open a session.", func(s *client.PoolStats) float64 { return count(s.Dials) }},
	{"eppkit_pool_sessions_opened_total", counter, "Sessions that were opened.", func(s *client.PoolStats) float64 { return count(s.Opened) }},
	{"eppkit_pool_logins_refused_total", counter, "Logins that the registry refused.", func(s *client.PoolStats) float64 { return count(s.Refused) }},
	{"eppkit_pool_logins_limited_total", counter, "Of the logins refused: those by the limit of sessions (2502).", func(s *client.PoolStats) float64 { return count(s.Limited) }},
	{"eppkit_pool_sessions_lost_total", counter, "Sessions that ended without a logout.", func(s *client.PoolStats) float64 { return count(s.Lost) }},
	{"eppkit_pool_sessions_logged_out_total", counter, "Sessions that ended with a logout.", func(s *client.PoolStats) float64 { return count(s.LoggedOut) }},
	{"eppkit_pool_hellos_total", counter, "Hellos that kept sessions alive.", func(s *client.PoolStats) float64 { return count(s.Hellos) }},
	{"eppkit_pool_waiting_seconds_total", counter, "How long callers waited for a session.", func(s *client.PoolStats) float64 { return s.WaitingTime.Seconds() }},
}

// An address is the sessions with one server.
type address struct {
	name                     string
	sessions, busy, retiring int
	commands                 uint64
	oldest, lastUse          time.Time
}

// addressMetrics has each field of client.SessionStats. Sessions come and go, and have no
// names; servers have, and stay.
var addressMetrics = []metric[address]{
	{"eppkit_pool_address_sessions", gauge, "Sessions with one server.", func(a *address) float64 { return count(a.sessions) }},
	{"eppkit_pool_address_sessions_retiring", gauge, "Of the sessions with one server: those that take no more commands.", func(a *address) float64 { return count(a.retiring) }},
	{"eppkit_pool_address_commands_in_flight", gauge, "Commands on their way to one server.", func(a *address) float64 { return count(a.busy) }},
	{"eppkit_pool_address_session_commands", gauge, "Commands so far on the sessions with one server that are open now.", func(a *address) float64 { return count(a.commands) }},
	{"eppkit_pool_address_oldest_session_timestamp_seconds", gauge, "When the oldest session with one server was opened.", func(a *address) float64 { return unix(a.oldest) }},
	{"eppkit_pool_address_last_use_timestamp_seconds", gauge, "When one server last answered a command.", func(a *address) float64 { return unix(a.lastUse) }},
}

func addresses(sessions []client.SessionStats) []address {
	var all []address
	for _, s := range sessions {
		i := slices.IndexFunc(all, func(a address) bool { return a.name == s.Address })
		if i < 0 {
			i, all = len(all), append(all, address{name: s.Address, oldest: s.Opened})
		}
		a := &all[i]
		a.sessions++
		a.busy += s.Busy
		a.commands += s.Commands
		if s.Retiring {
			a.retiring++
		}
		if s.Opened.Before(a.oldest) {
			a.oldest = s.Opened
		}
		if s.LastUse.After(a.lastUse) {
			a.lastUse = s.LastUse
		}
	}
	slices.SortFunc(all, func(a, b address) int { return cmp.Compare(a.name, b.name) })
	return all
}

func (h *Handler) pools(x *text) {
	all := read(h.sources, func(s *Source) (f client.PoolStats, ok bool) {
		if s.Pool == nil {
			return f, false
		}
		return s.Pool.Stats(), true
	})
	write(x, poolMetrics, all)
	for _, m := range addressMetrics {
		x.metric(m.name, m.kind, m.help)
		for _, f := range all {
			for _, a := range addresses(f.of.Sessions) {
				x.sample(m.name, m.value(&a), labelled(f.source, label{"address", a.name})...)
			}
		}
	}
}
