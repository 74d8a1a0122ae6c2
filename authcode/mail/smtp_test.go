package mail_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mail"
)

const (
	theCode     = `23x)9W*(zHLB&<"$'é%\=.`
	thePassword = "pepper+mill"
)

var (
	noon = time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)
	from = authcode.Address{Name: "Eppkit Hostmaster", Email: "hostmaster@reg.example"}
	jana = authcode.Address{Name: "Jana Malá", Email: "jana@lipa.example", Lang: "cs-CZ"}
)

func letter() authcode.Letter {
	return authcode.Letter{To: jana, Role: authcode.Registrant, Domain: "alpha.example", Code: theCode, Expires: noon}
}

// courier is an SMTP for a script's server.
func courier(t *testing.T, s *script, change func(*mail.Options)) *mail.SMTP {
	t.Helper()
	o := mail.Options{
		Addr: "mail.example", TLS: &tls.Config{RootCAs: s.roots}, From: from,
		Username: "eppkit", Password: thePassword,
		Now: func() time.Time { return noon.Add(-time.Hour) },
	}
	if change != nil {
		change(&o)
	}
	c, err := mail.New(o)
	require.NoError(t, err)
	return c
}

// TestSMTPIsPrintedWithoutItsPassword holds for all that package fmt makes of one.
func TestSMTPIsPrintedWithoutItsPassword(t *testing.T) {
	o := mail.Options{Addr: "mail.example", From: from, Username: "eppkit", Password: thePassword}
	p, err := mail.New(o)
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		for _, v := range []any{o, p, *p} {
			require.NotContains(t, fmt.Sprintf(verb, v), thePassword)
		}
	}
}

func TestDeliver(t *testing.T) {
	for name, c := range map[string]struct {
		offer    []string
		implicit bool
		change   func(*mail.Options)
		user     string
		plain    bool
	}{
		"STARTTLS, AUTH PLAIN":    {user: "eppkit:" + thePassword},
		"STARTTLS, AUTH LOGIN":    {offer: []string{"STARTTLS", "AUTH LOGIN"}, user: "eppkit:" + thePassword},
		"TLS from the beginning":  {implicit: true, change: func(o *mail.Options) { o.Implicit = true }, user: "eppkit:" + thePassword},
		"without a login":         {change: func(o *mail.Options) { o.Username, o.Password = "", "" }},
		"without TLS, by its own": {offer: []string{"AUTH PLAIN"}, change: func(o *mail.Options) { o.Insecure = true }, user: "eppkit:" + thePassword, plain: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.implicit = c.implicit
			if c.offer != nil {
				s.offer = c.offer
			}
			addr := s.listen(t)
			p := courier(t, s, func(o *mail.Options) {
				o.Addr = addr
				if c.change != nil {
					c.change(o)
				}
			})
			require.NoError(t, p.Deliver(t.Context(), letter()))
			require.NoError(t, p.Deliver(t.Context(), letter()))
			require.Len(t, s.mails, 2)
			for _, m := range s.mails {
				require.Equal(t, !c.plain, m.tls)
				require.Equal(t, "FROM:<hostmaster@reg.example>", strings.TrimSuffix(m.from, " BODY=8BITMIME"))
				require.Equal(t, "TO:<jana@lipa.example>", m.to)
				got := parse(t, m.data)
				require.Contains(t, got.body, "\n"+theCode+"\n")
				require.Contains(t, got.body, "2031-05-04 12:00 UTC")
			}
			if c.user != "" {
				require.Equal(t, []string{c.user, c.user}, s.users)
			} else {
				require.Empty(t, s.users)
			}
			require.Equal(t, "QUIT", s.steps[len(s.steps)-1])
		})
	}
}

