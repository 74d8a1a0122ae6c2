package record_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/record"
)

// between is a Proxy in front of a Server.
func between(t *testing.T, s *mockserver.Server, opts record.ProxyOptions) *record.Proxy {
	opts.Server, opts.TLS, opts.Now = s.Addr(), s.ClientTLS(""), func() time.Time { return began }
	p, err := record.NewProxy(opts)
	require.NoError(t, err)
	require.Empty(t, p.Addr())
	require.NoError(t, p.Start())
	require.Error(t, p.Start())
	t.Cleanup(func() { p.Close() })
	return p
}

// visit has a client do something, and returns what it sent and got.
func visit(t *testing.T, p *record.Proxy, clID string) (sent, got []string) {
	c := dial(t, p.Addr(), p.ClientTLS())
	got = []string{c.read()}
	sent = []string{
		login(clID, password, clID+"-1"), info("sauna.example", clID+"-2"), info("lake.example", clID+"-3"),
		renew("2027-03-12", ""), logout(clID + "-5"),
	}
	c.send(sent[0], sent[1], sent[2]) // pipelined
	for range 3 {
		got = append(got, c.read())
	}
	got = append(got, c.ask(sent[3]), c.ask(sent[4]))
	c.ended()
	return sent, got
}

func TestProxy(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: newUpstream(t)})
	file := filepath.Join(t.TempDir(), "session.jsonl")
	f, err := record.Create(file)
	require.NoError(t, err)
	_, err = record.Create(file)
	require.ErrorIs(t, err, os.ErrExist)
	p := between(t, s, record.ProxyOptions{Out: f})
	sent, got := visit(t, p, "REG-A")
	require.NoError(t, p.Close())
	require.NoError(t, p.Close())
	require.NoError(t, f.Close())

	require.Contains(t, got[2], authInfo, "the client gets what the server says")
	stats := p.Stats()
	require.EqualValues(t, 1, stats.Sessions)
	require.Equal(t, record.Count{Frames: 5, Octets: octets(sent...)}, stats.FromClient)
	require.Equal(t, record.Count{Frames: 6, Octets: octets(got...)}, stats.FromServer)

	st, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), st.Mode().Perm())
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NotContains(t, string(text), password)
	require.NotContains(t, string(text), authInfo)
	require.True(t, strings.HasPrefix(string(text), `{"format":"eppkit-record","version":1,"start":"2026-03-10T22:30:00Z","server":"127.0.0.1:`))

	r, err := record.Read(file)
	require.NoError(t, err)
	require.Equal(t, began, r.Start)
	require.Len(t, r.Sessions, 1)
	require.Equal(t, "the server closed", r.Sessions[0].End)
	require.Len(t, r.Sessions[0].Frames, 11)
	var fromClient, fromServer int64
	for _, f := range r.Sessions[0].Frames {
		if f.FromClient {
			fromClient += int64(f.Octets)
		} else {
			fromServer += int64(f.Octets)
		}
	}
	require.Equal(t, []int64{octets(sent...), octets(got...)}, []int64{fromClient, fromServer})
}

// A client that has said all gets the answers.
func TestProxyHalfClosed(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: newUpstream(t)})
	p := between(t, s, record.ProxyOptions{Out: io.Discard})
	c := dial(t, p.Addr(), p.ClientTLS())
	c.read()
	c.send(login("REG-A", password, "ABC-1"), info("sauna.example", "ABC-2"))
	require.NoError(t, c.c.(*tls.Conn).CloseWrite())
	require.Equal(t, 1000, code(t, c.read()))
	require.Equal(t, 1000, code(t, c.read()))
	c.ended()
}

func TestProxyManyClients(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: newUpstream(t)})
	var out bytes.Buffer
	p := between(t, s, record.ProxyOptions{Out: &out})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { visit(t, p, "REG-A") })
	}
	wg.Wait()
	require.NoError(t, p.Close())
	r, err := record.Decode(&out)
	require.NoError(t, err)
	require.Len(t, r.Sessions, 8)
	for _, s := range r.Sessions {
		require.Len(t, s.Frames, 11)
		require.False(t, s.Frames[0].FromClient)
		open := 0 // a command comes before its answer
		for _, f := range s.Frames[1:] {
			if f.FromClient {
				open++
			} else {
				open--
			}
			require.GreaterOrEqual(t, open, 0)
		}
	}
}

// Close lets the server answer what it was asked, and leaves nothing running.
func TestProxyClose(t *testing.T) {
	before := runtime.NumGoroutine()
	s := mockserver.StartTest(t, mockserver.Options{Registry: newUpstream(t)})
	var out bytes.Buffer
	p := between(t, s, record.ProxyOptions{Out: &out})
	idle := dial(t, p.Addr(), p.ClientTLS())
	idle.read()
	idle.ask(login("REG-A", password, "ABC-1"))
	require.NoError(t, p.Close())
	idle.ended()
	require.Error(t, p.Start())
	a, b := net.Pipe()
	require.Error(t, p.ServeConn(b))
	_, err := a.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	require.Contains(t, out.String(), `"end":"the proxy was closed"`)
	require.NoError(t, s.Close())
	for began := time.Now(); runtime.NumGoroutine() > before && time.Since(began) < 5*time.Second; {
		runtime.Gosched()
	}
	buf := make([]byte, 64<<10)
	require.NotContains(t, string(buf[:runtime.Stack(buf, true)]), "record.(*")
}

