package authcode_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mail"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
	"github.com/eppkit/eppkit/authcode/netim"
	"github.com/eppkit/eppkit/authcode/openprovider"
	"github.com/eppkit/eppkit/authcode/opensrs"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	fredmock "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// This file puts every interface over every system, by twos: a client, its handler,
// and behind that a provider, which is a second client with its handler and a world
// behind it, or EPP with a mock registry. Whatever the near end reports has to be what
// happened at the far end.

// An end is the far end: where it can be seen what really happened.
type end interface {
	// domain is a domain there.
	domain() string
	// valid reports whether a code works now.
	valid(t *testing.T, code authcode.Secret) bool
	// untouched reports whether the first code still stands and nothing was sent
	// or begun; replaced, whether the first code is gone.
	untouched(t *testing.T) bool
	replaced(t *testing.T) bool
	// sent are those to whom the code went last; nil for nobody.
	sent(t *testing.T) []authcode.Recipient
	// queued reports whether something is pending.
	queued() bool
}

// A mode is how a world behaves.
type mode struct {
	name   string
	class  authcode.Class // what it refuses with; "" where it does not
	err    error
	caps   authcode.Capabilities
	answer func(w *world, r authcode.Request) authcode.Outcome
}

// world is a system with one domain. It does what its mode says.
type world struct {
	mode
	mu      sync.Mutex
	code    authcode.Secret
	made    int
	to      []authcode.Recipient
	pending bool
}

// worldCodes are those that a world makes, one after the other.
var worldCodes = []authcode.Secret{"23)9W*(zHLBCEwg4", `)*(&<"$'`, `Ž-þ€𝛑 \u0041`, "plain-Code-1"}

var everybody = func(a authcode.Ability) map[authcode.Recipient]authcode.Ability {
	return map[authcode.Recipient]authcode.Ability{authcode.Registrant: a, authcode.Reseller: a, authcode.Admin: a}
}

var worldEnd = time.Date(2031, 8, 27, 13, 0, 0, 0, time.UTC)

func (w *world) regenerate() authcode.Secret {
	w.code = worldCodes[w.made%len(worldCodes)]
	w.made++
	return w.code
}

// Most modes answer every verb alike.
var (
	shows = mode{
		name: "shows",
		caps: authcode.Capabilities{
			Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
			Regenerate: authcode.Ability{Outcomes: authcode.KindCode, NewCode: true, Chosen: true},
			Send:       everybody(authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}),
			Internal:   true,
		},
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			switch {
			case r.Verb == authcode.Send:
				w.regenerate()
				w.to = []authcode.Recipient{r.To}
				return authcode.Sent{To: w.to, Addresses: []string{"h*****@l*****.*"}}
			case r.Value != "":
				w.made++
				w.code = r.Value
			case r.Verb == authcode.Regenerate:
				w.regenerate()
			}
			return authcode.Code{Value: w.code, Expires: worldEnd, Scope: r.Scope.OrExternal()}
		},
	}
	mails = mode{
		name: "mails",
		caps: authcode.Capabilities{
			Regenerate: authcode.Ability{Outcomes: authcode.KindSent, NewCode: true},
			Send:       everybody(authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}),
		},
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			w.regenerate()
			w.to = []authcode.Recipient{authcode.Registrant}
			if r.Verb == authcode.Send {
				w.to = []authcode.Recipient{r.To}
			}
			return authcode.Sent{To: w.to}
		},
	}
	queues = mode{
		name: "queues",
		caps: authcode.Capabilities{
			Regenerate: authcode.Ability{Outcomes: authcode.KindPending, NewCode: true},
			Send:       everybody(authcode.Ability{Outcomes: authcode.KindPending, NewCode: true}),
		},
		answer: func(w *world, _ authcode.Request) authcode.Outcome {
			w.pending = true
			return authcode.Pending{Operation: "4711", Text: "later"}
		},
	}
	inPart = mode{
		name: "sends to some",
		caps: fails,
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			if r.Verb == authcode.Retrieve {
				return authcode.Code{Value: w.code}
			}
			w.regenerate()
			w.to = []authcode.Recipient{cmp.Or(r.To, authcode.Registrant)}
			return authcode.Refused{Class: authcode.Undeliverable, Delivered: []string{"h*****@l*****.*"}, Replaced: true}
		},
	}
	inVain = mode{
		name: "sends to nobody",
		caps: fails,
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			if r.Verb == authcode.Retrieve {
				return authcode.Code{Value: w.code}
			}
			w.regenerate()
			return authcode.Refused{Class: authcode.Undeliverable, Replaced: true}
		},
	}
	lost = mode{name: "lost", caps: shows.caps, err: &authcode.Error{System: "world", Op: "do", Unknown: true, Err: errors.New("cut off")}}
	down = mode{name: "down", caps: shows.caps, err: &authcode.Error{System: "world", Op: "do", Err: errors.New("not there")}}
)

