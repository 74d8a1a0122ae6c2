package eppcode_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// RFC 9154, section 5.2: when its time is over the code is unset.
func TestExpire(t *testing.T) {
	ledger := eppcode.Dir{Path: t.TempDir()}
	m := start(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{TTL: time.Hour, Ledger: ledger})
	out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
	c := code(t, out, err)

	expire := func(p *eppcode.Provider, want ...string) {
		t.Helper()
		ended, err := p.Expire(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, ended)
	}
	m.Clock.Advance(time.Hour - time.Nanosecond)
	expire(m.Provider)
	require.Equal(t, epp.Success, m.asks(t, "alpha.example", c.Value))

	m.Clock.Advance(time.Nanosecond)
	restarted := m.provider(t, eppcode.Options{Ledger: eppcode.Dir(ledger)})
	expire(restarted, "alpha.example")
	require.Equal(t, epp.InvalidAuthInfo, m.asks(t, "alpha.example", c.Value))
	inf, err := client.Do(t.Context(), m.pool, &domain.Info{Name: "alpha.example"})
	require.NoError(t, err)
	require.Nil(t, inf.AuthInfo, "unset, and not another one")
	requireEntries(t, ledger)
	n := len(received(m.srv))
	expire(m.Provider)
	expire(restarted)
	require.Len(t, received(m.srv), n, "once is enough")
}

func TestExpireFailures(t *testing.T) {
	required, noNull := respond(epp.ParameterPolicyError), respond(epp.UnimplementedOption)
	due := eppcode.Entry{Domain: "alpha.example", Due: noon}
	untold := eppcode.Entry{Domain: "alpha.example", Due: noon.Add(time.Minute), Untold: true}
	later := eppcode.Entry{Domain: "zeta.example", Due: noon.Add(time.Second)}
	for _, tt := range []struct {
		name  string
		steps []func(*epp.Command) (*epp.Response, error) // for alpha.example
		ended bool
		kept  bool
		next  bool // zeta.example has its turn
		told  bool // the code that the domain has by now may be one that somebody knows
	}{
		{"the domain is gone", steps(respond(epp.ObjectDoesNotExist)), false, false, true, true},
		{"the domain is another's", steps(respond(epp.AuthorizationError)), false, false, true, true},
		{"updates are prohibited", steps(respond(epp.StatusProhibitsOperation)), false, true, true, true},
		{"the registry failed", steps(respond(epp.CommandFailed)), false, true, true, true},
		{"unknown outcome", steps(cut(client.Unknown)), false, true, true, true},
		{"not decided yet", steps(respond(epp.ActionPending)), false, true, true, true},
		{"no connection", steps(cut(client.NotSent)), false, true, false, true},
		{"the registry goes down", steps(respond(epp.CommandFailedClosing)), false, true, false, true},
		{"null is not known", steps(noNull, respond(epp.Success)), true, false, true, true},
		{"nor empty, and then prohibited", steps(noNull, respond(epp.StatusProhibitsOperation)), false, true, true, true},
		{"unknown outcome of empty", steps(noNull, cut(client.Unknown)), false, true, true, true},
		{"a code is required", steps(required, required, respond(epp.Success)), true, false, true, false},
		{"a code is required, and null is not known", steps(noNull, required, respond(epp.Success)), true, false, true, false},
		{"neither null nor another", steps(required, required, respond(epp.InvalidAuthInfo)), false, true, true, true},
		{"cut off at another", steps(required, required, cut(client.Unknown)), false, true, true, false},
		{"no connection for another", steps(required, required, cut(client.NotSent)), false, true, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ledger := eppcode.Dir{Path: t.TempDir()}
			require.NoError(t, ledger.Add(t.Context(), due))
			require.NoError(t, ledger.Add(t.Context(), later))
			var want []string
			var kept []eppcode.Entry
			if tt.ended {
				want = append(want, due.Domain)
			}
			if tt.kept {
				kept = append(kept, due)
			}
			script := tt.steps
			if tt.next {
				script = append(script, respond(epp.Success))
				want = append(want, later.Domain)
			} else {
				kept = append(kept, later)
			}
			if !tt.told {
				kept = append(kept, untold)
			}
			p, _ := scripted(t, eppcode.Options{Ledger: ledger, Now: func() time.Time { return noon.Add(time.Minute) }}, script...)
			ended, err := p.Expire(t.Context())
			require.Equal(t, want, ended)
			require.Equal(t, tt.kept, err != nil, "%v", err)
			if err != nil {
				require.ErrorContains(t, err, "alpha.example")
			}
			requireEntries(t, ledger, kept...)
		})
	}
}

