package netim_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mail"
	"github.com/eppkit/eppkit/authcode/netim"
)

var versions = []netim.Version{netim.V1, netim.V3}

// TestCodes: a code comes through unchanged, whatever is in it.
func TestCodes(t *testing.T) {
	for _, code := range []authcode.Secret{
		`23)9W*(zHLBCEwg4`, `)*(&<"$'`, "Ž-þ€𝛑", `\u0041\"`, "a\tb\u2028c", "</script>", " ", `,}`, authcode.Secret(strings.Repeat("x", 4000)),
	} {
		for _, version := range versions {
			p := newFake()
			srv := serve(t, p, gateway.Options{}, netim.HandlerOptions{})
			c := dial(t, srv.URL, version)
			p.code["birch.example"] = code
			out, err := c.HandOver(t.Context(), reading)
			require.NoError(t, err)
			require.Equal(t, authcode.Code{Value: code, Scope: authcode.External}, out)
		}
	}
}

// TestThereAndBack: what the provider did is what the client reports.
func TestThereAndBack(t *testing.T) {
	p := newFake()
	srv := serve(t, p, gateway.Options{}, netim.HandlerOptions{})
	domain := "BŘÍZA.example"
	for _, version := range versions {
		c := dial(t, srv.URL, version)
		hand := func(r authcode.Request) authcode.Outcome {
			r.Domain = domain
			out, err := c.HandOver(t.Context(), r)
			require.NoError(t, err)
			return out
		}
		p.code, p.made = map[string]authcode.Secret{}, 0
		require.Equal(t, authcode.Unset, hand(authcode.Request{Verb: authcode.Retrieve}).(authcode.Refused).Class)
		require.Equal(t, authcode.Code{Value: "new-Code-1", Scope: authcode.External}, hand(authcode.Request{Verb: authcode.Regenerate}))
		require.Equal(t, authcode.Code{Value: "new-Code-1", Scope: authcode.External}, hand(authcode.Request{Verb: authcode.Retrieve}))
		for i, to := range []authcode.Recipient{authcode.Registrant, authcode.Reseller} {
			require.Equal(t, authcode.Sent{To: []authcode.Recipient{to}}, hand(authcode.Request{Verb: authcode.Send, To: to}))
			require.Equal(t, i+2, p.made, "each request makes a new code")
		}
		require.NoError(t, c.SetLock(t.Context(), domain, true))
		d, err := c.Describe(t.Context(), domain)
		require.NoError(t, err)
		require.Equal(t, authcode.Yes, d.Locked)
		require.NoError(t, c.SetLock(t.Context(), domain, false))
		d, err = c.Describe(t.Context(), domain)
		require.NoError(t, err)
		want := p.domain
		want.Name = "xn--bza-rma35c.example"
		require.Equal(t, want.Name, d.Name)
		require.Equal(t, want, d)
		require.NoError(t, c.Close(t.Context()))
	}
}

// TestMailed: a code that eppkit mails is a new one, unless told to keep it, and domain
// info shows the same one.
func TestMailed(t *testing.T) {
	for keep, want := range map[bool]string{false: "new-Code-1", true: "old-Code-1"} {
		for _, version := range versions {
			p := newFake()
			p.caps.Send = nil
			var box mail.Outbox
			srv := serve(t, &authcode.Mailing{Provider: p, Courier: &box}, gateway.Options{}, netim.HandlerOptions{KeepCode: keep})
			op, err := dial(t, srv.URL, version).SendAuthID(t.Context(), "birch.example", netim.ToReseller)
			require.NoError(t, err)
			require.Equal(t, netim.Done, op.Status)
			l, ok := box.Last()
			require.True(t, ok)
			require.Equal(t, "desk@birch.example", l.To.Email)
			require.Equal(t, want, l.Code.Reveal())
			require.Equal(t, want, p.code["birch.example"].Reveal())
		}
	}
}

// TestRefusals: a class comes through as far as HTTP statuses tell classes apart, and
// all of it where both sides agree on more.
func TestRefusals(t *testing.T) {
	statuses, classes := map[authcode.Class]int{}, map[int]authcode.Class{}
	for i, class := range authcode.Classes {
		statuses[class], classes[460+i] = 460+i, class
	}
	delete(statuses, authcode.Unauthorized) // 401 is the one that is documented
	for _, class := range authcode.Classes {
		for _, agreed := range []bool{false, true} {
			want, _ := authcode.ClassOfStatus(class.HTTPStatus())
			o := netim.HandlerOptions{KeepCode: true}
			if agreed {
				o.Statuses, want = statuses, class
			}
			if class == authcode.Unauthorized {
				want = authcode.Unavailable // the gateway is who is not let in
			}
			p := newFake()
			p.script = func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: class, Text: "because " + string(class)}, nil
			}
			srv := serve(t, p, gateway.Options{}, o)
			c := dial(t, srv.URL, netim.V1, func(o *netim.Options) {
				if agreed {
					o.Classes = classes
				}
			})
			out, err := c.HandOver(t.Context(), sending)
			require.NoError(t, err)
			no := out.(authcode.Refused)
			require.Equal(t, want, no.Class, class)
			if class != authcode.Unauthorized {
				require.Equal(t, "because "+string(class), no.Text)
			}
			require.Len(t, p.took(), 1)
		}
	}
}