// fails is what a world can do whose mail does not arrive.
var fails = authcode.Capabilities{
	Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
	Regenerate: authcode.Ability{Outcomes: authcode.KindSent, NewCode: true},
	Send:       everybody(authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}),
}

func refuses(c authcode.Class) mode {
	return mode{name: "refuses: " + string(c), class: c, caps: shows.caps}
}

// modes are all of them.
func modes() []mode {
	list := []mode{shows, mails, queues, inPart, inVain, lost, down}
	for _, c := range authcode.Classes {
		list = append(list, refuses(c))
	}
	return list
}

func newWorld(m mode) *world { return &world{mode: m, code: "First-Code-0"} }

func (w *world) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return w.caps, nil
}

func (w *world) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if no, refused := w.caps.Refuse(r); refused {
		return no, nil
	}
	if w.class != "" {
		return authcode.Refused{Class: w.class, Code: "W1", Text: "the world says no"}, nil
	}
	if w.err != nil {
		return nil, w.err
	}
	return w.answer(w, r), nil
}

func (w *world) Describe(context.Context, string) (authcode.Domain, error) {
	return authcode.Domain{Name: "alpha.example", Locked: authcode.No, Lockable: authcode.Yes}, nil
}

func (w *world) domain() string { return "alpha.example" }

func (w *world) valid(_ *testing.T, code authcode.Secret) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code == code
}

func (w *world) untouched(*testing.T) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code == "First-Code-0" && w.to == nil && !w.pending
}

func (w *world) replaced(*testing.T) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code != "First-Code-0"
}

func (w *world) sent(*testing.T) []authcode.Recipient {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to
}

func (w *world) queued() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending
}

// A hop is an interface: its client and its handler.
type hop struct {
	name    string
	handler func(*gateway.Gateway) http.Handler
	client  func(authcode.HTTP) (authcode.Provider, error)
}

const (
	hopUser   = "hana"
	hopSecret = "lipa-Kvet-77"
	hopKey    = "HANA1234-1234567890123456789012345678901234567890123456789012345678901234"
)

var hops = []hop{
	{
		"netim 1.0",
		func(g *gateway.Gateway) http.Handler { return netim.NewHandler(g, netim.HandlerOptions{}) },
		func(h authcode.HTTP) (authcode.Provider, error) {
			h.Base += "/1.0/"
			return netim.New(netim.Options{HTTP: h, ID: hopUser, Secret: hopSecret})
		},
	},
	{
		"netim 3.0",
		func(g *gateway.Gateway) http.Handler { return netim.NewHandler(g, netim.HandlerOptions{}) },
		func(h authcode.HTTP) (authcode.Provider, error) {
			h.Base += "/3.0/"
			return netim.New(netim.Options{HTTP: h, Version: netim.V3, ID: hopUser, Secret: hopSecret})
		},
	},
	{
		"mijndomeinreseller",
		func(g *gateway.Gateway) http.Handler {
			return mijndomeinreseller.NewHandler(g, mijndomeinreseller.HandlerOptions{})
		},
		func(h authcode.HTTP) (authcode.Provider, error) {
			return mijndomeinreseller.New(mijndomeinreseller.Options{HTTP: h, Key: hopKey})
		},
	},
	{
		"openprovider",
		func(g *gateway.Gateway) http.Handler {
			return openprovider.NewHandler(g, openprovider.HandlerOptions{})
		},
		func(h authcode.HTTP) (authcode.Provider, error) {
			h.Base += "/v1beta"
			return openprovider.New(openprovider.Options{HTTP: h, Username: hopUser, Password: hopSecret})
		},
	},
	{
		"opensrs",
		func(g *gateway.Gateway) http.Handler { return opensrs.NewHandler(g, opensrs.HandlerOptions{}) },
		func(h authcode.HTTP) (authcode.Provider, error) {
			return opensrs.New(opensrs.Options{HTTP: h, Username: hopUser, Key: hopSecret})
		},
	},
}

