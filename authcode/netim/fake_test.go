package netim_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/netim"
)

// The accounts and the domains of the tests.
const (
	secretBirch = "birch-secret-7#q"
	secretAlder = "alder-secret-8%w"
	tokenBirch  = "5f0c1e2d3b4a59687786950a1b2c3d4e"
	tokenAlder  = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

var (
	readable = authcode.Ability{Outcomes: authcode.KindCode}
	renewing = authcode.Ability{Outcomes: authcode.KindCode, NewCode: true}
	mails    = authcode.Ability{Outcomes: authcode.KindSent}
	mayWait  = authcode.Ability{Outcomes: authcode.KindSent | authcode.KindPending, NewCode: true}
	noon     = time.Date(2031, time.May, 6, 12, 0, 0, 0, time.UTC)
)

// full are capabilities to read, make and send codes.
func full() authcode.Capabilities {
	return authcode.Capabilities{
		Retrieve: readable, Regenerate: renewing,
		Send: map[authcode.Recipient]authcode.Ability{authcode.Registrant: mails, authcode.Reseller: mails},
	}
}

// A fake is a provider with a memory, unless script answers in its place.
type fake struct {
	caps   authcode.Capabilities
	script func(authcode.Request) (authcode.Outcome, error)

	mu      sync.Mutex
	asked   []string // requests, locks and operations, in order
	code    map[string]authcode.Secret
	domain  authcode.Domain
	lockErr error
	infoErr error
	capsErr error
	op      authcode.Outcome
	opErr   error
	made    int
}

func newFake() *fake {
	return &fake{
		caps: full(), code: map[string]authcode.Secret{"birch.example": "old-Code-1"},
		domain: authcode.Domain{
			Locked: authcode.No,
			Status: []string{"ACTIVE, DELEGATED"}, Registrant: "BR11", Admin: []string{"BR12"},
			Tech: []string{"BR13"}, Billing: []string{"BR14"}, NS: []string{"ns1.birch.example", "ns2.birch.example"},
			Created: time.Date(2020, 2, 3, 0, 0, 0, 0, time.UTC), Expires: time.Date(2032, 2, 3, 0, 0, 0, 0, time.UTC),
		},
	}
}

func (p *fake) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, fmt.Sprintf(format, args...))
}

// took returns what was asked since the last time.
func (p *fake) took() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.asked
	p.asked = nil
	return list
}

func (p *fake) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return p.caps, p.capsErr
}

func (p *fake) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	p.note("%s", r)
	if p.script != nil {
		return p.script(r)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Verb == authcode.Regenerate || r.Fresh {
		p.made++
		p.code[r.Domain] = authcode.Secret(fmt.Sprintf("new-Code-%d", p.made))
	}
	if r.Verb == authcode.Send {
		return authcode.Sent{To: []authcode.Recipient{r.To}}, nil
	}
	if p.code[r.Domain] == "" {
		return authcode.Refused{Class: authcode.Unset}, nil
	}
	return authcode.Code{Value: p.code[r.Domain]}, nil
}

func (p *fake) Describe(_ context.Context, domain string) (authcode.Domain, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.domain
	d.Name = domain
	return d, p.infoErr
}

func (p *fake) SetLock(_ context.Context, domain string, locked bool) error {
	p.note("lock %s %t", domain, locked)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lockErr == nil {
		p.domain.Locked = authcode.TruthOf(locked)
	}
	return p.lockErr
}

func (p *fake) Operation(_ context.Context, domain, operation string) (authcode.Outcome, error) {
	p.note("operation %s %s", domain, operation)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.op, p.opErr
}

// accounts are of two resellers.
func accounts(t testing.TB, more ...gateway.Account) gateway.Store {
	list, err := gateway.NewAccounts(append([]gateway.Account{
		{
			Name: "birch", User: "BIRCH", Secret: secretBirch, Tokens: []authcode.Secret{tokenBirch},
			Mail:    []authcode.Address{{Email: "desk@birch.example"}},
			Domains: []gateway.Holding{{Name: "birch.example"}, {Name: "bříza.example"}},
		},
		{
			Name: "alder", User: "ALDER", Secret: secretAlder, Tokens: []authcode.Secret{tokenAlder},
			Domains: []gateway.Holding{{Name: "alder.example"}},
		},
	}, more...))
	require.NoError(t, err)
	return list
}

// serve is a handler over a provider, at an address.
func serve(t testing.TB, p authcode.Provider, g gateway.Options, o netim.HandlerOptions) *httptest.Server {
	g.Provider = p
	if g.Accounts == nil {
		g.Accounts = accounts(t)
	}
	if g.Now == nil {
		g.Now = func() time.Time { return noon }
	}
	gw, err := gateway.New(g)
	require.NoError(t, err)
	srv := httptest.NewServer(netim.NewHandler(gw, o))
	t.Cleanup(srv.Close)
	return srv
}

// dial is a client of a server.
func dial(t testing.TB, url string, version netim.Version, change ...func(*netim.Options)) *netim.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	o := netim.Options{
		HTTP: authcode.HTTP{
			Base: url + "/" + string(version), Client: &http.Client{Transport: transport},
			Timeout: 20 * time.Second, Backoff: time.Nanosecond,
		},
		Version: version, ID: "BIRCH", Secret: secretBirch,
	}
	for _, f := range change {
		f(&o)
	}
	c, err := netim.New(o)
	require.NoError(t, err)
	return c
}

// request sends one, with a token unless it is "".
func request(t testing.TB, method, url, token, body string) (*http.Response, string) {
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(b)
}

// logged is a log, and what it holds.
func logged() (*slog.Logger, *bytes.Buffer) {
	b := new(bytes.Buffer)
	return slog.New(slog.NewTextHandler(&locked{w: b}, &slog.HandlerOptions{Level: slog.LevelDebug})), b
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
