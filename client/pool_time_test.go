package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// These tests take hours, in a bubble in which time costs nothing.

func TestPoolSaysHello(t *testing.T) {
	inWorld(t, func(_ *world, o *client.PoolOptions) {
		o.MinSessions, o.KeepAlive, o.MaxIdle, o.MaxAge = 2, 5*time.Minute, -1, -1
	}, func(t *testing.T, w *world, p *client.Pool) {
		time.Sleep(time.Hour + time.Minute)
		open, logins, _, _ := w.now()
		require.Equal(t, 2, open)
		require.Equal(t, 2, logins)
		_, _, _, hellos := w.seen()
		require.Len(t, hellos, 24)
		require.EqualValues(t, 24, p.Stats().Hellos)
		for i := 2; i < len(hellos); i += 2 {
			require.Equal(t, 5*time.Minute, hellos[i].Sub(hellos[i-2]).Round(time.Second))
		}
		require.NoError(t, p.Shutdown(t.Context()))
	})
}

// Commands are as good as hellos.
func TestPoolSaysNoHelloWhereCommandsGo(t *testing.T) {
	inWorld(t, func(_ *world, o *client.PoolOptions) { o.MaxSessions = 1 }, func(t *testing.T, w *world, p *client.Pool) {
		for range 100 {
			require.NoError(t, asks(t.Context(), p, "a.example"))
			time.Sleep(50 * time.Second)
		}
		_, _, _, hellos := w.seen()
		require.Empty(t, hellos)
	})
}

func TestPoolNoticesASilentPeer(t *testing.T) {
	inWorld(t, func(_ *world, o *client.PoolOptions) { o.MinSessions = 1 }, func(t *testing.T, w *world, p *client.Pool) {
		time.Sleep(time.Second)
		w.with(func() { w.greet = func(*epp.Greeting) { time.Sleep(time.Hour) } })
		time.Sleep(time.Minute + 28*time.Second)
		require.Zero(t, p.Stats().Lost)
		w.with(func() { w.greet = nil })
		time.Sleep(3 * time.Second) // no answer for 30 s, and a rest: the session had not answered anything
		n := p.Stats()
		require.EqualValues(t, 1, n.Lost)
		require.Equal(t, 1, n.Open)
	})
}

func TestPoolLogsOutWhatIsIdle(t *testing.T) {
	var e told
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions, o.MinSessions, o.MaxIdle = 4, 1, 10*time.Minute
		w.delay = time.Second
		e.on(o)
	}, func(t *testing.T, w *world, p *client.Pool) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
		}
		all.Wait()
		require.Equal(t, 4, p.Stats().Open)
		time.Sleep(9 * time.Minute)
		require.Equal(t, 4, p.Stats().Open)
		time.Sleep(2 * time.Minute)
		n := p.Stats()
		require.Equal(t, 1, n.Open)
		require.EqualValues(t, 3, n.LoggedOut)
		_, _, logouts, _ := w.now()
		require.Equal(t, 3, logouts)
		for _, c := range eventsOf[client.Closed](&e) {
			require.Equal(t, "idle", c.Why)
			require.NoError(t, c.Err)
		}
	})
}

// A session that is old is replaced, and no caller notices.
func TestPoolReplacesWhatIsOld(t *testing.T) {
	for _, max := range []int{1, 2, 4} {
		t.Run(fmt.Sprint(max, " sessions"), func(t *testing.T) {
			inWorld(t, func(w *world, o *client.PoolOptions) {
				o.MaxSessions, o.MaxAge, o.Rand = max, time.Hour, func() float64 { return 0.5 }
				w.delay = 100 * time.Millisecond
			}, func(t *testing.T, w *world, p *client.Pool) {
				var most time.Duration
				for start := time.Now(); time.Since(start) < 6*time.Hour; time.Sleep(10 * time.Second) {
					asked := time.Now()
					require.NoError(t, asks(t.Context(), p, "a.example"))
					most = maxOf(most, time.Since(asked))
				}
				require.Equal(t, 100*time.Millisecond, most, "nobody waits for a session")
				_, logins, logouts, _ := w.now()
				require.Equal(t, 7, logins, "one for each 57 minutes")
				require.Equal(t, 6, logouts)
				require.LessOrEqual(t, w.peak(), max)
			})
		})
	}
}

