package eppcode_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
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
)

func logins(srv *mockserver.Server) int {
	return srv.Journal().Count(mockserver.And(mockserver.Received, mockserver.Verb("login")))
}

func TestLink(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	require.Zero(t, logins(m.srv), "it dials when it has to")
	var last *client.Session
	dial := m.link.Dial
	m.link.Dial = func(ctx context.Context) (*client.Session, error) {
		s, err := dial(ctx)
		last = s
		return s, err
	}
	storm := func() {
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				if _, err := client.Do(t.Context(), m.link, &domain.Info{Name: "alpha.example"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	storm()
	require.Equal(t, 1, logins(m.srv))
	last.Close()
	storm()
	require.Equal(t, 2, logins(m.srv))

	require.NoError(t, m.link.Close(t.Context()))
	require.NoError(t, m.link.Close(t.Context()))
	require.Equal(t, 1, m.srv.Journal().Count(mockserver.And(mockserver.Received, mockserver.Verb("logout"))))
	require.ErrorIs(t, last.Err(), client.ErrClosed)
	_, err := client.Do(t.Context(), m.link, &domain.Info{Name: "alpha.example"})
	require.ErrorIs(t, err, client.ErrClosed)
	require.True(t, client.SafeToRetry(err))
	require.NoError(t, new(eppcode.Link).Close(t.Context()), "one that was never used")
}

// A command that the end of a session catches is not sent again; the next one is sent
// on another session.
func TestLinkNeverResends(t *testing.T) {
	ledger := eppcode.Dir{Path: t.TempDir()}
	m := start(t, gtld.Options{}, eppcode.Options{})
	updates := mockserver.And(mockserver.Received, mockserver.Verb("update"))
	var cut atomic.Bool
	m.dialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		return &cutter{Conn: c, cut: &cut}, err
	}
	p := m.provider(t, eppcode.Options{Ledger: ledger, Doer: armed{m.link, &cut}})
	_, err := p.HandOver(t.Context(), regenerate("alpha.example"))
	require.True(t, authcode.OutcomeUnknown(err), "%v", err)
	require.False(t, authcode.SafeToRetry(err))
	require.NoError(t, m.srv.Journal().WaitFor(t.Context(), 1, updates))
	list, err := ledger.Entries(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.Len(t, list, 1)

	_, err = p.HandOver(t.Context(), retrieve("alpha.example"))
	require.NoError(t, err)
	require.Equal(t, 2, logins(m.srv))
	require.Equal(t, 1, m.srv.Journal().Count(updates))
}

// armed cuts the connection with the next update.
type armed struct {
	client.Doer
	cut *atomic.Bool
}

func (d armed) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	_, ok := cmd.Request.(*domain.Update)
	d.cut.Store(ok)
	return d.Doer.Exchange(ctx, cmd)
}

// A cutter is a connection that ends in place of the answer that would come.
type cutter struct {
	net.Conn
	cut *atomic.Bool
}

func (c *cutter) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.cut.Load() {
		return 0, io.EOF
	}
	return n, err
}

func TestLinkWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dials atomic.Int32
		goOn := make(chan error)
		link := &eppcode.Link{Dial: func(ctx context.Context) (*client.Session, error) {
			dials.Add(1)
			select {
			case err := <-goOn:
				return nil, err
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
		do := func(ctx context.Context, errs chan error) {
			_, err := client.Do(ctx, link, &domain.Info{Name: "alpha.example"})
			errs <- err
		}
		{ // each as long as it likes, and all for one dial
			impatient, patient := make(chan error), make(chan error)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			go do(ctx, impatient) // it comes first, and its end does not end the dial
			synctest.Wait()
			for range 3 {
				go do(t.Context(), patient)
			}
			err := <-impatient
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, client.SafeToRetry(err))
			goOn <- errors.New("no route")
			for range 3 {
				err := <-patient
				require.ErrorContains(t, err, "no route")
				require.True(t, client.SafeToRetry(err))
			}
			require.EqualValues(t, 1, dials.Load())
		}
		{ // a command dials again, after a while
			time.Sleep(time.Second)
			errs := make(chan error)
			go do(t.Context(), errs)
			goOn <- errors.New("no route again")
			require.ErrorContains(t, <-errs, "no route again")
			require.EqualValues(t, 2, dials.Load())
		}
		{ // Close ends a dial
			time.Sleep(2 * time.Second)
			errs := make(chan error)
			go do(t.Context(), errs)
			synctest.Wait()
			require.NoError(t, link.Close(t.Context()))
			require.ErrorIs(t, <-errs, context.Canceled)
		}
	})
}