// broken is a Writer of a disk that is full.
type broken struct{ left int }

func (w *broken) Write(b []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, errors.New("the disk is full")
	}
	return len(b), nil
}

// What can't be recorded is passed on all the same, and Close tells.
func TestProxyCannotRecord(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: newUpstream(t)})
	p := between(t, s, record.ProxyOptions{Out: &broken{left: 3}})
	_, got := visit(t, p, "REG-A")
	require.Equal(t, 1500, code(t, got[5]))
	require.ErrorContains(t, p.Close(), "the disk is full")
	_, err := record.NewProxy(record.ProxyOptions{Server: "x", Out: &broken{}})
	require.ErrorContains(t, err, "the disk is full")
	_, err = record.NewProxy(record.ProxyOptions{Server: "x"})
	require.ErrorContains(t, err, "Out")
	_, err = record.NewProxy(record.ProxyOptions{Out: &broken{}})
	require.ErrorContains(t, err, "Server")
}

// All that goes wrong with time, by a clock that runs when nobody does.
func TestProxyTimes(t *testing.T) {
	start := func(t *testing.T, dial func(context.Context) (net.Conn, error)) (p *record.Proxy, client net.Conn, out *bytes.Buffer, done chan error) {
		out, done = new(bytes.Buffer), make(chan error, 1)
		p, err := record.NewProxy(record.ProxyOptions{Server: "epp.example:700", Dial: dial, Out: out})
		require.NoError(t, err)
		client, b := net.Pipe()
		go func() { done <- p.ServeConn(b) }()
		return p, client, out, done
	}
	far := func(server *net.Conn) func(context.Context) (net.Conn, error) {
		return func(context.Context) (net.Conn, error) {
			var near net.Conn
			near, *server = net.Pipe()
			return near, nil
		}
	}
	t.Run("a server that can't be reached", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p, client, out, done := start(t, func(ctx context.Context) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			})
			began := time.Now()
			require.ErrorContains(t, <-done, "connecting to epp.example:700")
			require.Equal(t, 10*time.Second, time.Since(began))
			_, err := client.Read(make([]byte, 1))
			require.ErrorIs(t, err, io.EOF)
			require.NoError(t, p.Close())
			require.Contains(t, out.String(), `"end":"record: connecting to epp.example:700`)
		})
	})
	t.Run("silence", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var server net.Conn
			p, client, out, done := start(t, far(&server))
			began := time.Now()
			require.ErrorIs(t, <-done, os.ErrDeadlineExceeded)
			require.GreaterOrEqual(t, time.Since(began), time.Hour)
			require.Less(t, time.Since(began), time.Hour+time.Minute)
			_, err := client.Read(make([]byte, 1))
			require.ErrorIs(t, err, io.EOF)
			_, err = server.Read(make([]byte, 1))
			require.ErrorIs(t, err, io.EOF)
			require.NoError(t, p.Close())
			require.Contains(t, out.String(), "timeout")
		})
	})
	t.Run("a client that does not read", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var server net.Conn
			p, _, _, done := start(t, far(&server))
			synctest.Wait()
			newPeer(t, server).send(hello)
			began := time.Now()
			require.ErrorContains(t, <-done, "passing a frame on")
			require.Less(t, time.Since(began), 40*time.Second)
			require.NoError(t, p.Close())
		})
	})
	t.Run("Close with a server that never answers", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var server net.Conn
			p, client, out, done := start(t, far(&server))
			synctest.Wait()
			c, s := newPeer(t, client), newPeer(t, server)
			go c.send(hello)
			require.Equal(t, hello, s.read())
			began := time.Now()
			require.NoError(t, p.Close())
			require.Less(t, time.Since(began), 6*time.Second)
			require.NoError(t, <-done)
			require.Contains(t, out.String(), `"end":"the proxy was closed"`)
		})
	})
	t.Run("a client that leaves, and a server that stays", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var server net.Conn
			p, client, out, done := start(t, far(&server))
			synctest.Wait()
			began := time.Now()
			require.NoError(t, client.Close())
			require.NoError(t, <-done)
			require.Equal(t, 5*time.Second, time.Since(began))
			require.NoError(t, p.Close())
			require.Contains(t, out.String(), `"end":"the client closed"`)
		})
	})
	t.Run("a frame that is cut", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var server net.Conn
			p, client, out, done := start(t, far(&server))
			synctest.Wait()
			_, err := client.Write([]byte("\x00\x00\x00\x09<e"))
			require.NoError(t, err)
			require.NoError(t, client.Close())
			require.ErrorContains(t, <-done, "inside a frame")
			require.NoError(t, p.Close())
			require.Contains(t, out.String(), "inside a frame")
		})
	})
}
