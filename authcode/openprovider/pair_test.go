package openprovider_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// codes are what some registries hand out.
var codes = []string{`23)9W*(zHLBCEwg4`, `)*(&<"$'`, `Ž-þ€𝛑`, `\u0022 \\ </a> ` + "\u2028", "12345678"}

func TestPairCodes(t *testing.T) {
	for _, code := range codes {
		srv := serve(t, shows(code), openprovider.HandlerOptions{})
		c := dial(t, srv.URL+"/v1beta", byPassword)
		info := dial(t, srv.URL+"/v1beta", func(o *openprovider.Options) { o.RetrieveFromInfo = true })
		for _, scope := range []authcode.Scope{authcode.External, authcode.Internal} {
			want := authcode.Code{Value: authcode.Secret(code), Scope: scope}
			for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
				out, err := c.HandOver(t.Context(), request(verb, scope))
				require.NoError(t, err)
				require.Equal(t, want, out, verb)
			}
			out, err := info.HandOver(t.Context(), request(authcode.Retrieve, scope))
			require.NoError(t, err)
			require.Equal(t, want, out)
		}
	}
}

// TestPairOutcomes: what the Provider behind the handler has as its outcome, the client
// in front of it reports.
func TestPairOutcomes(t *testing.T) {
	sent := authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}
	for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
		p := answers(authcode.Sent{
			To:        []authcode.Recipient{authcode.Registrant},
			Addresses: []string{"j*****@e*****.*"}, // for which the interface has no place
		})
		c := dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
		out, err := c.HandOver(t.Context(), request(verb, ""))
		require.NoError(t, err)
		require.Equal(t, sent, out)
		require.Equal(t, []string{string(verb) + " " + name}, p.asked())
	}
	for _, class := range authcode.Classes {
		p := answers(authcode.Refused{Class: class, Code: "far", Text: "for a reason"})
		c := dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
		out, err := c.HandOver(t.Context(), request(authcode.Regenerate, ""))
		require.NoError(t, err)
		no := out.(authcode.Refused)
		if class == authcode.Unauthorized {
			// The upstream's refusal of the gateway is no fault of the client's.
			require.Equal(t, authcode.Unavailable, no.Class)
			continue
		}
		require.Equal(t, class, no.Class)
		require.Equal(t, "for a reason", no.Text)
		require.NotEmpty(t, no.Body)
		require.NotZero(t, no.HTTPStatus)
		retry := class == authcode.RateLimited || class == authcode.Busy || class == authcode.Unavailable
		require.Equal(t, retry, no.Retryable, class)
		require.Len(t, p.asked(), 1)
	}
}

func TestPairErrors(t *testing.T) {
	lost := &authcode.Error{System: "far", Op: "op", Unknown: true, Err: errors.New("cut off")}
	p := fails(lost)
	c := dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
	for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate, authcode.Send} {
		_, err := c.HandOver(t.Context(), request(verb, ""))
		require.True(t, authcode.OutcomeUnknown(err), verb)
		var e *authcode.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, name, e.Domain)
		require.Equal(t, 504, e.HTTPStatus)
	}
	require.Len(t, p.asked(), 3)

	p = fails(&authcode.Error{System: "far", Op: "op", Err: errors.New("no route")})
	c = dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
	out, err := c.HandOver(t.Context(), request(authcode.Regenerate, ""))
	require.NoError(t, err)
	require.Equal(t, authcode.Unavailable, out.(authcode.Refused).Class)
	require.True(t, out.(authcode.Refused).Retryable)

	p = fails(errors.New("an error without a type"))
	c = dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
	_, err = c.HandOver(t.Context(), request(authcode.Regenerate, ""))
	require.True(t, authcode.OutcomeUnknown(err))

	p = &scripted{caps: everything(), out: func(authcode.Request) (authcode.Outcome, error) { panic("lost") }}
	c = dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
	_, err = c.HandOver(t.Context(), request(authcode.Regenerate, ""))
	require.True(t, authcode.OutcomeUnknown(err))
}

