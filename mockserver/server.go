package mockserver

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/script"
	"github.com/eppkit/eppkit/schemas"
)

// Options says what a [Server] serves and how. Registry alone is required; a zero
// field has the default named beside it.
type Options struct {
	Registry Registry
	// Listen is the TCP address; "127.0.0.1:0", a free port on loopback.
	Listen string
	// Hosts are names and addresses for the server's certificate, beside
	// localhost, 127.0.0.1, ::1 and the host of Listen. See [Server.Addr] for
	// what the first one means to a Server on all addresses.
	Hosts []string
	// Authority signs the certificates; by default the Server makes one of its own.
	// Servers that share one look alike to their clients, as a server does that was
	// restarted.
	Authority *Authority
	// RequireClientCert refuses a connection without a client certificate.
	// One that is presented must be the Server's own ([Server.ClientCert]) or
	// have its root in ClientCAs, required or not.
	RequireClientCert bool
	ClientCAs         *x509.CertPool
	// AnyClientCert takes any certificate that a client presents, without
	// verifying it, for a Server that stands where a client expects another one.
	AnyClientCert bool

	// Profile, where it is given, changes the registry's profile before it is
	// used: its limits, or how it answers. What it sets to zero has the default.
	Profile func(*Profile)

	// Validator holds every frame that comes or goes to the schemas of its
	// namespaces; by default it is made for what Registry speaks, with anything
	// allowed in a namespace of which there is no schema. A frame that comes and
	// is not valid is answered 2001, in the words of the registry's profile; an
	// answer that is not valid is logged and becomes 2400. Unvalidated turns this
	// off; the structure of what comes is looked at all the same.
	Validator   *schemas.Validator
	Unvalidated bool

	// Faults are what goes wrong on purpose; by default the Server has a Set
	// without faults, for [Server.Faults].
	Faults *fault.Set
	// Hostile has all that the Server says written in ways that a client may
	// not expect, but must understand.
	Hostile *Hostile

	// HandshakeTimeout bounds the TLS handshake, 10 s; WriteTimeout each
	// write, 30 s: a peer that never reads is cut off. Both are by the
	// machine's clock. The other time-outs are the registry's (see [Profile]).
	HandshakeTimeout, WriteTimeout time.Duration
	// DrainTimeout is how long Close waits for commands in progress; 5 s.
	DrainTimeout time.Duration

	// Scripts are the stubs that answer some commands instead of the registry.
	// Without any, [Server.Scripts] is an empty set.
	Scripts *script.Set

	// JournalSize is how many frames the journal keeps; DefaultJournalSize.
	// A negative one keeps none.
	JournalSize int
	// JournalSecrets shows passwords and authInfo in the journal.
	JournalSecrets bool
	// Trace is called for each entry of the journal, in order and by one
	// goroutine, which lags behind the connections and never holds them up.
	// A Trace so slow that the journal dropped entries meanwhile misses them:
	// their numbers are missing. Close waits for the rest, as for a handler.
	// It needs a journal.
	Trace func(Entry)
	// Log gets what goes wrong, and at debug level connections; never a
	// frame. The default discards it.
	Log *slog.Logger
}

// A Server puts a [Registry] on the wire. Its methods may be called by any number
// of goroutines.
type Server struct {
	opts     Options
	reg      Registry
	profile  Profile
	schema   *epp.Schema
	services services
	// validator is nil for a server that does not validate.
	validator *schemas.Validator
	mux       Mux
	ca        *authority
	tls       *tls.Config
	journal   *Journal
	scripts   *script.Set
	player    Player // the registry, where it is one
	log       *slog.Logger
	faults    *fault.Set
	// connections counts them as faults do: from the moment they are accepted.
	connections atomic.Int64
	buffers     sync.Pool // of connections that are idle

	// accepting ends when Close begins, serving when it cuts.
	accepting, serving context.Context
	drain, cut         context.CancelFunc
	wg                 sync.WaitGroup // of the accept loop and the connections
	// tracing ends when all of those have.
	tracing  context.Context
	endTrace context.CancelFunc
	traced   sync.WaitGroup // of the goroutine that calls Options.Trace

	mu       sync.Mutex
	closed   bool
	traces   bool // the goroutine was started
	listener net.Listener
	conns    map[*conn]struct{}
	lastID   int64
	sessions map[string]int // open ones by clID
}

