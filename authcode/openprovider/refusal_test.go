package openprovider

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

func reply(status int, body []byte) *httpcall.Reply {
	return &httpcall.Reply{Status: status, Body: body}
}

// own is a Provider that is asked for alpha.example alone.
type own struct{ t *testing.T }

func (own) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	able := authcode.Ability{Outcomes: authcode.KindCode}
	return authcode.Capabilities{Retrieve: able, Regenerate: able, Internal: true}, nil
}

func (p own) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	require.Equal(p.t, "alpha.example", r.Domain)
	return authcode.Code{Value: "c", Scope: r.Scope.OrExternal()}, nil
}

func (p own) SetLock(_ context.Context, domain string, _ bool) error {
	require.Equal(p.t, "alpha.example", domain)
	return nil
}

// TestMapping: the table has every class, each code once, and what is written for a
// class is read as that class.
func TestMapping(t *testing.T) {
	seen := map[int]bool{}
	for _, m := range mapping {
		require.False(t, seen[m.code], m.code)
		require.Contains(t, authcode.Classes, m.class)
		seen[m.code] = true
	}
	for _, class := range authcode.Classes {
		back, ok := classOf(codeOf(class, nil), nil)
		require.True(t, ok, class)
		require.Equal(t, class, back)
	}
	require.Equal(t, codeOf(authcode.Failed, nil), codeOf("a class of tomorrow", nil))
	require.Equal(t, 366, codeOf(authcode.Locked, map[authcode.Class]int{authcode.Locked: 366}))
	require.Equal(t, http.StatusTeapot, statusOf(366, map[int]int{366: http.StatusTeapot}))
}
