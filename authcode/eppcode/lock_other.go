//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package eppcode

import (
	"errors"
	"os"
)

// tryLock is an error where files can't be locked so that the end of a process
// unlocks them.
func tryLock(f *os.File) (bool, error) {
	return false, &os.PathError{Op: "lock", Path: f.Name(), Err: errors.ErrUnsupported}
}
