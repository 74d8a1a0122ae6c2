package eppcode_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/secureauthinfo"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A mock is an RFC registry on the wire whose clock stands still, and a Provider of
// reg-north by the same clock.
type mock struct {
	*gtld.Registry
	*eppcode.Provider
	srv  *mockserver.Server
	pool *client.Pool
	log  *lines
	rand seeded

	around func(net.Conn) net.Conn // of each connection
}

func start(t *testing.T, o gtld.Options, p eppcode.Options) *mock {
	t.Helper()
	o.Clock, o.HashIterations = registry.NewClock(noon), 10
	reg, err := gtld.New(o)
	require.NoError(t, err)
	m := &mock{
		Registry: reg, srv: mockserver.StartTest(t, mockserver.Options{Registry: reg}), log: new(lines),
		rand: seeded{r: rand.NewChaCha8([32]byte{1})},
	}
	m.pool = m.connect(t, "reg-north", "north-Gate9")
	m.Provider = m.provider(t, p)
	return m
}

// seeded is randomness that is the same in every run: of codes that are truly random the
// registry finds one in some thousands weak, and gets another.
type seeded struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (s *seeded) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.r.Read(b)
}

// provider makes another Provider of reg-north.
func (m *mock) provider(t *testing.T, p eppcode.Options) *eppcode.Provider {
	t.Helper()
	if p.Doer == nil {
		p.Doer = m.pool
	}
	if p.Rand == nil {
		p.Rand = &m.rand
	}
	p.ClID, p.Now, p.Log = "reg-north", m.Clock.Now, slog.New(slog.NewTextHandler(m.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	made, err := eppcode.New(p)
	require.NoError(t, err)
	return made
}

// connect makes a pool of one session.
func (m *mock) connect(t *testing.T, clID string, pw epp.Secret) *client.Pool {
	t.Helper()
	set, err := epp.NewSchema(domain.Extension(), contact.Extension(), secureauthinfo.Extension())
	require.NoError(t, err)
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema: set, TLS: m.srv.ClientTLS(clID),
			Credentials: &client.Credentials{ClID: clID, PW: pw},
			Log:         slog.New(slog.NewTextHandler(m.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := new(net.Dialer).DialContext(ctx, network, address)
				if m.around != nil && err == nil {
					c = m.around(c)
				}
				return c, err
			},
		},
		Addresses: []string{m.srv.Addr()}, MaxSessions: 1, Depth: 64, FailFast: true,
	})
	require.NoError(t, err)
	t.Cleanup(func() { pool.Close() })
	return pool
}

// received lists the commands that came so far, without those of sessions.
func received(srv *mockserver.Server) []string {
	list := []string{}
	for _, e := range srv.Journal().All(mockserver.Received) {
		if e.Verb != "login" && e.Verb != "logout" {
			list = append(list, epp.PrefixOf(e.Name.Space)+":"+e.Name.Local)
		}
	}
	return list
}

// asks reports whether the registry takes a code for the domain's: whoever is not its
// sponsor sees all with it, and gets 2202 without (RFC 9154, section 5.3).
func (m *mock) asks(t *testing.T, name string, code authcode.Secret) epp.Code {
	t.Helper()
	south := m.connect(t, "reg-south", "south-Gate9")
	defer south.Close()
	_, err := client.Do(t.Context(), south, &domain.Info{Name: name, AuthInfo: &epp.AuthInfo{PW: code}})
	if err == nil {
		return epp.Success
	}
	var refused *epp.ResultError
	require.ErrorAs(t, err, &refused)
	return refused.Code()
}

func retrieve(name string) authcode.Request {
	return authcode.Request{Domain: name, Verb: authcode.Retrieve}
}

func regenerate(name string) authcode.Request {
	return authcode.Request{Domain: name, Verb: authcode.Regenerate}
}

func send(name string, to authcode.Recipient) authcode.Request {
	return authcode.Request{Domain: name, Verb: authcode.Send, To: to}
}

// code requires that the outcome is a code.
func code(t *testing.T, out authcode.Outcome, err error) authcode.Code {
	t.Helper()
	require.NoError(t, err)
	require.IsType(t, authcode.Code{}, out)
	return out.(authcode.Code)
}

// refused requires that the outcome is a refusal of a class, with a code or "".
func refused(t *testing.T, class authcode.Class, resultCode string, out authcode.Outcome, err error) authcode.Refused {
	t.Helper()
	require.NoError(t, err)
	require.IsType(t, authcode.Refused{}, out)
	no := out.(authcode.Refused)
	require.Equal(t, class, no.Class, "%v", no)
	require.Equal(t, resultCode, no.Code, "%v", no)
	require.NotEmpty(t, no.Text)
	return no
}

// lines is what was logged.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// A script answers commands, one function for each; a command more is an error of
// the test.
type script struct {
	t     *testing.T
	mu    sync.Mutex
	steps []func(*epp.Command) (*epp.Response, error)
	got   []string
}

func (s *script) Exchange(_ context.Context, cmd *epp.Command) (*epp.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := cmd.Request.XMLName()
	s.got = append(s.got, epp.PrefixOf(name.Space)+":"+name.Local)
	if len(s.steps) == 0 {
		s.t.Errorf("the script has no answer to %s", s.got[len(s.got)-1])
		return nil, fmt.Errorf("no answer")
	}
	do := s.steps[0]
	s.steps = s.steps[1:]
	return do(cmd)
}

// sent is what came so far.
func (s *script) sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

func respond(c epp.Code, data ...epp.Element) func(*epp.Command) (*epp.Response, error) {
	return func(*epp.Command) (*epp.Response, error) {
		return &epp.Response{
			Results: []epp.Result{{Code: c, Msg: epp.Text{Text: c.Text()}}},
			ResData: data, TrID: epp.TrID{SvTRID: "SV-1"},
		}, nil
	}
}

// cut is what a session says of a command that it could not bring to an end.
func cut(fate client.Fate) func(*epp.Command) (*epp.Response, error) {
	return func(*epp.Command) (*epp.Response, error) {
		return nil, &client.Error{Op: "some:command", Fate: fate, Err: fmt.Errorf("the server closed the connection")}
	}
}

func infData(status ...string) *domain.InfData {
	d := &domain.InfData{Name: "alpha.example", ROID: "D1-MOCK", ClID: "reg-north", Registrant: "jr-1"}
	for _, s := range status {
		d.Status = append(d.Status, epp.Status{S: s})
	}
	return d
}

// scripted makes a Provider over a script.
func scripted(t *testing.T, o eppcode.Options, steps ...func(*epp.Command) (*epp.Response, error)) (*eppcode.Provider, *script) {
	t.Helper()
	s := &script{t: t, steps: steps}
	o.Doer, o.ClID = s, "reg-north"
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	p, err := eppcode.New(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.Empty(t, s.steps, "commands that were not sent") })
	return p, s
}