// A registry that is down, and one that does not take the login, is left alone for
// longer and longer.
func TestLinkRests(t *testing.T) {
	noRoute := errors.New("no route")
	login := func(c epp.Code) error { return &client.LoginError{ClID: "reg-north", Err: epp.Refuse(c)} }
	for _, tt := range []struct {
		name string
		err  error
		want []time.Duration // from a dial to the next
	}{
		{"no connection", noRoute, []time.Duration{1, 2, 4, 8, 16, 32, 60, 60}},
		{"a wrong password", login(epp.AuthenticationError), []time.Duration{60, 120, 240, 480, 900, 900}},
		{"2501, of a registry that closes", login(epp.AuthenticationErrorClosing), []time.Duration{60, 120}},
		{"too many sessions", login(epp.SessionLimitExceeded), []time.Duration{1, 2}},
		{"a registry out of order", login(epp.CommandFailed), []time.Duration{1, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var dials atomic.Int32
				link := &eppcode.Link{Dial: func(context.Context) (*client.Session, error) {
					dials.Add(1)
					return nil, tt.err
				}}
				storm := func() {
					var all sync.WaitGroup
					for range 64 {
						all.Go(func() {
							_, err := client.Do(t.Context(), link, &domain.Info{Name: "alpha.example"})
							if !errors.Is(err, tt.err) || !client.SafeToRetry(err) {
								t.Error(err)
							}
						})
					}
					all.Wait()
				}
				for i, rest := range tt.want {
					storm()
					time.Sleep(rest*time.Second - time.Nanosecond)
					storm()
					require.EqualValues(t, i+1, dials.Load(), "in the rest")
					time.Sleep(time.Nanosecond)
				}
				storm()
				require.EqualValues(t, len(tt.want)+1, dials.Load())
			})
		})
	}
}

// One session that could be made ends the count of failures.
func TestLinkRecovers(t *testing.T) {
	now := noon
	m := start(t, gtld.Options{}, eppcode.Options{})
	dial, fails, dials := m.link.Dial, true, 0
	m.link.Now = func() time.Time { return now }
	var last *client.Session
	m.link.Dial = func(ctx context.Context) (*client.Session, error) {
		if dials++; fails {
			return nil, errors.New("no route")
		}
		s, err := dial(ctx)
		last = s
		return s, err
	}
	for range 4 {
		require.Error(t, m.link.Connect(t.Context()))
		now = now.Add(time.Minute)
	}
	fails = false
	require.NoError(t, m.link.Connect(t.Context()))
	last.Close()
	fails = true
	require.Error(t, m.link.Connect(t.Context()), "a session that ended is followed by another at once")
	require.Equal(t, 6, dials)
	now = now.Add(time.Second)
	fails = false
	require.NoError(t, m.link.Connect(t.Context()), "after the first failure in a row")
}

// Close does not wait longer than it is given for a Dial that knows no end, and what
// comes of that is no session.
func TestLinkCloseIsBounded(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	goOn, made := make(chan bool), make(chan *client.Session)
	dial := m.link.Dial
	m.link.Dial = func(ctx context.Context) (*client.Session, error) {
		<-goOn
		s, err := dial(context.WithoutCancel(ctx))
		made <- s
		return s, err
	}
	waits := make(chan error)
	go func() { waits <- m.link.Connect(t.Context()) }()
	goOn <- true // the dial is under way
	ctx, cancel := context.WithCancelCause(t.Context())
	late := errors.New("it took too long")
	cancel(late)
	require.ErrorIs(t, m.link.Close(ctx), late)
	s := <-made
	require.NoError(t, <-waits)
	<-s.Done()
	require.ErrorIs(t, s.Err(), client.ErrClosed)
}

// A login that is refused is about the caller, unless the registry says that it is
// about the registry.
func TestLoginRefused(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	m.link = m.dialer(t, "reg-north", "wrong-Gate9")
	p := m.provider(t, eppcode.Options{})
	out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
	refused(t, authcode.Unauthorized, "2200", out, err)
	require.NotContains(t, m.log.String(), "wrong-Gate9")

	for c, want := range map[epp.Code]authcode.Class{
		epp.AuthorizationError:         authcode.Unauthorized, // FRED's blocked registrar
		epp.AuthenticationErrorClosing: authcode.Unauthorized,
		epp.CommandFailed:              authcode.Unavailable,
		epp.CommandFailedClosing:       authcode.Unavailable,
		epp.SessionLimitExceeded:       authcode.RateLimited,
	} {
		p, _ := scripted(t, eppcode.Options{}, func(*epp.Command) (*epp.Response, error) {
			return nil, &client.Error{Op: "dial", Err: &client.LoginError{ClID: "reg-north", Err: epp.Refuse(c)}}
		})
		out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
		no := refused(t, want, c.Error()[5:9], out, err)
		require.Equal(t, want != authcode.Unauthorized, no.Retryable)
	}
}
