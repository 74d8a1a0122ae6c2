package reconcile_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/reconcile"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// The walks of this package ask whether a verdict can be wrong. One registrar, we, sends a
// command of which nobody tells it the outcome: it is lost on the way, or its answer is.
// Others, the registry's staff and time go on, and then we reconcile. Only the walk knows
// what the registry did.

const (
	us, them = "reg-north", "reg-south"
	password = "walk-Gate9"
	skew     = time.Minute
)

// A world is a registry as a walk sees it.
type world interface {
	mockserver.Registry
	Advance(time.Duration)
	// command is something that a registrar may ask for; our is whether it is us.
	command(rnd *rand.Rand, clID string) *epp.Command
	// staff changes something by the registry's own hand.
	staff(rnd *rand.Rand)
	// info asks for the object of a command; nil where there is nothing to ask.
	info(cmd *epp.Command) *epp.Command
	schema(t testing.TB) *epp.Schema
}

type walk struct {
	t        testing.TB
	rnd      *rand.Rand
	reg      world
	sessions map[string]*client.Session
	judge    judge
	steps    []string
	counts   map[string]map[reconcile.Outcome]int
	wrong    int
	why      map[string]int // of verdicts that say nothing
}

// A judge is Reconcile, or a rule to show what this test is for.
type judge func(context.Context, client.Doer, *epp.Command, reconcile.Options) (reconcile.Verdict, error)

func newWalk(t testing.TB, reg world, seed uint64) *walk {
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	w := &walk{
		t: t, rnd: rand.New(rand.NewPCG(seed, 11)), reg: reg, judge: reconcile.Reconcile,
		sessions: make(map[string]*client.Session), counts: make(map[string]map[reconcile.Outcome]int), why: make(map[string]int),
	}
	for _, clID := range []string{us, them} {
		s, err := client.Dial(t.Context(), srv.Addr(), client.Options{
			Schema: reg.schema(t), TLS: srv.ClientTLS(clID),
			Credentials: &client.Credentials{ClID: clID, PW: password},
		})
		require.NoError(t, err)
		t.Cleanup(func() { s.Close() })
		w.sessions[clID] = s
	}
	return w
}

func (w *walk) send(clID string, cmd *epp.Command) *epp.Response {
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	resp, err := w.sessions[clID].Exchange(ctx, cmd)
	require.NoError(w.t, err)
	require.NotEqual(w.t, epp.CommandFailed, resp.Code(), "%s", resp.Frame)
	return resp
}

func (w *walk) note(format string, args ...any) {
	w.steps = append(w.steps, w.reg.Now().Format(time.DateTime)+" "+fmt.Sprintf(format, args...))
}

func (w *walk) do(clID string) {
	cmd := w.reg.command(w.rnd, clID)
	resp := w.send(clID, cmd)
	w.note("%s %s -> %d", clID, describe(cmd), resp.Code())
}

func describe(cmd *epp.Command) string {
	doc, err := epp.Append(nil, cmd)
	if err != nil {
		return err.Error()
	}
	_, s, _ := strings.Cut(string(doc), "<command>")
	return s
}

func (w *walk) pass(d time.Duration) {
	w.reg.Advance(d)
	w.note("after %v", d)
}

// meanwhile is what happens beside us.
func (w *walk) meanwhile() {
	switch n := w.rnd.IntN(12); {
	case n < 5:
		w.do(them)
	case n < 7:
		w.reg.staff(w.rnd)
		w.note("the registry's staff")
	case n < 10:
		w.pass(time.Duration(1+w.rnd.IntN(90)) * time.Minute)
	case n < 11:
		w.pass(time.Duration(1+w.rnd.IntN(9)) * 24 * time.Hour)
	default:
		w.pass(time.Duration(20+w.rnd.IntN(400)) * 24 * time.Hour)
	}
}

