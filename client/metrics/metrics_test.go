package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/metrics"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// fixed is a pool whose figures are those of a test.
type fixed struct{ client.PoolStats }

func (f *fixed) Stats() client.PoolStats { return f.PoolStats }

// taking is a Doer that answers after a time.
type taking time.Duration

func (d taking) Exchange(_ context.Context, cmd *epp.Command) (*epp.Response, error) {
	time.Sleep(time.Duration(d))
	if !cmd.IsQuery() {
		return nil, &client.Error{Fate: client.Unknown, Err: errors.New("the line is cut")}
	}
	return &epp.Response{Results: []epp.Result{{Code: epp.Success}}}, nil
}

func figures(t *testing.T, sources ...metrics.Source) string {
	h, err := metrics.New(metrics.Options{Sources: sources})
	require.NoError(t, err)
	return string(h.Append(nil))
}

func TestCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := middleware.NewLatency(middleware.LatencyOptions{Bounds: []time.Duration{250 * time.Millisecond, time.Second}})
		for _, took := range []time.Duration{100 * time.Millisecond, 250 * time.Millisecond, 900 * time.Millisecond, 3 * time.Second} {
			_, err := middleware.Wrap(taking(took), l).Exchange(t.Context(), &epp.Command{Request: &domain.Check{Names: []string{"sauna.example"}}})
			require.NoError(t, err)
		}
		_, err := middleware.Wrap(taking(0), l).Exchange(t.Context(), &epp.Command{Request: &domain.Delete{Name: "sauna.example"}})
		require.Error(t, err)
		require.Equal(t, `# HELP eppkit_commands_total Commands, by name, class and result: a code of RFC 5730, or how far a command without an answer came.
# TYPE eppkit_commands_total counter
eppkit_commands_total{registry="cz",command="domain:check",class="query",result="1000"} 4
eppkit_commands_total{registry="cz",command="domain:delete",class="transform",result="unknown"} 1
# HELP eppkit_command_duration_seconds How long commands took, as their callers saw it.
# TYPE eppkit_command_duration_seconds histogram
eppkit_command_duration_seconds_bucket{registry="cz",command="domain:check",class="query",result="1000",le="0.25"} 2
eppkit_command_duration_seconds_bucket{registry="cz",command="domain:check",class="query",result="1000",le="1"} 3
eppkit_command_duration_seconds_bucket{registry="cz",command="domain:check",class="query",result="1000",le="+Inf"} 4
eppkit_command_duration_seconds_sum{registry="cz",command="domain:check",class="query",result="1000"} 4.25
eppkit_command_duration_seconds_count{registry="cz",command="domain:check",class="query",result="1000"} 4
eppkit_command_duration_seconds_bucket{registry="cz",command="domain:delete",class="transform",result="unknown",le="0.25"} 1
eppkit_command_duration_seconds_bucket{registry="cz",command="domain:delete",class="transform",result="unknown",le="1"} 1
eppkit_command_duration_seconds_bucket{registry="cz",command="domain:delete",class="transform",result="unknown",le="+Inf"} 1
eppkit_command_duration_seconds_sum{registry="cz",command="domain:delete",class="transform",result="unknown"} 0
eppkit_command_duration_seconds_count{registry="cz",command="domain:delete",class="transform",result="unknown"} 1
`, figures(t, metrics.Source{Name: "cz", Latency: l}))
	})
}

// Every field of what a pool, a breaker and a limit count is in the figures: each has a
// value of its own, and is looked for.
func TestEveryFieldShows(t *testing.T) {
	var pool fixed
	values := fill(t, reflect.ValueOf(&pool.PoolStats).Elem(), 1000)
	out := figures(t, metrics.Source{Name: "cz", Pool: &pool})
	for field, want := range values {
		require.Contains(t, out, want, field)
	}
	session := client.SessionStats{Address: "a"}
	values = fill(t, reflect.ValueOf(&session).Elem(), 2000)
	out = figures(t, metrics.Source{Name: "cz", Pool: &fixed{client.PoolStats{Sessions: []client.SessionStats{session}}}})
	for field, want := range values {
		require.Contains(t, out, want, field)
	}
}