// TestDeliverTroubles: what becomes of a letter wherever the conversation ends.
func TestDeliverTroubles(t *testing.T) {
	const quoting = "5.7.1 not " + theCode + " by " + thePassword + " for jana@lipa.example"
	type want struct {
		text    string
		code    string
		unknown bool
		mails   int
	}
	answers := func(step, text string) func(*script) {
		return func(s *script) { s.answers[step] = text }
	}
	hangs := func(step string) func(*script) { return func(s *script) { s.hangs = step } }
	closes := func(step string) func(*script) { return func(s *script) { s.closes = step } }
	offers := func(list ...string) func(*script) { return func(s *script) { s.offer = list } }
	const no, later = ": the server answered no", ": the server answered no for now"
	for name, c := range map[string]struct {
		prepare func(*script)
		want    *want // nil for delivered
	}{
		"all is well": {func(*script) {}, nil},

		"greeting: no":                  {answers("greeting", "554 "+quoting), &want{text: "greeting" + no, code: "554 5.7.1"}},
		"greeting: later":               {answers("greeting", "421 busy"), &want{text: "greeting" + later, code: "421"}},
		"greeting: not SMTP":            {answers("greeting", "welcome "+theCode), &want{text: "greeting: the server does not speak SMTP"}},
		"greeting: another protocol":    {answers("greeting", "SSH-2.0-"+theCode), &want{text: "greeting: context deadline exceeded"}},
		"greeting: endless":             {answers("greeting", strings.Repeat("220-"+strings.Repeat("x", 1000)+"\r\n", 2000)), &want{text: "greeting: the server says too much"}},
		"EHLO: no":                      {answers("EHLO", "550 "+quoting), &want{text: "EHLO" + no, code: "550 5.7.1"}},
		"STARTTLS: not offered":         {offers("AUTH PLAIN"), &want{text: "STARTTLS: the server does not offer it, and a code travels only encrypted"}},
		"STARTTLS: later":               {answers("STARTTLS", "454 "+quoting), &want{text: "STARTTLS" + later, code: "454 5.7.1"}},
		"TLS: another's certificate":    {func(s *script) { s.cert = newScript(t).cert }, &want{text: "STARTTLS: tls: failed to verify certificate"}},
		"AUTH: not offered":             {offers("STARTTLS"), &want{text: "AUTH: the server offers neither PLAIN nor LOGIN"}},
		"AUTH: no mechanism":            {offers("STARTTLS", "AUTH GSSAPI"), &want{text: "AUTH: the server offers neither PLAIN nor LOGIN"}},
		"AUTH: no":                      {answers("AUTH", "535 "+quoting), &want{text: "AUTH" + no, code: "535 5.7.1"}},
		"AUTH: another challenge":       {answers("AUTH", "334 cGVwcGVyK21pbGw="), &want{text: "AUTH: the server's challenges are not of the mechanism"}},
		"MAIL: no":                      {answers("MAIL", "550 "+quoting), &want{text: "MAIL" + no, code: "550 5.7.1"}},
		"RCPT: no":                      {answers("RCPT", "550 "+quoting), &want{text: "RCPT" + no, code: "550 5.7.1"}},
		"RCPT: greylisted":              {answers("RCPT", "450 4.2.0 greylisted"), &want{text: "RCPT" + later, code: "450 4.2.0"}},
		"DATA: no":                      {answers("DATA", "554 "+quoting), &want{text: "DATA" + no, code: "554 5.7.1"}},
		"DATA: yes, but not go on":      {answers("DATA", "250 fine"), &want{text: "DATA: the server answered what makes no sense here", code: "250"}},
		"end: later":                    {answers(".", "451 "+quoting), &want{text: "end of the mail" + later, code: "451 5.7.1"}},
		"end: no, in several lines":     {answers(".", "552-5.3.4 too\r\n552 5.3.4 "+quoting), &want{text: "end of the mail" + no, code: "552 5.3.4"}},
		"end: closing down":             {answers(".", "421 4.3.2 closing"), &want{text: "end of the mail" + later, code: "421 4.3.2"}},
		"end: yes in another way":       {answers(".", "251 will forward"), nil},
		"end: what makes no sense":      {answers(".", "354 go on"), &want{text: "end of the mail: the server answered what makes no sense here", code: "354", unknown: true, mails: 1}},
		"end: not SMTP":                 {answers(".", "thanks for "+theCode), &want{text: "end of the mail: the server does not speak SMTP", unknown: true}},
		"end: taken, bye: no":           {answers("QUIT", "500 "+quoting), nil},
		"end: taken, bye: closed":       {closes("QUIT"), nil},
		"end: taken, bye: hangs":        {hangs("QUIT"), nil},
		"greeting: closed":              {closes("greeting"), &want{text: "greeting: the server closed the connection"}},
		"EHLO: closed":                  {closes("EHLO"), &want{text: "EHLO"}},
		"STARTTLS: closed":              {closes("STARTTLS"), &want{text: "STARTTLS: the server closed the connection"}},
		"TLS: closed":                   {closes("TLS"), &want{text: "STARTTLS"}},
		"AUTH: closed":                  {closes("AUTH"), &want{text: "AUTH: the server closed the connection"}},
		"MAIL: closed":                  {closes("MAIL"), &want{text: "MAIL: the server closed the connection"}},
		"RCPT: closed":                  {closes("RCPT"), &want{text: "RCPT: the server closed the connection"}},
		"DATA: closed":                  {closes("DATA"), &want{text: "DATA: the server closed the connection"}},
		"data: closed before the end":   {closes("data"), &want{text: "sending the mail: io: read/write on closed pipe"}},
		"end: closed before the answer": {closes("."), &want{text: "end of the mail: the server closed the connection", unknown: true}},
		"greeting: hangs":               {hangs("greeting"), &want{text: "greeting: context deadline exceeded"}},
		"EHLO: hangs":                   {hangs("EHLO"), &want{text: "EHLO: context deadline exceeded"}},
		"STARTTLS: hangs":               {hangs("STARTTLS"), &want{text: "STARTTLS: context deadline exceeded"}},
		"TLS: hangs":                    {hangs("TLS"), &want{text: "STARTTLS: context deadline exceeded"}},
		"AUTH: hangs":                   {hangs("AUTH"), &want{text: "AUTH: context deadline exceeded"}},
		"MAIL: hangs":                   {hangs("MAIL"), &want{text: "MAIL: context deadline exceeded"}},
		"RCPT: hangs":                   {hangs("RCPT"), &want{text: "RCPT: context deadline exceeded"}},
		"DATA: hangs":                   {hangs("DATA"), &want{text: "DATA: context deadline exceeded"}},
		"data: hangs before the end":    {hangs("data"), &want{text: "sending the mail: context deadline exceeded"}},
		"end: hangs before the answer":  {hangs("."), &want{text: "end of the mail: context deadline exceeded", unknown: true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t)
				c.prepare(s)
				p := courier(t, s, func(o *mail.Options) { o.DialContext = s.dial })
				began := time.Now()
				err := p.Deliver(t.Context(), letter())
				took := time.Since(began)
				close(s.release)
				s.done.Wait()
				if c.want == nil {
					require.NoError(t, err)
					require.Len(t, s.mails, 1)
					require.LessOrEqual(t, took, 2*time.Second)
					return
				}
				if s.hangs != "" {
					require.Equal(t, 30*time.Second, took)
				}
				var e *authcode.Error
				require.ErrorAs(t, err, &e)
				require.Contains(t, err.Error(), c.want.text)
				require.Equal(t, c.want.code, e.Code)
				require.Equal(t, c.want.unknown, e.Unknown)
				require.Equal(t, "smtp deliver alpha.example", fmt.Sprint(e.System, " ", e.Op, " ", e.Domain))
				require.Len(t, s.mails, c.want.mails)
				requireDiscreet(t, err)
				if strings.Contains(s.answers["RCPT"], theCode) {
					require.Contains(t, string(e.Body), theCode) // to be had by name
				}
				if s.hangs == "" && s.closes == "" && e.Code >= "4" && s.answers["STARTTLS"] == "" &&
					s.answers["greeting"] == "" && s.answers["EHLO"] == "" && s.answers["AUTH"] == "" {
					require.Equal(t, "QUIT", s.steps[len(s.steps)-1], "a polite end")
				}
			})
		})
	}
}

