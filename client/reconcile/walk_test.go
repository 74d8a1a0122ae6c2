package reconcile_test

import (
	"context"
	"flag"
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
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
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
	// staff changes something by the registry's own hand. When named, it does not leave
	// the object as last updated by a registrar, which is taken for granted where the
	// state before is not known.
	staff(rnd *rand.Rand, named bool)
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
	sum      *tally
	known    bool // Before is, of the command that is reconciled
	prompt   bool // nothing happens before we reconcile, and Before is known
	quiet    bool // wrong verdicts are counted, and not told
}

// A judge is Reconcile, or a rule to show what this test is for.
type judge func(context.Context, client.Doer, *epp.Command, reconcile.Options) (reconcile.Verdict, error)

func newWalk(t testing.TB, reg world, seed uint64, sum *tally) *walk {
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	w := &walk{
		t: t, rnd: rand.New(rand.NewPCG(seed, 11)), reg: reg, judge: reconcile.Reconcile,
		sessions: make(map[string]*client.Session), sum: sum,
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
		w.reg.staff(w.rnd, !w.known)
		w.note("the registry's staff")
	case n < 10:
		w.pass(time.Duration(1+w.rnd.IntN(90)) * time.Minute)
	case n < 11:
		w.pass(time.Duration(1+w.rnd.IntN(9)) * 24 * time.Hour)
	default:
		w.pass(time.Duration(20+w.rnd.IntN(400)) * 24 * time.Hour)
	}
}

