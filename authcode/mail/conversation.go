package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"github.com/eppkit/eppkit/authcode"
)

const (
	// quitTimeout is how long the server may take to say goodbye after it has
	// accepted the mail.
	quitTimeout = 2 * time.Second
	// maxAnswers is how many octets a server may say in a conversation.
	maxAnswers = 1 << 20
)

// trouble is the end of a conversation at one of its steps.
type trouble struct {
	step    string
	unknown bool
	err     error
}

func (t *trouble) Error() string { return t.step + ": " + t.err.Error() }
func (t *trouble) Unwrap() error { return t.err }

// converse brings a mail to the server.
func (p *SMTP) converse(ctx context.Context, m *message) error {
	conn, err := p.opts.DialContext(ctx, "tcp", p.addr)
	if err != nil {
		return &trouble{step: "connecting", err: err}
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok && p.opts.Insecure && !a.IP.IsLoopback() {
		return &trouble{step: "connecting", err: errors.New("the host is not this machine, and there is no TLS")}
	}
	c, err := p.open(ctx, conn)
	if err != nil {
		return err
	}
	err = send(c, m)
	// Not in the midst of DATA, where a command would be preceded by the mail's end.
	if _, answered := answer(err); err == nil || answered {
		conn.SetDeadline(time.Now().Add(quitTimeout))
		_ = c.Quit()
	}
	return err
}

// open brings a conversation to where mail can be sent: over TLS, and logged in.
func (p *SMTP) open(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	conn = &terse{Conn: conn, left: maxAnswers}
	if p.opts.Implicit && !p.opts.Insecure {
		secure := tls.Client(conn, p.opts.TLS)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, &trouble{step: "TLS", err: err}
		}
		conn = secure
	}
	c, err := smtp.NewClient(conn, p.host)
	if err != nil {
		return nil, &trouble{step: "greeting", err: err}
	}
	if err := c.Hello(p.opts.Helo); err != nil {
		return nil, &trouble{step: "EHLO", err: err}
	}
	if !p.opts.Implicit && !p.opts.Insecure {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return nil, &trouble{step: "STARTTLS", err: errors.New("the server does not offer it, and a code travels only encrypted")}
		}
		if err := c.StartTLS(p.opts.TLS); err != nil {
			return nil, &trouble{step: "STARTTLS", err: err}
		}
	}
	if p.opts.Username != "" {
		if err := p.logIn(c); err != nil {
			return nil, &trouble{step: "AUTH", err: err}
		}
	}
	return c, nil
}

// errChallenge stands for errors that quote what the server said in the midst of a
// login.
var errChallenge = errors.New("the server's challenges are not of the mechanism")

func (p *SMTP) logIn(c *smtp.Client) error {
	_, offer := c.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offer))
	user, password := p.opts.Username, p.opts.Password.Reveal()
	var a smtp.Auth
	switch {
	case slices.Contains(mechanisms, "PLAIN"):
		a = smtp.PlainAuth("", user, password, p.host, p.opts.Insecure)
	case slices.Contains(mechanisms, "LOGIN"):
		a = smtp.LoginAuth(user, password, p.host, p.opts.Insecure)
	default:
		return errors.New("the server offers neither PLAIN nor LOGIN")
	}
	err := c.Auth(a)
	if errors.Is(err, smtp.ErrUnexpectedServerChallange) || errors.Is(err, smtp.ErrUnexpectedServerResponse) {
		return errChallenge
	}
	return err
}

// send is one mail transaction (RFC 5321, section 3.3).
func send(c *smtp.Client, m *message) error {
	if ok, _ := c.Extension("SMTPUTF8"); m.utf8 && !ok {
		return &trouble{step: "MAIL", err: errors.New("the server takes no address with characters beyond ASCII")}
	}
	c.SkipSMTPUTF8(!m.utf8)
	if err := c.Mail("<" + m.from + ">"); err != nil {
		return &trouble{step: "MAIL", err: err}
	}
	if err := c.Rcpt("<" + m.to + ">"); err != nil {
		return &trouble{step: "RCPT", err: err}
	}
	w, err := c.Data()
	if err != nil {
		return &trouble{step: "DATA", err: err}
	}
	// DataCloser.Close would write the end, not say whether that worked, and read
	// the answer. Here it is known whether all of it was written.
	data := w.(*smtp.DataCloser).WriteCloser
	_, err = data.Write(m.octets)
	if err == nil {
		err = data.Close()
	}
	if err != nil {
		return &trouble{step: "sending the mail", err: err}
	}
	if _, _, err = c.Text.ReadResponse(2); err != nil {
		no, answered := answer(err)
		return &trouble{step: "end of the mail", unknown: !answered || no.Code < 400, err: err}
	}
	return nil
}

// answer returns the answer of the server that is an error.
func answer(err error) (*textproto.Error, bool) {
	var no *textproto.Error
	ok := errors.As(err, &no)
	return no, ok
}

// enhanced is a status code as in RFC 3463, section 2, at the beginning of an answer.
var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// failure makes an authcode.Error of what ended a delivery. Nothing a server said is
// in its text, but the codes.
func failure(ctx context.Context, domain string, err error) *authcode.Error {
	e := &authcode.Error{System: "smtp", Op: "deliver", Domain: domain, Err: err}
	var t *trouble
	if !errors.As(err, &t) {
		return e
	}
	e.Unknown = t.unknown
	var garbled textproto.ProtocolError
	no, answered := answer(err)
	switch {
	case answered:
		e.Code = strings.TrimSpace(strconv.Itoa(no.Code) + " " + enhanced.FindString(no.Msg))
		e.Body = authcode.Body(no.Msg)
		e.Err = fmt.Errorf("%s: the server answered %s", t.step, cmp.Or(meaning[no.Code/100], "what makes no sense here"))
	case ctx.Err() != nil:
		e.Err = fmt.Errorf("%s: %w", t.step, context.Cause(ctx))
	case errors.As(err, &garbled):
		e.Err = fmt.Errorf("%s: the server does not speak SMTP", t.step)
	case errors.Is(err, io.EOF):
		e.Err = fmt.Errorf("%s: the server closed the connection: %w", t.step, io.ErrUnexpectedEOF)
	}
	return e
}

// meaning of the first digit of an answer (RFC 5321, section 4.2.1).
var meaning = map[int]string{4: "no for now", 5: "no"}

// terse is a connection to a server that may not say more than so many octets.
type terse struct {
	net.Conn
	left int
}

var errTalkative = errors.New("the server says too much")

func (c *terse) Read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, errTalkative
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}
