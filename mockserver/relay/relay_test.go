package relay_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/registry"
	"github.com/eppkit/eppkit/mockserver/relay"
)

// catcher is a small mail server. answer says what it has to say to a line and about a
// mail, "" for the usual.
type catcher struct {
	t      *testing.T
	l      net.Listener
	answer func(line string) string
	wg     sync.WaitGroup

	mu    sync.Mutex
	mails []string
	wake  chan struct{}
}

func catch(t *testing.T, answer func(line string) string) *catcher {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &catcher{t: t, l: l, answer: answer, wake: make(chan struct{}, 100)}
	c.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.wg.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		c.wg.Wait()
	})
	return c
}

func (c *catcher) serve(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	p := textproto.NewConn(conn)
	_ = p.PrintfLine("220 catcher.example")
	for {
		line, err := p.ReadLine()
		if err != nil {
			return
		}
		answer := "250 fine"
		switch {
		case strings.HasPrefix(line, "DATA"):
			answer = "354 go on"
		case strings.HasPrefix(line, "QUIT"):
			answer = "221 bye"
		}
		if own := c.say(line); own != "" {
			answer = own
		}
		if answer == "close" {
			return
		}
		_ = p.PrintfLine("%s", answer)
		if !strings.HasPrefix(answer, "354") {
			continue
		}
		doc, err := p.ReadDotBytes()
		if err != nil {
			return
		}
		answer = "250 taken"
		if own := c.say("."); own != "" {
			answer = own
		}
		if strings.HasPrefix(answer, "250") {
			c.mu.Lock()
			c.mails = append(c.mails, string(doc))
			c.mu.Unlock()
			c.wake <- struct{}{}
		}
		if answer == "close" {
			return
		}
		_ = p.PrintfLine("%s", answer)
	}
}

func (c *catcher) say(line string) string {
	if c.answer == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answer(line)
}

// subjects waits for so many mails, and returns what they are about.
func (c *catcher) subjects(n int) (list []string) {
	c.t.Helper()
	for range n {
		select {
		case <-c.wake:
		case <-time.After(10 * time.Second):
			require.Fail(c.t, "no mail")
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.mails {
		for line := range strings.Lines(m) {
			if s, ok := strings.CutPrefix(line, "Subject: The authInfo of contact "); ok {
				list = append(list, strings.TrimSpace(s))
			}
		}
	}
	return list
}

func newState(t *testing.T) *registry.State {
	s, err := registry.NewState(registry.Options{Clock: registry.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))}, nil)
	require.NoError(t, err)
	require.NoError(t, s.Begin(func(*registry.Tx) error { return nil }))
	return s
}

func put(t *testing.T, s *registry.State, handles ...string) {
	require.NoError(t, s.Change(func(tx *registry.Tx) error {
		for _, h := range handles {
			s.Outbox.Put(tx, registry.Mail{
				To: []string{"anna@one.example", "bo@one.example"}, About: registry.Ref{Kind: registry.Contact, Handle: h},
				AuthInfo: "hush-hush-7", RequestedBy: "REG-A",
			})
		}
		return nil
	}))
}

// run runs a Relay until the test ends. What it logged never has a secret.
func run(t *testing.T, s *registry.State, o relay.Options) {
	var log bytes.Buffer
	o.Outbox, o.Log = s.Outbox, slog.New(slog.NewTextHandler(&log, nil))
	o.Interval, o.Rest, o.MaxRest = time.Millisecond, time.Millisecond, 4*time.Millisecond
	r, err := relay.New(o)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		require.NotContains(t, log.String(), "hush-hush-7")
	})
}

func TestRelay(t *testing.T) {
	c, s := catch(t, nil), newState(t)
	put(t, s, "A", "B")
	run(t, s, relay.Options{Server: c.l.Addr().String()})
	require.Equal(t, []string{"A", "B"}, c.subjects(2))
	put(t, s, "C")
	require.Equal(t, []string{"A", "B", "C"}, c.subjects(1))
	c.mu.Lock()
	require.Contains(t, c.mails[2], "AuthInfo: hush-hush-7\n")
	require.Contains(t, c.mails[2], "Date: Sun, 01 Mar 2026 12:00:00 +0000\n")
	require.Contains(t, c.mails[2], "bo@one.example")
	c.mu.Unlock()

	s.Save("here")
	put(t, s, "D")
	require.Equal(t, []string{"A", "B", "C", "D"}, c.subjects(1))
	require.NoError(t, s.Restore("here"))
	put(t, s, "E")
	require.Equal(t, []string{"A", "B", "C", "D", "E"}, c.subjects(1), "mail 4 is another one")
	require.NoError(t, s.Reset())
	put(t, s, "F")
	require.Equal(t, []string{"A", "B", "C", "D", "E", "F"}, c.subjects(1))
}