func maxOf(a, b time.Duration) time.Duration { return max(a, b) }

func TestPoolServesInOrder(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions, o.MaxWaiting = 1, 10
		w.delay = time.Second
	}, func(t *testing.T, w *world, p *client.Pool) {
		require.NoError(t, p.Ready(t.Context()))
		var mu sync.Mutex
		var order []int
		var all sync.WaitGroup
		for i := range 11 {
			all.Go(func() {
				require.NoError(t, asks(t.Context(), p, fmt.Sprintf("n%d.example", i)))
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
			})
			synctest.Wait()
		}
		require.Equal(t, 10, p.Stats().Waiting)
		err := asks(t.Context(), p, "one-too-many.example")
		require.ErrorIs(t, err, client.ErrQueueFull)
		require.True(t, client.SafeToRetry(err))
		all.Wait()
		require.True(t, slices.IsSorted(order), order)
		n := p.Stats()
		require.EqualValues(t, 11, n.Answered)
		require.EqualValues(t, 1, n.QueueFull)
		require.EqualValues(t, 55*time.Second, n.WaitingTime)
	})
}

func TestPoolKeepsDeadlinesOfTheQueue(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions = 1
		w.delay = 10 * time.Second
	}, func(t *testing.T, w *world, p *client.Pool) {
		var all sync.WaitGroup
		all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
		synctest.Wait()
		start := time.Now()
		err := asks(within(t, 3*time.Second), p, "b.example")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.True(t, client.SafeToRetry(err))
		require.Equal(t, 3*time.Second, time.Since(start))
		all.Wait()
		require.NoError(t, asks(t.Context(), p, "c.example"))
		_, _, _, commands := w.now()
		require.Equal(t, 2, commands)
	})
}

// A session whose caller has gone is busy until the answer has come.
func TestPoolKeepsThePlaceOfWhatIsOnItsWay(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions = 2
		w.delay = 10 * time.Second
	}, func(t *testing.T, w *world, p *client.Pool) {
		err := asks(within(t, 3*time.Second), p, "a.example")
		require.True(t, client.OutcomeUnknown(err))
		require.Equal(t, 1, p.Stats().Busy)
		start := time.Now()
		require.NoError(t, asks(t.Context(), p, "b.example"))
		require.Equal(t, 10*time.Second, time.Since(start), "by another session")
		require.Zero(t, p.Stats().Busy)
		require.Equal(t, 2, p.Stats().Open)
	})
}

// A registry that answers nothing any more is left, and its callers are told what is
// known of their commands.
func TestPoolLeavesASessionThatStalls(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions = 1
		w.delay = time.Hour
	}, func(t *testing.T, w *world, p *client.Pool) {
		err := asks(within(t, 40*time.Second), p, "a.example") // 30 s, and once more
		require.True(t, client.OutcomeUnknown(err), err)
		w.with(func() { w.delay = 0 })
		require.NoError(t, asks(t.Context(), p, "b.example"))
		require.EqualValues(t, 2, p.Stats().Lost)
	})
}

func TestPoolBacksOff(t *testing.T) {
	var e told
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MinSessions = 1
		o.Rand = func() float64 { return 0 } // half of the time
		w.dial = func(context.Context, string) error { return errRefused }
		e.on(o)
	}, func(t *testing.T, w *world, p *client.Pool) {
		err := asks(within(t, 5*time.Second), p, "a.example")
		require.True(t, client.SafeToRetry(err))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, errRefused, "it says why there is no session")
		time.Sleep(10 * time.Minute)
		dials, _, _, _ := w.seen()
		s := time.Second
		require.Equal(t, []time.Duration{s / 2, s, 2 * s, 4 * s, 8 * s, 16 * s, 30 * s, 30 * s}, gaps(dials)[:8])
		require.Len(t, dials, 26)
		require.Len(t, eventsOf[client.OpenFailed](&e), 26)
		w.with(func() { w.dial = nil })
		require.NoError(t, asks(within(t, 30*time.Second), p, "a.example"))
		w.drop()
		require.NoError(t, asks(within(t, time.Millisecond), p, "a.example"), "a session that served is replaced at once")
	})
}

