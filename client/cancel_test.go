package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// beginWith starts a check with a context of its own.
func beginWith(ctx context.Context, s *client.Session, name string) <-chan outcome {
	done := make(chan outcome, 1)
	go func() {
		chk, err := client.Do(ctx, s, check(name))
		done <- outcome{chk, err}
	}()
	return done
}

// over is a context that has ended but whose end can't be waited for, so that only
// who asks before sending notices.
type over struct{ context.Context }

func (over) Err() error { return context.Canceled }

func TestCancelledBefore(t *testing.T) {
	s := session(t, client.Options{}, expect("check"), reply(0, epp.Success))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, ctx := range []context.Context{ctx, over{t.Context()}} {
		_, err := client.Do(ctx, s, check("a.example"))
		requireFate(t, client.NotSent, err)
		require.ErrorIs(t, err, context.Canceled)
	}
	past, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err := client.Do(past, s, check("a.example"))
	requireFate(t, client.NotSent, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	chk, err := client.Do(t.Context(), s, check("b.example"))
	requireName(t, "b.example", chk, err)
}

// A cancelled call returns at once, whatever its command and the peer are doing.
func TestCancelReturnsAtOnce(t *testing.T) {
	errCause := errors.New("the customer went away")
	t.Run("while the write is blocked", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := session(t, client.Options{}, deaf)
			ctx, cancel := context.WithCancelCause(t.Context())
			written := beginWith(ctx, s, "a.example")
			synctest.Wait()
			queued := beginWith(ctx, s, "b.example")
			synctest.Wait()
			start := time.Now()
			cancel(errCause)
			for call, fate := range map[<-chan outcome]client.Fate{written: client.Unknown, queued: client.NotSent} {
				err := (<-call).err
				requireFate(t, fate, err)
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, err, errCause)
			}
			require.Zero(t, time.Since(start))
			require.NoError(t, s.Err())
		})
	})
	t.Run("while the answer is awaited", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			answer := make(chan struct{})
			s := session(t, client.Options{Pipeline: 1}, expect("check"), until(answer), reply(0, epp.Success), expect("check"), reply(0, epp.Success))
			ctx, cancel := context.WithCancel(t.Context())
			sent := beginWith(ctx, s, "a.example")
			synctest.Wait()
			queued := beginWith(ctx, s, "b.example")
			synctest.Wait()
			cancel()
			requireFate(t, client.Unknown, (<-sent).err)
			requireFate(t, client.NotSent, (<-queued).err)
			close(answer)
			chk, err := client.Do(t.Context(), s, check("c.example"))
			requireName(t, "c.example", chk, err)
		})
	})
}

func TestWriteDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := session(t, client.Options{Timeout: 7 * time.Second}, deaf)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		first := beginWith(ctx, s, "a.example")
		synctest.Wait()
		second := beginWith(ctx, s, "b.example")
		err := (<-first).err
		require.Equal(t, 7*time.Second, time.Since(start))
		requireFate(t, client.NotSent, err) // not an octet was taken
		require.ErrorContains(t, err, "writing: ")
		requireFate(t, client.NotSent, (<-second).err)
		<-s.Done()
	})
}

func TestTimeouts(t *testing.T) {
	for name, tt := range map[string]struct {
		timeout, deadline, want time.Duration
	}{
		"the default":                      {0, 0, 30 * time.Second},
		"the option":                       {5 * time.Second, 0, 5 * time.Second},
		"the context before the option":    {5 * time.Second, time.Second, time.Second},
		"the context longer than it":       {5 * time.Second, time.Minute, time.Minute},
		"a negative option is the default": {-1, 0, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := session(t, client.Options{Timeout: tt.timeout}, expect("check"), deaf)
				ctx := t.Context()
				if tt.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				start := time.Now()
				_, err := client.Do(ctx, s, check("a.example"))
				require.Equal(t, tt.want, time.Since(start))
				requireFate(t, client.Unknown, err)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.NoError(t, s.Err(), "one slow answer is not the end")
			})
		})
	}
}

