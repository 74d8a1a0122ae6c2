package mijndomeinreseller_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
)

var regenerate = authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate}

var registrant = []authcode.Recipient{authcode.Registrant}

// TestOutcomes sends each outcome through handler and client: what comes out is what
// went in.
func TestOutcomes(t *testing.T) {
	list := []authcode.Outcome{
		authcode.Code{Value: "c", Expires: expires, Scope: authcode.External},
		authcode.Sent{To: registrant},
		authcode.Pending{},
		authcode.Pending{Operation: "4711", Text: "am Werk"},
	}
	for _, c := range codes {
		list = append(list, authcode.Code{Value: c, Scope: authcode.External})
	}
	for _, out := range list {
		t.Run(out.String(), func(t *testing.T) {
			got, err := client(t, direct{handler(t, options(t, gives(out, nil)))}).HandOver(t.Context(), regenerate)
			require.NoError(t, err)
			require.Equal(t, out, got)
		})
	}
	t.Run("what is lost", func(t *testing.T) {
		for _, r := range [...]struct{ in, want authcode.Outcome }{
			{
				authcode.Sent{To: []authcode.Recipient{authcode.Admin, authcode.Registrant}, Addresses: []string{"j*@e*.*"}, Expires: expires},
				authcode.Sent{To: registrant},
			},
			{
				authcode.Code{Value: "c", Expires: expires.Add(900 * time.Millisecond).In(time.FixedZone("", 7200))},
				authcode.Code{Value: "c", Expires: expires, Scope: authcode.External},
			},
		} {
			got, err := client(t, direct{handler(t, options(t, gives(r.in, nil)))}).HandOver(t.Context(), regenerate)
			require.NoError(t, err)
			require.Equal(t, r.want, got)
		}
	})
}

// TestRefusals sends each class through handler and client.
func TestRefusals(t *testing.T) {
	for _, class := range authcode.Classes {
		for _, retryable := range []bool{false, true} {
			t.Run(fmt.Sprint(class, retryable), func(t *testing.T) {
				in := authcode.Refused{Class: class, Code: "2304", Text: `no "reason" given`, Retryable: retryable, Delivered: []string{"j***@e***.*"}, Replaced: retryable}
				out, err := client(t, direct{handler(t, options(t, gives(in, nil)))}).HandOver(t.Context(), regenerate)
				require.NoError(t, err)
				got := out.(authcode.Refused)
				if class == authcode.Unauthorized { // it is the gateway that the upstream does not know
					require.Equal(t, authcode.Unavailable, got.Class)
					return
				}
				require.NotEmpty(t, got.Body)
				got.Body = nil
				require.Equal(t, authcode.Refused{
					Class: class, Code: string(class), Text: in.Text, Retryable: retryable,
					HTTPStatus: class.HTTPStatus(), Delivered: in.Delivered, Replaced: in.Replaced,
				}, got)
			})
		}
	}
}

// TestErrors sends the lack of an outcome through handler and client: it is never a
// refusal where something may have been done.
func TestErrors(t *testing.T) {
	cut := &authcode.Error{System: "upstream", Op: "it", Unknown: true, Err: errors.New("cut off")}
	for name, p := range map[string]*fake{
		"unknown":              gives(nil, cut),
		"no *authcode.Error":   gives(nil, errors.New("plain")),
		"sent to the reseller": gives(authcode.Sent{To: []authcode.Recipient{authcode.Reseller}}, nil),
		"sent to nobody known": gives(authcode.Sent{}, nil),
		"an empty code":        gives(authcode.Code{}, nil),
		"a code not in UTF-8":  gives(authcode.Code{Value: "\xff"}, nil),
		"a panic": {caps: gives(nil, nil).caps, do: func(authcode.Request) (authcode.Outcome, error) {
			panic("c0de")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client(t, direct{handler(t, options(t, p))}).HandOver(t.Context(), regenerate)
			require.True(t, authcode.OutcomeUnknown(err), "%v", err)
			require.Len(t, p.got, 1)
		})
	}
	t.Run("nothing done", func(t *testing.T) {
		p := gives(nil, &authcode.Error{System: "upstream", Op: "it", Err: errors.New("no route")})
		out, err := client(t, direct{handler(t, options(t, p))}).HandOver(t.Context(), regenerate)
		require.NoError(t, err)
		require.Equal(t, authcode.Unavailable, out.(authcode.Refused).Class)
		require.True(t, out.(authcode.Refused).Retryable)
	})
}

