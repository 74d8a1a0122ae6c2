package eppcode

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/eppkit/eppkit/internal/filelock"
)

const (
	// lockTimeout bounds the wait for another process.
	lockTimeout = time.Minute
	// leastLockWait, doubled each time, up to mostLockWait, is how long a Dir waits
	// before it looks again whether a lock is free.
	leastLockWait = 5 * time.Millisecond
	mostLockWait  = 100 * time.Millisecond
	// lockDir holds the files of a Dir's locks. It is the name of no domain.
	lockDir = ".lock"
)

var errOtherProcess = errors.New("another process is at work on the domain")

// enter waits until nobody else changes a domain, neither here nor in a process that
// shares the ledger, and returns the function that lets the next one in.
func (p *Provider) enter(ctx context.Context, name string) (leave func(), err error) {
	free, err := p.busy.enter(ctx, name)
	if err != nil {
		return nil, updating(name).error(false, err)
	}
	shared, ok := p.opts.Ledger.(SharedLedger)
	if !ok {
		return free, nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, lockTimeout, errOtherProcess)
	defer cancel()
	unlock, err := shared.Lock(ctx, name)
	if err != nil {
		free()
		return nil, ledgerError("lock", name, err)
	}
	return func() {
		unlock()
		free()
	}, nil
}

// Lock locks the domain's file among the locks. The system unlocks it when the process
// ends, whichever way, so that none is left behind. That is so with Windows and with
// the Unix systems that have flock; elsewhere there is an error.
func (l Dir) Lock(ctx context.Context, domain string) (unlock func(), err error) {
	if _, err := l.of(domain); err != nil {
		return nil, err
	}
	dir := filepath.Join(l.Path, lockDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for wait := leastLockWait; ; wait = min(2*wait, mostLockWait) {
		f, err := lockFile(filepath.Join(dir, domain))
		if err != nil {
			return nil, err
		}
		if f != nil {
			return func() {
				_ = os.Remove(f.Name()) // before the next one can have it; Windows keeps it
				_ = f.Close()
			}, nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, context.Cause(ctx)
		}
	}
}

// lockFile returns nil where somebody else has the lock.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	locked, err := filelock.TryLock(f)
	if locked && isAt(f, path) {
		return f, nil
	}
	f.Close()
	return nil, err
}

// isAt reports whether a file is the one of this name still: who had the lock before
// has removed it.
func isAt(f *os.File, path string) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
}