// A registry that takes logins and drops the session right away is no success.
func TestPoolBacksOffFromSessionsThatDoNotLast(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.Rand = func() float64 { return 0 }
		w.answer = func(int, *epp.Command) *epp.Response { return nil }
	}, func(t *testing.T, w *world, p *client.Pool) {
		for range 10 {
			_, err := client.Do(within(t, time.Minute), p, renew())
			require.True(t, client.OutcomeUnknown(err))
		}
		dials, _, _, _ := w.seen()
		s := time.Second
		require.Equal(t, []time.Duration{s / 2, s, 2 * s, 4 * s, 8 * s, 16 * s, 30 * s, 30 * s, 30 * s}, gaps(dials))
	})
}

func TestPoolWithoutRoomAtTheRegistry(t *testing.T) {
	t.Run("all sessions are taken by others", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			w.login = func(*epp.Login) (epp.Code, []epp.Element) { return epp.SessionLimitExceeded, nil }
		}, func(t *testing.T, w *world, p *client.Pool) {
			err := asks(within(t, time.Hour), p, "a.example")
			require.ErrorIs(t, err, epp.SessionLimitExceeded)
			_, logins, _, _ := w.now()
			require.Less(t, logins, 100, "in an hour")
			w.with(func() { w.login = nil })
			require.NoError(t, asks(within(t, time.Minute), p, "a.example"))
		})
	})
	t.Run("there is less than is wanted", func(t *testing.T) {
		var e told
		inWorld(t, func(w *world, o *client.PoolOptions) {
			o.MaxSessions, o.Rand, o.MaxAge = 40, func() float64 { return 0 }, -1
			w.limit, w.delay = 5, 10*time.Second
			e.on(o)
		}, func(t *testing.T, w *world, p *client.Pool) {
			load := func(d time.Duration) {
				var all sync.WaitGroup
				for range 64 {
					all.Go(func() {
						for start := time.Now(); time.Since(start) < d; {
							require.NoError(t, asks(within(t, time.Hour), p, "a.example"))
						}
					})
				}
				all.Wait()
			}
			load(time.Hour)
			require.Equal(t, 5, w.peak())
			// Half of 1, 2, 4, 8 minutes, and of 16 from then on.
			require.Len(t, eventsOf[client.Limited](&e), 11)
			w.with(func() { w.limit = 10 })
			load(20 * time.Minute)
			require.Equal(t, 10, w.peak())
			require.Equal(t, 10, p.Stats().Open)
		})
	})
}