// ErrClosed is what a Server returns that was closed.
var ErrClosed = errors.New("mockserver: the server is closed")

// New makes a Server, and its certificate authority where it was given none. It does not
// listen yet.
func New(opts Options) (*Server, error) {
	reg := opts.Registry
	if reg == nil {
		return nil, errors.New("mockserver: Options.Registry is missing")
	}
	if opts.Trace != nil && opts.JournalSize < 0 {
		return nil, errors.New("mockserver: Options.Trace needs a journal")
	}
	opts.Listen = cmp.Or(opts.Listen, "127.0.0.1:0")
	opts.HandshakeTimeout = cmp.Or(opts.HandshakeTimeout, 10*time.Second)
	opts.WriteTimeout = cmp.Or(opts.WriteTimeout, 30*time.Second)
	opts.DrainTimeout = cmp.Or(opts.DrainTimeout, 5*time.Second)
	opts.JournalSize = cmp.Or(opts.JournalSize, DefaultJournalSize)
	profile := reg.Profile()
	if opts.Profile != nil {
		opts.Profile(&profile)
	}
	s := &Server{
		opts:     opts,
		reg:      reg,
		profile:  profile.withDefaults(),
		schema:   reg.Schema(),
		journal:  &Journal{size: opts.JournalSize, secrets: opts.JournalSecrets, set: reg.Schema()},
		log:      cmp.Or(opts.Log, slog.New(slog.DiscardHandler)),
		conns:    make(map[*conn]struct{}),
		sessions: make(map[string]int),
		scripts:  cmp.Or(opts.Scripts, new(script.Set)),
		faults:   opts.Faults,
	}
	if s.faults == nil {
		s.faults = fault.NewSet(fault.Options{})
	}
	s.faults.UseClock(reg.Now)
	s.services = newServices(s.schema)
	reg.Routes(&s.mux)
	if s.mux.err != nil {
		return nil, s.mux.err
	}
	var err error
	if s.player, _ = reg.(Player); s.player == nil {
		if err = s.checkGreeting(); err != nil {
			return nil, err
		}
	}
	if opts.Authority == nil {
		if opts.Authority, err = NewAuthority(); err != nil {
			return nil, err
		}
	}
	s.ca = opts.Authority.ca
	if s.tls, err = s.serverTLS(); err != nil {
		return nil, fmt.Errorf("mockserver: making the server's certificate: %w", err)
	}
	s.accepting, s.drain = context.WithCancel(context.Background())
	s.serving, s.cut = context.WithCancel(context.Background())
	s.tracing, s.endTrace = context.WithCancel(context.Background())
	return s, nil
}

// checkGreeting makes the validator, if there is to be one, and sees whether the
// registry's greeting can be sent.
func (s *Server) checkGreeting() error {
	greeting, err := s.schema.Append(nil, s.reg.Greeting())
	if err != nil {
		return fmt.Errorf("mockserver: the registry's greeting: %w", err)
	}
	if s.validator, err = newValidator(&s.opts); err != nil {
		return fmt.Errorf("mockserver: %w", err)
	}
	if s.validator == nil {
		return nil
	}
	if err := s.validator.Validate(context.Background(), greeting); err != nil {
		return fmt.Errorf("mockserver: the registry's greeting: %w", err)
	}
	return nil
}

// Start listens and serves until Close.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return ErrClosed
	case s.listener != nil:
		return errors.New("mockserver: the server is started already")
	}
	l, err := net.Listen("tcp", s.opts.Listen)
	if err != nil {
		return fmt.Errorf("mockserver: %w", err)
	}
	s.listener = l
	s.wg.Go(func() { s.accept(l) })
	return nil
}

// Addr is where clients reach the Server, as in "127.0.0.1:38241", under a name that
// its certificate has; "" when it was not started. When it listens on all addresses
// of the machine, this is the first of Options.Hosts, or loopback.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	addr := s.listener.Addr().(*net.TCPAddr)
	if !addr.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort(s.wildcardHost(), strconv.Itoa(addr.Port))
}

