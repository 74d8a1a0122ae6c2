package metrics

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
)

// A Source is what there is to read about one registry. Each of the parts may be nil.
type Source struct {
	// Name is the value of the label registry, different for each source.
	Name string
	// Pool has the figures of a pool; a *client.Pool does.
	Pool    interface{ Stats() client.PoolStats }
	Latency *middleware.Latency
	Breaker *middleware.Breaker
	Limit   *middleware.Limit
	Retry   *middleware.Retry
}

// Options configure a [Handler].
type Options struct{ Sources []Source }

// A Handler answers with the figures of its sources as they are at the moment. Any number
// of goroutines may use it.
type Handler struct{ sources []Source }

// New makes a Handler. Two sources of one name are an error: their samples could not be
// told apart.
func New(opts Options) (*Handler, error) {
	names := map[string]bool{}
	for _, s := range opts.Sources {
		if names[s.Name] {
			return nil, fmt.Errorf("metrics: two sources have the name %q", s.Name)
		}
		names[s.Name] = true
	}
	return &Handler{slices.Clone(opts.Sources)}, nil
}

// ContentType is that of the text format.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// ServeHTTP answers GET and HEAD.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", ContentType)
	_, _ = w.Write(h.Append(nil)) // a reader who has gone needs no answer
}

// Append appends the figures in the text format to dst.
func (h *Handler) Append(dst []byte) []byte {
	x := &text{out: dst}
	h.commands(x)
	h.pools(x)
	h.layers(x)
	return x.out
}