// TestKept has a registry that goes on from disk, and from a snapshot.
func TestKept(t *testing.T) {
	c, dir := catch(t, nil), t.TempDir()
	flush := func(s *registry.State) {
		r, err := relay.New(relay.Options{Outbox: s.Outbox, Server: c.l.Addr().String()})
		require.NoError(t, err)
		require.NoError(t, r.Flush(t.Context()))
	}
	s := newState(t)
	k, err := s.KeepIn(dir, registry.KeepOptions{})
	require.NoError(t, err)
	put(t, s, "A", "B")
	flush(s)
	put(t, s, "C")
	require.NoError(t, k.Close())

	s = newState(t)
	k, err = s.KeepIn(dir, registry.KeepOptions{})
	require.NoError(t, err)
	require.EqualValues(t, 2, s.Outbox.Relayed())
	flush(s)
	put(t, s, "D")
	flush(s)
	var file bytes.Buffer
	require.NoError(t, s.WriteSnapshot(&file, ""))
	require.NoError(t, k.Close())
	require.Equal(t, []string{"A", "B", "C", "D"}, c.subjects(4))

	s = newState(t)
	require.NoError(t, s.Load(&file))
	put(t, s, "E")
	flush(s)
	require.Equal(t, []string{"A", "B", "C", "D", "E"}, c.subjects(1))
}

// TestTrouble loses no mail, whatever goes wrong, and passes over what is refused for good.
func TestTrouble(t *testing.T) {
	for name, line := range map[string]string{
		"at the beginning": "EHLO localhost", "at the sender": "MAIL", "at a recipient": "RCPT", "at the data": "DATA", "at the end": ".",
	} {
		for _, answer := range []string{"close", "451 hush-hush-7 later"} {
			t.Run(fmt.Sprintf("%s %.3s", name, answer), func(t *testing.T) {
				left := 3
				c, s := catch(t, func(l string) string {
					if left > 0 && strings.HasPrefix(l, line) {
						left--
						return answer
					}
					return ""
				}), newState(t)
				put(t, s, "A", "B")
				run(t, s, relay.Options{Server: c.l.Addr().String()})
				require.Equal(t, []string{"A", "B"}, c.subjects(2))
			})
		}
	}
	t.Run("refused for good", func(t *testing.T) {
		first := true
		c, s := catch(t, func(l string) string {
			if l == "." && first {
				first = false
				return "554 no: hush-hush-7"
			}
			return ""
		}), newState(t)
		put(t, s, "A", "B")
		run(t, s, relay.Options{Server: c.l.Addr().String()})
		require.Equal(t, []string{"B"}, c.subjects(1))
	})
	t.Run("goodbye is not heard", func(t *testing.T) {
		c, s := catch(t, func(l string) string {
			if l == "QUIT" {
				return "close"
			}
			return ""
		}), newState(t)
		put(t, s, "A", "B")
		run(t, s, relay.Options{Server: c.l.Addr().String()})
		require.Equal(t, []string{"A", "B"}, c.subjects(2))
	})
	t.Run("a server that says nothing", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		s := newState(t)
		put(t, s, "A")
		r, err := relay.New(relay.Options{Outbox: s.Outbox, Server: l.Addr().String()})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		require.Error(t, r.Flush(ctx))
	})
}

func TestNew(t *testing.T) {
	s := newState(t)
	for _, server := range []string{"", "localhost", "localhost:", ":25", "localhost:0", "localhost:99999"} {
		_, err := relay.New(relay.Options{Outbox: s.Outbox, Server: server})
		require.ErrorContains(t, err, "HOST:PORT", server)
	}
	_, err := relay.New(relay.Options{Outbox: s.Outbox, Server: "192.0.2.1:25"})
	require.ErrorIs(t, err, relay.ErrNotLocal)
	_, err = relay.New(relay.Options{Server: "localhost:25"})
	require.ErrorContains(t, err, "Outbox")
}