// over is the hop's client, whose handler stands on a provider.
func (h *hop) over(t *testing.T, p authcode.Provider, watch func(http.Handler) http.Handler) authcode.Provider {
	accounts, err := gateway.NewAccounts([]gateway.Account{{
		Name: "hana", User: hopUser, Secret: hopSecret, Key: hopKey,
		Mail:    []authcode.Address{{Email: "hana@lipa.example"}},
		Domains: []gateway.Holding{{Name: "*"}, {Name: "alpha.example"}, {Name: "mydomain.cz"}},
	}})
	require.NoError(t, err)
	g, err := gateway.New(gateway.Options{Provider: p, Accounts: accounts})
	require.NoError(t, err)
	handler := h.handler(g)
	if watch != nil {
		handler = watch(handler)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	c, err := h.client(authcode.HTTP{Base: srv.URL, Client: srv.Client(), Retries: -1})
	require.NoError(t, err)
	return c
}

// registryEnd is EPP with a mock registry.
type registryEnd struct {
	authcode.Provider
	name   string
	outbox *mail.Outbox
	first  authcode.Secret
	check  func(t *testing.T, code authcode.Secret) bool
	mails  func() int
	to     []authcode.Recipient // where a FRED sends to
}

func (e *registryEnd) domain() string                                { return e.name }
func (e *registryEnd) valid(t *testing.T, code authcode.Secret) bool { return e.check(t, code) }
func (e *registryEnd) queued() bool                                  { return false }

func (e *registryEnd) untouched(t *testing.T) bool {
	return e.mails() == 0 && (e.first == "" || e.check(t, e.first))
}

func (e *registryEnd) replaced(t *testing.T) bool { return e.first != "" && !e.check(t, e.first) }

func (e *registryEnd) sent(*testing.T) []authcode.Recipient {
	if e.mails() == 0 {
		return nil
	}
	if k, ok := e.outbox.Last(); ok {
		return []authcode.Recipient{k.Role}
	}
	return e.to
}

func dial(t *testing.T, addr string, tc *tls.Config, clID string, pw epp.Secret, exts ...epp.Extension) *client.Session {
	schema, err := epp.NewSchema(exts...)
	require.NoError(t, err)
	s, err := client.Dial(t.Context(), addr, client.Options{
		Schema: schema, TLS: tc, Credentials: &client.Credentials{ClID: clID, PW: pw},
	})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// newRFCEnd is a registry by the RFCs, with mail from eppkit.
func newRFCEnd(t *testing.T) *registryEnd {
	e := newRegistryEnd(t, gtld.Options{}, eppcode.Options{})
	e.Provider = &authcode.Mailing{Provider: e.Provider, Courier: e.outbox}
	return e
}

// newSecureEnd is a registry by RFC 9154, which shows no codes, with mail or without.
// That it shows none the provider is told, or finds out.
func newSecureEnd(t *testing.T, hidden, mailed bool) *registryEnd {
	e := newRegistryEnd(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{Hidden: hidden})
	if mailed {
		e.Provider = &authcode.Mailing{Provider: e.Provider, Courier: e.outbox}
	}
	return e
}

// newReticentEnd is one that does not even show that a code is set.
func newReticentEnd(t *testing.T) *registryEnd {
	return newRegistryEnd(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{}, func(d client.Doer) client.Doer { return reticent{d} })
}

type reticent struct{ client.Doer }

func (d reticent) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := d.Doer.Exchange(ctx, cmd)
	if err == nil {
		for _, e := range r.ResData {
			if inf, ok := e.(*domain.InfData); ok {
				inf.AuthInfo = nil
			}
		}
	}
	return r, err
}

// newRegistryEnd is a registry by the RFCs, without mail.
func newRegistryEnd(t *testing.T, ro gtld.Options, po eppcode.Options, through ...func(client.Doer) client.Doer) *registryEnd {
	reg, err := gtld.New(ro)
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	ours := dial(t, srv.Addr(), srv.ClientTLS("reg-north"), "reg-north", "north-Gate9", domain.Extension(), contact.Extension())
	theirs := dial(t, srv.Addr(), srv.ClientTLS("reg-south"), "reg-south", "south-Gate9", domain.Extension(), contact.Extension())
	po.Doer, po.ClID = ours, "reg-north"
	for _, f := range through {
		po.Doer = f(po.Doer)
	}
	p, err := eppcode.New(po)
	require.NoError(t, err)
	e := &registryEnd{Provider: p, name: "alpha.example", outbox: new(mail.Outbox), first: "alpha-Secret7"}
	e.mails = func() int { return len(e.outbox.All()) }
	e.check = func(t *testing.T, code authcode.Secret) bool {
		_, err := client.Do(t.Context(), theirs, &domain.Info{Name: "alpha.example", AuthInfo: &epp.AuthInfo{PW: code}})
		return err == nil
	}
	return e
}

// newFREDEnd is a FRED, which mails by itself.
func newFREDEnd(t *testing.T) *registryEnd {
	reg, err := fredmock.New(fredmock.Options{PartiallyDiscloseContactEmails: true})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	s := dial(t, srv.Addr(), srv.ClientTLS("REG-MORAVA"), "REG-MORAVA", "vinice-Sklep73", fred.Extensions()...)
	p, err := eppcode.New(eppcode.Options{Doer: s, ClID: "REG-MORAVA", Kind: eppcode.FRED})
	require.NoError(t, err)
	return &registryEnd{
		Provider: p, name: "mydomain.cz", outbox: new(mail.Outbox),
		to:    []authcode.Recipient{authcode.Registrant, authcode.Admin},
		mails: func() int { return len(reg.Outbox.All()) },
		check: func(t *testing.T, code authcode.Secret) bool { return false },
	}
}

// requests are all that can be asked for.
func requests(name string) []authcode.Request {
	list := []authcode.Request{
		{Domain: name, Verb: authcode.Retrieve},
		{Domain: name, Verb: authcode.Regenerate},
	}
	for _, to := range authcode.Recipients {
		list = append(list, authcode.Request{
			Domain: name, Verb: authcode.Send, To: to, Reseller: []authcode.Address{{Email: "hana@lipa.example"}},
		})
	}
	return list
}

// far makes a provider and the end behind it, fresh for each request.
type far struct {
	name string
	make func(t *testing.T) (authcode.Provider, end)
}

func fars() []far {
	var list []far
	for _, m := range modes() {
		for i := range hops {
			list = append(list, far{hops[i].name + " that " + m.name, func(t *testing.T) (authcode.Provider, end) {
				w := newWorld(m)
				return hops[i].over(t, w, nil), w
			}})
		}
		list = append(list, far{"a world that " + m.name, func(*testing.T) (authcode.Provider, end) {
			w := newWorld(m)
			return w, w
		}})
	}
	return append(list,
		far{"netim 1.0, where resellers get mail, that mails", func(t *testing.T) (authcode.Provider, end) {
			w, h := newWorld(mails), hops[0]
			h.client = func(at authcode.HTTP) (authcode.Provider, error) {
				at.Base += "/1.0/"
				return netim.New(netim.Options{HTTP: at, ID: hopUser, Secret: hopSecret, Mailed: true})
			}
			return h.over(t, w, nil), w
		}},
		far{"EPP by the RFCs", func(t *testing.T) (authcode.Provider, end) { e := newRFCEnd(t); return e, e }},
		far{"EPP by the RFCs whose mail fails", func(t *testing.T) (authcode.Provider, end) {
			e := newRFCEnd(t)
			e.outbox.Fail = func(authcode.Letter) error { return errors.New("no such letter box") }
			return e, e
		}},
		far{"EPP by RFC 9154", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, false, false); return e.Provider, e }},
		far{"EPP by RFC 9154, with mail", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, false, true); return e.Provider, e }},
		far{"EPP by RFC 9154, as it was told", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, true, false); return e.Provider, e }},
		far{"EPP with a registry that tells nothing of codes", func(t *testing.T) (authcode.Provider, end) { e := newReticentEnd(t); return e.Provider, e }},
		far{"EPP by RFC 9154, as it was told, with mail", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, true, true); return e.Provider, e }},
		far{"EPP with FRED", func(t *testing.T) (authcode.Provider, end) { e := newFREDEnd(t); return e, e }},
	)
}

