package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// A countedConn counts writes.
type countedConn struct {
	net.Conn
	writes atomic.Int32
}

func (c *countedConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(b)
}

func checks(names ...string) (cmds []*epp.Command) {
	for _, name := range names {
		cmds = append(cmds, &epp.Command{Request: check(name)})
	}
	return cmds
}

func TestPipeline(t *testing.T) {
	t.Run("one write, answers of their own", func(t *testing.T) {
		conn := &countedConn{Conn: play(t, greet, expect("check"), expect("check"), expect("check"),
			reply(0, epp.Success), reply(0, epp.CommandFailed), reply(0, epp.Success))}
		s := sessionOn(t, conn, client.Options{})
		out := s.Pipeline(t.Context(), checks("a.example", "b.example", "c.example")...)
		require.Len(t, out, 3)
		require.Equal(t, int32(1), conn.writes.Load())
		for i, name := range []string{"a.example", "", "c.example"} {
			require.NoError(t, out[i].Err)
			if name == "" {
				require.ErrorIs(t, out[i].Response.Err(), epp.CommandFailed)
				continue
			}
			require.Equal(t, name, out[i].Response.ResData[0].(*domain.ChkData).CD[0].Name)
		}
		require.Empty(t, s.Pipeline(t.Context()))
	})
	t.Run("Options.Pipeline 1 has the second wait", func(t *testing.T) {
		s := session(t, client.Options{Pipeline: 1}, expect("check"), reply(0, epp.Success), expect("check"), reply(0, epp.Success))
		for _, o := range s.Pipeline(t.Context(), checks("a.example", "b.example")...) {
			require.NoError(t, o.Err)
		}
	})
	t.Run("one that can't be written keeps all back", func(t *testing.T) {
		s := session(t, client.Options{})
		out := s.Pipeline(t.Context(), checks("a.example")[0], &epp.Command{}, nil)
		for i, o := range out {
			require.Nil(t, o.Response)
			requireFate(t, client.NotSent, o.Err)
			require.Equal(t, i != 1, client.SafeToRetry(o.Err), "%v", o.Err)
		}
		require.ErrorContains(t, out[0].Err, "command 2 of those to be sent with it can't be")
	})
	t.Run("after the end nothing is sent", func(t *testing.T) {
		s := session(t, client.Options{})
		require.NoError(t, s.Close())
		for _, o := range s.Pipeline(t.Context(), checks("a.example", "b.example")...) {
			requireFate(t, client.NotSent, o.Err)
			require.ErrorIs(t, o.Err, client.ErrClosed)
		}
	})
	t.Run("the connection ends between the answers", func(t *testing.T) {
		s := session(t, client.Options{}, expect("check"), expect("check"), reply(0, epp.Success), hangUp)
		out := s.Pipeline(t.Context(), checks("a.example", "b.example")...)
		require.NoError(t, out[0].Err)
		requireFate(t, client.Unknown, out[1].Err)
	})
	t.Run("the context ends while the second waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := session(t, client.Options{Pipeline: 1}, expect("check"), deaf)
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			start := time.Now()
			out := s.Pipeline(ctx, checks("a.example", "b.example")...)
			require.Equal(t, 3*time.Second, time.Since(start))
			requireFate(t, client.Unknown, out[0].Err)
			requireFate(t, client.NotSent, out[1].Err)
		})
	})
}

// A frame that can't be parsed is kept for the call whose answer it is, and for no other;
// nothing prints it.
func TestUnreadableAnswer(t *testing.T) {
	const wreck = `<epp><secret>vihta-77</epp>`
	synctest.Test(t, func(t *testing.T) {
		s := session(t, client.Options{}, expect("check"), expect("check"), document(wreck))
		out := s.Pipeline(t.Context(), checks("a.example", "b.example")...)
		var e *client.UnreadableError
		for i, o := range out {
			requireFate(t, client.Unknown, o.Err)
			require.ErrorIs(t, o.Err, client.ErrInvalidAnswer)
			require.Equal(t, i == 0, errors.As(o.Err, &e), "call %d", i)
		}
		require.Equal(t, wreck, string(e.Frame()))
		require.False(t, errors.As(s.Err(), new(*client.UnreadableError)))

		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Error("no", "err", e)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&log, verb+verb+"\n", e, out[0])
		}
		require.NotContains(t, log.String(), "vihta")
		require.NotContains(t, log.String(), fmt.Sprintf("%x", "vihta"))
		require.NotContains(t, log.String(), fmt.Sprint([]byte("vihta"))[1:10])
	})
	t.Run("that a validator refuses", func(t *testing.T) {
		spoilt := func(p *peer) error {
			r := respond(p.asked[0], epp.Success)
			r.Results[0].Msg.Text, p.asked = "unwanted", nil
			return send(r)(p)
		}
		s := session(t, client.Options{Validator: picky{}}, expect("check"), spoilt)
		_, err := client.Do(t.Context(), s, check("a.example"))
		requireFate(t, client.Answered, err)
		var e *client.UnreadableError
		require.ErrorAs(t, err, &e)
		require.Contains(t, string(e.Frame()), "<response>")
		require.NoError(t, s.Err())
	})
}
