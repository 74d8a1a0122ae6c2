package authcode_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

func TestRouter(t *testing.T) {
	names := map[authcode.Provider]string{}
	provider := func(name string) authcode.Provider {
		p := &fake{journal: &journal{}, answers: map[authcode.Verb]authcode.Outcome{authcode.Retrieve: authcode.Pending{Operation: name}}}
		p.caps.Retrieve = show
		names[p] = name
		return p
	}
	errLookup := errors.New("no lookup today")
	found := provider("found")
	lookup := func(_ context.Context, domain string) (authcode.Provider, error) {
		switch domain {
		case "found.example":
			return found, nil
		case "broken.example":
			return nil, errLookup
		}
		return nil, nil
	}
	suffixes := map[string]authcode.Provider{
		"cz": provider("cz"), "uk": provider("uk"), "co.uk": provider("co.uk"),
		"special.co.uk": provider("special"), "xn--p1ai": provider("rf"), "nil.example": nil,
	}
	all := map[string]authcode.Provider{"": provider("all"), "cz": suffixes["cz"]}
	for name, c := range map[string]struct {
		router authcode.Router
		domain string
		want   string // or none
		class  authcode.Class
		err    error
	}{
		"suffix":               {router: authcode.Router{Suffixes: suffixes}, domain: "alpha.cz", want: "cz"},
		"longer suffix":        {router: authcode.Router{Suffixes: suffixes}, domain: "alpha.co.uk", want: "co.uk"},
		"shorter suffix":       {router: authcode.Router{Suffixes: suffixes}, domain: "co.org.uk", want: "uk"},
		"the name itself":      {router: authcode.Router{Suffixes: suffixes}, domain: "special.co.uk", want: "special"},
		"below the name":       {router: authcode.Router{Suffixes: suffixes}, domain: "www.special.co.uk", want: "special"},
		"labels, not letters":  {router: authcode.Router{Suffixes: suffixes}, domain: "alpha.xcz", class: authcode.NotYours},
		"case and dot":         {router: authcode.Router{Suffixes: suffixes}, domain: "ALPHA.Co.UK.", want: "co.uk"},
		"U-label":              {router: authcode.Router{Suffixes: suffixes}, domain: "альфа.рф", want: "rf"},
		"no suffix":            {router: authcode.Router{Suffixes: suffixes}, domain: "alpha.example", class: authcode.NotYours},
		"a nil provider":       {router: authcode.Router{Suffixes: suffixes}, domain: "nil.example", class: authcode.NotYours},
		"all others":           {router: authcode.Router{Suffixes: all, Lookup: lookup}, domain: "found.example", want: "all"},
		"not all others":       {router: authcode.Router{Suffixes: all}, domain: "alpha.cz", want: "cz"},
		"lookup":               {router: authcode.Router{Suffixes: suffixes, Lookup: lookup}, domain: "FOUND.example", want: "found"},
		"suffix before lookup": {router: authcode.Router{Suffixes: map[string]authcode.Provider{"example": suffixes["cz"]}, Lookup: lookup}, domain: "found.example", want: "cz"},
		"lookup finds none":    {router: authcode.Router{Lookup: lookup}, domain: "alpha.example", class: authcode.NotYours},
		"lookup fails":         {router: authcode.Router{Lookup: lookup}, domain: "broken.example", err: errLookup},
		"the zero router":      {domain: "alpha.example", class: authcode.NotYours},
		"no name":              {router: authcode.Router{Suffixes: all}, domain: "alpha/beta.cz", class: authcode.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := c.router.Choose(t.Context(), c.domain)
			caps, capsErr := c.router.Capabilities(t.Context(), c.domain)
			out, outErr := c.router.HandOver(t.Context(), authcode.Request{Domain: c.domain, Verb: authcode.Retrieve})
			switch {
			case c.err != nil:
				require.ErrorIs(t, err, c.err)
				require.ErrorIs(t, capsErr, c.err)
				require.ErrorIs(t, outErr, c.err)
			case c.class != "":
				require.ErrorIs(t, err, authcode.Refused{Class: c.class})
				require.ErrorIs(t, capsErr, authcode.Refused{Class: c.class})
				require.NoError(t, outErr)
				require.Equal(t, c.class, out.(authcode.Refused).Class)
			default:
				require.NoError(t, errors.Join(err, capsErr, outErr))
				require.Equal(t, c.want, names[p])
				require.Equal(t, show, caps.Retrieve)
				require.Equal(t, authcode.Pending{Operation: c.want}, out)
			}
		})
	}
}

func TestNewRouter(t *testing.T) {
	p := &fake{}
	router, err := authcode.NewRouter(map[string]authcode.Provider{".CZ": p, "рф.": p, "co.uk": p, "": p})
	require.NoError(t, err)
	require.Equal(t, map[string]authcode.Provider{"cz": p, "xn--p1ai": p, "co.uk": p, "": p}, router.Suffixes)
	_, err = authcode.NewRouter(map[string]authcode.Provider{"a b": p})
	require.ErrorContains(t, err, `"a b"`)
	_, err = authcode.NewRouter(map[string]authcode.Provider{"cz": p, "CZ": p})
	require.ErrorContains(t, err, "twice")
}

func TestFind(t *testing.T) {
	able := &directory{fake: &fake{journal: &journal{}}}
	unable := &fake{journal: &journal{}}
	wrap := func(p authcode.Provider) authcode.Provider {
		return &authcode.Mailing{Provider: &authcode.Router{Suffixes: map[string]authcode.Provider{"example": p}}}
	}
	for name, c := range map[string]struct {
		in     authcode.Provider
		domain string
		found  bool
		class  authcode.Class
	}{
		"itself":                     {able, "alpha.example", true, ""},
		"behind Mailing and Router":  {wrap(able), "alpha.example", true, ""},
		"behind two of each":         {wrap(wrap(able)), "alpha.example", true, ""},
		"not there":                  {unable, "alpha.example", false, ""},
		"not there behind them":      {wrap(unable), "alpha.example", false, ""},
		"no provider for the domain": {wrap(able), "alpha.test", false, authcode.NotYours},
		"no provider in the Mailing": {&authcode.Mailing{}, "alpha.example", false, ""},
		"nil":                        {nil, "alpha.example", false, ""},
	} {
		d, ok, err := authcode.Find[authcode.Directory](t.Context(), c.in, c.domain)
		require.Equal(t, c.found, ok, name)
		if c.found {
			require.Same(t, able, d, name)
		}
		if c.class != "" {
			require.ErrorIs(t, err, authcode.Refused{Class: c.class}, name)
		} else {
			require.NoError(t, err, name)
		}
	}
}
