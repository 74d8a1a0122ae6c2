package gtld

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
)

// asked and answered are a command on one domain, and what came of it.
type asked struct {
	verb, name, clID string
	curExDate        string
}

type answered struct {
	code   epp.Code
	clID   string
	exDate string
}

// oneDomain is a domain as a sequence of commands would have it, one after the other:
// whether it is there, whose it is, and when it ends.
type oneDomain struct{ clID, exDate string }

// nextYear is a day a year later; no day of these tests is the 29th of February.
func nextYear(day string) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.AddDate(1, 0, 0).Format(time.DateOnly)
}

var sequential = porcupine.Model{
	Partition: func(all []porcupine.Operation) [][]porcupine.Operation {
		byName := make(map[string][]porcupine.Operation)
		for _, it := range all {
			name := it.Input.(asked).name
			byName[name] = append(byName[name], it)
		}
		var parts [][]porcupine.Operation
		for _, list := range byName {
			parts = append(parts, list)
		}
		return parts
	},
	Init: func() any { return oneDomain{} },
	Step: func(state, input, output any) (bool, any) {
		d, q, a := state.(oneDomain), input.(asked), output.(answered)
		want, next := answered{code: epp.Success}, d
		start := walkStart.Format(time.DateOnly)
		switch {
		case q.verb == "create" && d.clID != "":
			want.code = epp.ObjectExists
		case q.verb == "create":
			next = oneDomain{q.clID, nextYear(start)}
			want.exDate = next.exDate
		case d.clID == "":
			want.code = epp.ObjectDoesNotExist
		case q.verb == "info":
			want.clID, want.exDate = d.clID, d.exDate
		case q.clID != d.clID:
			want.code = epp.AuthorizationError
		case q.verb == "delete":
			next = oneDomain{}
		case q.curExDate != d.exDate:
			want.code = epp.ParameterPolicyError
		default:
			next.exDate = nextYear(d.exDate)
			want.exDate = next.exDate
		}
		return a == want, next
	},
}

// crowd is many sessions that use a few domains at once.
type crowd struct {
	t    *testing.T
	reg  *Registry
	srv  *mockserver.Server
	mu   sync.Mutex
	done []porcupine.Operation
}

func newCrowd(t *testing.T, seed uint64) *crowd {
	c := &crowd{t: t, reg: walkRegistry(t, seed)}
	c.srv = mockserver.StartTest(t, mockserver.Options{Registry: c.reg})
	return c
}

// run has n sessions give some commands each.
func (c *crowd) run(n, commands int, seed uint64) {
	sessions := make([]*client.Session, n)
	for i := range sessions {
		sessions[i] = walkSession(c.t, c.srv, walkers[i%len(walkers)])
	}
	ctx, cancel := context.WithTimeout(c.t.Context(), 2*time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for i, s := range sessions {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(seed, uint64(i)))
			known := make(map[string]string) // the ends that this one has seen
			for range commands {
				q := asked{
					verb: []string{"create", "info", "info", "renew", "renew", "delete"}[rnd.IntN(6)],
					name: fmt.Sprintf("d%d.sauna", rnd.IntN(4)), clID: walkers[i%len(walkers)],
				}
				q.curExDate = known[q.name]
				if q.verb == "renew" && q.curExDate == "" {
					q.verb = "info"
				}
				from := time.Now()
				a, err := single(ctx, s, q)
				if err != nil {
					c.t.Errorf("%v: %v", q, err)
					return
				}
				if a.exDate != "" {
					known[q.name] = a.exDate
				}
				c.mu.Lock()
				c.done = append(c.done, porcupine.Operation{
					ClientId: i, Input: q, Output: a, Call: from.UnixNano(), Return: time.Now().UnixNano(),
				})
				c.mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// single gives one command. The error is one that no command of these may have.
func single(ctx context.Context, s *client.Session, q asked) (a answered, err error) {
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	switch q.verb {
	case "create":
		var d *domain.CreData
		if d, err = client.Do(ctx, s, &domain.Create{
			Name: q.name, Period: &epp.Period{N: 1, Unit: epp.Years}, AuthInfo: &epp.AuthInfo{PW: "single-Secret7"},
		}); err == nil {
			a.exDate = day(d.ExDate)
		}
	case "info":
		var d *domain.InfData
		if d, err = client.Do(ctx, s, &domain.Info{Name: q.name, AuthInfo: &epp.AuthInfo{PW: "single-Secret7"}}); err == nil {
			a.clID, a.exDate = d.ClID, day(d.ExDate)
		}
	case "renew":
		at, _ := time.Parse(time.DateOnly, q.curExDate)
		var d *domain.RenData
		if d, err = client.Do(ctx, s, &domain.Renew{Name: q.name, CurExpDate: at}); err == nil {
			a.exDate = day(d.ExDate)
		}
	default:
		_, err = client.Do(ctx, s, &domain.Delete{Name: q.name})
	}
	a.code = epp.Success
	var refusal *epp.ResultError
	if errors.As(err, &refusal) {
		a.code, err = refusal.Results[0].Code, nil
		if a.code == epp.CommandFailed {
			err = refusal
		}
	}
	return a, err
}

// TestLinearizable has sessions use the same domains at once: there is an order of their
// commands, one after the other, in which each answer is right.
func TestLinearizable(t *testing.T) {
	for seed := range uint64(3) {
		c := newCrowd(t, seed)
		c.run(12, 40, seed)
		require.Len(t, c.done, 12*40)
		require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(sequential, c.done, time.Minute))
		require.NoError(t, c.reg.invariants())
	}
}

// TestNotLinearizable shows that the test above sees a registry that is not.
func TestNotLinearizable(t *testing.T) {
	c := newCrowd(t, 1)
	_, err := c.srv.Faults().Add(fault.Fault{Kind: fault.StaleRead, Stale: 2, Match: fault.Match{Match: match.Match{Verb: "info"}}})
	require.NoError(t, err)
	c.run(6, 40, 1)
	require.Equal(t, porcupine.Illegal, porcupine.CheckOperationsTimeout(sequential, c.done, time.Minute))
}

// TestManySessions has 64 of them do whatever comes, also on hosts and with the queue. The
// tables are in order afterwards, and nothing failed.
func TestManySessions(t *testing.T) {
	c := newCrowd(t, 9)
	var others sync.WaitGroup
	for i := range 6 {
		s := walkSession(t, c.srv, walkers[i%len(walkers)])
		others.Go(func() {
			for n := range 60 {
				name := fmt.Sprintf("ns%d.elsewhere.invalid", n%3)
				_, err := client.Do(t.Context(), s, &host.Create{Name: name})
				if err == nil {
					_, err = client.Do(t.Context(), s, &domain.Update{
						Name: fmt.Sprintf("d%d.sauna", n%4), Add: &domain.AddRem{NS: &domain.NameServers{HostObj: []string{name}}},
					})
				}
				if n%2 == 0 {
					_, err = client.Do(t.Context(), s, &host.Delete{Name: name})
				}
				if errors.Is(err, epp.CommandFailed) {
					t.Error(err)
				}
				if a, err := client.Call(t.Context(), s, &epp.Poll{Op: epp.PollReq}); err == nil && a.MsgQ != nil {
					_, _ = client.Call(t.Context(), s, &epp.Poll{Op: epp.PollAck, MsgID: a.MsgQ.ID})
				}
				c.reg.Advance(time.Minute)
			}
		})
	}
	c.run(64, 20, 9)
	others.Wait()
	require.NoError(t, c.reg.invariants())
}
