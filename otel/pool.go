package otel

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/metric"

	"github.com/eppkit/eppkit/client"
)

// A figure is one of a pool: of now, or a counter, which only grows.
type figure struct {
	name, unit, about string
	counter           bool
	value             func(*client.PoolStats) int64
}

var figures = []figure{
	{"epp.client.pool.sessions", "{session}", "Sessions that are logged in.", false, func(s *client.PoolStats) int64 { return int64(s.Open) }},
	{"epp.client.pool.sessions.limit", "{session}", "How many sessions there may be now.", false, func(s *client.PoolStats) int64 { return int64(s.Limit) }},
	{"epp.client.pool.stopped", "1", "1 when no more sessions are opened until somebody has looked.", false, func(s *client.PoolStats) int64 { return stopped(s) }},
	{"epp.client.pool.in_flight", "{command}", "Commands on their way.", false, func(s *client.PoolStats) int64 { return int64(s.Busy) }},
	{"epp.client.pool.waiting", "{caller}", "Callers who wait for a session.", false, func(s *client.PoolStats) int64 { return int64(s.Waiting) }},
	{"epp.client.pool.commands", "{command}", "Commands that Exchange was asked for; Ready and Hold are none.", true, func(s *client.PoolStats) int64 { return int64(s.Commands) }},
	{"epp.client.pool.unknown", "{command}", "Of the commands: those whose outcome is not known.", true, func(s *client.PoolStats) int64 { return int64(s.Unknown) }},
	{"epp.client.pool.not_sent", "{command}", "Of the commands: those that ended without having been sent.", true, func(s *client.PoolStats) int64 { return int64(s.NotSent) }},
	{"epp.client.pool.repeated", "{command}", "Times that a query was sent again.", true, func(s *client.PoolStats) int64 { return int64(s.Repeated) }},
	{"epp.client.pool.sessions.opened", "{session}", "Sessions that were opened.", true, func(s *client.PoolStats) int64 { return int64(s.Opened) }},
	{"epp.client.pool.sessions.lost", "{session}", "Sessions that ended without a logout.", true, func(s *client.PoolStats) int64 { return int64(s.Lost) }},
	{"epp.client.pool.logins.refused", "{login}", "Logins that the registry refused.", true, func(s *client.PoolStats) int64 { return int64(s.Refused) }},
	{"epp.client.pool.waiting.time", "ms", "How long callers waited for a session.", true, func(s *client.PoolStats) int64 { return s.WaitingTime.Milliseconds() }},
}

func stopped(s *client.PoolStats) int64 {
	if s.Stopped != nil {
		return 1
	}
	return 0
}

// ObservePool has the meter ask for a pool's figures whenever it collects, until the
// registration ends. A *[client.Pool] has the figures. The error is the meter's.
func ObservePool(opts Options, pool interface{ Stats() client.PoolStats }) (metric.Registration, error) {
	meter := opts.meter()
	of := make([]metric.Int64Observable, len(figures))
	all := make([]metric.Observable, len(figures))
	for i, f := range figures {
		var err error
		if f.counter {
			of[i], err = meter.Int64ObservableCounter(f.name, metric.WithUnit(f.unit), metric.WithDescription(f.about))
		} else {
			of[i], err = meter.Int64ObservableGauge(f.name, metric.WithUnit(f.unit), metric.WithDescription(f.about))
		}
		if err != nil {
			return nil, fmt.Errorf("otel: %w", err)
		}
		all[i] = of[i]
	}
	registry := metric.WithAttributes(opts.attributes()...)
	r, err := meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		stats := pool.Stats()
		for i, f := range figures {
			o.ObserveInt64(of[i], f.value(&stats), registry)
		}
		return nil
	}, all...)
	if err != nil {
		return nil, fmt.Errorf("otel: %w", err)
	}
	return r, nil
}
