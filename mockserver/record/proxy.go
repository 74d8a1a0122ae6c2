package record

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// ProxyOptions says between whom a [Proxy] stands. Server and Out are required; a zero
// field has the default named beside it.
type ProxyOptions struct {
	// Server is the address of the real server, as in "epp.example:700".
	Server string
	// TLS is for the connection to it: its roots, the client's certificate. The
	// default trusts the machine's roots.
	TLS *tls.Config
	// Dial connects to the server, with TLS; by default it is made of the two.
	Dial func(ctx context.Context) (net.Conn, error)

	// Listen is the TCP address for the client; "127.0.0.1:0". Hosts are names
	// and addresses for the certificate, beside loopback.
	Listen string
	Hosts  []string

	// Out gets the record. What Create makes is readable for its owner alone.
	Out io.Writer
	// Schema knows what is secret in extensions. What has a telling name is
	// redacted without it.
	Schema *epp.Schema
	// Now is the clock of the record; time.Now.
	Now func() time.Time

	// MaxFrame is the most octets of a frame, header included; 1 MiB.
	MaxFrame int
	// OpenTimeout bounds each of the two TLS handshakes, and dialing; 10 s.
	OpenTimeout time.Duration
	// IdleTimeout ends a session in which one side says nothing; 1 hour.
	IdleTimeout time.Duration
	// WriteTimeout bounds each write; 30 s.
	WriteTimeout time.Duration
	// DrainTimeout is how long the server may take for what it was asked when
	// the client, or Close, ends the session; 5 s.
	DrainTimeout time.Duration
	// Log gets what goes wrong, never a frame. The default discards it.
	Log *slog.Logger
}

// A Proxy passes frames between clients and a server, and records them. Each client has
// a connection of its own to the server.
type Proxy struct {
	opts     ProxyOptions
	ca       *mockserver.Authority
	out      *writer
	sessions atomic.Int64
	counts   [2]struct{ frames, octets atomic.Int64 } // from the server, from the client

	// draining ends when Close begins, running when it cuts.
	draining, running context.Context
	drain, cut        context.CancelFunc
	wg                sync.WaitGroup // of the accept loop and the sessions

	mu       sync.Mutex
	closed   bool
	listener net.Listener
}

// NewProxy makes a Proxy and begins the record. It does not listen yet.
func NewProxy(opts ProxyOptions) (*Proxy, error) {
	switch {
	case opts.Server == "":
		return nil, errors.New("record: ProxyOptions.Server is missing")
	case opts.Out == nil:
		return nil, errors.New("record: ProxyOptions.Out is missing")
	}
	opts.Listen = cmp.Or(opts.Listen, "127.0.0.1:0")
	opts.MaxFrame = cmp.Or(opts.MaxFrame, epp.DefaultMaxFrame)
	opts.OpenTimeout = cmp.Or(opts.OpenTimeout, 10*time.Second)
	opts.IdleTimeout = cmp.Or(opts.IdleTimeout, time.Hour)
	opts.WriteTimeout = cmp.Or(opts.WriteTimeout, 30*time.Second)
	opts.DrainTimeout = cmp.Or(opts.DrainTimeout, 5*time.Second)
	opts.Log = cmp.Or(opts.Log, slog.New(slog.DiscardHandler))
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Dial == nil {
		d := &tls.Dialer{Config: opts.TLS}
		opts.Dial = func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", opts.Server) }
	}
	p := &Proxy{opts: opts}
	var err error
	if p.ca, err = mockserver.NewAuthority(); err != nil {
		return nil, err
	}
	if p.out, err = newWriter(opts.Out, opts.Schema, opts.Now(), opts.Server); err != nil {
		return nil, err
	}
	p.draining, p.drain = context.WithCancel(context.Background())
	p.running, p.cut = context.WithCancel(context.Background())
	return p, nil
}

