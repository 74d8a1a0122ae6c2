package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

const code = `23)9W*"<&c0de`

// upstream is a Provider that has one answer.
type upstream struct {
	caps    authcode.Capabilities
	capsErr error
	out     authcode.Outcome
	err     error
	hang    bool // until the context ends
	calls   []authcode.Request
}

func (u *upstream) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return u.caps, u.capsErr
}

func (u *upstream) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	u.calls = append(u.calls, r)
	if u.hang {
		<-ctx.Done()
		return nil, &authcode.Error{System: "up", Op: "it", Unknown: true, Err: ctx.Err()}
	}
	return u.out, u.err
}

// all is what an upstream can do that can do everything in one way.
func all(k authcode.Kinds) authcode.Capabilities {
	a := authcode.Ability{Outcomes: k, Chosen: true}
	return authcode.Capabilities{
		Retrieve: a, Regenerate: a, Internal: true,
		Send: map[authcode.Recipient]authcode.Ability{authcode.Registrant: a, authcode.Reseller: a},
	}
}

const (
	aCode    = authcode.KindCode
	aSent    = authcode.KindSent
	aPending = authcode.KindPending
)

// TestHandOver is who gets what: for each request the outcome or the error, whether the
// upstream was asked, and what is written down.
func TestHandOver(t *testing.T) {
	retrieve := authcode.Request{Domain: "ALPHA.example.", Verb: authcode.Retrieve}
	with := func(change func(*authcode.Request)) authcode.Request {
		r := retrieve
		change(&r)
		return r
	}
	domain := func(name string) authcode.Request { return with(func(r *authcode.Request) { r.Domain = name }) }
	send := with(func(r *authcode.Request) { r.Verb, r.To = authcode.Send, authcode.Registrant })
	unknown := &authcode.Error{System: "up", Op: "it", Unknown: true, Err: errors.New("cut off")}
	safe := &authcode.Error{System: "up", Op: "it", Err: errors.New("no route")}
	entry := func(verb authcode.Verb, outcome string, change ...func(*gateway.Entry)) gateway.Entry {
		e := gateway.Entry{
			Time: newClock().now, Via: "netim", Account: "one", Addr: "192.0.2.1", Domain: "alpha.example",
			Verb: verb, Scope: authcode.External, Outcome: outcome,
		}
		for _, c := range change {
			c(&e)
		}
		return e
	}
	refused := func(class authcode.Class, change ...func(*gateway.Entry)) gateway.Entry {
		return entry(authcode.Retrieve, "refused", append(change, func(e *gateway.Entry) { e.Class = class })...)
	}
	inPart := authcode.Refused{Class: authcode.Undeliverable, Text: code, Delivered: []string{"x***@y***"}, Replaced: true}
	some := func(e *gateway.Entry) {
		e.Verb, e.To, e.Addresses, e.Replaced = authcode.Send, authcode.Registrant, []string{"x***@y***"}, true
	}
	of := func(name string) func(*gateway.Entry) { return func(e *gateway.Entry) { e.Domain = name } }

	for name, r := range map[string]struct {
		request authcode.Request
		accept  authcode.Kinds
		up      upstream
		want    authcode.Outcome // nil for an error
		unknown bool
		asked   bool
		entry   gateway.Entry
	}{
		"a code": {
			retrieve, aCode,
			upstream{caps: all(aCode), out: authcode.Code{Value: code}},
			authcode.Code{Value: code},
			false, true, entry(authcode.Retrieve, "code"),
		},
		"an internal code": {
			with(func(r *authcode.Request) { r.Scope = authcode.Internal }), aCode,
			upstream{caps: all(aCode), out: authcode.Code{Value: code, Scope: authcode.Internal}},
			authcode.Code{Value: code, Scope: authcode.Internal},
			false, true,
			entry(authcode.Retrieve, "code", func(e *gateway.Entry) { e.Scope = authcode.Internal }),
		},
		"sent": {
			send, aSent,
			upstream{caps: all(aSent), out: authcode.Sent{To: []authcode.Recipient{authcode.Registrant}, Addresses: []string{"j***@e***"}}},
			authcode.Sent{To: []authcode.Recipient{authcode.Registrant}, Addresses: []string{"j***@e***"}},
			false, true,
			entry(authcode.Send, "sent", func(e *gateway.Entry) {
				e.To, e.Recipients, e.Addresses = authcode.Registrant, []authcode.Recipient{authcode.Registrant}, []string{"j***@e***"}
			}),
		},
		"pending": {
			retrieve, aCode | aPending,
			upstream{caps: all(aCode | aPending), out: authcode.Pending{Operation: "op-1", Text: code}},
			authcode.Pending{Operation: "op-1", Text: code},
			false, true,
			entry(authcode.Retrieve, "pending", func(e *gateway.Entry) { e.Operation = "op-1" }),
		},
		"refused by the upstream": {
			retrieve, aCode,
			upstream{caps: all(aCode), out: authcode.Refused{Class: authcode.Locked, Code: "328", Text: code, Body: []byte(code)}},
			authcode.Refused{Class: authcode.Locked, Code: "328", Text: code, Body: []byte(code)},
			false, true,
			refused(authcode.Locked, func(e *gateway.Entry) { e.Code = "328" }),
		},
		"refused, and some have it: no words": {
			send, aSent,
			upstream{caps: all(aSent), out: inPart},
			nil,
			true, true,
			refused(authcode.Undeliverable, some),
		},
		"refused, and some have it: words": {
			send, aSent | authcode.KindRefused,
			upstream{caps: all(aSent), out: inPart},
			inPart,
			false, true,
			refused(authcode.Undeliverable, some),
		},
		"refused, and the code before is gone: no words": {
			send, aSent,
			upstream{caps: all(aSent), out: authcode.Refused{Class: authcode.Undeliverable, Replaced: true}},
			nil,
			true, true,
			refused(authcode.Undeliverable, func(e *gateway.Entry) {
				e.Verb, e.To, e.Replaced = authcode.Send, authcode.Registrant, true
			}),
		},
		"unknown, but for some": {
			send, aSent,
			upstream{caps: all(aSent), err: &authcode.Error{
				System: "mail", Op: "it", Unknown: true, Delivered: []string{"x***@y***"}, Err: errors.New("cut off"),
			}},
			nil,
			true, true,
			entry(authcode.Send, "unknown", func(e *gateway.Entry) { e.To, e.Addresses = authcode.Registrant, []string{"x***@y***"} }),
		},
		"the upstream does not know the gateway": {
			retrieve, aCode,
			upstream{caps: all(aCode), out: authcode.Refused{Class: authcode.Unauthorized, Text: "bad password"}},
			authcode.Refused{Class: authcode.Unavailable, Text: "the upstream does not let the gateway in"},
			false, true,
			refused(authcode.Unavailable),
		},
		"nor says what it can do": {
			retrieve, aCode,
			upstream{capsErr: authcode.Refused{Class: authcode.Unauthorized}},
			authcode.Refused{Class: authcode.Unavailable, Text: "the upstream does not let the gateway in"},
			false, false,
			refused(authcode.Unavailable),
		},
		"cut off":       {retrieve, aCode, upstream{caps: all(aCode), err: unknown}, nil, true, true, entry(authcode.Retrieve, "unknown")},
		"never got out": {retrieve, aCode, upstream{caps: all(aCode), err: safe}, nil, false, true, entry(authcode.Retrieve, "failed")},
		"capabilities can't be had": {
			retrieve, aCode, upstream{capsErr: safe}, nil, false, false, entry(authcode.Retrieve, "failed"),
		},
		"not announced": {
			retrieve, aCode, upstream{caps: all(aCode), out: authcode.Sent{}}, nil, true, true, entry(authcode.Retrieve, "sent"),
		},
		"pending, without words for it": {
			retrieve, aCode,
			upstream{caps: all(aCode | aPending), out: authcode.Pending{Operation: "op-1"}},
			nil, true, true, entry(authcode.Retrieve, "pending", func(e *gateway.Entry) { e.Operation = "op-1" }),
		},
		"sent to somebody else": {
			send, aSent,
			upstream{caps: all(aSent), out: authcode.Sent{To: []authcode.Recipient{authcode.Admin}}},
			nil, true, true, entry(authcode.Send, "sent", func(e *gateway.Entry) {
				e.To, e.Recipients = authcode.Registrant, []authcode.Recipient{authcode.Admin}
			}),
		},
		"no such domain": {
			domain("Gamma.example"), aCode,
			upstream{caps: all(aCode)},
			authcode.Refused{Class: authcode.NotFound, Text: "there is no such domain"},
			false, false,
			refused(authcode.NotFound, of("gamma.example")),
		},
		"another's domain": {
			domain("Beta.example"), aCode,
			upstream{caps: all(aCode)},
			authcode.Refused{Class: authcode.NotYours, Text: "the domain is not in this account"},
			false, false,
			refused(authcode.NotYours, of("beta.example")),
		},
		"a domain without codes": {
			domain("x.one.example"), aCode,
			upstream{caps: all(aCode)},
			authcode.Refused{Class: authcode.NoCodes, Text: "domains under one.example have no codes"},
			false, false,
			refused(authcode.NoCodes, of("x.one.example")),
		},
		"no name": {
			domain("no name"), aCode,
			upstream{caps: all(aCode)},
			authcode.Refused{Class: authcode.Invalid, Text: "this is not the name of a domain"},
			false, false,
			refused(authcode.Invalid, of("no name")),
		},
		"no verb": {
			with(func(r *authcode.Request) { r.Verb = "steal" }), aCode,
			upstream{caps: all(aCode)},
			authcode.Refused{Class: authcode.Invalid, Text: `there is no verb "steal"`},
			false, false,
			refused(authcode.Invalid, func(e *gateway.Entry) { e.Verb = "steal" }),
		},
		"not supported": {
			with(func(r *authcode.Request) { r.Verb, r.To = authcode.Send, authcode.Admin }), aSent,
			upstream{caps: all(aSent)},
			authcode.Refused{Class: authcode.Unsupported, Text: "codes can't be handed over this way here: send to admin"},
			false, false,
			refused(authcode.Unsupported, func(e *gateway.Entry) { e.Verb, e.To = authcode.Send, authcode.Admin }),
		},
		"no words for it": {
			retrieve, aCode,
			upstream{caps: all(aCode | aSent)},
			authcode.Refused{Class: authcode.Unsupported, Text: "the result may be of a kind (sent) for which this interface has no words"},
			false, false,
			refused(authcode.Unsupported),
		},
	} {
		t.Run(name, func(t *testing.T) {
			var (
				entries    []gateway.Entry
				log, lines bytes.Buffer
			)
			audit := gateway.AuditLog(slog.New(slog.NewJSONHandler(&lines, nil)))
			g := stand(t, gateway.Options{
				Provider: &r.up, NoCodes: []string{".ONE.example"}, Now: newClock().Now,
				Log:   slog.New(slog.NewTextHandler(&log, nil)),
				Audit: func(ctx context.Context, e gateway.Entry) { entries = append(entries, e); audit(ctx, e) },
			})
			who := gateway.Caller{Account: g.Accounts().ByUser("ONE1"), Via: "netim", Addr: "192.0.2.1"}
			out, err := g.HandOver(t.Context(), who, r.request, r.accept)
			require.Equal(t, r.want, out)
			require.Equal(t, r.want == nil, err != nil)
			require.Equal(t, r.unknown, authcode.OutcomeUnknown(err))
			require.Equal(t, err != nil && !r.unknown, authcode.SafeToRetry(err))
			require.Equal(t, []gateway.Entry{r.entry}, entries)
			if r.asked {
				q := r.request
				q.Domain, q.Reseller = "alpha.example", who.Mail
				require.Equal(t, []authcode.Request{q}, r.up.calls)
			} else {
				require.Empty(t, r.up.calls)
			}
			for _, text := range []string{log.String(), lines.String()} {
				require.NotContains(t, text, "c0de")
			}
			require.Equal(t, err != nil, log.Len() > 0)
		})
	}
}

