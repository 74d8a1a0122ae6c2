package authcode_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
	"github.com/eppkit/eppkit/authcode/netim"
	"github.com/eppkit/eppkit/authcode/openprovider"
	"github.com/eppkit/eppkit/authcode/opensrs"
)

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