// wildcardHost is a host for a Server that listens on all addresses.
func (s *Server) wildcardHost() string {
	if len(s.opts.Hosts) > 0 {
		return s.opts.Hosts[0]
	}
	// Go listens on [::] for 0.0.0.0 too, so the option alone tells them apart.
	if h, _, _ := net.SplitHostPort(s.opts.Listen); net.ParseIP(h) != nil && net.ParseIP(h).To4() == nil {
		return net.IPv6loopback.String()
	}
	return "127.0.0.1"
}

// Journal is what was received and sent so far.
func (s *Server) Journal() *Journal { return s.journal }

// Faults are what goes wrong on purpose: none, until some are added.
func (s *Server) Faults() *fault.Set { return s.faults }

// Sessions returns how many sessions a registrar has open.
func (s *Server) Sessions(clID string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[clID]
}

func (s *Server) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err == nil {
			if !s.spawn(func() { s.handshake(c) }) {
				c.Close()
			}
			continue
		}
		if s.accepting.Err() != nil {
			return
		}
		s.log.Error("accepting a connection", "error", err)
		select { // such as too many open files: give it time to pass
		case <-s.accepting.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// spawn runs f in a goroutine that Close waits for; false when Close has begun.
func (s *Server) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.wg.Go(f)
	return true
}

// ServeConn serves one connection until it ends, and closes it. The end of ctx
// drains it, as Close does. It is for connections that come from elsewhere, such
// as a net.Pipe in a test; a *tls.Conn must have shaken hands.
//
// The error says why the connection ended; it is nil after a logout, after Close,
// and when the client closed it between two frames.
func (s *Server) ServeConn(ctx context.Context, nc net.Conn) error {
	return s.serveConn(ctx, nc, s.connections.Add(1))
}

func (s *Server) serveConn(ctx context.Context, nc net.Conn, number int64) error {
	c := s.newConn(nc, number)
	if c == nil {
		nc.Close()
		return ErrClosed
	}
	defer s.wg.Done()
	defer context.AfterFunc(ctx, c.stop)()
	defer s.forget(c)
	err := c.serve()
	if err != nil {
		s.log.Warn("connection ended", "session", c.sess.ID, "clID", c.sess.ClID, "error", err)
	} else {
		s.log.Debug("connection ended", "session", c.sess.ID, "clID", c.sess.ClID)
	}
	return err
}

// trace hands the journal's entries to Options.Trace until the last connection has
// ended.
func (s *Server) trace() {
	var seq int64
	for {
		last := s.tracing.Err() != nil // then nothing comes after what there is
		fresh, more := s.journal.since(seq)
		for i := range fresh {
			seq = fresh[i].Seq
			s.opts.Trace(fresh[i])
		}
		if last {
			return
		}
		select {
		case <-more:
		case <-s.tracing.Done():
		}
	}
}

// forget drops a connection that has ended.
func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	close(c.gone)
}

// Close stops accepting, lets commands in progress finish and their answers be
// written, and closes the connections. What has not ended after
// Options.DrainTimeout is cut; the error says if even then a handler does not
// return. Close may be called again, and then waits as well.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	s.drain()
	if s.listener != nil {
		s.listener.Close()
	}
	for c := range s.conns {
		c.stop()
	}
	s.mu.Unlock()

	done := make(chan struct{})
	go func() {
		s.wg.Wait()
		s.endTrace()
		s.traced.Wait()
		close(done)
	}()
	limit := time.NewTimer(s.opts.DrainTimeout)
	defer limit.Stop()
	select {
	case <-done:
		s.cut()
		return nil
	case <-limit.C:
	}
	s.cut()
	s.mu.Lock()
	for c := range s.conns {
		c.cut()
	}
	s.mu.Unlock()
	limit.Reset(s.opts.DrainTimeout)
	select {
	case <-done:
		return nil
	case <-limit.C:
		return errors.New("mockserver: a handler or Options.Trace does not return; its goroutine is left")
	}
}
