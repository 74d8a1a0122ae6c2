package client_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// echo greets and answers each check with the names that were asked for. Answers
// leave by a goroutine of their own, so that reading never waits for writing.
func echo(conn net.Conn, set *epp.Schema) error {
	p := &peer{conn: conn, in: epp.FrameReader{R: bufio.NewReader(conn)}}
	if err := greet(p); err != nil {
		return err
	}
	answers := make(chan *epp.Response, 1024)
	written := make(chan error, 1)
	go func() {
		var err error
		for r := range answers {
			if err == nil {
				err = send(r)(p)
			}
		}
		written <- err
	}()
	for {
		doc, err := p.in.Next()
		if err != nil {
			close(answers)
			return errors.Join(<-written)
		}
		m, err := set.Parse(doc)
		if err != nil {
			close(answers)
			return errors.Join(err, <-written)
		}
		answers <- respond(m.(*epp.Command), epp.Success)
	}
}

// 64 goroutines share a session and make 10,000 calls, of which a tenth is
// cancelled at random moments. Each answer must be about the name that was asked
// for.
func TestEachAnswerBelongsToItsCaller(t *testing.T) {
	for _, pipeline := range []int{0, 1, 7} {
		t.Run(fmt.Sprint("pipeline ", pipeline), func(t *testing.T) {
			const callers, each = 64, 157
			ours, theirs := net.Pipe()
			var server sync.WaitGroup
			server.Go(func() {
				if err := echo(theirs, schema(t)); err != nil && !errors.Is(err, net.ErrClosed) {
					t.Error("the peer: ", err)
				}
				theirs.Close()
			})
			s := sessionOn(t, ours, client.Options{Pipeline: pipeline})
			var answered, cancelled, unsent atomic.Int64
			var all sync.WaitGroup
			for i := range callers {
				all.Go(func() {
					random := rand.New(rand.NewPCG(42, uint64(i)))
					for k := range each {
						ctx, cancel := context.WithCancel(t.Context())
						toCancel := random.IntN(10) == 0
						if toCancel {
							time.AfterFunc(time.Duration(random.IntN(3000))*time.Microsecond, cancel)
						}
						name := fmt.Sprintf("n%d-%d.example", i, k)
						chk, err := client.Do(ctx, s, check(name))
						cancel()
						switch {
						case err == nil && len(chk.CD) == 1 && chk.CD[0].Name == name:
							answered.Add(1)
						case err == nil:
							t.Errorf("%s got the answer %v", name, chk)
						case !toCancel || !errors.Is(err, context.Canceled):
							t.Errorf("%s: %v", name, err)
						case client.SafeToRetry(err):
							unsent.Add(1)
						default:
							cancelled.Add(1)
						}
					}
				})
			}
			all.Wait()
			t.Logf("%d answered, %d cancelled before and %d after they were sent", answered.Load(), unsent.Load(), cancelled.Load())
			require.EqualValues(t, callers*each, answered.Load()+cancelled.Load()+unsent.Load())
			require.Greater(t, answered.Load(), int64(callers*each*8/10))
			require.NoError(t, s.Err())

			chk, err := client.Do(t.Context(), s, check("last.example"))
			requireName(t, "last.example", chk, err)
			require.NoError(t, s.Close())
			server.Wait()
		})
	}
}

// A session that ends in the middle of everything tells each caller once, and
// hangs nobody.
func TestEndInTheMiddle(t *testing.T) {
	ends := map[string]func(s *client.Session, theirs net.Conn){
		"closed by the client": func(s *client.Session, _ net.Conn) { s.Close() },
		"closed by the server": func(_ *client.Session, theirs net.Conn) { theirs.Close() },
		"logged out":           func(s *client.Session, _ net.Conn) { _ = s.Logout(context.Background()) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			for round := range 20 {
				ours, theirs := net.Pipe()
				var server sync.WaitGroup
				server.Go(func() {
					_ = echo(theirs, schema(t))
					theirs.Close()
				})
				s := sessionOn(t, ours, client.Options{Pipeline: 4})
				var calls atomic.Int64
				enough := make(chan struct{})
				var all sync.WaitGroup
				for range 16 {
					all.Go(func() {
						for {
							_, err := client.Do(t.Context(), s, check("a.example"))
							if err != nil {
								var e *client.Error
								if !errors.As(err, &e) || e.Fate == client.Answered {
									t.Error(err)
								}
								return
							}
							if calls.Add(1) == int64(round*10+1) {
								close(enough)
							}
						}
					})
				}
				<-enough
				end(s, theirs)
				all.Wait()
				require.Error(t, s.Err())
				s.Close()
				server.Wait()
			}
		})
	}
}
