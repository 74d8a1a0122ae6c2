package mijndomeinreseller_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
)

// The accounts' keys have the documented form.
var (
	key   = authcode.Secret("0123abcd-" + strings.Repeat("k9Yz", 16))
	other = authcode.Secret("4567efgh-" + strings.Repeat("q2Wx", 16))
)

var expires = time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)

// codes are awkward in JSON, shells and HTML.
var codes = []authcode.Secret{"23)9W*(zHLBCEwg4", `)*(&<"$'`, "Ž-þ€𝛑", `\",}`, " a ", "</script>\u2028\x01"}

var either = authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent, NewCode: true}

// fake is a Provider that does as a test says.
type fake struct {
	caps authcode.Capabilities
	do   func(authcode.Request) (authcode.Outcome, error)

	mu  sync.Mutex
	got []authcode.Request
}

func (p *fake) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return p.caps, nil
}

func (p *fake) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	p.mu.Lock()
	p.got = append(p.got, r)
	p.mu.Unlock()
	return p.do(r)
}

// gives is a fake that always has the same to say.
func gives(out authcode.Outcome, err error) *fake {
	return &fake{
		caps: authcode.Capabilities{Regenerate: authcode.Ability{
			Outcomes: authcode.KindCode | authcode.KindSent | authcode.KindPending, NewCode: true,
		}},
		do: func(authcode.Request) (authcode.Outcome, error) { return out, err },
	}
}

// options are of a gateway with two accounts: one with key has alpha.example and all
// below many.example and nocodes, the other one bravo.example.
func options(t testing.TB, p authcode.Provider) gateway.Options {
	accounts, err := gateway.NewAccounts([]gateway.Account{
		{Name: "one", Key: key, Domains: []gateway.Holding{{Name: "alpha.example"}, {Name: "*.many.example"}, {Name: "*.nocodes"}}},
		{Name: "two", Key: other, Domains: []gateway.Holding{{Name: "bravo.example"}}},
	})
	require.NoError(t, err)
	return gateway.Options{Provider: p, Accounts: accounts, NoCodes: []string{"nocodes"}}
}

func handler(t testing.TB, o gateway.Options) http.Handler {
	g, err := gateway.New(o)
	require.NoError(t, err)
	return mijndomeinreseller.NewHandler(g, mijndomeinreseller.HandlerOptions{})
}

// direct is a RoundTripper to a handler without a network.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

// client is a client, with key, of a handler or of any other RoundTripper.
func client(t testing.TB, to http.RoundTripper) *mijndomeinreseller.Client {
	c, err := mijndomeinreseller.New(mijndomeinreseller.Options{
		HTTP: authcode.HTTP{Client: &http.Client{Transport: to}}, Key: key,
	})
	require.NoError(t, err)
	return c
}