// Where a domain must have a code, another one ends the one before (RFC 9154, section
// 5.2, says what to try first). Nobody is told that one, now or later.
func TestExpireByAnother(t *testing.T) {
	var tried []domain.AuthInfoChg
	answer := func(c epp.Code) func(cmd *epp.Command) (*epp.Response, error) {
		return func(cmd *epp.Command) (*epp.Response, error) {
			tried = append(tried, *cmd.Request.(*domain.Update).Chg.AuthInfo)
			return respond(c)(cmd)
		}
	}
	shown := func(cmd *epp.Command) (*epp.Response, error) {
		d := infData()
		if d.AuthInfo = (&epp.AuthInfo{PW: "alpha-Secret7"}); len(tried) > 0 {
			d.AuthInfo.PW = tried[len(tried)-1].PW
		}
		return respond(epp.Success, d)(cmd)
	}
	for name, ledger := range map[string]eppcode.Ledger{"in memory": nil, "in a directory": eppcode.Dir{Path: t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			tried = nil
			p, _ := scripted(t, eppcode.Options{Ledger: ledger},
				shown, answer(epp.ParameterPolicyError), answer(epp.ParameterPolicyError), answer(epp.Success),
				shown, shown, answer(epp.Success), shown)
			out, err := p.HandOver(t.Context(), retrieve("alpha.example"))
			require.Equal(t, authcode.Secret("alpha-Secret7"), code(t, out, err).Value)
			require.NoError(t, p.Revoke(t.Context(), "alpha.example"))
			require.Equal(t, []domain.AuthInfoChg{{Null: true}, {}}, tried[:2])
			require.GreaterOrEqual(t, len(tried[2].PW), 20)

			ended, err := p.Expire(t.Context())
			require.NoError(t, err)
			require.Empty(t, ended, "there is nothing left to end")
			out, err = p.HandOver(t.Context(), retrieve("alpha.example"))
			refused(t, authcode.Unset, "", out, err)
			out, err = p.HandOver(t.Context(), regenerate("alpha.example"))
			c := code(t, out, err)
			require.Equal(t, noon.Add(eppcode.DefaultTTL), c.Expires)
			out, err = p.HandOver(t.Context(), retrieve("alpha.example"))
			require.Equal(t, c, code(t, out, err))
		})
	}

	p, _ := scripted(t, eppcode.Options{},
		respond(epp.UnimplementedOption), respond(epp.ParameterPolicyError), respond(epp.InvalidAuthInfo), shown)
	no, _ := authcode.AsRefused(p.Revoke(t.Context(), "alpha.example"))
	require.Equal(t, "2102", no.Code, "why it can't be unset")
	out, err := p.HandOver(t.Context(), retrieve("alpha.example"))
	code(t, out, err)
	p, _ = scripted(t, eppcode.Options{}, respond(epp.ParameterPolicyError), respond(epp.ParameterPolicyError), cut(client.Unknown))
	require.True(t, authcode.OutcomeUnknown(p.Revoke(t.Context(), "alpha.example")))
}

// An entry that can't be removed ends the new code as well, and the outcome says so.
func TestExpiresIsTheEarliest(t *testing.T) {
	old := eppcode.Entry{Domain: "alpha.example", Due: noon.Add(time.Minute)}
	ledger := &stubborn{Dir: eppcode.Dir{Path: t.TempDir()}}
	require.NoError(t, ledger.Add(t.Context(), old))
	require.NoError(t, ledger.Add(t.Context(), eppcode.Entry{Domain: "alpha.example", Due: noon.Add(-1), Untold: true}))
	p, _ := scripted(t, eppcode.Options{Ledger: ledger}, respond(epp.Success, infData()), respond(epp.Success))
	out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
	require.Equal(t, old.Due, code(t, out, err).Expires)
}