// requireDiscreet holds that an error shows no secret and no address, however it is
// printed.
func requireDiscreet(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		text := fmt.Sprintf("%v %+v %s", e, e, e)
		for _, secret := range []string{theCode, "23x", thePassword, "jana@", "lipa", "Malá"} {
			require.NotContains(t, text, secret)
		}
	}
}

func TestDeliverEndsWithItsContext(t *testing.T) {
	for _, step := range []string{"greeting", "TLS", "RCPT", "data", "."} {
		t.Run(step, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t)
				s.hangs = step
				p := courier(t, s, func(o *mail.Options) { o.DialContext = s.dial })
				ctx, cancel := context.WithCancelCause(t.Context())
				tired := errors.New("tired of waiting")
				result := make(chan error)
				go func() { result <- p.Deliver(ctx, letter()) }()
				synctest.Wait()
				cancel(tired)
				err := <-result
				close(s.release)
				s.done.Wait()
				require.ErrorIs(t, err, tired)
				require.Equal(t, step == ".", authcode.OutcomeUnknown(err))
			})
		})
	}
	t.Run("shorter than the timeout", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newScript(t)
			s.hangs = "MAIL"
			p := courier(t, s, func(o *mail.Options) { o.DialContext, o.Timeout = s.dial, time.Minute })
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()
			require.ErrorIs(t, p.Deliver(ctx, letter()), context.DeadlineExceeded)
			require.Equal(t, time.Second, time.Since(began))
			close(s.release)
			s.done.Wait()
		})
	})
	t.Run("over before it began", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := courier(t, newScript(t), nil).Deliver(ctx, letter())
		require.ErrorIs(t, err, context.Canceled)
		require.True(t, authcode.SafeToRetry(err))
	})
}

