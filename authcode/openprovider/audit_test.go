package openprovider_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// incapable can't say what it can do.
type incapable struct{ *scripted }

func (incapable) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return authcode.Capabilities{}, &authcode.Error{System: "up", Op: "it", Err: errors.New("no route")}
}

// TestAudit: what comes of a request is written down also where it comes to nothing
// before there is a name, or a provider.
func TestAudit(t *testing.T) {
	line := func(domain string, verb authcode.Verb, outcome string) gateway.Entry {
		return gateway.Entry{
			Via: "openprovider", Account: "first", Domain: domain, Verb: verb, Scope: authcode.External, Outcome: outcome,
		}
	}
	not := func(e gateway.Entry) gateway.Entry { e.Class, e.Code = authcode.NotYours, "320"; return e }
	for title, row := range map[string]struct {
		p            authcode.Provider
		method, path string
		want         []gateway.Entry
	}{
		"a code":                   {shows("c0de"), "GET", codePath, []gateway.Entry{line(name, authcode.Retrieve, "code")}},
		"another's domain":         {shows("c0de"), "GET", "/v1beta/domains/99/authcode", []gateway.Entry{not(line("99", authcode.Retrieve, "refused"))}},
		"another's domain, reset":  {shows("c0de"), "POST", "/v1beta/domains/99/authcode/reset", []gateway.Entry{not(line("99", authcode.Regenerate, "refused"))}},
		"nobody's domain":          {shows("c0de"), "GET", "/v1beta/domains/98/authcode", []gateway.Entry{not(line("98", authcode.Retrieve, "refused"))}},
		"another's domain, shown":  {shows("c0de"), "GET", "/v1beta/domains/99", nil},
		"no capabilities":          {incapable{shows("c0de")}, "GET", codePath, []gateway.Entry{line(name, authcode.Retrieve, "failed")}},
		"no capabilities, a reset": {incapable{shows("c0de")}, "POST", resetPath, []gateway.Entry{line(name, authcode.Regenerate, "failed")}},
	} {
		t.Run(title, func(t *testing.T) {
			var mu sync.Mutex
			var entries []gateway.Entry
			srv := serve(t, row.p, openprovider.HandlerOptions{}, func(o *gateway.Options) {
				o.Audit = func(_ context.Context, e gateway.Entry) {
					mu.Lock()
					defer mu.Unlock()
					require.False(t, e.Time.IsZero())
					require.NotEmpty(t, e.Addr)
					e.Time, e.Addr = time.Time{}, ""
					entries = append(entries, e)
				}
			})
			ask(t, srv.URL, row.method, row.path, "")
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, row.want, entries)
		})
	}
}
