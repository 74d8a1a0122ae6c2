package gateway_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// registry is an upstream that can do what stands beside a hand-over too.
type registry struct {
	upstream
	err    error
	domain string // of the last call
	locked bool
}

func (p *registry) Describe(_ context.Context, domain string) (authcode.Domain, error) {
	p.domain = domain
	return authcode.Domain{Name: domain, Locked: authcode.TruthOf(p.locked), ROID: "R1"}, p.err
}

func (p *registry) SetLock(_ context.Context, domain string, locked bool) error {
	p.domain, p.locked = domain, locked
	return p.err
}

func (p *registry) Operation(_ context.Context, domain, operation string) (authcode.Outcome, error) {
	p.domain = domain
	if operation != "op-1" {
		return authcode.Refused{Class: authcode.Unauthorized}, p.err
	}
	return authcode.Code{Value: code}, p.err
}

// TestNeighbours finds what can tell about a domain behind routers and wrappers.
func TestNeighbours(t *testing.T) {
	for name, wrap := range map[string]func(authcode.Provider) authcode.Provider{
		"itself":              func(p authcode.Provider) authcode.Provider { return p },
		"a Mailing":           func(p authcode.Provider) authcode.Provider { return &authcode.Mailing{Provider: p} },
		"a Router":            func(p authcode.Provider) authcode.Provider { return route(p) },
		"a Mailing, a Router": func(p authcode.Provider) authcode.Provider { return &authcode.Mailing{Provider: route(p)} },
	} {
		t.Run(name, func(t *testing.T) {
			p := &registry{}
			p.caps = all(aCode)
			var entries []gateway.Entry
			g := stand(t, gateway.Options{
				Provider: wrap(p), NoCodes: []string{"one.example"}, Now: newClock().Now,
				Audit: func(_ context.Context, e gateway.Entry) { entries = append(entries, e) },
			})
			who := gateway.Caller{Account: g.Accounts().ByUser("ONE1"), Via: "netim"}

			require.NoError(t, g.SetLock(t.Context(), who, "ALPHA.example", true))
			require.Equal(t, "alpha.example", p.domain)
			d, err := g.Describe(t.Context(), who, "Alpha.example.")
			require.NoError(t, err)
			require.Equal(t, authcode.Domain{Name: "alpha.example", Locked: authcode.Yes, ROID: "R1"}, d)
			require.NoError(t, g.SetLock(t.Context(), who, "alpha.example", false))
			require.False(t, p.locked)
			out, err := g.Operation(t.Context(), who, "alpha.example", "op-1")
			require.NoError(t, err)
			require.Equal(t, authcode.Code{Value: code}, out)
			out, err = g.Operation(t.Context(), who, "alpha.example", "op-2")
			require.NoError(t, err)
			require.Equal(t, authcode.Unavailable, out.(authcode.Refused).Class, "who is not let in is the gateway")
			require.Equal(t, []gateway.Entry{{
				Time: newClock().now, Via: "netim", Account: "one", Domain: "alpha.example",
				Scope: authcode.External, Outcome: "code", Operation: "op-1",
			}}, entries, "of what somebody got")
			caps, err := g.Capabilities(t.Context(), who, "Alpha.example")
			require.NoError(t, err)
			require.True(t, caps.Retrieve.Any())

			// A domain without codes is a domain.
			caps, err = g.Capabilities(t.Context(), who, "x.one.example")
			require.NoError(t, err)
			require.Equal(t, authcode.Capabilities{}, caps)
			_, err = g.Describe(t.Context(), who, "x.one.example")
			require.NoError(t, err)
		})
	}
}

func route(p authcode.Provider) authcode.Provider {
	return &authcode.Router{Suffixes: map[string]authcode.Provider{"example": p}}
}

// TestNeighboursRefused asks for what is not the account's, what there is not, and what
// fails.
func TestNeighboursRefused(t *testing.T) {
	broken := &authcode.Error{System: "up", Op: "it", Err: errors.New("no route")}
	for name, r := range map[string]struct {
		domain string
		err    error
		want   error
	}{
		"no such domain":                         {"gamma.example", nil, authcode.Refused{Class: authcode.NotFound}},
		"another's domain":                       {"beta.example", nil, authcode.Refused{Class: authcode.NotYours}},
		"no name":                                {"no name", nil, authcode.Refused{Class: authcode.Invalid}},
		"the upstream does not know the gateway": {"alpha.example", authcode.Refused{Class: authcode.Unauthorized}, authcode.Refused{Class: authcode.Unavailable}},
		"refused":                                {"alpha.example", authcode.Refused{Class: authcode.Busy}, authcode.Refused{Class: authcode.Busy}},
		"failed":                                 {"alpha.example", broken, broken},
	} {
		t.Run(name, func(t *testing.T) {
			p := &registry{err: r.err}
			p.capsErr = r.err
			g := stand(t, gateway.Options{Provider: p})
			who := gateway.Caller{Account: g.Accounts().ByUser("ONE1")}
			is := func(err error) {
				t.Helper()
				no, refused := authcode.AsRefused(err)
				require.Equal(t, r.want != broken, refused)
				if refused {
					require.ErrorIs(t, authcode.Refused{Class: no.Class}, r.want)
				} else {
					require.Equal(t, r.want, err)
				}
			}
			_, err := g.Describe(t.Context(), who, r.domain)
			is(err)
			_, err = g.Capabilities(t.Context(), who, r.domain)
			is(err)
			_, err = g.Operation(t.Context(), who, r.domain, "op-1")
			is(err)
			is(g.SetLock(t.Context(), who, r.domain, true))
			require.Equal(t, r.err == nil, p.domain == "", "the upstream was not asked")
		})
	}
	t.Run("not supported", func(t *testing.T) {
		g := stand(t, gateway.Options{Provider: route(&upstream{})})
		who := gateway.Caller{Account: g.Accounts().ByUser("ONE1")}
		d, err := g.Describe(t.Context(), who, "Alpha.example")
		require.NoError(t, err)
		require.Equal(t, authcode.Domain{Name: "alpha.example"}, d)
		require.True(t, refusedAs(g.SetLock(t.Context(), who, "alpha.example", true), authcode.Unsupported))
		_, err = g.Operation(t.Context(), who, "alpha.example", "op-1")
		require.True(t, refusedAs(err, authcode.NotFound))
	})
}

func refusedAs(err error, class authcode.Class) bool {
	no, refused := authcode.AsRefused(err)
	return refused && no.Class == class
}