// truth holds what the near end reports to what happened at the far end.
func truth(t *testing.T, p authcode.Provider, e end, out authcode.Outcome, err error) {
	t.Helper()
	if err != nil {
		require.Nil(t, out)
		if !authcode.OutcomeUnknown(err) {
			require.True(t, e.untouched(t), "it says that nothing was done: %v", err)
		}
		return
	}
	switch out := out.(type) {
	case authcode.Code:
		require.True(t, e.valid(t, out.Value), "the code does not work")
		for _, to := range e.sent(t) {
			require.Equal(t, authcode.Reseller, to, "it went to somebody other than who asks")
		}
		require.False(t, e.queued())
	case authcode.Sent:
		if slices.Equal(out.To, []authcode.Recipient{authcode.Reseller}) && e.sent(t) == nil {
			// Netim sends to the reseller what the reseller can read.
			code, err := p.HandOver(t.Context(), authcode.Request{Domain: e.domain(), Verb: authcode.Retrieve})
			require.NoError(t, err)
			require.IsType(t, authcode.Code{}, code, "nobody got it")
			require.True(t, e.valid(t, code.(authcode.Code).Value))
			return
		}
		require.NotNil(t, e.sent(t), "nothing was sent")
		for _, to := range out.To {
			require.Contains(t, e.sent(t), to)
		}
	case authcode.Pending:
		require.True(t, e.queued())
	case authcode.Refused:
		if !out.Partial() {
			require.True(t, e.untouched(t), "it says that nobody got anything: %s", out)
			return
		}
		require.Equal(t, len(out.Delivered) > 0, e.sent(t) != nil, "it was sent to somebody or not: %s", out)
		require.Equal(t, out.Replaced, e.replaced(t), "the code before works or not: %s", out)
		require.False(t, e.queued())
	default:
		require.Fail(t, "no outcome", "%T", out)
	}
}

