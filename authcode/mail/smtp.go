package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// Options are of an SMTP. Addr and From are needed.
type Options struct {
	// Addr is the server's "host:port" or "host"; port 587.
	Addr string
	// Implicit says that TLS begins with the first octet (RFC 8314, section 3.3),
	// as it does on port 465 in any case. Otherwise STARTTLS must succeed.
	Implicit bool
	// Insecure goes without TLS. It is for test servers: Addr must be a loopback
	// address or localhost.
	Insecure bool
	// TLS is used with TLS 1.2 as the least version. Without a ServerName the
	// host of Addr is verified.
	TLS *tls.Config
	// DialContext makes the connection below TLS; nil means a net.Dialer.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// Username and Password log in with AUTH PLAIN or LOGIN; no Username, no
	// login.
	Username string
	Password authcode.Secret
	// Helo is this machine's name for the server; the host of From.
	Helo string
	// Timeout bounds a delivery as a whole; 30 s.
	Timeout time.Duration

	From authcode.Address // of the mail, and where its bounces go
	// Templates are the texts; the built-in ones.
	Templates *Templates
	// Lang is the language for recipients without one, and where there is no text
	// in theirs; "en".
	Lang string
	Now  func() time.Time // for the Date; time.Now
	// Random makes the Message-ID; crypto/rand.Reader. Any number of goroutines
	// may read from it at once.
	Random io.Reader
}

const (
	submission  = "587" // RFC 6409
	submissions = "465" // RFC 8314, with implicit TLS
)

// SMTP is a Courier that gives each letter to a mail server, in a conversation of its
// own. It repeats nothing. Any number of goroutines may use it at once.
type SMTP struct {
	opts       *Options // a pointer, because package fmt shows the secrets of unexported fields
	addr, host string
	composer   *composer
}

// New returns an SMTP. It does not connect. The error says which option can't be.
func New(o Options) (*SMTP, error) {
	host, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		host = strings.Trim(o.Addr, "[]")
	}
	if host == "" || strings.ContainsFunc(host, unfit) {
		return nil, errors.New("mail: Addr is not the host and port of a server")
	}
	port = cmp.Or(port, submission)
	c, err := newComposer(o.From, o.Templates, o.Lang, o.Now, o.Random)
	if err != nil {
		return nil, err
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Helo == "" {
		o.Helo = c.host
	}
	if o.DialContext == nil {
		o.DialContext = (&net.Dialer{}).DialContext
	}
	o.Implicit = o.Implicit || port == submissions
	if o.TLS = o.TLS.Clone(); o.TLS == nil {
		o.TLS = &tls.Config{}
	}
	if o.TLS.ServerName == "" {
		o.TLS.ServerName = host
	}
	o.TLS.MinVersion = max(o.TLS.MinVersion, tls.VersionTLS12)
	switch {
	case o.Insecure && !loopback(host):
		return nil, fmt.Errorf("mail: Insecure is for servers on this machine, not for %s", host)
	case o.Password != "" && o.Username == "":
		return nil, errors.New("mail: a Password without a Username")
	case strings.ContainsFunc(o.Helo, unfit):
		return nil, errors.New("mail: Helo is not a name")
	}
	return &SMTP{opts: &o, addr: net.JoinHostPort(host, port), host: host, composer: c}, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// Deliver returns when the server has accepted the letter. The error is an
// *authcode.Error; its Code is the server's, as in "550 5.1.1", and its Body the
// server's words, which its text leaves out: they may quote the address or the code.
// Its Unknown says that the connection ended after the mail was sent and before the
// server answered.
func (p *SMTP) Deliver(ctx context.Context, l authcode.Letter) error {
	ctx, cancel := context.WithTimeout(ctx, p.opts.Timeout)
	defer cancel()
	m, err := p.composer.compose(l)
	if err == nil {
		err = p.converse(ctx, m)
	}
	if err == nil {
		return nil
	}
	return failure(ctx, domain(l), err)
}