// TestDeliverRefusesLetters that can't be mail, before it connects.
func TestDeliverRefusesLetters(t *testing.T) {
	p := courier(t, newScript(t), func(o *mail.Options) {
		o.DialContext = func(context.Context, string, string) (net.Conn, error) {
			t.Error("connecting for nothing")
			return nil, net.ErrClosed
		}
	})
	for _, change := range []func(*authcode.Letter){
		func(l *authcode.Letter) { l.To.Email += "\r\nRCPT TO:<eve@evil.example>" },
		func(l *authcode.Letter) { l.Domain += "\r\nDATA" },
		func(l *authcode.Letter) { l.Code += "\r\n.\r\nMAIL FROM:<eve@evil.example>" },
	} {
		l := letter()
		change(&l)
		err := p.Deliver(t.Context(), l)
		require.True(t, authcode.SafeToRetry(err))
		require.NotContains(t, err.Error(), "\n")
		requireDiscreet(t, err)
	}
}

func TestImplicitTLSVerifies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t)
		s.implicit = true
		s.cert = newScript(t).cert
		p := courier(t, s, func(o *mail.Options) { o.Implicit, o.DialContext = true, s.dial })
		err := p.Deliver(t.Context(), letter())
		require.ErrorContains(t, err, "TLS: tls: failed to verify certificate")
		require.True(t, authcode.SafeToRetry(err))
		s.done.Wait()
		require.Empty(t, s.users)
	})
}

func TestDeliverNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	p := courier(t, newScript(t), func(o *mail.Options) { o.Addr = l.Addr().String() })
	err = p.Deliver(t.Context(), letter())
	require.ErrorContains(t, err, "connecting: ")
	require.True(t, authcode.SafeToRetry(err))
}

// TestDeliverInternationalAddresses: RFC 6531 for what is before the @, A-labels for
// what is behind it.
func TestDeliverInternationalAddresses(t *testing.T) {
	l := letter()
	l.To.Email = "žofie@škola.example"
	s := newScript(t)
	addr := s.listen(t)
	p := courier(t, s, func(o *mail.Options) { o.Addr = addr })
	err := p.Deliver(t.Context(), l)
	require.ErrorContains(t, err, "MAIL: the server takes no address with characters beyond ASCII")
	require.True(t, authcode.SafeToRetry(err))
	require.NotContains(t, s.steps, "MAIL")

	s = newScript(t)
	s.offer = append(s.offer, "SMTPUTF8")
	addr = s.listen(t)
	p = courier(t, s, func(o *mail.Options) { o.Addr = addr })
	require.NoError(t, p.Deliver(t.Context(), l))
	require.NoError(t, p.Deliver(t.Context(), letter()))
	require.Equal(t, "TO:<žofie@xn--kola-f6a.example>", s.mails[0].to)
	require.Contains(t, s.mails[0].from, " SMTPUTF8")
	require.NotContains(t, s.mails[1].from, " SMTPUTF8", "what needs no SMTPUTF8 reaches servers without it")
}