// TestChosen hands a code that the client chose to the upstream, and to nobody else.
func TestChosen(t *testing.T) {
	var lines bytes.Buffer
	up := &upstream{caps: all(aCode), out: authcode.Code{Value: code}}
	g := stand(t, gateway.Options{Provider: up, Audit: gateway.AuditLog(slog.New(slog.NewJSONHandler(&lines, nil)))})
	who := gateway.Caller{Account: g.Accounts().ByUser("ONE1")}
	_, err := g.HandOver(t.Context(), who, authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate, Value: code}, aCode)
	require.NoError(t, err)
	require.EqualValues(t, code, up.calls[0].Value)
	require.NotContains(t, lines.String(), "c0de")
}

// TestTimeout ends what an upstream does not, and writes it down all the same.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		audited := false
		g := stand(t, gateway.Options{
			Provider: &upstream{caps: all(aCode), hang: true}, Timeout: time.Second,
			Audit: func(ctx context.Context, e gateway.Entry) {
				audited = true
				require.Equal(t, "unknown", e.Outcome)
				require.NoError(t, ctx.Err(), "or it could not be stored")
			},
		})
		start := time.Now()
		_, err := g.HandOver(t.Context(), gateway.Caller{Account: g.Accounts().ByUser("ONE1")},
			authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve}, aCode)
		require.True(t, authcode.OutcomeUnknown(err))
		require.Equal(t, time.Second, time.Since(start))
		require.True(t, audited)
	})
}

