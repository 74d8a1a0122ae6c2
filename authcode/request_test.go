package authcode_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

func TestRequestCanonical(t *testing.T) {
	for name, r := range map[string]authcode.Request{
		"retrieve":            {Verb: authcode.Retrieve},
		"retrieve external":   {Verb: authcode.Retrieve, Scope: authcode.External},
		"retrieve internal":   {Verb: authcode.Retrieve, Scope: authcode.Internal},
		"regenerate":          {Verb: authcode.Regenerate},
		"regenerate, chosen":  {Verb: authcode.Regenerate, Value: theCode},
		"send to registrant":  {Verb: authcode.Send, To: authcode.Registrant},
		"send to reseller":    {Verb: authcode.Send, To: authcode.Reseller},
		"send to the contact": {Verb: authcode.Send, To: authcode.Admin},
		"send a fresh one":    {Verb: authcode.Send, To: authcode.Registrant, Fresh: true},
	} {
		r.Domain = "ALPHA.example."
		got, err := r.Canonical()
		require.NoError(t, err, name)
		r.Domain = "alpha.example"
		require.Equal(t, r, got, name)
	}
	for name, r := range map[string]authcode.Request{
		"no domain":               {Verb: authcode.Retrieve},
		"no verb":                 {Domain: "alpha.example"},
		"other verb":              {Domain: "alpha.example", Verb: "steal"},
		"send to nobody":          {Domain: "alpha.example", Verb: authcode.Send},
		"send to somebody":        {Domain: "alpha.example", Verb: authcode.Send, To: "tech"},
		"retrieve to somebody":    {Domain: "alpha.example", Verb: authcode.Retrieve, To: authcode.Admin},
		"regenerate to somebody":  {Domain: "alpha.example", Verb: authcode.Regenerate, To: authcode.Admin},
		"retrieve a fresh one":    {Domain: "alpha.example", Verb: authcode.Retrieve, Fresh: true},
		"regenerate a fresh one":  {Domain: "alpha.example", Verb: authcode.Regenerate, Fresh: true},
		"retrieve, chosen":        {Domain: "alpha.example", Verb: authcode.Retrieve, Value: theCode},
		"send, chosen":            {Domain: "alpha.example", Verb: authcode.Send, To: authcode.Admin, Value: theCode},
		"retrieve in other scope": {Domain: "alpha.example", Verb: authcode.Retrieve, Scope: "global"},
	} {
		_, err := r.Canonical()
		require.ErrorIs(t, err, authcode.Refused{Class: authcode.Invalid}, name)
		require.NotContains(t, err.Error(), theCode, name)
	}
}

func TestRequestString(t *testing.T) {
	for want, r := range map[string]authcode.Request{
		"retrieve alpha.example":            {Domain: "alpha.example", Verb: authcode.Retrieve},
		"retrieve internal alpha.example":   {Domain: "alpha.example", Verb: authcode.Retrieve, Scope: authcode.Internal},
		"send to admin alpha.example":       {Domain: "alpha.example", Verb: authcode.Send, To: authcode.Admin},
		"send fresh to admin alpha.example": {Domain: "alpha.example", Verb: authcode.Send, To: authcode.Admin, Fresh: true},
		"regenerate alpha.example":          {Domain: "alpha.example", Verb: authcode.Regenerate, Value: theCode},
	} {
		require.Equal(t, want, r.String())
	}
	require.Equal(t, authcode.External, authcode.Scope("").OrExternal())
	require.Equal(t, authcode.Internal, authcode.Internal.OrExternal())
}
