package otel

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	api "go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
)

// scope is the name of what makes the spans and the metrics.
const scope = "github.com/eppkit/eppkit/otel"

// Options say where spans and metrics go, and of which registry they are.
type Options struct {
	// TracerProvider and MeterProvider are those of the program; nil means
	// OpenTelemetry's global ones.
	TracerProvider trace.TracerProvider
	MeterProvider  metric.MeterProvider
	// Registry is the attribute epp.registry, and Address the attribute server.address;
	// "" leaves it out. Spans over a pool have the address of the session in its place.
	Registry, Address string
}

func (o *Options) tracer() trace.Tracer {
	if o.TracerProvider == nil {
		return api.Tracer(scope)
	}
	return o.TracerProvider.Tracer(scope)
}

func (o *Options) meter() metric.Meter {
	if o.MeterProvider == nil {
		return api.Meter(scope)
	}
	return o.MeterProvider.Meter(scope)
}

// attributes are those of the registry.
func (o *Options) attributes() []attribute.KeyValue {
	a := []attribute.KeyValue{attribute.String("rpc.system.name", "epp")}
	if o.Registry != "" {
		a = append(a, attribute.String("epp.registry", o.Registry))
	}
	if o.Address != "" {
		a = append(a, attribute.String("server.address", o.Address))
	}
	return a
}

// with is some attributes and those of a command.
func with(a []attribute.KeyValue, i middleware.Info) []attribute.KeyValue {
	return append(a[:len(a):len(a)], attribute.String("rpc.method", i.Name), attribute.String("epp.class", string(i.Class)))
}

// ended are the attributes of an outcome, and the error.type among them, or "".
func ended(o middleware.Outcome) (a []attribute.KeyValue, failure string) {
	if o.Code != 0 {
		a = append(a, attribute.String("rpc.response.status_code", o.Result()))
	}
	if o.Code == 0 || o.Code >= epp.CommandFailed {
		failure = o.Result()
		a = append(a, attribute.String("error.type", failure))
	}
	return a, failure
}

// Spans makes a layer that makes a span for each command, within the one that is in the
// caller's context. Over a pool the span says which server the command went to, and for how
// long it waited for a session.
func Spans(opts Options) middleware.Trace {
	tracer, registry := opts.tracer(), opts.attributes()
	return func(ctx context.Context, i middleware.Info) (context.Context, func(middleware.Outcome)) {
		ctx, span := tracer.Start(ctx, i.Name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(with(registry, i)...))
		if !span.IsRecording() {
			return ctx, func(middleware.Outcome) { span.End() }
		}
		if objects := i.Objects(); len(objects) > 0 {
			span.SetAttributes(attribute.StringSlice("epp.objects", objects[:min(len(objects), 10)]))
		}
		return client.WithTrace(ctx, sessionTrace(span)), func(o middleware.Outcome) { end(span, o) }
	}
}

// sessionTrace notes the sessions that a command gets: the last one's server, and the time
// that it waited for all of them.
func sessionTrace(span trace.Span) *client.CommandTrace {
	var all time.Duration
	return &client.CommandTrace{GotSession: func(waited time.Duration, addr string) {
		all += waited
		span.SetAttributes(attribute.Float64("epp.client.pool.waited", all.Seconds()))
		if host, port, err := net.SplitHostPort(addr); err == nil {
			n, _ := strconv.Atoi(port) // the session is there, so it is a number
			span.SetAttributes(attribute.String("server.address", host), attribute.Int("server.port", n))
		}
	}}
}

func end(span trace.Span, o middleware.Outcome) {
	a, failure := ended(o)
	if o.ClTRID != "" {
		a = append(a, attribute.String("epp.cl_trid", o.ClTRID))
	}
	if o.SvTRID != "" {
		a = append(a, attribute.String("epp.sv_trid", o.SvTRID))
	}
	span.SetAttributes(a...)
	switch {
	case o.Err != nil:
		span.SetStatus(codes.Error, o.Reason())
	case failure != "":
		span.SetStatus(codes.Error, o.Code.Text())
	}
	span.End()
}

// Durations makes a layer that records how long commands took, in the histogram
// rpc.client.call.duration, in seconds. The error is the meter's.
func Durations(opts Options) (middleware.Trace, error) {
	var bounds []float64
	for _, b := range middleware.DefaultBounds() {
		bounds = append(bounds, b.Seconds())
	}
	h, err := opts.meter().Float64Histogram("rpc.client.call.duration", metric.WithUnit("s"),
		metric.WithDescription("How long commands took, as their callers saw it."), metric.WithExplicitBucketBoundaries(bounds...))
	if err != nil {
		return nil, fmt.Errorf("otel: %w", err)
	}
	registry := opts.attributes()
	return func(ctx context.Context, i middleware.Info) (context.Context, func(middleware.Outcome)) {
		return ctx, func(o middleware.Outcome) {
			a, _ := ended(o)
			// The caller's context may have ended; what is recorded must not depend on it.
			h.Record(context.WithoutCancel(ctx), o.Took.Seconds(), metric.WithAttributes(append(with(registry, i), a...)...))
		}
	}, nil
}