// stubborn is a ledger of which nothing can be removed.
type stubborn struct{ eppcode.Dir }

func (*stubborn) Remove(context.Context, eppcode.Entry) error { return errors.New("read-only") }

// Without an entry no code is set.
func TestLedgerFails(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/alpha.example", nil, 0o600))
	p, s := scripted(t, eppcode.Options{Ledger: eppcode.Dir{Path: dir}}, respond(epp.Success, infData()))
	_, err := p.HandOver(t.Context(), regenerate("alpha.example"))
	require.True(t, authcode.SafeToRetry(err), "%v", err)
	require.Equal(t, []string{"domain:info"}, s.sent())
	require.ErrorContains(t, err, "ledger")
}

func TestRevoke(t *testing.T) {
	ledger := eppcode.Dir{Path: t.TempDir()}
	m := start(t, gtld.Options{}, eppcode.Options{Ledger: ledger})
	out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
	c := code(t, out, err)
	require.NoError(t, m.Revoke(t.Context(), "ALPHA.example"))
	require.Equal(t, epp.InvalidAuthInfo, m.asks(t, "alpha.example", c.Value))
	requireEntries(t, ledger)
	out, err = m.HandOver(t.Context(), retrieve("alpha.example"))
	refused(t, authcode.Unset, "", out, err)
	require.NoError(t, m.Revoke(t.Context(), "alpha.example"), "none is none")

	require.ErrorIs(t, m.Revoke(t.Context(), "omega.example"), authcode.Refused{Class: authcode.NotFound})
	require.ErrorIs(t, m.Revoke(t.Context(), "gamma.test"), authcode.Refused{Class: authcode.NotYours})
	require.ErrorIs(t, m.Revoke(t.Context(), "alpha"), authcode.Refused{Class: authcode.Invalid})
}

// Who makes a new code while the old one ends keeps the new one.
func TestExpireWhileRegenerating(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := eppcode.Dir{Path: t.TempDir()}
		require.NoError(t, ledger.Add(t.Context(), eppcode.Entry{Domain: "alpha.example", Due: noon}))
		goOn := make(chan bool)
		p, s := scripted(t, eppcode.Options{Ledger: ledger}, respond(epp.Success, infData()),
			func(cmd *epp.Command) (*epp.Response, error) {
				<-goOn
				return respond(epp.Success)(cmd)
			})
		done := make(chan authcode.Outcome)
		go func() {
			out, _ := p.HandOver(t.Context(), regenerate("alpha.example"))
			done <- out
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := p.Expire(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded, "it waits for its turn")
		expired := make(chan []string)
		go func() {
			ended, err := p.Expire(t.Context())
			if err != nil {
				t.Error(err)
			}
			expired <- ended
		}()
		synctest.Wait() // it has seen the old entry
		close(goOn)
		require.IsType(t, authcode.Code{}, <-done)
		require.Empty(t, <-expired)
		require.Equal(t, []string{"domain:info", "domain:update"}, s.sent())
	})
}

// Another process makes a new code while the old one ends here: it has its turn when
// that is done, and keeps its code.
func TestExpireWhileAnotherRegenerates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := eppcode.Dir{Path: t.TempDir()}
		require.NoError(t, ledger.Add(t.Context(), eppcode.Entry{Domain: "alpha.example", Due: noon}))
		goOn := make(chan bool)
		here, _ := scripted(t, eppcode.Options{Ledger: ledger}, func(cmd *epp.Command) (*epp.Response, error) {
			<-goOn
			return respond(epp.Success)(cmd)
		})
		there, s := scripted(t, eppcode.Options{Ledger: eppcode.Dir{Path: ledger.Path}},
			respond(epp.Success, infData()), respond(epp.Success))
		expired := make(chan []string)
		go func() {
			ended, err := here.Expire(t.Context())
			if err != nil {
				t.Error(err)
			}
			expired <- ended
		}()
		synctest.Wait() // it is about to unset the code
		_, err := there.HandOver(t.Context(), regenerate("alpha.example"))
		require.True(t, authcode.SafeToRetry(err), "it waits for its turn, but not for ever: %v", err)
		require.ErrorContains(t, err, "another process")
		made := make(chan authcode.Outcome)
		go func() {
			out, _ := there.HandOver(t.Context(), regenerate("alpha.example"))
			made <- out
		}()
		time.Sleep(time.Second)
		require.Empty(t, s.sent())
		close(goOn)
		require.Equal(t, []string{"alpha.example"}, <-expired)
		due := code(t, <-made, nil).Expires
		requireEntries(t, ledger, eppcode.Entry{Domain: "alpha.example", Due: due})
	})
}