func TestPoolStops(t *testing.T) {
	for _, code := range []epp.Code{epp.AuthenticationError, epp.AuthenticationErrorClosing, epp.AuthorizationError, epp.UnimplementedExtension} {
		t.Run(fmt.Sprintf("%04d", code), func(t *testing.T) {
			var e told
			inWorld(t, func(w *world, o *client.PoolOptions) {
				w.login = func(*epp.Login) (epp.Code, []epp.Element) { return code, nil }
				o.MinSessions = 1
				e.on(o)
			}, func(t *testing.T, w *world, p *client.Pool) {
				for range 100 {
					err := asks(t.Context(), p, "a.example")
					require.ErrorIs(t, err, client.ErrStopped)
					require.ErrorIs(t, err, code)
					time.Sleep(time.Hour)
				}
				_, logins, _, _ := w.now()
				require.Equal(t, 1, logins)
				require.Len(t, eventsOf[client.Stopped](&e), 1)
				require.ErrorIs(t, p.Stats().Stopped, code)
				w.with(func() { w.login = nil })
				p.Resume()
				require.NoError(t, asks(t.Context(), p, "a.example"))
				require.Len(t, eventsOf[client.Resumed](&e), 1)
			})
		})
	}
	for name, extend := range map[string]func(*epp.Command) error{
		"a password for which a login has no room": nil,
		"a login that Extend can't make":           func(*epp.Command) error { return errRefused },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world, o *client.PoolOptions) {
				o.Credentials = &client.Credentials{ClID: "reg-north", PW: "a password that is longer than a login's", Extend: extend}
			}, func(t *testing.T, w *world, p *client.Pool) {
				err := asks(t.Context(), p, "a.example")
				require.ErrorIs(t, err, client.ErrStopped)
				require.False(t, client.OutcomeUnknown(err))
				if extend == nil {
					require.ErrorContains(t, err, "loginsec.Extend")
				}
				dials, _, logins, _ := w.seen()
				require.Len(t, dials, 1)
				require.Empty(t, logins)
			})
		})
	}
	t.Run("sessions that are open go on", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) { w.delay = time.Second }, func(t *testing.T, w *world, p *client.Pool) {
			require.NoError(t, p.Ready(t.Context()))
			w.with(func() { w.password = "another-Gate9" })
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
			}
			all.Wait()
			require.Error(t, p.Stats().Stopped)
			w.drop()
			require.ErrorIs(t, asks(t.Context(), p, "a.example"), client.ErrStopped)
		})
	})
	t.Run("a name that does not exist", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			w.dial = func(context.Context, string) error {
				return &net.DNSError{Err: "no such host", Name: "epp.registry.example", IsNotFound: true}
			}
		}, func(t *testing.T, w *world, p *client.Pool) {
			require.ErrorIs(t, asks(t.Context(), p, "a.example"), client.ErrStopped)
			dials, _, _, _ := w.seen()
			require.Len(t, dials, 1)
		})
	})
	t.Run("a certificate", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			o.TLS.InsecureSkipVerify = false
		}, func(t *testing.T, w *world, p *client.Pool) {
			require.ErrorIs(t, asks(t.Context(), p, "a.example"), client.ErrStopped)
			dials, _, _, _ := w.seen()
			require.Len(t, dials, 1)
		})
	})
}

func TestPoolMovesAndRepeats(t *testing.T) {
	closing := func(q *epp.Command) *epp.Response { return respond(q, epp.CommandFailedClosing) }
	lost := func(*epp.Command) *epp.Response { return nil }
	for name, how := range map[string]func(*epp.Command) *epp.Response{"2500": closing, "lost": lost} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world, o *client.PoolOptions) {
				o.Rand = func() float64 { return 0 }
				w.answer = func(n int, q *epp.Command) *epp.Response {
					if n%2 == 1 {
						return how(q)
					}
					return respond(q, epp.Success)
				}
			}, func(t *testing.T, w *world, p *client.Pool) {
				require.NoError(t, asks(t.Context(), p, "a.example"))
				require.EqualValues(t, 1, p.Stats().Repeated)
				_, err := client.Do(t.Context(), p, renew())
				_, _, _, commands := w.now()
				require.Equal(t, 3, commands, "a transform is sent once")
				if name == "lost" {
					require.True(t, client.OutcomeUnknown(err))
				} else {
					require.ErrorIs(t, err, epp.CommandFailedClosing)
				}
				w.with(func() { w.answer = func(_ int, q *epp.Command) *epp.Response { return how(q) } })
				err = asks(t.Context(), p, "a.example")
				_, _, _, commands = w.now()
				require.Equal(t, 6, commands, "a query is sent three times at most")
				if name == "lost" {
					require.True(t, client.OutcomeUnknown(err))
				} else {
					require.ErrorIs(t, err, epp.CommandFailedClosing)
				}
			})
		})
	}
	t.Run("never sent", func(t *testing.T) {
		var between func()
		inWorld(t, func(w *world, o *client.PoolOptions) {
			n := 0
			o.NewTRID = func() string {
				if n++; n == 4 { // after two logins and a check
					between()
				}
				return fmt.Sprint("C-", n)
			}
		}, func(t *testing.T, w *world, p *client.Pool) {
			between = w.drop // the session ends when the command has one already
			require.NoError(t, asks(t.Context(), p, "a.example"))
			w.drop()
			_, err := client.Call(t.Context(), p, renew())
			require.ErrorIs(t, err, client.ErrInvalidAnswer, "the world answers a renew without data")
			n := p.Stats()
			require.EqualValues(t, 1, n.Moved)
			require.EqualValues(t, 3, n.Opened)
			_, _, _, commands := w.now()
			require.Equal(t, 2, commands)
		})
	})
}

