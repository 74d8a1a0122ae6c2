package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/cause"
)

// A Session is one connection to a server. Its methods may be called by any number
// of goroutines.
type Session struct {
	conn    net.Conn
	opts    Options
	in      epp.FrameReader
	newTRID func() string
	// dropped, where it is set, is called with mu held for each answer that came
	// after its caller had gone.
	dropped func()

	// greetOnce guards the one greeting that opens the session.
	greetOnce sync.Mutex
	// passwords are those of the logins that were sent.
	passwords atomic.Pointer[passwords]
	wg        sync.WaitGroup // reader and writer
	wake      chan struct{}  // to the writer: there may be something to do
	ended     chan struct{}  // closed when err is set
	consumer  turn           // of the queue of messages

	mu       sync.Mutex
	greeting *epp.Greeting
	login    *epp.Response // that it succeeded
	queue    []*call       // waiting to be sent
	flight   []*call       // sent, in order, waiting for their answers
	progress time.Time
	err      error // why the session ended
}

// New makes a session on a connection that is there already, such as one of TLS
// that was set up elsewhere. It does no I/O; [Session.Greet] has to be called
// before any command.
func New(conn net.Conn, opts Options) *Session {
	opts = opts.withDefaults()
	newTRID := opts.NewTRID
	if newTRID == nil {
		newTRID = newTRIDs(opts.TRIDPrefix)
	}
	return &Session{
		conn:    conn,
		opts:    opts,
		newTRID: newTRID,
		in:      epp.FrameReader{R: bufio.NewReader(conn), Max: opts.MaxFrame},
		wake:    make(chan struct{}, 1),
		ended:   make(chan struct{}),
	}
}

// Greet waits for the greeting with which the server opens the session (RFC 5730,
// section 2.4). It is called once; when it fails, the session is over.
func (s *Session) Greet(ctx context.Context) (*epp.Greeting, error) {
	s.greetOnce.Lock()
	defer s.greetOnce.Unlock()
	if s.Greeting() != nil {
		return nil, &Error{Op: "greeting", Err: errors.New("it was received already")}
	}
	g, err := s.awaitGreeting(ctx)
	if err == nil {
		err = s.open(g)
	}
	if err != nil {
		s.end(fmt.Errorf("no greeting: %w", err))
		return nil, &Error{Op: "greeting", Err: err}
	}
	return g, nil
}

func (s *Session) awaitGreeting(ctx context.Context) (*epp.Greeting, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	if err := s.opts.check(); err != nil {
		return nil, err
	}
	ctx, cancel := s.opts.within(ctx)
	defer cancel()
	if ctx.Err() != nil {
		return nil, cause.Of(ctx)
	}
	stop := interrupt(ctx, s.conn.SetReadDeadline)
	g, err := s.readGreeting()
	if stop() && err != nil { // the context ended the wait
		return nil, cause.Of(ctx)
	}
	return g, err
}

// open starts the session's goroutines. It fails when the session was closed
// meanwhile.
func (s *Session) open(g *epp.Greeting) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.greeting = g
	s.wg.Add(2)
	go s.write()
	go s.read()
	return nil
}

func (s *Session) readGreeting() (*epp.Greeting, error) {
	frame, err := s.in.Next()
	if err != nil {
		if over := s.Err(); over != nil { // Close ended the wait
			return nil, over
		}
		return nil, ended(err)
	}
	s.opts.frame(Received, frame, nil)
	m, err := s.opts.Schema.Parse(frame)
	if err != nil {
		return nil, invalid("%w", err)
	}
	g, ok := m.(*epp.Greeting)
	if !ok {
		return nil, invalid("a %s where the greeting is due", m.XMLName().Local)
	}
	return g, s.valid(frame)
}

// interrupt makes a blocked read or write return when ctx ends, by setting its
// deadline. The function it returns takes that back and reports whether ctx had
// ended.
func interrupt(ctx context.Context, setDeadline func(time.Time) error) (stop func() bool) {
	done := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = setDeadline(time.Unix(1, 0))
	})
	return func() bool {
		if cancel() {
			return false
		}
		<-done
		_ = setDeadline(time.Time{})
		return true
	}
}

// Greeting returns the last greeting received, or nil before the first. It must
// not be changed.
func (s *Session) Greeting() *epp.Greeting {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.greeting
}

// Schema returns the set of namespaces that the session speaks.
func (s *Session) Schema() *epp.Schema { return s.opts.Schema }

// Err returns why the session ended, or nil while it is usable.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Done is closed when the session has ended; Err then says why.
func (s *Session) Done() <-chan struct{} { return s.ended }

// underWay is how many calls have no answer yet.
func (s *Session) underWay() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue) + len(s.flight)
}

// Close ends the session without a logout and waits until nothing of it runs any
// more. Calls that wait for an answer fail. It may be called more than once.
func (s *Session) Close() error {
	s.end(ErrClosed)
	s.wg.Wait()
	return nil
}

// Logout ends the session in order: it asks the server to end it (RFC 5730, section
// 2.9.1.2), waits for the answer and closes the connection. An answer other than
// 1500 is an error. The connection is closed in any case.
func (s *Session) Logout(ctx context.Context) error {
	defer s.Close()
	return s.logout(ctx)
}

// logout is Logout without closing the connection.
func (s *Session) logout(ctx context.Context) error {
	a, err := Call(ctx, s, &epp.Logout{})
	switch {
	case err != nil:
		return err
	case a.Code() != epp.EndingSession:
		return &Error{Op: "logout", Fate: Answered, Err: invalid("code %04d where 1500 is due", a.Code())}
	}
	return nil
}

// end makes err the reason why the session is over, unless it is over already,
// tells everybody who waits, and closes the connection.
func (s *Session) end(err error) {
	s.mu.Lock()
	s.finish(err)
	s.mu.Unlock()
	_ = s.conn.Close()
}

// finish is end without closing the connection. It is called with mu held, so that
// nobody can use the session between the answer that ends it and its end.
func (s *Session) finish(err error) {
	if s.err != nil {
		return
	}
	s.err = err
	close(s.ended)
	for _, c := range s.queue {
		c.fail(NotSent, err)
	}
	for _, c := range s.flight {
		c.fail(c.fate, err)
	}
	s.queue, s.flight = nil, nil
}

// ended says in words that a peer ended the connection.
func ended(err error) error {
	var fe *epp.FrameError
	switch {
	case err == io.EOF:
		return errors.New("the server closed the connection")
	case errors.As(err, &fe) && (fe.Err == epp.ErrFrameTooLong || fe.Err == epp.ErrFrameTooShort):
		return fmt.Errorf("%w: %w", ErrInvalidAnswer, err)
	}
	return err
}
