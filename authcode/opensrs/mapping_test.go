package opensrs

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

var (
	retrieve   = authcode.Request{Domain: "Alpha.example.", Verb: authcode.Retrieve}
	regenerate = authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate}
	send       = authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Admin}
	verbs      = []authcode.Request{retrieve, regenerate, send}
)

// TestOutcomes has each outcome of a provider go through the handler to the client.
func TestOutcomes(t *testing.T) {
	p := newFake()
	c := clientOf(t, serve(t, p, HandlerOptions{}))
	through := func(r authcode.Request, out authcode.Outcome) authcode.Outcome {
		p.out[r.Verb] = out
		got, err := c.HandOver(t.Context(), r)
		require.NoError(t, err)
		return got
	}
	for _, code := range codes {
		require.Equal(t, authcode.Code{Value: code, Scope: authcode.External}, through(retrieve, authcode.Code{Value: code}))
		r := regenerate
		r.Value = code
		require.Equal(t, authcode.Code{Value: code, Scope: authcode.External}, through(r, nil))
		require.Equal(t, code, p.value)
	}
	made, ok := through(regenerate, nil).(authcode.Code)
	require.True(t, ok)
	require.Equal(t, p.value, made.Value)
	require.GreaterOrEqual(t, len(made.Value), 20)

	require.Equal(t, authcode.Sent{To: []authcode.Recipient{authcode.Admin}},
		through(send, authcode.Sent{To: []authcode.Recipient{authcode.Registrant, authcode.Admin}, Addresses: []string{"j*@e*"}}))
	for _, r := range []authcode.Request{send, regenerate} {
		require.Equal(t, authcode.Pending{Operation: "op-1", Text: "in a while"}, through(r, authcode.Pending{Operation: "op-1", Text: "in a while"}))
		require.Equal(t, authcode.Pending{Text: "Command accepted"}, through(r, authcode.Pending{}))
	}
	require.Equal(t, []string{
		"retrieve alpha.example", "regenerate alpha.example",
	}, p.asked[:2])
}

// TestRefusals has each class of a refusal go through the handler to the client.
func TestRefusals(t *testing.T) {
	p := newFake()
	c := clientOf(t, serve(t, p, HandlerOptions{}))
	const failed = authcode.Failed
	for _, row := range []struct {
		class     authcode.Class
		code      string
		asked     authcode.Class // what is read by retrieve and send
		modified  authcode.Class // and by regenerate
		retryable bool
	}{
		{authcode.Invalid, "465", authcode.NoCodes, authcode.Invalid, false},
		{authcode.Unsupported, "430", authcode.Unsupported, authcode.Unsupported, false},
		{authcode.NoCodes, "465", authcode.NoCodes, authcode.Invalid, false},
		{authcode.NotFound, "480", authcode.NotFound, authcode.NotFound, false},
		{authcode.NotYours, "435", authcode.NotYours, authcode.NotYours, false},
		{authcode.Locked, "487", authcode.Locked, authcode.Locked, false},
		{authcode.Unset, "405", failed, failed, false}, // but of retrieve: see below
		{authcode.Denied, "405", failed, failed, false},
		{authcode.Unauthorized, "400", authcode.Unavailable, authcode.Unavailable, true}, // the gateway's own fault
		{authcode.RateLimited, "300", authcode.RateLimited, authcode.RateLimited, true},
		{authcode.Busy, "437", authcode.Busy, authcode.Busy, true},
		{authcode.Undeliverable, "405", failed, failed, false},
		{authcode.Unavailable, "400", authcode.Unavailable, authcode.Unavailable, true},
		{authcode.Failed, "405", failed, failed, false},
		{"a class of tomorrow", "405", failed, failed, false},
	} {
		for _, r := range verbs {
			t.Run(string(row.class)+"/"+string(r.Verb), func(t *testing.T) {
				p.out[r.Verb] = authcode.Refused{Class: row.class, Code: "7", Text: "why <it> is\x02 so"}
				out, err := c.HandOver(t.Context(), r)
				require.NoError(t, err)
				no, ok := out.(authcode.Refused)
				require.True(t, ok)
				want := authcode.Refused{
					Class: row.asked, Code: row.code, Text: "why <it> is\ufffd so", Retryable: row.retryable,
					HTTPStatus: 200, Body: no.Body,
				}
				if r.Verb == authcode.Regenerate {
					want.Class = row.modified
				}
				switch {
				case row.class == authcode.Unset && r.Verb == authcode.Retrieve:
					want.Class, want.Code, want.Text = authcode.Unset, "200", "the domain has no code"
				case row.class == authcode.Unauthorized:
					want.Text = no.Text
					require.NotContains(t, no.Text, "why")
				}
				require.Equal(t, want, no)
				require.NotEmpty(t, no.Body)
			})
		}
	}
}

