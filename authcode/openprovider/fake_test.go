package openprovider_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

const (
	name  = "alpha.example"
	id    = 4711
	token = "t0ken-of-the-first-account"
	pass  = "pass-of-the-first-account"
)

// either is what asking for a code may come to.
const either = authcode.KindCode | authcode.KindSent

// scripted is a Provider that answers as it is told, and nothing else.
type scripted struct {
	caps authcode.Capabilities
	out  func(authcode.Request) (authcode.Outcome, error)

	mu    sync.Mutex
	calls []authcode.Request
}

func (p *scripted) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return p.caps, nil
}

func (p *scripted) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	p.mu.Lock()
	p.calls = append(p.calls, r)
	p.mu.Unlock()
	return p.out(r)
}

// asked are the requests so far, as texts.
func (p *scripted) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for _, r := range p.calls {
		list = append(list, r.String())
	}
	return list
}

// telling is a scripted Provider that is a Describer and a Locker too.
type telling struct {
	*scripted
	domain      authcode.Domain
	err         error
	locked      []bool
	describedAt []string
}

func (p *telling) Describe(_ context.Context, domain string) (authcode.Domain, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.describedAt = append(p.describedAt, domain)
	return p.domain, p.err
}

func (p *telling) SetLock(_ context.Context, _ string, locked bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.locked = append(p.locked, locked)
	return p.err
}

// everything can be asked for.
func everything() authcode.Capabilities {
	able := authcode.Ability{Outcomes: either}
	return authcode.Capabilities{
		Retrieve: able, Regenerate: authcode.Ability{Outcomes: either, NewCode: true},
		Send:     map[authcode.Recipient]authcode.Ability{authcode.Registrant: able},
		Internal: true,
	}
}

// answers makes a Provider that can do everything and always has the same outcome.
func answers(out authcode.Outcome) *scripted {
	return &scripted{caps: everything(), out: func(authcode.Request) (authcode.Outcome, error) { return out, nil }}
}

func fails(err error) *scripted {
	return &scripted{caps: everything(), out: func(authcode.Request) (authcode.Outcome, error) { return nil, err }}
}

// shows makes a Provider that shows a code, without side effects.
func shows(code string) *scripted {
	return &scripted{
		caps: authcode.Capabilities{
			Retrieve: authcode.Ability{Outcomes: authcode.KindCode}, Internal: true,
			Regenerate: authcode.Ability{Outcomes: authcode.KindCode, NewCode: true},
		},
		out: func(r authcode.Request) (authcode.Outcome, error) {
			return authcode.Code{Value: authcode.Secret(code), Scope: r.Scope.OrExternal()}, nil
		},
	}
}

// serve offers a Provider to two accounts. The first has the domain alpha.example and
// all below many.example, the second beta.example.
func serve(t *testing.T, p authcode.Provider, o openprovider.HandlerOptions, with ...func(*gateway.Options)) *httptest.Server {
	t.Helper()
	accounts, err := gateway.NewAccounts([]gateway.Account{
		{
			Name: "first", User: "first", Secret: pass, Tokens: []authcode.Secret{token},
			Domains: []gateway.Holding{
				{Name: name, ID: id},
				{Name: "*.many.example"},
				{Name: "žluť.example", ID: 4712},
				{Name: "delta.none.example", ID: 4713},
			},
		},
		{
			Name: "second", User: "second", Secret: "pass-of-the-second", Tokens: []authcode.Secret{"t0ken-of-the-second"},
			Domains: []gateway.Holding{{Name: "beta.example", ID: 99}},
		},
	})
	require.NoError(t, err)
	opts := gateway.Options{Provider: p, Accounts: accounts, NoCodes: []string{"none.example"}, MaxBody: 4 << 10}
	for _, f := range with {
		f(&opts)
	}
	g, err := gateway.New(opts)
	require.NoError(t, err)
	srv := httptest.NewServer(openprovider.NewHandler(g, o))
	t.Cleanup(srv.Close)
	return srv
}

// dial makes a client with a token.
func dial(t *testing.T, base string, with ...func(*openprovider.Options)) *openprovider.Client {
	t.Helper()
	o := openprovider.Options{
		HTTP:  authcode.HTTP{Base: base, Client: &http.Client{Transport: &http.Transport{}}, Backoff: time.Millisecond},
		Token: token,
	}
	for _, f := range with {
		f(&o)
	}
	c, err := openprovider.New(o)
	require.NoError(t, err)
	t.Cleanup(func() {
		if o.Client != nil {
			o.Client.CloseIdleConnections()
		}
	})
	return c
}

// byPassword has a client log in.
func byPassword(o *openprovider.Options) { o.Token, o.Username, o.Password = "", "first", pass }

func request(verb authcode.Verb, scope authcode.Scope) authcode.Request {
	r := authcode.Request{Domain: name, Verb: verb, Scope: scope}
	if verb == authcode.Send {
		r.To = authcode.Registrant
	}
	return r
}
