package opensrs

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// The accounts of all tests. North has all of alpha.example and its neighbours.
const (
	user  = "north"
	key   = authcode.Secret("north's key 1f8e")
	other = "south"
)

// codes are transfer codes with every character that some encoding changes.
var codes = []authcode.Secret{
	`23)9W*(zHLBCEwg4`, `)*(&<"$'`, `Ž-þ€𝛑`, "]]>&amp;&#13;", "a\rb\r\nc\td", "  blanks  ",
}

// fake is a Provider, a Describer and a Locker that answers as it is told.
type fake struct {
	mu       sync.Mutex
	asked    []string
	value    authcode.Secret // of the last Regenerate
	caps     authcode.Capabilities
	out      map[authcode.Verb]authcode.Outcome
	err      error
	status   authcode.Domain
	panicked bool
}

func newFake() *fake {
	code, sent := authcode.Ability{Outcomes: authcode.KindCode}, authcode.KindSent|authcode.KindPending
	return &fake{
		caps: authcode.Capabilities{
			Retrieve:   code,
			Regenerate: authcode.Ability{Outcomes: authcode.KindCode | authcode.KindPending, NewCode: true, Chosen: true},
			Send:       map[authcode.Recipient]authcode.Ability{authcode.Admin: {Outcomes: sent}},
		},
		out: map[authcode.Verb]authcode.Outcome{
			authcode.Retrieve: authcode.Code{Value: codes[0]},
			authcode.Send:     authcode.Sent{To: []authcode.Recipient{authcode.Admin}},
		},
		status: authcode.Domain{Name: "alpha.example", Locked: authcode.No, Lockable: authcode.Yes},
	}
}

func (p *fake) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return p.caps, nil
}

// HandOver returns what the test wants. A Regenerate for which it wants nothing sets the
// code that is asked for, and Retrieve gives it back.
func (p *fake) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r.String())
	if p.panicked {
		panic("the code is " + codes[0].Reveal())
	}
	if p.err != nil {
		return nil, p.err
	}
	out := p.out[r.Verb]
	if r.Verb == authcode.Regenerate {
		p.value = r.Value
		if out == nil {
			out = authcode.Code{Value: r.Value}
			p.out[authcode.Retrieve] = out
		}
	}
	return out, nil
}

func (p *fake) Describe(context.Context, string) (authcode.Domain, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status, p.err
}

func (p *fake) SetLock(_ context.Context, _ string, locked bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.status.Locked = authcode.TruthOf(locked)
	return nil
}

// record keeps what was logged.
type record struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *record) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(b)
}

func (l *record) slog() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// options are those of a Gateway over a provider.
func options(t testing.TB, p authcode.Provider) gateway.Options {
	accounts, err := gateway.NewAccounts([]gateway.Account{
		{Name: "n", User: user, Secret: key, Domains: []gateway.Holding{
			{Name: "alpha.example"}, {Name: "*.north.example"}, {Name: "xn--bcher-kva.example"}, {Name: "beta.nu"},
		}},
		{Name: "s", User: other, Secret: "south's key", Domains: []gateway.Holding{{Name: "gamma.example"}}},
		{Name: "k", Key: "12345678-without-user"},
	})
	require.NoError(t, err)
	return gateway.Options{Provider: p, Accounts: accounts, NoCodes: []string{"nu"}}
}

func handlerOf(t testing.TB, o gateway.Options, h HandlerOptions) http.Handler {
	g, err := gateway.New(o)
	require.NoError(t, err)
	return NewHandler(g, h)
}

// serve offers a provider over HTTP, and returns the address.
func serve(t testing.TB, p authcode.Provider, h HandlerOptions) string {
	s := httptest.NewServer(handlerOf(t, options(t, p), h))
	t.Cleanup(s.Close)
	return s.URL
}

// clientOf makes a client of the account north.
func clientOf(t testing.TB, base string) *Client {
	return clientWith(t, Options{HTTP: authcode.HTTP{Base: base, Retries: -1}})
}

func clientWith(t testing.TB, o Options) *Client {
	o.Username, o.Key = user, key
	c, err := New(o)
	require.NoError(t, err)
	return c
}

// doc writes a request.
func doc(t testing.TB, action string, attributes ...Item) []byte {
	e := Envelope{Doctype: true, Data: Assoc{
		{"protocol", Text("XCP")},
		{"action", Text(action)},
		{"object", Text("domain")},
		{"attributes", Value{Assoc: append(Assoc{}, attributes...)}},
	}}
	b, err := e.XML()
	require.NoError(t, err)
	return b
}

// post signs a document and has a handler answer it.
func post(h http.Handler, body []byte, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "text/xml")
	r.Header.Set("X-Username", user)
	r.Header.Set("X-Signature", Sign(body, key))
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// answerOf reads an answer that is XCP.
func answerOf(t testing.TB, w *httptest.ResponseRecorder) *Answer {
	require.Equal(t, "text/xml", w.Header().Get("Content-Type"), "%s", w.Body)
	a, err := readAnswer(w.Body.Bytes())
	require.NoError(t, err, "%s", w.Body)
	return a
}

// said is an answer in short.
func said(a *Answer) string { return strings.Join([]string{a.ResponseCode, a.ResponseText}, " ") }