// TestTable holds the table of refusals to the classes there are, and to each other.
func TestTable(t *testing.T) {
	o := &HandlerOptions{}
	for _, class := range authcode.Classes {
		require.NotEmpty(t, o.code(class), class)
	}
	c := clientOf(t, "http://127.0.0.1:1")
	for code, want := range map[string]authcode.Class{
		"300": authcode.RateLimited, "310": authcode.RateLimited, "350": authcode.RateLimited,
		"400": authcode.Unavailable, "401": authcode.Unauthorized, "405": authcode.Failed,
		"410": authcode.Unauthorized, "415": authcode.Unauthorized, "430": authcode.Unsupported,
		"435": authcode.NotYours, "437": authcode.Busy, "460": authcode.Invalid, "465": authcode.Invalid,
		"480": authcode.NotFound, "485": authcode.Failed, "487": authcode.Locked, "999": authcode.Failed, "": authcode.Failed,
	} {
		require.Equal(t, want, c.refused(&Answer{ResponseCode: code}, false).Class, code)
	}
	require.Equal(t, authcode.NoCodes, c.refused(&Answer{ResponseCode: "465"}, true).Class)

	own := clientWith(t, Options{Classes: map[string]authcode.Class{"465": authcode.Invalid, "999": authcode.NoCodes}})
	require.Equal(t, authcode.Invalid, own.refused(&Answer{ResponseCode: "465"}, true).Class)
	require.Equal(t, authcode.NoCodes, own.refused(&Answer{ResponseCode: "999"}, true).Class)
	o.Codes = map[authcode.Class]string{authcode.NoCodes: "999"}
	require.Equal(t, "999", o.code(authcode.NoCodes))
}

func TestOptionsOfHandler(t *testing.T) {
	p := newFake()
	p.out[authcode.Retrieve] = authcode.Refused{Class: authcode.Unset, Text: "none"}
	h := handlerOf(t, options(t, p), HandlerOptions{
		Upper: true, NoDoctype: true,
		Codes: map[authcode.Class]string{authcode.NoCodes: "999", authcode.Unset: "998"},
	})
	w := post(h, doc(t, "get", Item{"domain", Text("alpha.example")}, Item{"type", Text("domain_auth_info")}))
	a := answerOf(t, w)
	require.Equal(t, "998 none", said(a))
	require.Equal(t, "REPLY", a.Action)
	require.Equal(t, "DOMAIN", a.Object)
	require.NotContains(t, w.Body.String(), "DOCTYPE")
	require.Equal(t, "999 domains under nu have no codes", said(answerOf(t, post(h, doc(t, "send_authcode", Item{"domain_name", Text("beta.nu")})))))
}

// TestNoOutcome holds errors of the provider to what they are at the far end.
func TestNoOutcome(t *testing.T) {
	p := newFake()
	c := clientOf(t, serve(t, p, HandlerOptions{}))
	for _, r := range verbs {
		p.err = &authcode.Error{Op: "x", Unknown: true, Err: errors.New("cut off")}
		out, err := c.HandOver(t.Context(), r)
		require.Nil(t, out)
		require.Equal(t, r.Verb != authcode.Retrieve, authcode.OutcomeUnknown(err), "%v", err)
		var e *authcode.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, 504, e.HTTPStatus)

		p.err = &authcode.Error{Op: "x", Err: errors.New("no way through")}
		out, err = c.HandOver(t.Context(), r)
		require.NoError(t, err)
		no := out.(authcode.Refused)
		require.Equal(t, authcode.Unavailable, no.Class)
		require.Equal(t, "400", no.Code)
		require.NotContains(t, string(no.Body), "no way")
	}
	require.Len(t, p.asked, 6)
}

// TestNeighbours has the lock told and changed through the handler.
func TestNeighbours(t *testing.T) {
	p := newFake()
	base := serve(t, p, HandlerOptions{})
	c := clientOf(t, base)
	d, err := c.Describe(t.Context(), "ALPHA.example")
	require.NoError(t, err)
	require.Equal(t, authcode.Domain{Name: "alpha.example", Locked: authcode.No, Lockable: authcode.Yes}, d)
	require.NoError(t, c.SetLock(t.Context(), "ALPHA.example", true))
	p.status.Lockable = authcode.Untold
	d, err = c.Describe(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.Equal(t, authcode.Domain{Name: "alpha.example", Locked: authcode.Yes}, d)
	require.NoError(t, c.SetLock(t.Context(), "alpha.example", false))
	require.Equal(t, authcode.No, p.status.Locked)

	_, err = c.Describe(t.Context(), "gamma.example")
	require.ErrorIs(t, classOf(err), authcode.Refused{Class: authcode.NotYours})
	err = c.SetLock(t.Context(), "nowhere.example", true)
	require.ErrorIs(t, classOf(err), authcode.Refused{Class: authcode.NotFound})
	for _, f := range []func(string) error{
		func(d string) error { _, err := c.Describe(t.Context(), d); return err },
		func(d string) error { return c.SetLock(t.Context(), d, true) },
	} {
		require.ErrorIs(t, classOf(f("-")), authcode.Refused{Class: authcode.Invalid})
	}

	p.err = &authcode.Error{Unknown: true, Err: errors.New("cut off")}
	require.True(t, authcode.OutcomeUnknown(c.SetLock(t.Context(), "alpha.example", true)))
	_, err = c.Describe(t.Context(), "alpha.example")
	require.Error(t, err)
	require.False(t, authcode.OutcomeUnknown(err))

	t.Run("a provider that tells nothing of the lock", func(t *testing.T) {
		c := clientOf(t, serve(t, struct{ authcode.Provider }{newFake()}, HandlerOptions{}))
		_, err := c.Describe(t.Context(), "alpha.example")
		require.ErrorIs(t, classOf(err), authcode.Refused{Class: authcode.Unsupported})
		require.ErrorIs(t, classOf(c.SetLock(t.Context(), "alpha.example", true)), authcode.Refused{Class: authcode.Unsupported})
	})
}

// classOf is a Refused that says its class alone.
func classOf(err error) error {
	if no, ok := authcode.AsRefused(err); ok {
		return authcode.Refused{Class: no.Class}
	}
	return err
}