const inPartText = ", in part"

// kind is an outcome in one word, with the class of a refusal.
func kind(out authcode.Outcome, err error) string {
	switch {
	case authcode.OutcomeUnknown(err):
		return "unknown"
	case err != nil:
		return "not there"
	}
	if no, refused := out.(authcode.Refused); refused && no.Partial() {
		return string(no.Class) + inPartText
	} else if refused {
		return string(no.Class)
	}
	return out.Kind().String()
}

// A pair is a request through a hop to a far end.
type pair struct {
	hop   string
	r     authcode.Request
	near  authcode.Capabilities // of the hop's client
	far   authcode.Capabilities // of what is behind its handler
	alone map[string]string     // what that says without the hop, by the request
}

func (x *pair) was() string { return x.alone[what(x.r)] }

// unreadable reports whether a code can't be read without side effects, or turned out not
// to be shown.
func (x *pair) unreadable() bool {
	return !silent(x.far.Retrieve) || x.alone["retrieve "] == string(authcode.Unset)
}

// what is a request without its domain.
func what(r authcode.Request) string { return string(r.Verb) + " " + string(r.To) }

// A loss is why a near end can't report the outcome that the far end would have had, and
// what it reports in its place.
type loss struct {
	why string
	is  func(x *pair) []string // nil where it does not apply
}