// A domain that another process holds on to does not keep the others from their end.
func TestExpirePassesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := eppcode.Dir{Path: t.TempDir()}
		require.NoError(t, ledger.Add(t.Context(), eppcode.Entry{Domain: "alpha.example", Due: noon.Add(-1)}))
		require.NoError(t, ledger.Add(t.Context(), eppcode.Entry{Domain: "zeta.example", Due: noon}))
		unlock, err := ledger.Lock(t.Context(), "alpha.example")
		require.NoError(t, err)
		defer unlock()
		p, _ := scripted(t, eppcode.Options{Ledger: ledger}, respond(epp.Success))
		ended, err := p.Expire(t.Context())
		require.ErrorContains(t, err, "alpha.example")
		require.Equal(t, []string{"zeta.example"}, ended)
	})
}

// A code that the registry did not take leaves the one before as it was, and its end.
func TestRefusedCodeLeavesTheEarlier(t *testing.T) {
	for name, later := range map[string]time.Duration{"later": time.Minute, "in the same moment": 0} {
		t.Run(name, func(t *testing.T) {
			for _, fail := range []func(*epp.Command) (*epp.Response, error){respond(epp.CommandFailed), cut(client.NotSent)} {
				now := noon
				ledger := eppcode.Dir{Path: t.TempDir()}
				p, _ := scripted(t, eppcode.Options{Ledger: ledger, Now: func() time.Time { return now }},
					respond(epp.Success, infData()), respond(epp.Success), respond(epp.Success, infData()), fail)
				out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
				due := code(t, out, err).Expires
				now = now.Add(later)
				out, err = p.HandOver(t.Context(), regenerate("alpha.example"))
				require.NotEqual(t, err == nil, out == nil)
				requireEntries(t, ledger, eppcode.Entry{Domain: "alpha.example", Due: due})
			}
		})
	}
}

// The registry and the Provider share a bubble's clock, without sockets.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reg, err := gtld.New(gtld.Options{Options: registry.Options{HashIterations: 10, Clock: registry.SystemClock()}})
		require.NoError(t, err)
		srv, err := mockserver.New(mockserver.Options{Registry: reg})
		require.NoError(t, err)
		set, err := epp.NewSchema(domain.Extension())
		require.NoError(t, err)
		var down atomic.Bool
		var dials atomic.Int32
		cert, err := srv.ClientCert("any") // for TLS; nobody asks what it is for
		require.NoError(t, err)
		dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
			dials.Add(1)
			if down.Load() {
				return nil, errors.New("no route to the registry")
			}
			ours, theirs := net.Pipe()
			go srv.ServeConn(context.WithoutCancel(ctx), tls.Server(theirs, &tls.Config{Certificates: []tls.Certificate{cert}}))
			return ours, nil
		}
		pool, err := client.NewPool(client.PoolOptions{
			Options: client.Options{
				Schema: set, TLS: &tls.Config{InsecureSkipVerify: true}, DialContext: dial,
				Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
			},
			Addresses: []string{"epp.registry.example"}, FailFast: true,
		})
		require.NoError(t, err)
		p, err := eppcode.New(eppcode.Options{Doer: pool, ClID: "reg-north", TTL: 3 * time.Hour})
		require.NoError(t, err)

		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan error)
		go func() { ran <- p.Run(ctx) }()
		synctest.Wait()
		require.Zero(t, dials.Load(), "there is nothing to do")

		updates := func() int {
			return srv.Journal().Count(mockserver.And(mockserver.Received, mockserver.Verb("update")))
		}
		begin := time.Now()
		out, err := p.HandOver(ctx, regenerate("alpha.example"))
		require.Equal(t, begin.Add(3*time.Hour), code(t, out, err).Expires.Local())
		require.Equal(t, 1, updates())
		time.Sleep(3*time.Hour - time.Nanosecond)
		synctest.Wait()
		require.Equal(t, 1, updates())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		require.Equal(t, 2, updates(), "on time, on a session of its own: the first one was idle")
		require.EqualValues(t, 2, dials.Load())

		t.Log("the registry can't be reached when the time comes")
		out, err = p.HandOver(ctx, regenerate("alpha.example"))
		code(t, out, err)
		down.Store(true)
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		require.EqualValues(t, 3, dials.Load())
		time.Sleep(time.Hour)
		synctest.Wait()
		require.InDelta(t, 3+9+11, dials.Load(), 2, "1, 2, 4, ... seconds, and then every 5 minutes")
		down.Store(false)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		require.Equal(t, 4, updates())

		cancel()
		require.ErrorIs(t, <-ran, context.Canceled)
		require.NoError(t, pool.Shutdown(t.Context()))
		require.NoError(t, srv.Close())
	})
}