// busy bounds how much happens in between.
func (w *walk) busy(n int) int {
	if w.prompt {
		return 1
	}
	return n
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
	if q := w.reg.info(cmd); q != nil && (w.prompt || w.rnd.IntN(2) == 0) {
		opts.Before = w.send(us, q)
		for range w.rnd.IntN(w.busy(2)) {
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
	w.known = opts.Before != nil
	for range w.rnd.IntN(w.busy(4)) {
		w.meanwhile()
	}
	v, err := w.judge(w.t.Context(), w.sessions[us], cmd, opts)
	require.NoError(w.t, err)
	w.note("before %v; %v", opts.Before, v)
	w.sum.add(v)
	if v.Outcome == reconcile.Done && !done || v.Outcome == reconcile.NotDone && done {
		w.sum.wrong++
		if w.quiet {
			return
		}
		w.t.Logf("wrong: %v\nthe last steps:\n%s", v, strings.Join(w.steps[max(0, len(w.steps)-14):], "\n"))
	}
}

// A tally counts verdicts.
type tally struct {
	outcomes map[string]map[reconcile.Outcome]int // by command
	why      map[string]int                       // of those that say nothing
	wrong    int
	rounds   int
}

func (m *tally) add(v reconcile.Verdict) {
	if m.outcomes == nil {
		m.outcomes, m.why = make(map[string]map[reconcile.Outcome]int), make(map[string]int)
	}
	if m.outcomes[v.Command] == nil {
		m.outcomes[v.Command] = make(map[reconcile.Outcome]int)
	}
	m.outcomes[v.Command][v.Outcome]++
	m.rounds++
	if v.Outcome == reconcile.CantTell {
		m.why[v.Command+": "+digits.ReplaceAllString(v.Why, "#")]++
	}
}

// unclear is the share of verdicts that say nothing, in percent.
func (m *tally) unclear() int {
	n := 0
	for _, k := range m.why {
		n += k
	}
	return 100 * n / max(1, m.rounds)
}

func (m *tally) log(t *testing.T) {
	for _, cmd := range slices.Sorted(maps.Keys(m.outcomes)) {
		o := m.outcomes[cmd]
		t.Logf("%-26s done %4d, not done %4d, can't tell %4d", cmd, o[reconcile.Done], o[reconcile.NotDone], o[reconcile.CantTell])
	}
	for _, why := range slices.Sorted(maps.Keys(m.why)) {
		t.Logf("%4d %s", m.why[why], why)
	}
	t.Logf("can't tell: %d %% of %d", m.unclear(), m.rounds)
}

// seeds is how many walks there are of each kind. For a change of the rules more are worth
// their time: go test -seeds 100.
var seeds = flag.Int("seeds", 5, "how many walks there are of each kind")

// walks runs a walk for each seed, and sums up.
func walks(t *testing.T, world func(testing.TB, uint64) world, change func(*walk)) *tally {
	const rounds = 200
	sum := new(tally)
	for seed := range uint64(*seeds) {
		w := newWalk(t, world(t, seed), seed, sum)
		change(w)
		for range rounds {
			w.round()
		}
	}
	sum.log(t)
	return sum
}

// TestWalks are with everything that can happen in between, up to years.
func TestWalks(t *testing.T) {
	for _, tt := range worlds {
		t.Run(tt.name, func(t *testing.T) {
			sum := walks(t, tt.world, func(*walk) {})
			require.Zero(t, sum.wrong, "verdicts that are wrong")
			require.Less(t, sum.unclear(), 16, "percent")
		})
	}
}

// TestWalksPromptly are with a caller who asks soon, and knew the object: what a program
// does that does it right.
func TestWalksPromptly(t *testing.T) {
	for _, tt := range worlds {
		t.Run(tt.name, func(t *testing.T) {
			sum := walks(t, tt.world, func(w *walk) { w.prompt = true })
			require.Zero(t, sum.wrong, "verdicts that are wrong")
			require.Less(t, sum.unclear(), 10, "percent")
		})
	}
}

// TestWalksOfWhatIsPending are with a registry that shows a transfer only while it is
// pending, and carries some of them out at once.
func TestWalksOfWhatIsPending(t *testing.T) {
	moving := func(t testing.TB, seed uint64) world { return movingWorld{newGTLD(t, seed).(gtldWorld)} }
	sum := walks(t, moving, func(w *walk) {
		w.prompt = true
		w.judge = func(ctx context.Context, d client.Doer, cmd *epp.Command, opts reconcile.Options) (reconcile.Verdict, error) {
			return reconcile.Reconcile(ctx, pendingOnly{d}, cmd, opts)
		}
	})
	require.Zero(t, sum.wrong, "verdicts that are wrong")
	requests := sum.outcomes["domain:transfer request"]
	require.NotZero(t, requests[reconcile.Done])
	require.Greater(t, requests[reconcile.NotDone], 10*requests[reconcile.CantTell])
}

// A movingWorld has more transfers, which succeed at once.
type movingWorld struct{ gtldWorld }

func (m movingWorld) command(rnd *rand.Rand, clID string) *epp.Command {
	name := fmt.Sprintf("d%d.kiuas", rnd.IntN(5))
	if d, there := m.Domain(name); there && d.ClID != clID && rnd.IntN(2) == 0 {
		return &epp.Command{Request: &domain.Transfer{Op: epp.TransferRequest, Name: name, AuthInfo: pw(rnd)}}
	}
	return m.gtldWorld.command(rnd, clID)
}

// pendingOnly is a registry that does not show transfers which have ended.
type pendingOnly struct{ client.Doer }

func (m pendingOnly) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	resp, err := m.Doer.Exchange(ctx, cmd)
	if err != nil {
		return nil, err
	}
	for _, e := range resp.ResData {
		status := epp.TrPending
		switch e := e.(type) {
		case *domain.TrnData:
			status = e.TrStatus
		case *contact.TrnData:
			status = e.TrStatus
		}
		if status != epp.TrPending {
			return refused(epp.ObjectNotPendingTransfer), nil
		}
	}
	return resp, nil
}

// TestNaiveRules shows that the walks find what they are to find.
func TestNaiveRules(t *testing.T) {
	for _, tt := range worlds {
		t.Run(tt.name, func(t *testing.T) {
			sum := walks(t, tt.world, func(w *walk) { w.judge, w.quiet = exists, true })
			require.Greater(t, sum.wrong, sum.rounds/10, "of a rule that looks whether the object is there")
		})
		t.Run(tt.name+", as asked", func(t *testing.T) {
			sum := walks(t, tt.world, func(w *walk) { w.judge, w.quiet = asAsked, true })
			require.Greater(t, sum.wrong, 10, "of a rule that looks whether all is as the command says")
		})
	}
}

// exists is a rule that looks whether the object is there.
func exists(ctx context.Context, d client.Doer, cmd *epp.Command, opts reconcile.Options) (reconcile.Verdict, error) {
	v, err := reconcile.Reconcile(ctx, d, cmd, opts)
	v.Outcome = reconcile.NotDone
	if len(v.Asked) > 0 && v.Asked[0].Code.OK() != strings.HasSuffix(v.Command, "delete") {
		v.Outcome = reconcile.Done
	}
	return v, err
}

// asAsked is a rule that does not look who did what when.
func asAsked(ctx context.Context, d client.Doer, cmd *epp.Command, opts reconcile.Options) (reconcile.Verdict, error) {
	v, err := reconcile.Reconcile(ctx, d, cmd, opts)
	if len(v.Fields) > 0 {
		v.Outcome = reconcile.Done
		for _, f := range v.Fields {
			if f.Match == reconcile.Differs {
				v.Outcome = reconcile.NotDone
			}
		}
	}
	return v, err
}

var worlds = []struct {
	name  string
	world func(testing.TB, uint64) world
}{{"gTLD", newGTLD}, {"FRED", newFRED}}

var digits = regexp.MustCompile(`[0-9]+`)
