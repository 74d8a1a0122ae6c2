package registry

import (
	"sync/atomic"
	"time"
)

// State is what every mock registry is built on.
type State struct {
	Clock    *Clock
	Rand     *Rand
	Hasher   *Hasher
	Accounts *Accounts
	Outbox   *Outbox
	Queue    *Queue

	commands atomic.Uint64
}

// Options are what every mock registry lets its user choose.
type Options struct {
	// Clock is the registry's time; nil is the machine's.
	Clock *Clock
	// Seed decides all that is random. Two registries with the same seed,
	// fixtures and commands give the same answers.
	Seed uint64
	// HashIterations is how often passwords and authInfos are hashed; 0 means
	// DefaultIterations.
	HashIterations int
}

// NewState makes the state of a registry with these registrars.
func NewState(o Options, registrars []Account) (*State, error) {
	if o.Clock == nil {
		o.Clock = SystemClock()
	}
	s := &State{Clock: o.Clock, Rand: NewRand(o.Seed), Outbox: new(Outbox), Queue: &Queue{Clock: o.Clock}}
	s.Hasher = &Hasher{Rand: s.Rand, Iterations: o.HashIterations}
	var err error
	s.Accounts, err = NewAccounts(s.Hasher, registrars)
	return s, err
}

// Now is the time by the registry's clock.
func (s *State) Now() time.Time { return s.Clock.Now() }

// SessionLimit is how many sessions a registrar may have open, or 0 where that is
// left to the registry's profile (see [mockserver.SessionLimiter]).
func (s *State) SessionLimit(clID string) int { return s.Accounts.SessionLimit(clID) }

// NextCommand counts commands, from 1. It is for transaction identifiers.
func (s *State) NextCommand() uint64 { return s.commands.Add(1) }
