package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/client"
)

const (
	readyTimeout = 5 * time.Second
	// readyRest is how long the answer is kept that a registry can't be reached: who asks
	// for readiness is nobody we know, and each question may fetch a password.
	readyRest = 5 * time.Second
)

// A front passes requests on to the handlers, by the first segment of their path. It is
// no http.ServeMux, which would redirect paths with doubled slashes.
type front struct {
	g        *gateway.Gateway
	handlers map[string]http.Handler
	pools    []*registryPool
	running  sync.WaitGroup // requests

	mu       sync.Mutex
	failure  string // why the last question for readiness was answered with no
	failedAt time.Time
}

func newFront(g *gateway.Gateway, pools []*registryPool, names []string) *front {
	f := &front{g: g, handlers: map[string]http.Handler{}, pools: pools}
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
		if failure := f.ready(r.Context()); failure != "" {
			http.Error(w, failure, http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	case f.handlers[root] != nil:
		f.handlers[root].ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// ready returns why a registry can't be asked, or "". Systems without EPP are not asked:
// their quotas are for work.
func (f *front) ready(ctx context.Context) (failure string) {
	f.mu.Lock()
	failure = f.failure
	rests := failure != "" && f.g.Now().Sub(f.failedAt) < readyRest
	f.mu.Unlock()
	if rests {
		return failure
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	failure = ""
	for _, pool := range f.pools {
		err := pool.ready(ctx)
		if err == nil {
			continue
		}
		failure = "a registry can't be reached"
		if errors.Is(err, client.ErrStopped) {
			failure = "a registry has to be looked at, as the log says"
		}
		f.g.Log().Warn(failure, "registry", pool.name, "error", err)
		break
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failure, f.failedAt = failure, f.g.Now()
	return failure
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