// Start listens and serves until Close.
func (p *Proxy) Start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return errClosed
	case p.listener != nil:
		return errors.New("record: the proxy is started already")
	}
	hosts := p.opts.Hosts
	if h, _, err := net.SplitHostPort(p.opts.Listen); err == nil && h != "" && !net.ParseIP(h).IsUnspecified() {
		hosts = append([]string{h}, hosts...)
	}
	cfg, err := p.ca.ServerTLS(hosts...)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", p.opts.Listen)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	p.listener = l
	p.wg.Go(func() { p.accept(l, cfg) })
	return nil
}

var errClosed = errors.New("record: the proxy is closed")

// Addr is where clients connect, "" when it was not started.
func (p *Proxy) Addr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener == nil {
		return ""
	}
	return p.listener.Addr().String()
}

// ClientTLS is what a client needs to connect to the Proxy.
func (p *Proxy) ClientTLS() *tls.Config { return p.ca.ClientTLS() }

// CAPEM is the certificate of the authority that the Proxy's own is from.
func (p *Proxy) CAPEM() []byte { return p.ca.PEM() }

// Stats is what passed so far.
type Stats struct {
	Sessions               int64
	FromClient, FromServer Count
}

// A Count is of frames, and of their octets with the headers.
type Count struct{ Frames, Octets int64 }

// Stats tells what passed so far. A frame counts when it has been written on.
func (p *Proxy) Stats() Stats {
	count := func(i int) Count { return Count{p.counts[i].frames.Load(), p.counts[i].octets.Load()} }
	return Stats{Sessions: p.sessions.Load(), FromServer: count(0), FromClient: count(1)}
}

func (p *Proxy) accept(l net.Listener, cfg *tls.Config) {
	for {
		c, err := l.Accept()
		if err == nil {
			p.wg.Go(func() { p.handshake(tls.Server(c, cfg)) })
			continue
		}
		if p.draining.Err() != nil {
			return
		}
		p.opts.Log.Error("accepting a connection", "error", err)
		select { // such as too many open files: give it time to pass
		case <-p.draining.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p *Proxy) handshake(c *tls.Conn) {
	ctx, cancel := context.WithTimeout(p.draining, p.opts.OpenTimeout)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		p.opts.Log.Warn("TLS handshake", "error", err)
		c.Close()
		return
	}
	if err := p.serve(c); err != nil {
		p.opts.Log.Warn("session ended", "error", err)
	}
}

// ServeConn serves one client's connection until it ends, and closes it. It is for
// connections that come from elsewhere, such as a net.Pipe in a test; a *tls.Conn must
// have shaken hands. The error says what went wrong; it is nil when one side closed the
// connection between two frames, and after Close.
func (p *Proxy) ServeConn(client net.Conn) error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		client.Close()
		return errClosed
	}
	p.wg.Add(1)
	p.mu.Unlock()
	defer p.wg.Done()
	return p.serve(client)
}

func (p *Proxy) serve(client net.Conn) error {
	defer client.Close()
	id := p.sessions.Add(1)
	ctx, cancel := context.WithTimeout(p.draining, p.opts.OpenTimeout)
	server, err := p.opts.Dial(ctx)
	cancel()
	if err != nil {
		err = fmt.Errorf("record: connecting to %s: %w", p.opts.Server, err)
		_ = p.out.end(id, p.opts.Now(), err.Error())
		return err
	}
	defer server.Close()
	defer context.AfterFunc(p.running, func() { abort(client); abort(server) })()
	s := &session{Proxy: p, id: id, client: client, server: server}
	s.relay()
	return errors.Join(s.failed, p.out.end(id, p.opts.Now(), s.why))
}

// abort closes a connection without TLS's good-bye, which would wait for the peer.
func abort(c net.Conn) {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	c.Close()
}

// Close stops accepting, takes no more commands, lets the server answer those it has
// within DrainTimeout, and closes the connections. The error is the first of writing the
// record. Close may be called again, and then waits as well.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	p.drain()
	if p.listener != nil {
		p.listener.Close()
	}
	p.mu.Unlock()
	limit := time.AfterFunc(p.opts.DrainTimeout, p.cut)
	p.wg.Wait()
	limit.Stop()
	p.cut()
	p.out.mu.Lock()
	defer p.out.mu.Unlock()
	return p.out.err
}
