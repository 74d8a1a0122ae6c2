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

// A Resetter is a registry that can go back to its beginning, as those of packages gtld
// and fred can.
type Resetter interface{ Reset() error }

// Reset brings back the beginning of everything: it removes faults and stubs, drops the
// connections, resets a registry that is a [Resetter], forgets the journal, and counts
// connections from 1 again. The connections go before the registry is reset, so that no
// command of before comes after. The error is the registry's, or that of ctx where a
// command does not end.
func (s *Server) Reset(ctx context.Context) error {
	s.faults.Reset() // one may hold a command in progress
	s.scripts.Reset()
	if err := s.Drop(ctx); err != nil {
		return err
	}
	if r, ok := s.reg.(Resetter); ok {
		if err := r.Reset(); err != nil {
			return err
		}
	}
	s.journal.Reset()
	s.connections.Store(0)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID = 0
	return nil
}