func TestOptions(t *testing.T) {
	good := func() mail.Options { return mail.Options{Addr: "mail.example", From: from} }
	for name, c := range map[string]struct {
		change func(*mail.Options)
		want   string // the error, or none
	}{
		"least":                {func(*mail.Options) {}, ""},
		"no server":            {func(o *mail.Options) { o.Addr = "" }, "Addr"},
		"no host":              {func(o *mail.Options) { o.Addr = ":25" }, "Addr"},
		"two servers":          {func(o *mail.Options) { o.Addr = "a.example b.example" }, "Addr"},
		"no sender":            {func(o *mail.Options) { o.From = authcode.Address{} }, "From"},
		"sender with a header": {func(o *mail.Options) { o.From.Email = "a@b.example\r\nBcc: c@d.example" }, "From"},
		"half a login":         {func(o *mail.Options) { o.Password = thePassword }, "Password without a Username"},
		"name with a command":  {func(o *mail.Options) { o.Helo = "a\r\nMAIL FROM:<x@y.example>" }, "Helo"},
		"insecure afar":        {func(o *mail.Options) { o.Insecure = true }, "Insecure"},
		"insecure, near":       {func(o *mail.Options) { o.Insecure, o.Addr = true, "localhost:25" }, ""},
		"insecure, 127.0.0.2":  {func(o *mail.Options) { o.Insecure, o.Addr = true, "127.0.0.2:25" }, ""},
		"insecure, ::1":        {func(o *mail.Options) { o.Insecure, o.Addr = true, "::1" }, ""},
		"insecure, lookalike":  {func(o *mail.Options) { o.Insecure, o.Addr = true, "localhost.example:25" }, "Insecure"},
	} {
		o := good()
		c.change(&o)
		_, err := mail.New(o)
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), thePassword)
	}
}

func TestOptionsAddr(t *testing.T) {
	for addr, want := range map[string]string{
		"mail.example": "mail.example:587", "mail.example:": "mail.example:587", "mail.example:2525": "mail.example:2525",
		"mail.example:465": "mail.example:465", "::1": "[::1]:587", "[::1]": "[::1]:587", "[::1]:25": "[::1]:25",
		"192.0.2.1": "192.0.2.1:587",
	} {
		var dialed string
		stop := errors.New("stop here")
		p, err := mail.New(mail.Options{Addr: addr, From: from, DialContext: func(_ context.Context, network, a string) (net.Conn, error) {
			dialed = network + " " + a
			return nil, stop
		}})
		require.NoError(t, err)
		require.ErrorIs(t, p.Deliver(t.Context(), letter()), stop)
		require.Equal(t, "tcp "+want, dialed)
	}
}

// TestPort465 has TLS without being asked.
func TestPort465(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t)
		s.implicit = true
		p := courier(t, s, func(o *mail.Options) { o.Addr, o.DialContext = "mail.example:465", s.dial })
		require.NoError(t, p.Deliver(t.Context(), letter()))
		s.done.Wait()
		require.True(t, s.mails[0].tls)
		require.Equal(t, "TLS", s.steps[0])
	})
}

// TestInsecureLooksWhereItIs: a name for this machine may be another's address.
func TestInsecureLooksWhereItIs(t *testing.T) {
	p, err := mail.New(mail.Options{Addr: "localhost", Insecure: true, From: from, DialContext: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		t.Cleanup(func() { far.Close() })
		return elsewhere{near}, nil
	}})
	require.NoError(t, err)
	require.ErrorContains(t, p.Deliver(t.Context(), letter()), "the host is not this machine")
}

type elsewhere struct{ net.Conn }

func (elsewhere) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 25} }