// TestRequests holds HandOver to what the interface can be asked for.
func TestRequests(t *testing.T) {
	p := gives(authcode.Code{Value: "c"}, nil)
	c := client(t, direct{handler(t, options(t, p))})
	for _, r := range []struct {
		request authcode.Request
		class   authcode.Class // "" for a code
	}{
		{authcode.Request{Domain: "ALPHA.example.", Verb: authcode.Regenerate}, ""},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Registrant}, ""},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Reseller}, authcode.Unsupported},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Admin}, authcode.Unsupported},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve}, authcode.Unsupported},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate, Value: "mine"}, authcode.Unsupported},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate, Scope: authcode.Internal}, authcode.Unsupported},
		{authcode.Request{Domain: "..", Verb: authcode.Regenerate}, authcode.Invalid},
		{authcode.Request{Domain: "alpha.example"}, authcode.Invalid},
	} {
		t.Run(r.request.String(), func(t *testing.T) {
			before := len(p.got)
			caps, err := c.Capabilities(t.Context(), r.request.Domain)
			require.NoError(t, err)
			out, err := c.HandOver(t.Context(), r.request)
			require.NoError(t, err)
			if r.class == "" {
				require.Equal(t, authcode.KindCode, out.Kind())
				require.NotZero(t, caps.For(r.request).Outcomes&out.Kind(), "what may come is announced")
				require.Len(t, p.got, before+1)
				return
			}
			require.Equal(t, r.class, out.(authcode.Refused).Class)
			require.Len(t, p.got, before, "no call was made")
		})
	}
	t.Run("the typed call", func(t *testing.T) {
		_, err := c.AuthCode(t.Context(), "..")
		no, refused := authcode.AsRefused(err)
		require.True(t, refused)
		require.Equal(t, authcode.Invalid, no.Class)
	})
	t.Run("side effects", func(t *testing.T) {
		caps, err := c.Capabilities(t.Context(), "alpha.example")
		require.NoError(t, err)
		require.Equal(t, authcode.Capabilities{
			Regenerate: either, Send: map[authcode.Recipient]authcode.Ability{authcode.Registrant: either},
		}, caps)
	})
}

// TestConcurrent has many callers of one client, each with a domain of its own.
func TestConcurrent(t *testing.T) {
	p := &fake{caps: authcode.Capabilities{Regenerate: either}, do: func(r authcode.Request) (authcode.Outcome, error) {
		return authcode.Code{Value: authcode.Secret("of " + r.Domain)}, nil
	}}
	srv := httptest.NewServer(handler(t, options(t, p)))
	defer srv.Close()
	c, err := mijndomeinreseller.New(mijndomeinreseller.Options{HTTP: authcode.HTTP{Base: srv.URL}, Key: key})
	require.NoError(t, err)
	var wg sync.WaitGroup
	got := make([]authcode.Outcome, 64)
	for i := range got {
		wg.Go(func() {
			got[i], _ = c.HandOver(t.Context(), authcode.Request{Domain: fmt.Sprintf("d%d.many.example", i), Verb: authcode.Regenerate})
		})
	}
	wg.Wait()
	for i, out := range got {
		require.Equal(t, authcode.Code{Value: authcode.Secret(fmt.Sprintf("of d%d.many.example", i)), Scope: authcode.External}, out)
	}
	require.Len(t, p.got, len(got))
}