// when makes a loss of hops whose name begins so.
func when(hop, why string, is func(x *pair) []string) loss {
	return loss{hop + ": " + why, func(x *pair) []string {
		if !strings.HasPrefix(x.hop, hop) {
			return nil
		}
		return is(x)
	}}
}

// classes is a loss of classes that have no words of their own.
func classes(hop, why string, read map[authcode.Class]authcode.Class) loss {
	return when(hop, why, func(x *pair) []string {
		if is, ok := read[authcode.Class(x.was())]; ok {
			return []string{string(is)}
		}
		return nil
	})
}

// as is a loss of a request that the interface takes for others.
func as(hop, why, request string, others ...string) loss {
	return when(hop, why, func(x *pair) []string {
		if what(x.r) != request {
			return nil
		}
		var is []string
		for _, o := range others {
			if is = append(is, x.alone[o]); x.alone[o] == "not there" {
				is = append(is, string(authcode.Unavailable)) // as above
			}
		}
		return is
	})
}

func cant(refused bool, is ...string) []string {
	if refused {
		return is
	}
	return nil
}

func silent(a authcode.Ability) bool { return a.Any() && !a.SideEffects() }

// losses are all there are. Each is needed by some pair.
var losses = []loss{
	{"the interface has no such request", func(x *pair) []string {
		return cant(!x.near.For(x.r).Any(), string(authcode.Unsupported))
	}},
	{"that the upstream does not know the gateway is not the client's fault", func(x *pair) []string {
		return cant(x.was() == string(authcode.Unauthorized), string(authcode.Unavailable))
	}},
	{"a handler whose upstream is not there says that it is out of service", func(x *pair) []string {
		return cant(x.was() == "not there", string(authcode.Unavailable))
	}},
	{"reading changes nothing, so that a reading that was lost is none", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Retrieve && x.was() == "unknown", "not there", string(authcode.Unavailable))
	}},
	{"what was to be sent might be shown in place of that, which the interface has no words for", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Send && x.far.For(x.r).Outcomes&authcode.KindCode != 0, string(authcode.Unsupported))
	}},
	{"Mijndomeinreseller alone has words for what was done before a refusal", func(x *pair) []string {
		return cant(strings.HasSuffix(x.was(), inPartText) && x.hop != "mijndomeinreseller", "unknown")
	}},
	{"to read must not mail", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Retrieve && x.far.Retrieve.SideEffects(), string(authcode.Unset), string(authcode.Unsupported))
	}},
	classes("netim", "classes share an HTTP status", map[authcode.Class]authcode.Class{
		authcode.Denied: authcode.NotYours, authcode.Undeliverable: authcode.Failed,
		authcode.Unset: authcode.Busy, authcode.NoCodes: authcode.Unsupported,
	}),
	when("netim", "domain info has an empty authID where there is nothing to read", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Retrieve && (!x.far.Retrieve.Any() || x.was() == "unsupported" || x.was() == "no codes"), "unset")
	}),
	when("netim", "a new code that can't be read again is shown to nobody", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && x.unreadable(), string(authcode.Unsupported))
	}),
	when("netim", "that a registry shows no codes may be found out only after one was made", func(x *pair) []string {
		reads := x.r.Verb == authcode.Regenerate || what(x.r) == "send reseller"
		return cant(reads && x.alone["regenerate "] == "code" && silent(x.far.Retrieve) && x.unreadable(), "unknown")
	}),
	when("netim 1.0", "a new code that is not shown may have gone to the reseller", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && x.unreadable(), "unknown")
	}),
	when("netim 3.0", "to nobody means that it is not sent", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && x.far.Regenerate.Outcomes&authcode.KindSent != 0, string(authcode.Unsupported))
	}),
	as("netim 1.0", "a new code goes to the reseller", "regenerate ", "send reseller"),
	as("netim", "what can't be mailed to the reseller, the reseller reads", "send reseller", "regenerate "),
	when("netim", "the reseller reads what can't be mailed", func(x *pair) []string {
		return cant(what(x.r) == "send reseller" && x.alone["regenerate "] == "code", "sent")
	}),
	when("netim", "what is sent is a new code, and the one before is gone also where the mail fails", func(x *pair) []string {
		mail := x.r.Verb == authcode.Send || x.hop == "netim 1.0" && x.r.Verb == authcode.Regenerate
		return cant(mail && x.alone["send reseller"] == "undeliverable" && x.alone["regenerate "] == "code", "unknown")
	}),
	as("mijndomeinreseller", "it has one request, and the registry decides", "send registrant", "regenerate "),
	when("mijndomeinreseller", "204 would say that the registrant has it", func(x *pair) []string {
		return cant(x.alone["regenerate "] == "sent" && !x.far.Send[authcode.Registrant].Only(authcode.KindCode), "unknown")
	}),
	as("openprovider", "the code is shown where it can be, and sent otherwise", "send registrant", "retrieve "),
	as("openprovider", "the code is shown where it can be, and sent otherwise", "retrieve ", "send registrant"),
	when("openprovider", "it has no words for what is pending", func(x *pair) []string {
		return cant(x.was() == "pending", "unknown", "unsupported")
	}),
	when("openprovider", "success without a code would say that the registrant has it", func(x *pair) []string {
		return cant(x.was() == "sent", "unknown")
	}),
	when("openprovider", "its client looks the domain up first, and that is lost already", func(x *pair) []string {
		return cant(x.was() == "unknown", "unavailable")
	}),
	classes("openprovider", "a domain that is looked up in vain is not in the account", map[authcode.Class]authcode.Class{
		authcode.NotFound: authcode.NotYours,
	}),
	when("opensrs", "its client chooses the code", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && !x.far.Regenerate.Chosen, string(authcode.Unsupported))
	}),
	classes("opensrs", "classes share a response code", map[authcode.Class]authcode.Class{
		authcode.Denied: authcode.Failed, authcode.Undeliverable: authcode.Failed, authcode.Unset: authcode.Failed,
		authcode.NoCodes: authcode.Invalid, authcode.Invalid: authcode.NoCodes,
	}),
}

