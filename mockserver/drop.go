package mockserver

import (
	"context"
	"fmt"
	"maps"
)

// SessionCounts returns how many sessions each registrar has open that has any.
func (s *Server) SessionCounts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.sessions)
}

// Drop cuts all connections, as a network would, and waits until no command of theirs is
// in progress any more. The error is the context's.
func (s *Server) Drop(ctx context.Context) error {
	s.mu.Lock()
	var list []*conn
	for c := range s.conns {
		list = append(list, c)
	}
	s.mu.Unlock()
	for _, c := range list {
		c.stop()
		c.cut()
	}
	for _, c := range list {
		select {
		case <-c.gone:
		case <-ctx.Done():
			return fmt.Errorf("mockserver: a command is still in progress: %w", ctx.Err())
		}
	}
	return nil
}
