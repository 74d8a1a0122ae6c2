// Package relay brings the mail that a mock registry keeps in its outbox to a mail server,
// so that a test can have it where its users have theirs: in a mail catcher, on loopback.
package relay

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// Options are for a Relay. Outbox and Server are required; a zero field has the default
// named beside it.
type Options struct {
	Outbox *registry.Outbox
	// Server is the mail server's address, as in "127.0.0.1:1025". One that is not on
	// this machine is refused unless Anywhere is set, and is spoken to over TLS alone
	// (STARTTLS): the mail has authInfo.
	Server   string
	Anywhere bool
	// TLS is for a server that is elsewhere; the default trusts the machine's roots.
	TLS *tls.Config
	// From is the sender, "registry@mock.invalid".
	From string
	// Interval is how often the outbox is looked into, 200 ms. It and the rests are by
	// the machine's clock.
	Interval time.Duration
	// Rest is how long the first pause is after a try that failed, 1 s. Each one after
	// it is twice as long, up to MaxRest, 1 minute.
	Rest, MaxRest time.Duration
	// Timeout bounds each try, 30 s.
	Timeout time.Duration
	// Log gets what goes wrong, never what is in a mail. The default discards it.
	Log *slog.Logger
}

// A Relay sends the mail of an outbox: each once, in order, those that are there already
// first. A mail that the server refuses for good is logged and passed over; any other
// failure is tried again. When the connection ends before the server has said that it took
// a mail, the mail is sent again, with the same Message-ID. What a reset or a restored
// snapshot took out of the outbox is forgotten, and sent when it comes again. The registry
// notes how far the Relay got, and the Relay of one that was kept on disk goes on from there.
//
// Its methods must not be called at the same time.
type Relay struct {
	opts Options
	host string
	port int
	// sent are the mails of the outbox that are done with, by number; last is the
	// highest.
	sent map[uint64][sha256.Size]byte
	last uint64
}

// New makes a Relay. It does not connect yet.
func New(o Options) (*Relay, error) {
	if o.Outbox == nil {
		return nil, errors.New("relay: Options.Outbox is missing")
	}
	host, digits, err := net.SplitHostPort(o.Server)
	port, errPort := strconv.ParseUint(digits, 10, 16)
	if err != nil || errPort != nil || host == "" || port == 0 {
		return nil, fmt.Errorf("relay: %q is no address of a mail server; it must be HOST:PORT", o.Server)
	}
	if ip := net.ParseIP(host); ip != nil && !ip.IsLoopback() && !o.Anywhere {
		return nil, fmt.Errorf("relay: %s: %w", o.Server, ErrNotLocal)
	}
	o.From = cmp.Or(o.From, "registry@mock.invalid")
	o.Interval = cmp.Or(o.Interval, 200*time.Millisecond)
	o.Rest = cmp.Or(o.Rest, time.Second)
	o.MaxRest = cmp.Or(o.MaxRest, time.Minute)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	r := &Relay{opts: o, host: host, port: int(port), sent: make(map[uint64][sha256.Size]byte)}
	done := o.Outbox.Relayed()
	for _, m := range o.Outbox.All() {
		if m.N <= done {
			r.sent[m.N], r.last = digest(m), m.N
		}
	}
	return r, nil
}

// ErrNotLocal is when the mail server is on another machine, and Options.Anywhere was not
// set.
var ErrNotLocal = errors.New("the mail server is not on this machine")