// Entries that another process makes are seen.
func TestRunSharesTheLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := eppcode.Dir{Path: t.TempDir()}
		p, s := scripted(t, eppcode.Options{Ledger: ledger, Now: time.Now}, respond(epp.Success))
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, ledger.Add(ctx, eppcode.Entry{Domain: "zeta.example", Due: time.Now().Add(time.Hour)}))
		ran := make(chan error)
		go func() { ran <- p.Run(ctx) }()
		synctest.Wait()
		require.NoError(t, ledger.Add(ctx, eppcode.Entry{Domain: "alpha.example", Due: time.Now().Add(time.Second)}))
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, []string{"domain:update"}, s.sent())
		cancel()
		require.ErrorIs(t, <-ran, context.Canceled)
	})
}

// A new entry is seen at once, but does not cut short a wait after a failure.
func TestRunWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		info := respond(epp.Success, infData())
		zeta := infData()
		zeta.Name = "zeta.example"
		ok := respond(epp.Success)
		p, s := scripted(t, eppcode.Options{TTL: 30 * time.Second, Now: time.Now},
			info, ok, cut(client.NotSent), respond(epp.Success, zeta), ok, ok)
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan error)
		go func() { ran <- p.Run(ctx) }()
		after := func(d time.Duration, sent int) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			require.Len(t, s.sent(), sent)
		}
		after(7*time.Second, 0)
		out, err := p.HandOver(ctx, regenerate("alpha.example"))
		code(t, out, err)
		after(30*time.Second, 3)
		out, err = p.HandOver(ctx, regenerate("zeta.example"))
		code(t, out, err)
		after(time.Second-time.Nanosecond, 5)
		after(time.Nanosecond, 6)
		cancel()
		require.ErrorIs(t, <-ran, context.Canceled)
	})
}

// What has ended already gives Run nothing to do, and does not keep it awake.
func TestRunRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := &watched{Dir: eppcode.Dir{Path: t.TempDir()}}
		require.NoError(t, ledger.Add(t.Context(), eppcode.Entry{Domain: "alpha.example", Due: time.Now(), Untold: true}))
		p, _ := scripted(t, eppcode.Options{Ledger: ledger, Now: time.Now})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute-1)
		defer cancel()
		require.ErrorIs(t, p.Run(ctx), context.DeadlineExceeded)
		require.InDelta(t, 2*10, ledger.looks.Load(), 2, "for what to end and for when to look again, each minute")
	})
}

// watched is a ledger that counts how often it is read.
type watched struct {
	eppcode.Dir
	looks atomic.Int32
}

func (l *watched) Entries(ctx context.Context, domain string) ([]eppcode.Entry, error) {
	l.looks.Add(1)
	return l.Dir.Entries(ctx, domain)
}
