package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

const (
	readyTimeout = 5 * time.Second
	// readyRest is how long a registry that could not be reached is left alone:
	// who asks for readiness is nobody we know, and each try may be a login.
	readyRest = 5 * time.Second
)

// A front passes requests on to the handlers, by the first segment of their path. It is
// no http.ServeMux, which would redirect paths with doubled slashes.
type front struct {
	g        *gateway.Gateway
	handlers map[string]http.Handler
	links    []*eppcode.Link
	running  sync.WaitGroup // requests

	mu       sync.Mutex
	failed   bool
	failedAt time.Time
}

func newFront(g *gateway.Gateway, links []*eppcode.Link, names []string) *front {
	f := &front{g: g, handlers: map[string]http.Handler{}, links: links}
	for _, name := range names {
		h := dialects[name].handler(g)
		for _, root := range dialects[name].roots {
			f.handlers[root] = h
		}
	}
	return f
}

// ServeHTTP passes a request on.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.running.Add(1)
	defer f.running.Done()
	root, _, _ := strings.Cut(strings.TrimLeft(r.URL.Path, "/"), "/")
	switch {
	case r.URL.Path == "/healthz":
		fmt.Fprintln(w, "ok")
	case r.URL.Path == "/readyz":
		if !f.ready(r.Context()) {
			http.Error(w, "a registry can't be reached", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	case f.handlers[root] != nil:
		f.handlers[root].ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// ready reports whether the registries can be reached. Systems without EPP are not
// asked: their quotas are for work.
func (f *front) ready(ctx context.Context) bool {
	f.mu.Lock()
	rests := f.failed && f.g.Now().Sub(f.failedAt) < readyRest
	f.mu.Unlock()
	if rests {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for _, link := range f.links {
		if err := link.Connect(ctx); err != nil {
			f.g.Log().Warn("a registry can't be reached", "error", err)
			f.mu.Lock()
			f.failed, f.failedAt = true, f.g.Now()
			f.mu.Unlock()
			return false
		}
	}
	return true
}

// wait waits for the requests in progress, for a time at most.
func (f *front) wait(most time.Duration) error {
	done := make(chan struct{})
	go func() { // ends with the process where a handler does not end
		f.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-time.After(most):
		return errors.New("requests that were cut off go on; the audit may lack their outcomes")
	}
}
