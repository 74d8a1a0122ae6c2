package eppcode_test

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
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

// Callers share the session that there may be, also the next one after its end.
func TestPool(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	require.Zero(t, logins(m.srv), "it dials when it has to")
	storm := func() {
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
				if _, ok := out.(authcode.Code); !ok {
					t.Error(out, err)
				}
			})
		}
		all.Wait()
	}
	storm()
	require.Equal(t, 1, logins(m.srv))
	require.NoError(t, m.srv.Drop(t.Context()))
	require.Eventually(t, func() bool { return m.pool.Stats().Open == 0 }, 10*time.Second, time.Millisecond, "a transform on its way would be cut off")
	storm()
	require.Equal(t, 2, logins(m.srv))

	require.NoError(t, m.pool.Shutdown(t.Context()))
	require.Equal(t, 1, m.srv.Journal().Count(mockserver.And(mockserver.Received, mockserver.Verb("logout"))))
	_, err := m.HandOver(t.Context(), regenerate("alpha.example"))
	require.ErrorIs(t, err, client.ErrClosed)
	require.True(t, authcode.SafeToRetry(err))
}

// A command that the end of a session catches is not sent again; the next one is sent
// on another session.
func TestNeverResends(t *testing.T) {
	ledger := eppcode.Dir{Path: t.TempDir()}
	m := start(t, gtld.Options{}, eppcode.Options{})
	updates := mockserver.And(mockserver.Received, mockserver.Verb("update"))
	var cut atomic.Bool
	m.around = func(c net.Conn) net.Conn { return &cutter{Conn: c, cut: &cut} }
	p := m.provider(t, eppcode.Options{Ledger: ledger, Doer: armed{m.pool, &cut}})
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

// While the registry can't be reached each hand-over says so at once, and the registry is
// left alone.
func TestUnreachable(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	require.NoError(t, m.srv.Close())
	for range 5 {
		_, err := m.HandOver(t.Context(), regenerate("alpha.example"))
		require.ErrorContains(t, err, "connection refused")
		require.True(t, authcode.SafeToRetry(err))
	}
	n := m.pool.Stats()
	require.EqualValues(t, 1, n.Dials)
	require.NoError(t, n.Stopped)
}

// A login that is refused is about the caller, unless the registry says that it is
// about the registry.
func TestLoginRefused(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	m.pool = m.connect(t, "reg-north", "wrong-Gate9")
	p := m.provider(t, eppcode.Options{})
	for range 3 {
		out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
		refused(t, authcode.Unauthorized, "2200", out, err)
	}
	require.Equal(t, 1, logins(m.srv), "a registry counts them")
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