// round sends one command whose outcome nobody tells, and reconciles.
func (w *walk) round() {
	for range w.rnd.IntN(5) {
		if w.rnd.IntN(2) == 0 {
			w.do(us)
		} else {
			w.meanwhile()
		}
	}
	w.pass(2*skew + time.Duration(w.rnd.IntN(3600))*time.Second)
	cmd := w.reg.command(w.rnd, us)
	opts := reconcile.Options{ClID: us, Skew: skew}
	if q := w.reg.info(cmd); q != nil && w.rnd.IntN(2) == 0 {
		opts.Before = w.send(us, q)
		for range w.rnd.IntN(2) {
			w.meanwhile()
		}
	}
	off := time.Duration(w.rnd.Int64N(int64(2*skew))) - skew // our clock is not the registry's
	opts.Sent = w.reg.Now().Add(off)
	opts.Now = func() time.Time { return w.reg.Now().Add(off) }
	done := false
	if w.rnd.IntN(2) == 0 {
		resp := w.send(us, cmd)
		done = resp.Code().OK()
		w.note("OURS, its answer lost: %s -> %d", describe(cmd), resp.Code())
	} else {
		w.note("OURS, lost: %s", describe(cmd))
	}
	for range w.rnd.IntN(4) {
		w.meanwhile()
	}
	v, err := w.judge(w.t.Context(), w.sessions[us], cmd, opts)
	require.NoError(w.t, err)
	w.note("before %v; %v", opts.Before, v)
	if w.counts[v.Command] == nil {
		w.counts[v.Command] = make(map[reconcile.Outcome]int)
	}
	w.counts[v.Command][v.Outcome]++
	if v.Outcome == reconcile.CantTell {
		w.why[v.Command+": "+digits.ReplaceAllString(v.Why, "#")]++
	}
	if v.Outcome == reconcile.Done && !done || v.Outcome == reconcile.NotDone && done {
		w.wrong++
		w.t.Logf("wrong: %v\nthe last steps:\n%s", v, strings.Join(w.steps[max(0, len(w.steps)-14):], "\n"))
	}
}

// report prints the share of verdicts that say nothing.
func report(t *testing.T, all []map[string]map[reconcile.Outcome]int) {
	sum := make(map[string]map[reconcile.Outcome]int)
	total, unclear := 0, 0
	for _, counts := range all {
		for cmd, m := range counts {
			if sum[cmd] == nil {
				sum[cmd] = make(map[reconcile.Outcome]int)
			}
			for o, n := range m {
				sum[cmd][o] += n
				total += n
				if o == reconcile.CantTell {
					unclear += n
				}
			}
		}
	}
	for _, cmd := range slices.Sorted(maps.Keys(sum)) {
		m := sum[cmd]
		t.Logf("%-26s done %4d, not done %4d, can't tell %4d", cmd, m[reconcile.Done], m[reconcile.NotDone], m[reconcile.CantTell])
	}
	t.Logf("can't tell: %d of %d (%d %%)", unclear, total, 100*unclear/max(1, total))
}

func walks(t *testing.T, make func(testing.TB, uint64) world) {
	seeds, rounds := 12, 250
	if testing.Short() {
		seeds, rounds = 3, 100
	}
	var all []map[string]map[reconcile.Outcome]int
	why := map[string]int{}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWalk(t, make(t, uint64(seed)), uint64(seed))
			for range rounds {
				w.round()
				if w.wrong > 0 {
					t.FailNow()
				}
			}
			all = append(all, w.counts)
			for k, n := range w.why {
				why[k] += n
			}
		})
	}
	report(t, all)
	for k, n := range why {
		t.Logf("%4d %s", n, k)
	}
}

// naive is what a program does that looks whether an object is there.
func naive(ctx context.Context, d client.Doer, cmd *epp.Command, opts reconcile.Options) (reconcile.Verdict, error) {
	v, err := reconcile.Reconcile(ctx, d, cmd, opts)
	for _, q := range v.Asked {
		v.Outcome = reconcile.NotDone
		if q.Code.OK() {
			v.Outcome = reconcile.Done
		}
	}
	return v, err
}

var digits = regexp.MustCompile(`[0-9]+`)
