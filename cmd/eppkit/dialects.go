package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
	"github.com/eppkit/eppkit/authcode/netim"
	"github.com/eppkit/eppkit/authcode/openprovider"
	"github.com/eppkit/eppkit/authcode/opensrs"
)

// dialectEPP is the dialect of a registry, and of a profile that names none.
const dialectEPP = "epp"

// A dialect is an interface for resellers, at both ends.
type dialect struct {
	// fields are those of a profile that it has a use for, beside commonFields.
	fields []string
	client func(*profile, authcode.HTTP, authcode.Secret) (authcode.Provider, error)
	// roots are the first segments of its paths; "" is none.
	roots   []string
	handler func(*gateway.Gateway) http.Handler
	// mails are the requests that have a code sent, and never shown instead.
	mails string
}

// dialects are all of them. One is added here and in resellerDialects, and nowhere else
// in this program.
var dialects = map[string]dialect{
	"netim": {
		fields: []string{"user", "version", "lang"},
		client: func(p *profile, at authcode.HTTP, secret authcode.Secret) (authcode.Provider, error) {
			return netim.New(netim.Options{
				HTTP: at, ID: p.User, Secret: secret, Version: netim.Version(p.Version), Language: strings.ToUpper(p.Lang),
			})
		},
		roots:   []string{"1.0", "3.0"},
		handler: func(g *gateway.Gateway) http.Handler { return netim.NewHandler(g, netim.HandlerOptions{}) },
		mails:   "the AuthID to the registrant",
	},
	"mijndomeinreseller": {
		fields: []string{"test"},
		client: func(p *profile, at authcode.HTTP, secret authcode.Secret) (authcode.Provider, error) {
			return mijndomeinreseller.New(mijndomeinreseller.Options{HTTP: at, Key: secret, Test: p.Test})
		},
		roots: []string{"v2"},
		handler: func(g *gateway.Gateway) http.Handler {
			return mijndomeinreseller.NewHandler(g, mijndomeinreseller.HandlerOptions{})
		},
	},
	"openprovider": {
		fields: []string{"user"},
		client: func(p *profile, at authcode.HTTP, secret authcode.Secret) (authcode.Provider, error) {
			return openprovider.New(openprovider.Options{HTTP: at, Username: p.User, Password: secret})
		},
		roots: []string{"v1beta"},
		handler: func(g *gateway.Gateway) http.Handler {
			return openprovider.NewHandler(g, openprovider.HandlerOptions{})
		},
	},
	"opensrs": {
		fields: []string{"user", "test"},
		client: func(p *profile, at authcode.HTTP, secret authcode.Secret) (authcode.Provider, error) {
			return opensrs.New(opensrs.Options{HTTP: at, Username: p.User, Key: secret, Test: p.Test})
		},
		roots:   []string{""},
		handler: func(g *gateway.Gateway) http.Handler { return opensrs.NewHandler(g, opensrs.HandlerOptions{}) },
		mails:   "send_authcode",
	},
}

// resellerDialects are the names in dialects, in the order in which they are shown.
var resellerDialects = []string{"netim", "mijndomeinreseller", "openprovider", "opensrs"}

// eppFields are the fields of a registry's profile, commonFields those of any other.
// All have dialect and password.
var (
	eppFields = []string{
		"address", "addresses", "registry", "clID", "certificate", "key", "roots", "serverName", "lang", "codes", "namespaces",
		"source", "proxy", "proxyPassword", "sessions", "userAgent",
	}
	commonFields = []string{"base", "roots"}
)

// checkFields checks that the profile's dialect has a use for the fields that are given.
func (p *profile) checkFields() error {
	if err := oneOf("dialect", p.Dialect, append([]string{dialectEPP}, resellerDialects...)); err != nil {
		return err
	}
	useful := eppFields
	if p.Dialect != dialectEPP {
		useful = slices.Concat(commonFields, dialects[p.Dialect].fields)
	}
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"address", p.Address != ""},
		{"addresses", p.Addresses != nil},
		{"registry", p.Registry != ""},
		{"clID", p.ClID != ""},
		{"certificate", p.Certificate != ""},
		{"key", p.Key != ""},
		{"roots", p.Roots != ""},
		{"serverName", p.ServerName != ""},
		{"lang", p.Lang != ""},
		{"codes", p.Codes != codes{}},
		{"namespaces", len(p.Namespaces) > 0},
		{"source", p.Source != nil},
		{"proxy", p.Proxy != ""},
		{"proxyPassword", !p.ProxyPassword.isZero()},
		{"userAgent", p.UserAgent != ""},
		{"sessions", p.Sessions != sessions{}},
		{"user", p.User != ""},
		{"base", p.Base != ""},
		{"version", p.Version != ""},
		{"test", p.Test},
	} {
		if f.given && !slices.Contains(useful, f.name) {
			return fmt.Errorf("%s has no use for %s", p.Dialect, f.name)
		}
	}
	if p.User == "" && slices.Contains(useful, "user") {
		return errors.New("user is missing")
	}
	return nil
}
