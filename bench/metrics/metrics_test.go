package metrics

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/metrics"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

type doer struct {
	code epp.Code
	err  error
}

func (d doer) Exchange(context.Context, *epp.Command) (*epp.Response, error) {
	return &epp.Response{Results: []epp.Result{{Code: d.code}}}, d.err
}

type pool client.PoolStats

func (p pool) Stats() client.PoolStats { return client.PoolStats(p) }

const odd = "an \"odd\" name\\\n{of=\"one\"} # HELP"

// parse reads figures as Prometheus does, with names as they were before it took any.
func parse(t *testing.T, text []byte) map[string]*dto.MetricFamily {
	p := expfmt.NewTextParser(model.LegacyValidation)
	families, err := p.TextToMetricFamilies(bytes.NewReader(text))
	require.NoError(t, err, string(text))
	return families
}

func TestPrometheusReadsTheText(t *testing.T) {
	latency := middleware.NewLatency(middleware.LatencyOptions{})
	breaker := middleware.NewBreaker(middleware.BreakerOptions{MinCommands: 1})
	retry := middleware.NewRetry(middleware.RetryOptions{Attempts: 1})
	limit, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{{Rate: 1e6, Burst: 1e6}}})
	require.NoError(t, err)
	cmd := &epp.Command{Request: &domain.Check{Names: []string{"sauna.example"}}}
	for _, d := range []doer{{code: 1000}, {code: 1000}, {code: 2303}, {err: errors.New("lost")}} {
		_, _ = middleware.Wrap(d, latency, retry, breaker, limit).Exchange(t.Context(), cmd)
	}
	at := time.Date(2031, 1, 12, 8, 30, 0, 250e6, time.UTC)
	stats := pool{
		Open: 3, Waiting: 7, Retry: at, Stopped: errors.New("refused"), Commands: math.MaxUint32 + 1, WaitingTime: 1500 * time.Microsecond,
		Sessions: []client.SessionStats{{Address: odd, Opened: at, LastUse: at}, {Address: "b.example:700"}},
	}
	h, err := metrics.New(metrics.Options{Sources: []metrics.Source{
		{Name: odd, Pool: stats, Latency: latency, Breaker: breaker, Limit: limit, Retry: retry},
		{Name: "second", Pool: pool{}, Latency: latency},
		{Name: "none"},
	}})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	require.Equal(t, expfmt.TypeTextPlain, expfmt.ResponseFormat(w.Header()).FormatType())
	text, err := io.ReadAll(w.Body)
	require.NoError(t, err)
	families := parse(t, text)

	for name, f := range families {
		require.NotEmpty(t, f.GetHelp(), name)
		require.Equal(t, f.GetType() == dto.MetricType_COUNTER, strings.HasSuffix(name, "_total"), name)
		require.NotEqual(t, dto.MetricType_UNTYPED, f.GetType(), name)
		seen := map[string]bool{}
		for _, m := range f.Metric {
			key := labels(m)
			require.False(t, seen[key], "%s %s twice", name, key)
			seen[key] = true
		}
	}
	value := func(name string) *dto.Metric {
		require.NotNil(t, families[name], name)
		return families[name].Metric[0]
	}
	require.Equal(t, odd, value("eppkit_pool_sessions").Label[0].GetValue())
	require.Equal(t, 3.0, value("eppkit_pool_sessions").Gauge.GetValue())
	require.Equal(t, 4294967296.0, value("eppkit_pool_commands_total").Counter.GetValue())
	require.Equal(t, 0.0015, value("eppkit_pool_waiting_seconds_total").Counter.GetValue())
	require.Equal(t, 1925973000.25, value("eppkit_pool_retry_timestamp_seconds").Gauge.GetValue())
	require.Len(t, families["eppkit_pool_sessions"].Metric, 2)
	require.Equal(t, odd, families["eppkit_pool_address_sessions"].Metric[0].Label[1].GetValue())
	require.Len(t, families["eppkit_breaker_state"].Metric, 3)

	f := families["eppkit_command_duration_seconds"]
	require.Equal(t, dto.MetricType_HISTOGRAM, f.GetType())
	require.Len(t, f.Metric, 6, "three results, of two sources")
	for _, m := range f.Metric {
		buckets := m.Histogram.Bucket
		require.Len(t, buckets, len(middleware.DefaultBounds())+1)
		require.True(t, math.IsInf(buckets[len(buckets)-1].GetUpperBound(), 1))
		require.Equal(t, m.Histogram.GetSampleCount(), buckets[len(buckets)-1].GetCumulativeCount())
		for i := 1; i < len(buckets); i++ {
			require.Less(t, buckets[i-1].GetUpperBound(), buckets[i].GetUpperBound())
			require.LessOrEqual(t, buckets[i-1].GetCumulativeCount(), buckets[i].GetCumulativeCount())
		}
	}

	// What it writes of what it read is the same, line by line.
	var again bytes.Buffer
	enc := expfmt.NewEncoder(&again, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, f := range families {
		require.NoError(t, enc.Encode(f))
	}
	require.ElementsMatch(t, strings.Split(string(text), "\n"), strings.Split(again.String(), "\n"))
}

func labels(m *dto.Metric) string {
	s := ""
	for _, l := range m.Label {
		s += l.GetName() + "=" + l.GetValue() + ";"
	}
	return s
}

// The parser is a strict one: it refuses what is wrong in any of these ways.
func TestPrometheusRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a quotation mark in a value": "a{b=\"c\"d\"} 1\n",
		"a line break in a value":     "a{b=\"c\nd\"} 1\n",
		"no value":                    "a{b=\"c\"}\n",
		"a name":                      "1a 1\n",
		"a type twice":                "# TYPE a counter\na 1\n# TYPE a counter\n",
		"no last line break":          "a 1",
	} {
		p := expfmt.NewTextParser(model.LegacyValidation)
		_, err := p.TextToMetricFamilies(strings.NewReader(text))
		require.Error(t, err, name)
	}
}