func TestPoolShutsDown(t *testing.T) {
	t.Run("after what it has is answered", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			o.MaxSessions = 2
			w.delay = time.Second
		}, func(t *testing.T, w *world, p *client.Pool) {
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
			}
			synctest.Wait()
			all.Go(func() { require.NoError(t, p.Shutdown(within(t, time.Minute))) })
			synctest.Wait()
			require.ErrorIs(t, asks(t.Context(), p, "late.example"), client.ErrClosed)
			all.Wait()
			open, _, logouts, commands := w.now()
			require.Zero(t, open)
			require.Equal(t, 2, logouts)
			require.Equal(t, 20, commands)
			require.NoError(t, p.Close())
		})
	})
	t.Run("no longer than it may take", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) { w.delay = time.Hour }, func(t *testing.T, w *world, p *client.Pool) {
			var all sync.WaitGroup
			all.Go(func() {
				_, err := client.Do(t.Context(), p, renew())
				require.True(t, client.OutcomeUnknown(err))
			})
			synctest.Wait()
			start := time.Now()
			require.ErrorIs(t, p.Shutdown(within(t, 7*time.Second)), context.DeadlineExceeded)
			require.LessOrEqual(t, time.Since(start), 13*time.Second, "and what TLS takes to close")
			all.Wait()
			w.with(func() { w.delay = 0 })
		})
	})
	t.Run("while it can't connect", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			o.MinSessions = 1
			w.dial = func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
		}, func(t *testing.T, w *world, p *client.Pool) {
			time.Sleep(time.Second)
			start := time.Now()
			require.NoError(t, p.Shutdown(t.Context()))
			require.Zero(t, time.Since(start))
		})
	})
}

func TestPoolTriesSeveralAddresses(t *testing.T) {
	var e told
	addrs := func(o *client.PoolOptions) {
		o.Addresses = []string{"a.registry.example", "b.registry.example:7000", "2001:db8::1"}
		e.on(o)
	}
	hang := func(ctx context.Context, addr string) error {
		if addr != "[2001:db8::1]:700" {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	t.Run("which do not answer", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			addrs(o)
			w.dial = hang
		}, func(t *testing.T, w *world, p *client.Pool) {
			start := time.Now()
			require.NoError(t, asks(t.Context(), p, "a.example"))
			require.Equal(t, 500*time.Millisecond, time.Since(start))
			_, dialed, _, _ := w.seen()
			require.Equal(t, []string{"a.registry.example:700", "b.registry.example:7000", "[2001:db8::1]:700"}, dialed)
			require.Equal(t, "2001:db8::1", p.Stats().Sessions[0].Address)
			w.drop()
			start = time.Now()
			require.NoError(t, asks(t.Context(), p, "a.example"))
			require.Zero(t, time.Since(start), "the one that served is tried first")
		})
	})
	t.Run("which refuse", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			addrs(o)
			w.dial = func(_ context.Context, addr string) error {
				if addr == "b.registry.example:7000" {
					return nil
				}
				return errRefused
			}
		}, func(t *testing.T, w *world, p *client.Pool) {
			require.NoError(t, asks(within(t, time.Millisecond), p, "a.example"))
		})
	})
	t.Run("of which none does", func(t *testing.T) {
		inWorld(t, func(w *world, o *client.PoolOptions) {
			addrs(o)
			w.dial = func(_ context.Context, addr string) error { return errors.New("no way to " + addr) }
		}, func(t *testing.T, w *world, p *client.Pool) {
			err := asks(within(t, time.Second), p, "a.example")
			for _, addr := range []string{"a.registry.example:700", "b.registry.example:7000", "[2001:db8::1]:700"} {
				require.ErrorContains(t, err, "no way to "+addr)
			}
		})
	})
}