// TestPanicIsAudited: a provider that breaks down may have done anything before.
func TestPanicIsAudited(t *testing.T) {
	var entries []gateway.Entry
	g := stand(t, gateway.Options{
		Provider: broken{&upstream{caps: all(aCode)}}, Now: newClock().Now,
		Audit: func(_ context.Context, e gateway.Entry) { entries = append(entries, e) },
	})
	require.PanicsWithValue(t, "broken", func() {
		_, _ = g.HandOver(t.Context(), gateway.Caller{Account: g.Accounts().ByUser("ONE1"), Via: "netim"},
			authcode.Request{Domain: "Alpha.example", Verb: authcode.Regenerate}, aCode)
	})
	require.Equal(t, []gateway.Entry{{
		Time: newClock().now, Via: "netim", Account: "one", Domain: "alpha.example",
		Verb: authcode.Regenerate, Scope: authcode.External, Outcome: "unknown",
	}}, entries)
}

type broken struct{ *upstream }

func (broken) HandOver(context.Context, authcode.Request) (authcode.Outcome, error) { panic("broken") }

// TestTurnedDown: a request that does not get as far as HandOver is written down too.
func TestTurnedDown(t *testing.T) {
	var entries []gateway.Entry
	g := stand(t, gateway.Options{
		Provider: &upstream{}, Now: newClock().Now,
		Audit: func(_ context.Context, e gateway.Entry) { entries = append(entries, e) },
	})
	g.TurnedDown(t.Context(), gateway.Caller{Account: g.Accounts().ByUser("ONE1"), Via: "openprovider"},
		authcode.Request{Domain: "77", Verb: authcode.Retrieve}, authcode.Refused{Class: authcode.NotYours, Code: "320"})
	require.Equal(t, []gateway.Entry{{
		Time: newClock().now, Via: "openprovider", Account: "one", Domain: "77", Verb: authcode.Retrieve,
		Scope: authcode.External, Outcome: "refused", Class: authcode.NotYours, Code: "320",
	}}, entries)
}

