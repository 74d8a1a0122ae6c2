package eppcode

import (
	"context"
	"sync"
)

// busy lets one goroutine at a time change a domain, so that the end of a code does
// not end the next one.
type busy struct {
	mu      sync.Mutex
	domains map[string]chan struct{} // closed when the domain is free again
}

// enter waits until the domain is free, and returns the function that frees it.
func (b *busy) enter(ctx context.Context, domain string) (leave func(), err error) {
	for {
		b.mu.Lock()
		taken := b.domains[domain]
		if taken == nil {
			mine := make(chan struct{})
			if b.domains == nil {
				b.domains = make(map[string]chan struct{})
			}
			b.domains[domain] = mine
			b.mu.Unlock()
			return func() {
				b.mu.Lock()
				delete(b.domains, domain)
				b.mu.Unlock()
				close(mine)
			}, nil
		}
		b.mu.Unlock()
		select {
		case <-taken:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
