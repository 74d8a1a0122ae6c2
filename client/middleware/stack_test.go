package middleware_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
)

// faulty starts a registry with faults that strike a tenth of the commands.
func faulty(t *testing.T) *mockserver.Server {
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	for i, f := range []fault.Fault{
		{Kind: fault.CommitThenDrop},
		{Kind: fault.DropBeforeCommit},
		{Kind: fault.NoAnswer},
		{Kind: fault.Result, Code: epp.CommandFailed},
		{Kind: fault.Result, Code: epp.CommandFailedClosing},
	} {
		for k, verb := range []string{"check", "delete"} {
			f.Match, f.Probability, f.Seed = fault.Match{Match: match.Match{Verb: verb}}, 0.02, uint64(10*i+k+1)
			_, err := srv.Faults().Add(f)
			require.NoError(t, err)
		}
	}
	return srv
}

// All layers around a pool, and a registry that fails in every way: no transform comes to
// the registry twice, each query has its own answer or an error, and every command is
// logged and counted once.
func TestStackOverAPool(t *testing.T) {
	srv := faulty(t)
	schema, err := epp.NewSchema(domain.Extension(), contact.Extension())
	require.NoError(t, err)
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema: schema, TLS: srv.ClientTLS("reg-north"), Timeout: 5 * time.Second, StallTimeout: 300 * time.Millisecond,
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		},
		Addresses: []string{srv.Addr()}, MaxRepeats: -1,
		Backoff: client.Backoff{Min: time.Millisecond, Max: 10 * time.Millisecond},
	})
	require.NoError(t, err)
	defer pool.Close()

	var lines bytes.Buffer
	latency := middleware.NewLatency(middleware.LatencyOptions{})
	retry := middleware.NewRetry(middleware.RetryOptions{Attempts: 5, Min: time.Millisecond})
	breaker := middleware.NewBreaker(middleware.BreakerOptions{Share: 0.9, MinCommands: 50})
	limit, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{{Rate: 5000, Burst: 10}}})
	require.NoError(t, err)
	log := middleware.NewLog(middleware.LogOptions{Log: slog.New(slog.NewTextHandler(&lines, nil))})
	d := middleware.Wrap(pool, log, latency, retry, breaker, limit)

	const callers, each = 16, 30
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(5, uint64(i)))
			for k := range each {
				name, id := fmt.Sprintf("n%d-%d.example", i, k), fmt.Sprintf("ABC-%d-%d", i, k)
				var request epp.Element = &domain.Delete{Name: name}
				if random.IntN(2) == 0 {
					request = &domain.Check{Names: []string{name}}
				}
				resp, err := d.Exchange(context.Background(), &epp.Command{Request: request, ClTRID: id})
				if err == nil && resp.TrID.ClTRID != id {
					t.Error(id, resp.TrID)
				}
				if chk := dataOf(resp); chk != nil && chk.CD[0].Name != name {
					t.Error(name, chk)
				}
			}
		})
	}
	all.Wait()

	times, queriesRepeated := map[string]int{}, 0
	for _, e := range srv.Journal().All(mockserver.Received) {
		switch e.Verb {
		case "delete":
			times[e.ClTRID]++
			require.Equal(t, 1, times[e.ClTRID], e.ClTRID)
		case "check":
			if times[e.ClTRID]++; times[e.ClTRID] == 2 {
				queriesRepeated++
			}
		}
	}
	require.Positive(t, queriesRepeated)
	require.Positive(t, retry.Repeats())
	require.Equal(t, callers*each, strings.Count(lines.String(), "\n"))
	var counted uint64
	results := map[string]uint64{}
	for _, h := range latency.Snapshot() {
		counted += h.Count
		results[h.Command+" "+h.Result] += h.Count
	}
	require.EqualValues(t, callers*each, counted)
	require.Positive(t, results["domain:delete unknown"], results)
	require.Positive(t, results["domain:delete 2400"], results)
	require.Less(t, results["domain:check unknown"], results["domain:delete unknown"], results)
	require.Same(t, pool.Schema(), d.Schema())
	require.NotNil(t, d.Greeting())
}

func dataOf(resp *epp.Response) *domain.ChkData {
	if resp == nil || len(resp.ResData) == 0 {
		return nil
	}
	chk, _ := resp.ResData[0].(*domain.ChkData)
	return chk
}