// TestAuditLog leaves out what is empty.
func TestAuditLog(t *testing.T) {
	for want, e := range map[string]gateway.Entry{
		`{"time":"2026-03-04T05:06:07Z","via":"netim","account":"one","domain":"alpha.example","verb":"retrieve","outcome":"code"}`: {
			Via: "netim", Account: "one", Domain: "alpha.example", Verb: authcode.Retrieve, Scope: authcode.External, Outcome: "code",
		},
		`{"time":"2026-03-04T05:06:07Z","addr":"192.0.2.1","verb":"send","to":"admin","scope":"internal","outcome":"refused",` +
			`"recipients":["admin"],"addresses":["a***"],"replaced":true,"class":"undeliverable","code":"394","operation":"7"}`: {
			Addr: "192.0.2.1", Verb: authcode.Send, To: authcode.Admin, Scope: authcode.Internal, Outcome: "refused",
			Recipients: []authcode.Recipient{authcode.Admin}, Addresses: []string{"a***"},
			Replaced: true, Class: authcode.Undeliverable, Code: "394", Operation: "7",
		},
	} {
		var lines bytes.Buffer
		e.Time = newClock().now.In(time.FixedZone("", 3600))
		log := slog.New(slog.NewJSONHandler(&lines, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
		gateway.AuditLog(log)(t.Context(), e)
		require.JSONEq(t, `{"level":"INFO","msg":"hand-over","entry":`+want+`}`, lines.String())
	}
}

// TestNew refuses a gateway on nothing.
func TestNew(t *testing.T) {
	for _, o := range []gateway.Options{
		{},
		{Provider: &authcode.Router{}},
		{Accounts: &gateway.Accounts{}},
		{Provider: &authcode.Router{}, Accounts: &gateway.Accounts{}, NoCodes: []string{""}},
		{Provider: &authcode.Router{}, Accounts: &gateway.Accounts{}, NoCodes: []string{"a b"}},
	} {
		_, err := gateway.New(o)
		require.ErrorContains(t, err, "gateway: ")
	}
}