func TestMatrix(t *testing.T) {
	var mu sync.Mutex
	used := map[string]bool{}
	t.Run("pairs", func(t *testing.T) {
		for _, f := range fars() {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				p, e := f.make(t)
				caps, err := p.Capabilities(t.Context(), e.domain())
				require.NoError(t, err)
				alone := map[string]string{}
				for _, r := range requests(e.domain()) {
					p, e := f.make(t)
					out, err := p.HandOver(t.Context(), r)
					truth(t, p, e, out, err)
					alone[what(r)] = kind(out, err)
				}
				for _, r := range requests(e.domain()) {
					for i := range hops {
						t.Run(hops[i].name+", "+r.String(), func(t *testing.T) {
							p, e := f.make(t)
							near := hops[i].over(t, p, nil)
							out, err := near.HandOver(t.Context(), r)
							truth(t, near, e, out, err)
							is := kind(out, err)
							x := &pair{hop: hops[i].name, r: r, far: caps, alone: alone}
							x.near, err = near.Capabilities(t.Context(), e.domain())
							require.NoError(t, err)
							why := x.explain(is)
							require.NotEmpty(t, why, "alone it says %q, and through this hop %q", x.was(), is)
							mu.Lock()
							defer mu.Unlock()
							for _, w := range why {
								used[w] = true
							}
						})
					}
				}
			})
		}
	})
	for _, l := range losses {
		require.True(t, used[l.why], "nothing needs it: %s", l.why)
	}
}

// explain is why the near end says what it says; nothing where no loss explains it.
func (x *pair) explain(is string) []string {
	if is == x.was() {
		return []string{"it says the same"}
	}
	var why []string
	for _, l := range losses {
		if slices.Contains(l.is(x), is) {
			why = append(why, l.why)
		}
	}
	return why
}