// A peer that reads and answers nothing holds the pipeline; the stall timeout ends
// the session, but only while answers are due.
func TestStallTimeout(t *testing.T) {
	t.Run("no answer at all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := session(t, client.Options{StallTimeout: 10 * time.Second}, expect("check"), deaf)
			start := time.Now()
			_, err := client.Do(t.Context(), s, check("a.example"))
			require.Equal(t, 10*time.Second, time.Since(start))
			requireFate(t, client.Unknown, err)
			require.ErrorContains(t, err, "no answer came for 10s")
			<-s.Done()
		})
	})
	t.Run("even when nobody waits any more", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := session(t, client.Options{}, expect("check"), deaf)
			start := time.Now()
			_, err := client.Do(t.Context(), s, check("a.example"))
			requireFate(t, client.Unknown, err)
			<-s.Done()
			require.Equal(t, 2*time.Minute, time.Since(start))
		})
	})
	t.Run("counted from the last answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			slow := func(*peer) error { time.Sleep(8 * time.Second); return nil }
			s := session(t, client.Options{StallTimeout: 10 * time.Second}, expect("check"), expect("check"),
				slow, reply(0, epp.Success), slow, reply(0, epp.Success))
			start := time.Now()
			a, b := begin(t, s, "a.example"), begin(t, s, "b.example")
			require.NoError(t, (<-a).err)
			require.NoError(t, (<-b).err)
			require.Equal(t, 16*time.Second, time.Since(start))
		})
	})
	t.Run("counted from sending, after an idle time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			slow := func(*peer) error { time.Sleep(3 * time.Second); return nil }
			s := session(t, client.Options{StallTimeout: 10 * time.Second},
				expect("check"), reply(0, epp.Success), expect("check"), slow, reply(0, epp.Success))
			require.NoError(t, (<-begin(t, s, "a.example")).err)
			time.Sleep(9 * time.Second)
			require.NoError(t, (<-begin(t, s, "b.example")).err)
		})
	})
	t.Run("an idle session stays", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := session(t, client.Options{StallTimeout: 10 * time.Second},
				expect("check"), reply(0, epp.Success), expect("check"), reply(0, epp.Success), expect("check"), deaf)
			for range 2 {
				_, err := client.Do(t.Context(), s, check("a.example"))
				require.NoError(t, err)
				time.Sleep(time.Hour)
				require.NoError(t, s.Err())
			}
			start := time.Now()
			_, err := client.Do(t.Context(), s, check("a.example"))
			requireFate(t, client.Unknown, err)
			require.Equal(t, 10*time.Second, time.Since(start))
		})
	})
}

func TestPipelineLimit(t *testing.T) {
	for _, limit := range []int{1, 3, 0} {
		synctest.Test(t, func(t *testing.T) {
			want := limit
			if limit == 0 {
				want = 64
			}
			const extra = 2
			var script []step
			for range want {
				script = append(script, expect("check"))
			}
			full, free := make(chan struct{}), make(chan struct{})
			script = append(script, tell(full), until(free), reply(0, epp.Success), expect("check"), reply(0, epp.Success), expect("check"))
			for range want {
				script = append(script, reply(0, epp.Success))
			}
			s := session(t, client.Options{Pipeline: limit}, script...)
			var calls []<-chan outcome
			for range want {
				calls = append(calls, begin(t, s, "a.example"))
			}
			<-full
			ctx, cancel := context.WithCancel(t.Context())
			given := beginWith(ctx, s, "never.example")
			synctest.Wait()
			for range extra {
				calls = append(calls, begin(t, s, "b.example"))
			}
			synctest.Wait()
			cancel()
			requireFate(t, client.NotSent, (<-given).err)
			close(free)
			for _, call := range calls {
				require.NoError(t, (<-call).err)
			}
		})
	}
}

func TestCloseWhileCallsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := session(t, client.Options{Pipeline: 1}, expect("check"), deaf)
		sent := begin(t, s, "a.example")
		synctest.Wait()
		queued := begin(t, s, "b.example")
		synctest.Wait()
		var closers sync.WaitGroup
		for range 3 {
			closers.Go(func() { s.Close() })
		}
		closers.Wait()
		for call, fate := range map[<-chan outcome]client.Fate{sent: client.Unknown, queued: client.NotSent} {
			err := (<-call).err
			requireFate(t, fate, err)
			require.ErrorIs(t, err, client.ErrClosed)
		}
		require.NoError(t, s.Close())
		require.ErrorIs(t, s.Err(), client.ErrClosed)
	})
}

func TestCloseWhileWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := session(t, client.Options{}, deaf)
		done := begin(t, s, "a.example")
		synctest.Wait()
		start := time.Now()
		require.NoError(t, s.Close())
		require.Zero(t, time.Since(start))
		require.ErrorIs(t, (<-done).err, client.ErrClosed)
	})
}

// meter counts the writes that reach a connection. The first waits for hold, where
// that is there; the second fails after some octets, where breaks says so.
type meter struct {
	net.Conn
	hold   chan struct{}
	breaks bool

	mu     sync.Mutex
	accept int // octets of the write that fails
	writes [][]byte
}

func (m *meter) Write(b []byte) (int, error) {
	m.mu.Lock()
	m.writes = append(m.writes, bytes.Clone(b))
	count := len(m.writes)
	m.mu.Unlock()
	if count == 1 && m.hold != nil {
		<-m.hold
	}
	if count == 1 || !m.breaks {
		return m.Conn.Write(b)
	}
	n, err := m.Conn.Write(b[:m.accept])
	if err == nil {
		err = errors.New("the cable broke")
	}
	return n, err
}

func (m *meter) sizes() (sizes []int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, w := range m.writes {
		sizes = append(sizes, len(w))
	}
	return sizes
}

