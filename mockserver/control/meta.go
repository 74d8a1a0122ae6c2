package control

import (
	"fmt"
	"net/http"
	"strings"
)

func metaRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/", global: true, raw: "text/plain", answer: "",
			says: "List what there is.",
			serve: func(x *call) (any, error) {
				x.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
				fmt.Fprintf(x.w, "The control of a mock registry. /openapi.json describes it in full.\n\n")
				for _, r := range x.ctl.routes {
					fmt.Fprintf(x.w, "%-6s %-32s %s\n", r.method, r.path, r.says)
				}
				fmt.Fprintf(x.w, "\nWhat is of one registry is below /tenants/{tenant} too.\n")
				return "", nil
			},
		},
		{
			method: http.MethodGet, path: "/openapi.json", global: true, answer: map[string]any{},
			says:  "Describe all of this by OpenAPI 3.1.",
			serve: func(x *call) (any, error) { return x.ctl.openAPI(), nil },
		},
		{
			method: http.MethodGet, path: "/ready", global: true, answer: Ready{},
			says: "Say whether all registries take connections.",
			serve: func(x *call) (any, error) {
				x.ctl.mu.Lock()
				defer x.ctl.mu.Unlock()
				r := Ready{Ready: true, Tenants: len(x.ctl.mocks)}
				for _, t := range x.ctl.mocks {
					r.Ready = r.Ready && t.Server.Addr() != ""
				}
				if !r.Ready {
					return nil, &problem{http.StatusServiceUnavailable, "", "a registry is not listening"}
				}
				return r, nil
			},
		},
	}
}

// Ready is that all registries take connections.
type Ready struct {
	Ready   bool `json:"ready"`
	Tenants int  `json:"tenants"`
}

// operationID names a route in the description, as in getClock.
func (r *route) operationID() string {
	var b strings.Builder
	b.WriteString(strings.ToLower(r.method))
	for part := range strings.FieldsFuncSeq(r.path, func(c rune) bool { return strings.ContainsRune("/{}.-", c) }) {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
