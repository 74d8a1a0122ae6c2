package middleware_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	freddomain "github.com/eppkit/eppkit/fred/domain"
)

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := middleware.NewLatency(middleware.LatencyOptions{Bounds: []time.Duration{2 * time.Second, time.Second, time.Second}})
		send := func(n int, took time.Duration, d client.Doer, cmd *epp.Command) {
			for range n {
				_, _ = middleware.Wrap(taking(took, d), l).Exchange(t.Context(), cmd)
			}
		}
		send(3, time.Second, answering(epp.Success), check("a.example"))
		send(2, 1500*time.Millisecond, answering(epp.Success), check("a.example"))
		send(1, 3*time.Second, answering(epp.Success), check("a.example"))
		send(1, 0, answering(epp.ObjectExists), create())
		send(1, 0, failing(fate(client.NotSent)), create())
		send(1, 0, failing(fate(client.Unknown)), create())
		send(1, 0, failing(fate(client.Answered)), create())
		for code := epp.Code(3000); code < 4000; code++ {
			send(1, 0, answering(code), create())
		}
		send(1, 0, answering(epp.Success), &epp.Command{Request: &freddomain.Check{Names: []string{"a.cz"}}})
		h := l.Snapshot()
		bounds := []time.Duration{time.Second, 2 * time.Second}
		one := func(command string, class middleware.Class, result string, n uint64) middleware.Histogram {
			return middleware.Histogram{Command: command, Class: class, Result: result, Count: n, Bounds: bounds, Counts: []uint64{n, 0, 0}}
		}
		require.Equal(t, []middleware.Histogram{
			{
				Command: "domain:check", Class: middleware.Query, Result: "1000", Count: 7, Sum: 9 * time.Second,
				Bounds: bounds, Counts: []uint64{4, 2, 1},
			},
			one("domain:create", middleware.Transform, "2302", 1),
			one("domain:create", middleware.Transform, "executed", 1),
			one("domain:create", middleware.Transform, "not sent", 1),
			one("domain:create", middleware.Transform, "other", 1000),
			one("domain:create", middleware.Transform, "unknown", 1),
		}, h)
	})
}

func TestQuantile(t *testing.T) {
	h := middleware.Histogram{
		Count: 100, Bounds: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, Counts: []uint64{50, 30, 10, 10},
	}
	for q, want := range map[float64]time.Duration{
		0: 0, 0.25: 500 * time.Millisecond, 0.5: time.Second, 0.8: 2 * time.Second, 0.85: 3 * time.Second, 0.9: 4 * time.Second, 0.99: 4 * time.Second, 1: 4 * time.Second,
	} {
		require.Equal(t, want, h.Quantile(q).Round(time.Microsecond), q)
	}
	require.Zero(t, (&middleware.Histogram{}).Quantile(0.5))
	require.Zero(t, (&middleware.Histogram{Bounds: h.Bounds, Counts: make([]uint64, 4)}).Quantile(0.5))
}

// An estimate is in the bucket in which the true quantile is.
func TestQuantileNearTheTruth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := middleware.NewLatency(middleware.LatencyOptions{})
		random := rand.New(rand.NewPCG(2, 2))
		for i := range 1000 {
			took := time.Duration(i+1) * 10 * time.Millisecond // 10 ms to 10 s
			if random.IntN(2) == 0 {
				took -= time.Millisecond
			}
			_, _ = middleware.Wrap(taking(took, answering(epp.Success)), l).Exchange(t.Context(), check("a.example"))
		}
		h := l.Snapshot()[0]
		for q, truth := range map[float64]time.Duration{0.1: time.Second, 0.5: 5 * time.Second, 0.9: 9 * time.Second} {
			i, _ := slices.BinarySearch(h.Bounds, truth)
			require.LessOrEqual(t, h.Quantile(q), h.Bounds[i])
			require.GreaterOrEqual(t, h.Quantile(q), h.Bounds[i-1])
		}
	})
}

// Names that callers make up do not fill the memory.
func TestLatencyBoundsItsNames(t *testing.T) {
	l := middleware.NewLatency(middleware.LatencyOptions{})
	var callers sync.WaitGroup
	for c := range 8 {
		callers.Go(func() {
			for i := range 300 {
				raw, err := epp.NewRaw(fmt.Appendf(nil, `<c%d-%d xmlns="urn:example:made-up-1.0"/>`, c, i))
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = middleware.Wrap(answering(epp.Success), l).Exchange(t.Context(), &epp.Command{Request: raw})
			}
		})
	}
	callers.Wait()
	h := l.Snapshot()
	require.Len(t, h, 513)
	var sum uint64
	for i := range h {
		sum += h[i].Count
	}
	require.EqualValues(t, 8*300, sum, "and all are counted")
}

// What each layer costs a command, beside the Doer alone, with two goroutines or more.
func BenchmarkLayers(b *testing.B) {
	limit, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{{Rate: 1e9, Burst: 1e9}}})
	require.NoError(b, err)
	cmd := check("a.example")
	for _, c := range []struct {
		name  string
		layer []middleware.Layer
	}{
		{"none", nil},
		{"Log", []middleware.Layer{middleware.NewLog(middleware.LogOptions{Log: slog.New(slog.DiscardHandler)})}},
		{"Latency", []middleware.Layer{middleware.NewLatency(middleware.LatencyOptions{})}},
		{"Retry", []middleware.Layer{middleware.NewRetry(middleware.RetryOptions{})}},
		{"Breaker", []middleware.Layer{middleware.NewBreaker(middleware.BreakerOptions{})}},
		{"Limit", []middleware.Layer{limit}},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := middleware.Wrap(answering(epp.Success), c.layer...)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, _ = d.Exchange(b.Context(), cmd)
				}
			})
		})
	}
}