// Header and body leave in one write, and so do all commands that wait.
func TestWritesCoalesce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 20
		script := []step{greet}
		for range n + 1 {
			script = append(script, expect("check"))
		}
		for range n + 1 {
			script = append(script, reply(0, epp.Success))
		}
		m := &meter{Conn: play(t, script...), hold: make(chan struct{})}
		s := sessionOn(t, m, client.Options{})
		calls := []<-chan outcome{begin(t, s, "a.example")}
		synctest.Wait()
		for range n {
			calls = append(calls, begin(t, s, "a.example"))
		}
		synctest.Wait()
		close(m.hold)
		for _, call := range calls {
			require.NoError(t, (<-call).err)
		}
		sizes := m.sizes()
		require.Len(t, sizes, 2)
		require.InDelta(t, n*sizes[0], sizes[1], n*4, "clTRIDs differ in length")
	})
}

// After a write that failed half-way, the commands of which nothing was written
// are known not to be sent.
func TestPartialWrite(t *testing.T) {
	const (
		n = 3
		x = client.NotSent
		u = client.Unknown
	)
	for name, tt := range map[string]struct {
		accept func(size int) int // of a frame's size
		want   [n]client.Fate
	}{
		"nothing":                 {func(size int) int { return 0 }, [n]client.Fate{x, x, x}},
		"one octet":               {func(size int) int { return 1 }, [n]client.Fate{u, x, x}},
		"the first, but an octet": {func(size int) int { return size - 1 }, [n]client.Fate{u, x, x}},
		"exactly the first":       {func(size int) int { return size }, [n]client.Fate{u, x, x}},
		"one octet more":          {func(size int) int { return size + 1 }, [n]client.Fate{u, u, x}},
		"all but an octet":        {func(size int) int { return n*size - 1 }, [n]client.Fate{u, u, u}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ids := make(chan string, n+1)
				for i := range n + 1 {
					ids <- fmt.Sprint("ID-", i)
				}
				drain := func(p *peer) error {
					_, _ = p.in.R.Discard(1 << 20)
					return nil
				}
				m := &meter{Conn: play(t, greet, expect("check"), drain), hold: make(chan struct{}), breaks: true}
				s := sessionOn(t, m, client.Options{NewTRID: func() string { return <-ids }})
				first := begin(t, s, "a.example")
				synctest.Wait()
				var calls []<-chan outcome
				for range n {
					calls = append(calls, begin(t, s, "a.example"))
					synctest.Wait()
				}
				m.mu.Lock()
				m.accept = tt.accept(len(m.writes[0]))
				m.mu.Unlock()
				close(m.hold)
				for i, call := range calls {
					err := (<-call).err
					requireFate(t, tt.want[i], err)
					require.ErrorContains(t, err, "writing: the cable broke")
				}
				requireFate(t, client.Unknown, (<-first).err)
			})
		})
	}
}

// A deadline of an earlier write must not meet what TLS writes by itself later.
func TestWriteDeadlineIsTakenBack(t *testing.T) {
	d := &deadlines{Conn: play(t, greet, expect("check"), reply(0, epp.Success), expect("check"), reply(0, epp.Success))}
	s := sessionOn(t, d, client.Options{})
	for range 2 {
		_, err := client.Do(t.Context(), s, check("a.example"))
		require.NoError(t, err)
	}
	s.Close() // waits for the writer
	require.Len(t, d.set, 4)
	for i, at := range d.set {
		require.Equal(t, i%2 == 1, at.IsZero(), i)
	}
}

type deadlines struct {
	net.Conn
	set []time.Time // by the writer alone
}

func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.set = append(d.set, at)
	return d.Conn.SetWriteDeadline(at)
}

func TestTrace(t *testing.T) {
	t.Run("shows what is on the wire", func(t *testing.T) {
		var mu sync.Mutex
		var seen []string
		s := session(t, client.Options{Trace: func(dir client.Direction, frame []byte) {
			m, err := new(epp.Schema).Parse(frame)
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, fmt.Sprint(dir, " ", m.XMLName().Local, " ", err))
		}}, expect("check"), reply(0, epp.Success))
		_, err := client.Do(t.Context(), s, check("a.example"))
		require.NoError(t, err)
		s.Close()
		require.Equal(t, []string{"received greeting <nil>", "sent command <nil>", "received response <nil>"}, seen)
	})
	t.Run("that blocks hangs no caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			s := session(t, client.Options{Trace: func(dir client.Direction, frame []byte) {
				if dir == client.Sent {
					<-release
				}
			}}, expect("check"), reply(0, epp.Success))
			start := time.Now()
			_, err := client.Do(t.Context(), s, check("a.example"))
			requireFate(t, client.Unknown, err)
			require.Equal(t, 30*time.Second, time.Since(start))
			close(release)
			synctest.Wait()
			require.NoError(t, s.Err())
		})
	})
}
