package client_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

func TestPoolChangesThePasswordInDoubt(t *testing.T) {
	for name, took := range map[string]bool{"the registry has taken it": true, "the registry has not": false} {
		t.Run(name, func(t *testing.T) {
			var e told
			inWorld(t, func(w *world, o *client.PoolOptions) {
				e.on(o)
				w.login = func(q *epp.Login) (epp.Code, []epp.Element) {
					switch {
					case q.NewPW != "":
						if took {
							w.password = q.NewPW
						}
						return 0, nil
					case q.PW != w.password:
						return epp.AuthenticationError, nil
					}
					return epp.Success, nil
				}
			}, func(t *testing.T, w *world, p *client.Pool) {
				err := p.ChangePassword(t.Context(), "north-Gate10")
				require.True(t, client.OutcomeUnknown(err))
				require.NoError(t, asks(t.Context(), p, "a.example"))
				_, _, logins, _ := w.seen()
				var tried []epp.Secret
				for _, q := range logins {
					tried = append(tried, q.PW)
				}
				if took {
					require.Equal(t, []epp.Secret{"north-Gate9", "north-Gate10"}, tried)
					require.Len(t, eventsOf[client.PasswordChanged](&e), 1)
				} else {
					require.Equal(t, []epp.Secret{"north-Gate9", "north-Gate10", "north-Gate9"}, tried)
					require.Empty(t, eventsOf[client.PasswordChanged](&e))
				}
				w.drop()
				require.NoError(t, asks(t.Context(), p, "a.example"))
			})
		})
	}
}

// A change of the password that may have happened is not tried at another address: the old
// password would be refused there, which says nothing.
func TestPoolChangesThePasswordAtOneAddress(t *testing.T) {
	inWorld(t, func(w *world, o *client.PoolOptions) {
		o.Addresses = []string{"a.registry.example", "b.registry.example"}
		w.login = func(q *epp.Login) (epp.Code, []epp.Element) {
			switch {
			case q.PW != w.password:
				return epp.AuthenticationError, nil
			case q.NewPW != "":
				w.password = q.NewPW
				return 0, nil
			}
			return epp.Success, nil
		}
	}, func(t *testing.T, w *world, p *client.Pool) {
		require.True(t, client.OutcomeUnknown(p.ChangePassword(t.Context(), "north-Gate10")))
		_, _, logins, _ := w.seen()
		require.Len(t, logins, 1)
		require.NoError(t, asks(t.Context(), p, "a.example"))
	})
}

// takes is a login that holds the account to its password, and changes it. It answers a
// change with code, or with nothing for 0.
func (w *world) takes(code func(n int) epp.Code) func(*epp.Login) (epp.Code, []epp.Element) {
	n := 0
	return func(q *epp.Login) (epp.Code, []epp.Element) {
		switch {
		case q.PW != w.password:
			return epp.AuthenticationError, nil
		case q.NewPW == "":
			return epp.Success, nil
		}
		n++
		c := code(n)
		if c == 0 || c.OK() {
			w.password = q.NewPW
		}
		return c, nil
	}
}

func passwords(w *world) (pws []epp.Secret) {
	_, _, logins, _ := w.seen()
	for _, q := range logins {
		pws = append(pws, q.PW)
	}
	return pws
}

// Who tries again, with the same or another password, has the doubt resolved first.
func TestPoolChangesThePasswordAfterADoubt(t *testing.T) {
	for _, again := range []epp.Secret{"north-Gate10", "north-Gate11"} {
		t.Run(again.Reveal(), func(t *testing.T) {
			inWorld(t, func(w *world, o *client.PoolOptions) {
				w.login = w.takes(func(n int) epp.Code { return map[bool]epp.Code{false: epp.Success}[n == 1] })
			}, func(t *testing.T, w *world, p *client.Pool) {
				require.True(t, client.OutcomeUnknown(p.ChangePassword(t.Context(), "north-Gate10")))
				require.NoError(t, p.ChangePassword(t.Context(), again))
				require.NoError(t, p.Stats().Stopped)
				w.drop()
				require.NoError(t, asks(t.Context(), p, "a.example"))
				require.Equal(t, []epp.Secret{"north-Gate9", "north-Gate10", "north-Gate10", again}, passwords(w))
			})
		})
	}
}

// A new password that is refused, or can't be sent, is no trouble of the pool's.
func TestPoolRefusesANewPassword(t *testing.T) {
	var e told
	inWorld(t, func(w *world, o *client.PoolOptions) {
		w.login = w.takes(func(int) epp.Code { return epp.ParameterPolicyError })
		e.on(o)
	}, func(t *testing.T, w *world, p *client.Pool) {
		require.ErrorIs(t, p.ChangePassword(t.Context(), "north-Gate10"), epp.ParameterPolicyError)
		require.ErrorContains(t, p.ChangePassword(t.Context(), "x"), "must have 6 to 16 characters")
		require.NoError(t, p.Stats().Stopped)
		require.NoError(t, asks(within(t, time.Millisecond), p, "a.example"))
		require.Empty(t, eventsOf[client.Stopped](&e))
		require.Empty(t, eventsOf[client.OpenFailed](&e))
	})
}

func TestPoolEndsAChangeOfThePassword(t *testing.T) {
	slow := func(w *world, o *client.PoolOptions) {
		o.MaxSessions = 1
		w.dial = func(ctx context.Context, _ string) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(10 * time.Second):
				return nil
			}
		}
		w.login = w.takes(func(int) epp.Code { return epp.Success })
	}
	t.Run("with its context", func(t *testing.T) {
		inWorld(t, slow, func(t *testing.T, w *world, p *client.Pool) {
			err := p.ChangePassword(within(t, time.Second), "north-Gate10")
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.False(t, client.OutcomeUnknown(err))
			require.NoError(t, asks(t.Context(), p, "a.example"))
		})
	})
	t.Run("when the pool is closed", func(t *testing.T) {
		inWorld(t, slow, func(t *testing.T, w *world, p *client.Pool) {
			time.AfterFunc(time.Second, func() { p.Close() })
			start := time.Now()
			require.Error(t, p.ChangePassword(t.Context(), "north-Gate10"))
			require.Equal(t, time.Second, time.Since(start))
		})
	})
	t.Run("in order, when the pool is shut down", func(t *testing.T) {
		inWorld(t, slow, func(t *testing.T, w *world, p *client.Pool) {
			time.AfterFunc(time.Second, func() { _ = p.Shutdown(context.Background()) })
			require.NoError(t, p.ChangePassword(t.Context(), "north-Gate10"))
		})
	})
	t.Run("when there is another account", func(t *testing.T) {
		for name, cred := range map[string]*client.Credentials{"none": nil, "south": {ClID: "reg-south", PW: "south-Gate9"}} {
			t.Run(name, func(t *testing.T) {
				inWorld(t, func(w *world, o *client.PoolOptions) {
					slow(w, o)
					w.login = func(q *epp.Login) (epp.Code, []epp.Element) { return epp.Success, nil }
				}, func(t *testing.T, w *world, p *client.Pool) {
					time.AfterFunc(time.Second, func() { _ = p.Reconfigure(func(o *client.PoolOptions) { o.Credentials = cred }) })
					require.NoError(t, p.ChangePassword(t.Context(), "north-Gate10"), "of the account that it was asked for")
					w.drop()
					require.NoError(t, asks(t.Context(), p, "a.example"))
					if _, _, logins, _ := w.seen(); cred != nil {
						last := logins[len(logins)-1]
						require.Equal(t, *cred, client.Credentials{ClID: last.ClID, PW: last.PW})
					}
				})
			})
		}
	})
}
