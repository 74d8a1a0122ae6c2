package gateway_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode/gateway"
)

// TestDeny writes down who was not let in, in one line whatever the name is.
func TestDeny(t *testing.T) {
	for name, r := range map[string]struct{ user, want string }{
		"a name":                {"ONE1", `"user":"ONE1","addr":"192.0.2.1:7"`},
		"nobody":                {"", `"via":"netim","addr":"192.0.2.1:7"`},
		"lines and escapes":     {"a\nb\x1b[2J", "\"user\":\"a\ufffdb\ufffd[2J\""},
		"no UTF-8":              {"a\xff", "\"user\":\"a\ufffd\""},
		"long":                  {strings.Repeat("x", 1e6), `"user":"` + strings.Repeat("x", 64) + `"`},
		"long, no half of an é": {"x" + strings.Repeat("é", 64), `"user":"x` + strings.Repeat("é", 31) + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			var lines bytes.Buffer
			g := stand(t, gateway.Options{Now: newClock().Now, Denied: gateway.DenialLog(slog.New(slog.NewJSONHandler(&lines, nil)))})
			ctx, gone := context.WithCancel(t.Context())
			gone()
			g.Deny(ctx, "netim", r.user, "192.0.2.1:7")
			require.Contains(t, lines.String(), `"msg":"denied","entry":{"time":"2026-03-04T05:06:07Z","via":"netim",`)
			require.Contains(t, lines.String(), r.want)
			require.Equal(t, 1, strings.Count(lines.String(), "\n"))
		})
	}
	stand(t, gateway.Options{}).Deny(t.Context(), "netim", "", "") // nobody is told
}
