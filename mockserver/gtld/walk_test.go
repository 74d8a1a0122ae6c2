package gtld

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var walkStart = time.Date(2026, 2, 27, 8, 0, 0, 0, time.UTC)

var walkers = []string{"reg-north", "reg-south", "reg-east"}

const walkFixtures = `
tlds:
  - name: sauna
    contacts: {model: optional}
    prices: {standard: {create: 10.00, renew: 8.00, transfer: 7.00, restore: 40.00}}
registrars:
  - {clID: reg-north, password: walk-Gate9, maxSessions: 100, credit: {sauna: 90000000.00}}
  - {clID: reg-south, password: walk-Gate9, maxSessions: 100, credit: {sauna: 90000000.00}}
  - {clID: reg-east, password: walk-Gate9, maxSessions: 100, credit: {sauna: 500.00}}
`

// walk is a random history: commands by several registrars, and time that passes.
type walk struct {
	t        testing.TB
	rnd      *rand.Rand
	reg      *Registry
	sessions map[string]*client.Session
	model    *model
	steps    []string // what was done, for whoever has to understand a failure
	codes    map[epp.Code]int
}

func walkRegistry(t testing.TB, seed uint64) *Registry {
	f, err := ParseFixtures("walk.yaml", []byte(walkFixtures))
	require.NoError(t, err)
	reg, err := New(Options{
		Options:  registry.Options{Clock: registry.NewClock(walkStart), Seed: seed, HashIterations: 1},
		Fixtures: f,
	})
	require.NoError(t, err)
	return reg
}

// walkSession logs a registrar in.
func walkSession(t testing.TB, srv *mockserver.Server, clID string) *client.Session {
	schema, err := epp.NewSchema(domain.Extension(), contact.Extension(), host.Extension(), rgp.Extension(), secdns.Extension())
	require.NoError(t, err)
	n := 0
	s, err := client.Dial(t.Context(), srv.Addr(), client.Options{
		Schema: schema, TLS: srv.ClientTLS(clID), Pipeline: 1,
		Credentials: &client.Credentials{ClID: clID, PW: "walk-Gate9"},
		NewTRID:     func() string { n++; return fmt.Sprintf("%s-%d", clID, n) },
	})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func newWalk(t testing.TB, seed uint64) *walk {
	reg := walkRegistry(t, seed)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	w := &walk{
		t: t, rnd: rand.New(rand.NewPCG(seed, 7)), reg: reg,
		sessions: make(map[string]*client.Session), model: newModel(reg), codes: make(map[epp.Code]int),
	}
	for _, clID := range walkers {
		w.sessions[clID] = walkSession(t, srv, clID)
	}
	return w
}

func (w *walk) pick(list ...string) string { return list[w.rnd.IntN(len(list))] }
func (w *walk) clID() string               { return w.pick(walkers...) }
func (w *walk) domain() string             { return fmt.Sprintf("d%d.sauna", w.rnd.IntN(12)) }
func (w *walk) contact() string            { return fmt.Sprintf("con-%d", w.rnd.IntN(8)) }

func (w *walk) host() string {
	n := w.rnd.IntN(2)
	if w.rnd.IntN(2) == 0 {
		return fmt.Sprintf("ns%d.elsewhere.invalid", n)
	}
	return fmt.Sprintf("ns%d.%s", n, w.domain())
}

// mine is a domain's sponsor most of the time, so that about half of the commands succeed.
func (w *walk) sponsor(name string) string {
	if d := w.model.domains[name]; d != nil && w.rnd.IntN(6) > 0 {
		return d.clID
	}
	return w.clID()
}

func (w *walk) hostSponsor(name string) string {
	if clID := w.model.hosts[name]; clID != "" && w.rnd.IntN(6) > 0 {
		return clID
	}
	if d := w.model.domains[superordinateOf(name)]; d != nil && w.rnd.IntN(6) > 0 {
		return d.clID
	}
	return w.clID()
}

// did notes a step, and returns the code of its answer. A registry that fails is a fault
// whatever was asked.
func (w *walk) did(err error, format string, args ...any) epp.Code {
	code := epp.Success
	var refusal *epp.ResultError
	if errors.As(err, &refusal) {
		code = refusal.Results[0].Code
	} else if err != nil {
		w.fail("%s: %v", fmt.Sprintf(format, args...), err)
	}
	w.steps = append(w.steps, fmt.Sprintf("%s %s -> %d", w.model.now.Format(time.DateTime), fmt.Sprintf(format, args...), code))
	w.codes[code]++
	if code == epp.CommandFailed || code == epp.CommandSyntaxError {
		w.fail("the answer is %d: %v", code, err)
	}
	return code
}

func (w *walk) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s\nthe last steps:\n%s", fmt.Sprintf(format, args...), strings.Join(w.steps[max(0, len(w.steps)-25):], "\n"))
}

// holds checks that what the model says of a command and its answer agree.
func (w *walk) holds(ok bool, format string, args ...any) {
	w.t.Helper()
	if !ok {
		w.fail("the model says otherwise: "+format, args...)
	}
}

// step does one thing, and then compares.
func (w *walk) step() {
	switch n := w.rnd.IntN(100); {
	case n < 14:
		w.createDomain()
	case n < 22:
		w.renewDomain()
	case n < 28:
		w.deleteDomain()
	case n < 34:
		w.restoreDomain()
	case n < 50:
		w.transferDomain()
	case n < 62:
		w.updateDomain()
	case n < 70:
		w.createHost()
	case n < 75:
		w.renameHost()
	case n < 79:
		w.deleteHost()
	case n < 83:
		w.contacts()
	case n < 88:
		w.poll()
	default:
		w.wait()
	}
	w.model.compare(w)
}

func (w *walk) wait() {
	d := []time.Duration{time.Minute, 5 * time.Hour, 26 * time.Hour, 6 * 24 * time.Hour, 40 * 24 * time.Hour, 300 * 24 * time.Hour}[w.rnd.IntN(6)]
	if w.rnd.IntN(3) > 0 {
		d = time.Hour
	}
	d += time.Duration(w.rnd.IntN(3600)) * time.Second
	w.reg.Advance(d)
	w.steps = append(w.steps, fmt.Sprintf("%s pass", d))
	w.model.advance(w.reg.Now())
}

func (w *walk) ctx() (context.Context, context.CancelFunc) {
	return context.WithTimeout(w.t.Context(), 20*time.Second)
}

func send[R epp.Element](w *walk, clID string, q epp.Request[R], exts ...epp.Element) (R, error) {
	ctx, cancel := w.ctx()
	defer cancel()
	return client.Do(ctx, w.sessions[clID], q, exts...)
}