// Run sends what comes into the outbox until ctx ends.
func (r *Relay) Run(ctx context.Context) {
	rest := r.opts.Rest
	for {
		pause := r.opts.Interval
		if err := r.Flush(ctx); err == nil {
			rest = r.opts.Rest
		} else if ctx.Err() == nil {
			r.opts.Log.Warn("relaying mail", "error", err, "rest", rest)
			pause, rest = rest, min(2*rest, r.opts.MaxRest)
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
	}
}

// Flush sends what is in the outbox now and was not sent. It ends at the first mail that
// may be tried again, with why.
func (r *Relay) Flush(ctx context.Context) error {
	for _, m := range r.waiting() {
		if err := r.send(ctx, m); err != nil {
			no, ok := errors.AsType[*refusedError](err)
			if !ok {
				return fmt.Errorf("mail %d: %w", m.N, err)
			}
			r.opts.Log.Warn("a mail is not relayed", "number", m.N, "about", m.About.String(), "error", no)
		}
		r.sent[m.N], r.last = digest(m), max(m.N, r.last)
		if err := r.opts.Outbox.SetRelayed(m.N); err != nil {
			return fmt.Errorf("mail %d was sent: %w", m.N, err)
		}
	}
	return nil
}

// waiting are the mails that were not sent.
func (r *Relay) waiting() []registry.Mail {
	if r.last > 0 {
		list := r.opts.Outbox.Since(r.last - 1)
		if len(list) > 0 && list[0].N == r.last && digest(list[0]) == r.sent[r.last] {
			return list[1:]
		}
	}
	// It is the first time, or the outbox is another one than it was.
	var list []registry.Mail
	sent := make(map[uint64][sha256.Size]byte)
	r.last = 0
	for _, m := range r.opts.Outbox.All() {
		d := digest(m)
		if r.sent[m.N] != d {
			list = append(list, m)
			continue
		}
		sent[m.N], r.last = d, m.N
	}
	r.sent = sent
	return list
}

// digest tells mails apart, also those of one number before and after a reset.
func digest(m registry.Mail) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %d %q %q %q", m.N, m.At.UnixNano(), m.To, m.About.String(), m.AuthInfo.Reveal()))
}

// A refusedError is a mail that will never be sent.
type refusedError struct{ why string }

func (e *refusedError) Error() string { return e.why }

// send brings one mail to the server.
func (r *Relay) send(ctx context.Context, m registry.Mail) error {
	msg, err := r.letter(m)
	if err != nil {
		return &refusedError{err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, r.opts.Timeout)
	defer cancel()
	policy := mail.NoTLS
	if r.opts.Anywhere && !loopback(r.host) {
		policy = mail.TLSMandatory
	}
	opts := []mail.Option{
		mail.WithPort(r.port), mail.WithTLSPolicy(policy), mail.WithTimeout(r.opts.Timeout),
		mail.WithHELO("localhost"), mail.WithoutNoop(), mail.WithoutRset(),
		mail.WithDialContextFunc(func(dialing context.Context, network, addr string) (net.Conn, error) {
			conn, err := r.dial(dialing, network, addr)
			if err == nil { // the end of ctx ends whatever it waits for
				context.AfterFunc(ctx, func() { conn.Close() })
			}
			return conn, err
		}),
	}
	if r.opts.TLS != nil {
		opts = append(opts, mail.WithTLSConfig(r.opts.TLS))
	}
	c, err := mail.NewClient(r.host, opts...)
	if err != nil {
		return err
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("connecting to the mail server: %w", err)
	}
	err = c.SendWithSMTPClient(conn, msg)
	_ = c.CloseWithSMTPClient(conn) // the mail is there, or is not
	if msg.IsDelivered() {
		return nil
	}
	return failure(ctx, err)
}

// failure is why a mail was not sent. What the server said is left out, but for the code:
// it may quote the mail.
func failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	no, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return errors.New("the connection broke")
	}
	if code := no.ErrorCode(); code >= 500 {
		return &refusedError{fmt.Sprintf("%s: the server answered %d", no.Reason, code)}
	} else if code != 0 {
		return fmt.Errorf("%s: the server answered %d", no.Reason, code)
	}
	return errors.New(no.Reason.String())
}

// dial connects to where it may.
func (r *Relay) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); !r.opts.Anywhere && (!ok || !a.IP.IsLoopback()) {
		conn.Close()
		return nil, ErrNotLocal
	}
	return conn, nil
}

// loopback reports whether a host is this machine by what it is called.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// letter writes a mail. The Message-ID tells one mail from another, also when it comes
// twice.
func (r *Relay) letter(m registry.Mail) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := msg.From(r.opts.From); err != nil {
		return nil, err
	}
	if len(m.To) == 0 {
		return nil, errors.New("it is for nobody")
	}
	if err := msg.To(m.To...); err != nil {
		return nil, errors.New("an address that it is for is none")
	}
	d := digest(m)
	msg.SetMessageIDWithValue(fmt.Sprintf("%d.%x@mock.invalid", m.N, d[:8]))
	msg.SetDateWithValue(m.At)
	msg.SetUserAgent("eppkit mock registry")
	msg.Subject("The authInfo of " + m.About.String())
	msg.SetBodyString(mail.TypeTextPlain, fmt.Sprintf("Object: %s\r\nAuthInfo: %s\r\nAsked for by: %s\r\n",
		m.About, m.AuthInfo.Reveal(), m.RequestedBy))
	return msg, nil
}