func TestPoolTellsOfServicesAndSecurity(t *testing.T) {
	var e told
	notice := loginsec.Event{Type: loginsec.Password, Level: loginsec.Warning, ExDate: time.Date(2000, 2, 1, 0, 0, 0, 0, time.UTC)}
	inWorld(t, func(w *world, o *client.PoolOptions) {
		e.on(o)
		set, err := epp.NewSchema(domain.Extension(), loginsec.Extension())
		require.NoError(t, err)
		o.Schema, w.set = set, set
		w.greet = func(g *epp.Greeting) { g.ExtURI = []string{loginsec.NS} }
		w.login = func(q *epp.Login) (epp.Code, []epp.Element) {
			if !slices.Contains(q.ExtURI, loginsec.NS) {
				return epp.Success, nil
			}
			return epp.Success, []epp.Element{&loginsec.LoginSecData{Events: []loginsec.Event{notice}}}
		}
	}, func(t *testing.T, w *world, p *client.Pool) {
		require.NoError(t, asks(t.Context(), p, "a.example"))
		synctest.Wait()
		got := eventsOf[client.SecurityNotice](&e)
		require.Len(t, got, 1)
		require.Equal(t, notice, got[0].Event)
		require.Empty(t, eventsOf[client.ServicesChanged](&e))
		w.with(func() { w.greet = func(g *epp.Greeting) { g.ExtURI = []string{"urn:example:new-1.0"} } })
		w.drop()
		require.NoError(t, asks(t.Context(), p, "a.example"))
		synctest.Wait()
		changed := eventsOf[client.ServicesChanged](&e)
		require.Len(t, changed, 1)
		require.Equal(t, []string{"urn:example:new-1.0"}, changed[0].Added)
		require.Equal(t, []string{loginsec.NS}, changed[0].Removed)
		_, _, logins, _ := w.seen()
		require.Empty(t, logins[1].ExtURI)
	})
}

// A session that is too old stays as long as nothing can take its place.
func TestPoolKeepsWhatCantBeReplaced(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.MaxSessions, o.MaxAge = 2, time.Hour
		o.KeepAlive = -1 // a hello at the very moment of a command would want another session
		w.delay = time.Second
	}, func(t *testing.T, w *world, p *client.Pool) {
		require.NoError(t, p.Ready(t.Context()))
		w.with(func() { w.password = "another-Gate9" })
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() { require.NoError(t, asks(t.Context(), p, "a.example")) })
		}
		all.Wait()
		require.Error(t, p.Stats().Stopped)
		for range 600 { // ten hours
			require.NoError(t, asks(t.Context(), p, "a.example"))
			time.Sleep(time.Minute)
		}
		_, logins, _, _ := w.now()
		require.Equal(t, 2, logins)
		w.with(func() { w.password = "north-Gate9" })
		p.Resume()
		time.Sleep(time.Minute)
		require.NoError(t, asks(t.Context(), p, "a.example"))
		_, logins, logouts, _ := w.now()
		require.Equal(t, 3, logins)
		require.Equal(t, 1, logouts, "replaced when it could be")
	})
}

func TestPoolOptions(t *testing.T) {
	for want, change := range map[string]func(*client.PoolOptions){
		"Addresses":   func(o *client.PoolOptions) { o.Addresses = nil },
		"no host":     func(o *client.PoolOptions) { o.Addresses = []string{":700"} },
		"MaxSessions": func(o *client.PoolOptions) { o.MaxSessions = -1 },
		"MinSessions": func(o *client.PoolOptions) { o.MinSessions = 5 },
		"MaxWaiting":  func(o *client.PoolOptions) { o.MaxWaiting = -1 },
		"Depth":       func(o *client.PoolOptions) { o.Depth = -1 },
		"Backoff":     func(o *client.PoolOptions) { o.Backoff.Min = -1 },
		"NewPW": func(o *client.PoolOptions) {
			o.Credentials = &client.Credentials{ClID: "reg-north", PW: "a", NewPW: "b"}
		},
		"TRIDPrefix": func(o *client.PoolOptions) { o.TRIDPrefix = "a-prefix-that-leaves-no-room-for-a-number" },
	} {
		t.Run(want, func(t *testing.T) {
			opts := client.PoolOptions{Addresses: []string{"epp.registry.example"}}
			change(&opts)
			_, err := client.NewPool(opts)
			require.ErrorContains(t, err, want)
		})
	}
}
