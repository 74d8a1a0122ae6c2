package gateway

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// ErrTooManySessions is the opening of a session beyond Options.MaxSessions.
var ErrTooManySessions = errors.New("the account has too many sessions open")

// Sessions are those of one interface, that clients open and that end by themselves.
// Any number of goroutines may use it at once.
type Sessions struct {
	g    *Gateway
	ttl  time.Duration
	idle bool

	mu   sync.Mutex
	open map[[sha256.Size]byte]*session // by the hash of the token, which is not kept
}

type session struct {
	who *Account
	end time.Time
}

// NewSessions makes the sessions of an interface. Each lasts Options.SessionTTL, or ttl
// where that is 0; with idle, since it was last used.
func (g *Gateway) NewSessions(ttl time.Duration, idle bool) *Sessions {
	return &Sessions{
		g: g, ttl: cmp.Or(g.opts.SessionTTL, ttl), idle: idle,
		open: map[[sha256.Size]byte]*session{},
	}
}

// Open opens a session and returns its token: 32 hexadecimal digits. The error is
// ErrTooManySessions, or that of the source of randomness.
func (s *Sessions) Open(who *Account) (token string, err error) {
	if token, err = s.g.token(); err != nil {
		return "", err
	}
	now := s.g.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for key, it := range s.open {
		if !now.Before(it.end) {
			delete(s.open, key)
		} else if it.who.Name == who.Name {
			n++
		}
	}
	if n >= s.g.opts.MaxSessions {
		return "", ErrTooManySessions
	}
	s.open[sha256.Sum256([]byte(token))] = &session{who: who, end: now.Add(s.ttl)}
	return token, nil
}

// Account returns whose session a token is; nil for none. Tokens that an account has
// from the start are sessions too.
func (s *Sessions) Account(token string) *Account {
	if token == "" {
		return nil
	}
	key, now := sha256.Sum256([]byte(token)), s.g.Now()
	s.mu.Lock()
	it := s.open[key]
	if it != nil && now.Before(it.end) {
		if s.idle {
			it.end = now.Add(s.ttl)
		}
		s.mu.Unlock()
		return it.who
	}
	delete(s.open, key)
	s.mu.Unlock()
	return s.g.Accounts().ByToken(token)
}

// Close ends a session, and reports whether there was one.
func (s *Sessions) Close(token string) bool {
	key, now := sha256.Sum256([]byte(token)), s.g.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.open[key]
	delete(s.open, key)
	return it != nil && now.Before(it.end)
}