// fill gives each field of a struct its own value, and returns how that looks in the text.
func fill(t *testing.T, v reflect.Value, from int) map[string]string {
	want := map[string]string{}
	for i := range v.NumField() {
		f, n, name := v.Field(i), from+i, v.Type().Field(i).Name
		want[name] = fmt.Sprintf("} %d\n", n)
		switch x := f.Addr().Interface().(type) {
		case *int:
			*x = n
		case *uint64:
			*x = uint64(n)
		case *time.Duration:
			*x = time.Duration(n) * time.Second
		case *time.Time:
			*x = time.Unix(int64(n), 0)
		case *string:
			*x = "epp.registry.example:700"
			want[name] = `address="epp.registry.example:700"`
		case *bool:
			*x = true
			want[name] = `retiring{registry="cz",address="epp.registry.example:700"} 1`
		case *error:
			*x = errors.New("the login was refused")
			want[name] = `eppkit_pool_stopped{registry="cz"} 1`
		case *[]client.SessionStats:
			delete(want, name) // in a test of its own
		default:
			t.Fatalf("the field %s has no metric yet", name)
		}
	}
	return want
}

func TestAddresses(t *testing.T) {
	at := func(s int64) time.Time { return time.Unix(s, 0) }
	out := figures(t, metrics.Source{Name: "cz", Pool: &fixed{client.PoolStats{Sessions: []client.SessionStats{
		{Address: "b:700", Opened: at(50), LastUse: at(60), Busy: 1, Commands: 10},
		{Address: "a:700", Opened: at(30), LastUse: at(90), Busy: 2, Commands: 5, Retiring: true},
		{Address: "b:700", Opened: at(40), LastUse: at(45), Commands: 7},
	}}}})
	for _, want := range []string{
		`sessions{registry="cz",address="a:700"} 1`, `sessions{registry="cz",address="b:700"} 2`,
		`in_flight{registry="cz",address="a:700"} 2`, `in_flight{registry="cz",address="b:700"} 1`,
		`session_commands{registry="cz",address="b:700"} 17`, `retiring{registry="cz",address="a:700"} 1`,
		`oldest_session_timestamp_seconds{registry="cz",address="b:700"} 40`, `last_use_timestamp_seconds{registry="cz",address="b:700"} 60`,
	} {
		require.Contains(t, out, want+"\n")
	}
}

func TestLayers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := middleware.NewBreaker(middleware.BreakerOptions{MinCommands: 2})
		l, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{{Rate: 1}}})
		require.NoError(t, err)
		r := middleware.NewRetry(middleware.RetryOptions{})
		d := middleware.Wrap(taking(0), r, b, l)
		for range 4 {
			_, _ = d.Exchange(t.Context(), &epp.Command{Request: &domain.Delete{Name: "sauna.example"}})
		}
		out := figures(t, metrics.Source{Name: "cz", Breaker: b, Limit: l, Retry: r}, metrics.Source{Name: "com"})
		for _, want := range []string{
			`eppkit_breaker_state{registry="cz",state="closed"} 0`, `eppkit_breaker_state{registry="cz",state="open"} 1`,
			`eppkit_breaker_state{registry="cz",state="half-open"} 0`, `eppkit_breaker_opened_total{registry="cz"} 1`,
			`eppkit_breaker_refused_total{registry="cz"} 2`, `eppkit_limit_passed_total{registry="cz"} 2`,
			`eppkit_limit_delayed_total{registry="cz"} 1`, `eppkit_limit_waiting_seconds_total{registry="cz"} 1`,
			`eppkit_retry_repeats_total{registry="cz"} 0`,
		} {
			require.Contains(t, out, want+"\n")
		}
		require.NotContains(t, out, `registry="com"`, "what there is nothing to say of is not there")
	})
}

func TestEscaping(t *testing.T) {
	name := "a\\b\"c\nd\xff"
	out := figures(t, metrics.Source{Name: name, Retry: middleware.NewRetry(middleware.RetryOptions{})})
	require.Contains(t, out, `{registry="a\\b\"c\nd`+"\uFFFD"+`"} 0`)
}

func TestSourcesOfOneName(t *testing.T) {
	_, err := metrics.New(metrics.Options{Sources: []metrics.Source{{Name: "cz"}, {Name: "cz"}}})
	require.EqualError(t, err, `metrics: two sources have the name "cz"`)
}

func TestServeHTTP(t *testing.T) {
	h, err := metrics.New(metrics.Options{Sources: []metrics.Source{{Name: "cz", Pool: &fixed{}}}})
	require.NoError(t, err)
	for method, code := range map[string]int{http.MethodGet: 200, http.MethodHead: 200, http.MethodPost: 405} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/metrics", nil))
		require.Equal(t, code, w.Code)
		if code == 200 {
			require.Equal(t, "text/plain; version=0.0.4; charset=utf-8", w.Header().Get("Content-Type"))
			require.True(t, strings.HasPrefix(w.Body.String(), "# HELP eppkit_pool_sessions "))
		}
	}
}

var _ interface{ Stats() client.PoolStats } = (*client.Pool)(nil)
