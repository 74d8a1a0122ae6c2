package otel_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	api "go.opentelemetry.io/otel/trace"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/otel"
)

// doer is a Doer that answers or fails after a time.
type doer struct {
	took time.Duration
	resp *epp.Response
	err  error
}

func (d doer) Exchange(context.Context, *epp.Command) (*epp.Response, error) {
	time.Sleep(d.took)
	return d.resp, d.err
}

func answering(code epp.Code, words string) doer {
	return doer{resp: &epp.Response{
		Results: []epp.Result{{Code: code, Msg: epp.Text{Text: words}}}, TrID: epp.TrID{ClTRID: "LANT-1", SvTRID: "SV-7"},
	}}
}

const canary = "k4n4rek"

func info() *epp.Command {
	return &epp.Command{Request: &domain.Info{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: canary}}}
}

func TestSpans(t *testing.T) {
	words := "the password " + canary + " is wrong"
	refusal := answering(epp.CommandFailedClosing, words).resp.Err()
	for name, c := range map[string]struct {
		d      doer
		want   map[string]string
		status trace.Status
	}{
		"success": {
			answering(epp.Success, words), map[string]string{"rpc.response.status_code": "1000", "epp.cl_trid": "LANT-1", "epp.sv_trid": "SV-7"}, trace.Status{},
		},
		"refusal": {
			answering(epp.InvalidAuthInfo, words), map[string]string{"rpc.response.status_code": "2202", "epp.cl_trid": "LANT-1", "epp.sv_trid": "SV-7"}, trace.Status{},
		},
		"2400": {
			answering(epp.CommandFailed, words),
			map[string]string{"rpc.response.status_code": "2400", "error.type": "2400", "epp.cl_trid": "LANT-1", "epp.sv_trid": "SV-7"},
			trace.Status{Code: codes.Error, Description: "Command failed"},
		},
		"never sent": {
			doer{err: &client.Error{Op: "dial", ClTRID: "LANT-2", Err: errors.New("no route")}},
			map[string]string{"error.type": "not sent", "epp.cl_trid": "LANT-2"},
			trace.Status{Code: codes.Error, Description: "client: dial (clTRID LANT-2): not sent: no route"},
		},
		"lost": {
			doer{err: &client.Error{Op: "domain:info", Fate: client.Unknown, Err: refusal}},
			map[string]string{"error.type": "unknown"},
			trace.Status{Code: codes.Error, Description: "the server said 2500"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen := tracetest.NewSpanRecorder()
			tp := trace.NewTracerProvider(trace.WithSpanProcessor(seen))
			ctx, parent := tp.Tracer("test").Start(t.Context(), "an order")
			var inside api.SpanContext
			look := middleware.Func(func(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
				inside = api.SpanContextFromContext(ctx)
				return next.Exchange(ctx, cmd)
			})
			d := middleware.Wrap(c.d, otel.Spans(otel.Options{TracerProvider: tp, Registry: "cz", Address: "epp.registry.example"}), look)
			_, _ = d.Exchange(ctx, info())
			require.Len(t, seen.Ended(), 1)
			span := seen.Ended()[0]
			require.Equal(t, "domain:info", span.Name())
			require.Equal(t, api.SpanKindClient, span.SpanKind())
			require.Equal(t, parent.SpanContext().SpanID(), span.Parent().SpanID())
			require.Equal(t, span.SpanContext().SpanID(), inside.SpanID(), "the layers below are within it")
			require.Equal(t, c.status, span.Status())
			want := map[string]string{
				"rpc.system.name": "epp", "rpc.method": "domain:info", "epp.class": "query", "epp.registry": "cz",
				"server.address": "epp.registry.example", "epp.objects": `["sauna.example"]`,
			}
			for k, v := range c.want {
				want[k] = v
			}
			require.Equal(t, want, texts(span.Attributes()))
		})
	}
}

func texts(attributes []attribute.KeyValue) map[string]string {
	got := map[string]string{}
	for _, a := range attributes {
		got[string(a.Key)] = a.Value.String()
	}
	return got
}

func TestDurations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader := metric.NewManualReader()
		layer, err := otel.Durations(otel.Options{MeterProvider: metric.NewMeterProvider(metric.WithReader(reader))})
		require.NoError(t, err)
		slow := answering(epp.Success, "")
		slow.took = 3 * time.Second
		for _, d := range []doer{slow, answering(epp.Success, ""), {err: errors.New("odd")}} {
			_, _ = middleware.Wrap(d, layer).Exchange(t.Context(), info())
		}
		m := collect(t, reader)["rpc.client.call.duration"]
		require.Equal(t, "s", m.Unit)
		points := m.Data.(metricdata.Histogram[float64]).DataPoints
		require.Len(t, points, 2)
		for _, p := range points {
			got := texts(p.Attributes.ToSlice())
			if got["error.type"] != "" {
				require.Equal(t, map[string]string{"rpc.system.name": "epp", "rpc.method": "domain:info", "epp.class": "query", "error.type": "unknown"}, got)
				continue
			}
			require.Equal(t, map[string]string{"rpc.system.name": "epp", "rpc.method": "domain:info", "epp.class": "query", "rpc.response.status_code": "1000"}, got)
			require.EqualValues(t, 2, p.Count)
			require.InDelta(t, 3, p.Sum, 0.001)
			require.Contains(t, p.Bounds, 4.0)
		}
	})
}

type fixed client.PoolStats

func (f fixed) Stats() client.PoolStats { return client.PoolStats(f) }

func TestObservePool(t *testing.T) {
	reader := metric.NewManualReader()
	opts := otel.Options{MeterProvider: metric.NewMeterProvider(metric.WithReader(reader)), Registry: "cz"}
	r, err := otel.ObservePool(opts, fixed{
		Open: 3, Limit: 5, Busy: 2, Waiting: 7, Stopped: errors.New("refused"), Commands: 100, Unknown: 4, NotSent: 6, Repeated: 8,
		Opened: 9, Lost: 10, Refused: 11, WaitingTime: 1500 * time.Millisecond,
	})
	require.NoError(t, err)
	got := map[string]int64{}
	for name, m := range collect(t, reader) {
		switch data := m.Data.(type) {
		case metricdata.Gauge[int64]:
			got[name] = data.DataPoints[0].Value
		case metricdata.Sum[int64]:
			require.True(t, data.IsMonotonic)
			got[name] = data.DataPoints[0].Value
		}
	}
	require.Equal(t, map[string]int64{
		"epp.client.pool.sessions": 3, "epp.client.pool.sessions.limit": 5, "epp.client.pool.in_flight": 2, "epp.client.pool.waiting": 7,
		"epp.client.pool.stopped": 1, "epp.client.pool.commands": 100, "epp.client.pool.unknown": 4, "epp.client.pool.not_sent": 6,
		"epp.client.pool.repeated": 8, "epp.client.pool.sessions.opened": 9, "epp.client.pool.sessions.lost": 10,
		"epp.client.pool.logins.refused": 11, "epp.client.pool.waiting.time": 1500,
	}, got)
	require.NoError(t, r.Unregister())
	require.Empty(t, collect(t, reader))
}

func collect(t *testing.T, reader metric.Reader) map[string]metricdata.Metrics {
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &all))
	byName := map[string]metricdata.Metrics{}
	for _, s := range all.ScopeMetrics {
		require.Equal(t, "github.com/eppkit/eppkit/otel", s.Scope.Name)
		for _, m := range s.Metrics {
			byName[m.Name] = m
		}
	}
	return byName
}