// TestErrors: what is unknown stays unknown, and what was not done was not done.
func TestErrors(t *testing.T) {
	p := newFake()
	srv := serve(t, p, gateway.Options{}, netim.HandlerOptions{KeepCode: true})
	c := dial(t, srv.URL, netim.V1)
	p.script = func(authcode.Request) (authcode.Outcome, error) { return nil, errLost }
	_, err := c.HandOver(t.Context(), sending)
	require.True(t, authcode.OutcomeUnknown(err))
	require.Len(t, p.took(), 1)
	p.script = func(authcode.Request) (authcode.Outcome, error) { return nil, errWay }
	out, err := c.HandOver(t.Context(), sending)
	require.NoError(t, err)
	require.Equal(t, authcode.Unavailable, out.(authcode.Refused).Class)
	p.script = func(authcode.Request) (authcode.Outcome, error) {
		return authcode.Pending{Operation: "up-1", Text: "wait"}, nil
	}
	p.caps.Send = map[authcode.Recipient]authcode.Ability{authcode.Registrant: mayWait}
	out, err = c.HandOver(t.Context(), sending)
	require.NoError(t, err)
	require.Equal(t, authcode.Pending{Operation: firstID, Text: "wait"}, out)
	p.op = authcode.Pending{Operation: "up-1"}
	list, err := c.PendingOperations(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, list[0].Date.Equal(noon))
	require.Equal(t, "birch.example", list[0].Data)
	p.op = authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}
	out, err = c.Operation(t.Context(), "birch.example", firstID)
	require.NoError(t, err)
	require.Equal(t, authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}, out)
}

// TestManyAtOnce: each caller gets its own domain's code.
func TestManyAtOnce(t *testing.T) {
	p := newFake()
	wood := gateway.Account{Name: "wood", User: "WOOD", Secret: "wood-secret", Domains: []gateway.Holding{{Name: "*.wood.example"}}}
	for i := range 20 {
		p.code[fmt.Sprintf("tree%d.wood.example", i)] = authcode.Secret(fmt.Sprintf("Code-of-%d", i))
	}
	srv := serve(t, p, gateway.Options{Accounts: accounts(t, wood)}, netim.HandlerOptions{KeepCode: true})
	c := dial(t, srv.URL, netim.V3, func(o *netim.Options) { o.ID, o.Secret = "WOOD", "wood-secret" })
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			domain := fmt.Sprintf("tree%d.wood.example", i)
			for range 5 {
				out, err := c.HandOver(t.Context(), authcode.Request{Domain: domain, Verb: authcode.Retrieve})
				if code, ok := out.(authcode.Code); err != nil || !ok || code.Value != authcode.Secret(fmt.Sprintf("Code-of-%d", i)) {
					t.Errorf("%s: %v, %v", domain, out, err)
				}
				op, err := c.SendAuthID(t.Context(), domain, netim.ToRegistrant)
				if err != nil || op.Status != netim.Done {
					t.Errorf("%s: %v, %v", domain, op, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestSecrets: no secret gets into a log, an error, or what prints a client.
func TestSecrets(t *testing.T) {
	log, out := logged()
	p := newFake()
	srv := serve(t, p, gateway.Options{Log: log, Audit: gateway.AuditLog(log)}, netim.HandlerOptions{})
	opts := netim.Options{HTTP: authcode.HTTP{Base: srv.URL + "/1.0", Log: log}, ID: "BIRCH", Secret: secretBirch}
	c, err := netim.New(opts)
	require.NoError(t, err)
	var texts []string
	print := func(v any) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		log.Info("printed", "value", v)
	}
	print(opts)
	seen := ""
	for _, r := range []authcode.Request{reading, sending, {Domain: "birch.example", Verb: authcode.Regenerate}, {Domain: "alder.example", Verb: authcode.Retrieve}} {
		outcome, err := c.HandOver(t.Context(), r)
		require.NoError(t, err)
		if code, ok := outcome.(authcode.Code); ok {
			seen = code.Value.Reveal()
		}
		print(outcome)
	}
	d, err := c.DomainInfo(t.Context(), "birch.example")
	require.NoError(t, err)
	print(*d)
	print(d)
	print(c)

	u := newUpstream(t, map[string]http.HandlerFunc{
		info:              says(200, `{"domain":"birch.example","authID":"`+seen+`","ns":7}`),
		authID:            says(500, `{"message":"`+seen+` `+secretBirch+`"}`),
		"GET operation/5": says(200, `{"ID_OPE":5,"STATUS":"Done","DATA":{"authID":"`+seen+`"}}`),
	})
	opts.Base = u.URL + "/1.0"
	bad, err := netim.New(opts)
	require.NoError(t, err)
	for _, r := range []authcode.Request{reading, sending} {
		_, err := bad.HandOver(t.Context(), r)
		require.Error(t, err)
		print(err)
		var e *authcode.Error
		require.True(t, errors.As(err, &e))
		print(*e)
	}
	op, err := bad.QueryOperation(t.Context(), 5)
	require.NoError(t, err)
	print(op)
	print(bad)

	require.Regexp(t, `^new-Code-\d$`, seen)
	all := strings.Join(texts, "\n") + out.String()
	require.Contains(t, all, "path=/1.0/domain/birch.example/authid/")
	for _, secret := range []string{secretBirch, seen, tokenBirch, "old-Code-1"} {
		require.NotContains(t, all, secret)
		require.NotContains(t, all, fmt.Sprintf("%x", secret))
	}
}