func TestPairNeighbours(t *testing.T) {
	created := time.Date(2020, 3, 4, 5, 6, 7, 0, time.UTC)
	p := &telling{scripted: shows("A-code-9"), domain: authcode.Domain{
		Name: name, Locked: authcode.Yes, Lockable: authcode.Yes, ROID: "D1-EX", Registrant: "OWN-1",
		Admin: []string{"ADM-1", "ADM-2"}, Tech: []string{"TEC-1"}, NS: []string{"ns1.alpha.example"},
		Status: []string{"clientTransferProhibited"}, Created: created, Expires: created.AddDate(9, 0, 0),
	}}
	c := dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
	it, err := c.Describe(t.Context(), "Alpha.Example.")
	require.NoError(t, err)
	require.Equal(t, authcode.Domain{
		Name: name, Locked: authcode.Yes, Lockable: authcode.Yes, Registrant: "OWN-1", Status: []string{"ACT"},
		Admin: []string{"ADM-1"}, Tech: []string{"TEC-1"}, NS: []string{"ns1.alpha.example"},
		Created: created, Expires: created.AddDate(9, 0, 0),
	}, it)

	require.NoError(t, c.SetLock(t.Context(), name, false))
	require.NoError(t, c.SetLock(t.Context(), name, true))
	require.Equal(t, []bool{false, true}, p.locked)

	d, err := c.FindDomain(t.Context(), "ALPHA.example")
	require.NoError(t, err)
	require.EqualValues(t, id, d.ID)
	require.Empty(t, d.AuthCode, "a list shows no codes")

	a, err := c.ResetAuthCode(t.Context(), id, name, authcode.Internal)
	require.NoError(t, err)
	require.Equal(t, "D1-EX", a.DomainROID)
	require.Equal(t, []string{"clientTransferProhibited"}, a.EPPStatuses)
	require.Equal(t, "internal", a.Type)

	for _, missing := range []string{"beta.example", "gamma.example", "alpha.example.com"} {
		_, err = c.FindDomain(t.Context(), missing)
		require.ErrorIs(t, err, authcode.Refused{Class: authcode.NotYours}, missing)
	}
	for _, class := range []authcode.Class{authcode.NotFound, authcode.NotYours} {
		p.err = authcode.Refused{Class: class}
		_, err = c.FindDomain(t.Context(), name)
		no, _ := authcode.AsRefused(err)
		require.Equal(t, authcode.NotYours, no.Class)
	}
	p.err = authcode.Refused{Class: authcode.Locked, Text: "held"}
	no, _ := authcode.AsRefused(c.SetLock(t.Context(), name, true))
	require.Equal(t, authcode.Locked, no.Class)

	// U-labels and A-labels are one name.
	p.err = nil
	d, err = c.FindDomain(t.Context(), "ŽLUŤ.example")
	require.NoError(t, err)
	require.EqualValues(t, 4712, d.ID)
}

// TestPairPlain: a Provider that tells nothing about domains.
func TestPairPlain(t *testing.T) {
	p := answers(authcode.Code{Value: "c0de", Scope: authcode.External})
	c := dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
	d, err := c.DomainInfo(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, name, d.Name)
	require.Empty(t, d.AuthCode, "to read it would have side effects")
	require.Empty(t, p.asked())
	no, refused := authcode.AsRefused(c.SetLock(t.Context(), name, true))
	require.True(t, refused)
	require.Equal(t, authcode.Unsupported, no.Class)

	p = shows("c0de")
	c = dial(t, serve(t, p, openprovider.HandlerOptions{}).URL+"/v1beta")
	d, err = c.DomainInfo(t.Context(), id)
	require.NoError(t, err)
	require.EqualValues(t, "c0de", d.AuthCode)
	require.EqualValues(t, "c0de", d.InternalAuthCode)

	// Where to read it makes a new one, it is not read.
	p.caps.Retrieve.NewCode = true
	before := len(p.asked())
	d, err = c.DomainInfo(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, d.AuthCode)
	require.Len(t, p.asked(), before)
	p.caps.Retrieve.NewCode = false

	// A domain without a code is told from one whose code can't be read now.
	for class, silent := range map[authcode.Class]bool{authcode.Unset: true, authcode.Denied: true, authcode.Busy: false} {
		p.out = func(authcode.Request) (authcode.Outcome, error) { return authcode.Refused{Class: class}, nil }
		d, err = c.DomainInfo(t.Context(), id)
		if silent {
			require.NoError(t, err)
			require.Empty(t, d.AuthCode)
			continue
		}
		no, _ := authcode.AsRefused(err)
		require.Equal(t, class, no.Class)
	}
}
