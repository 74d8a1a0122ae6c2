package filelock

import (
	"os"
	"syscall"
	"unsafe"
)

// TryLock locks a file, and reports whether it could: nobody else has it open and
// locked.
func TryLock(f *os.File) (bool, error) {
	const (
		failImmediately = 1
		exclusive       = 2
		lockViolation   = syscall.Errno(33)
	)
	lock := syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")
	if err := lock.Find(); err != nil {
		return false, err
	}
	ok, _, err := lock.Call(f.Fd(), exclusive|failImmediately, 0, 1, 0, uintptr(unsafe.Pointer(new(syscall.Overlapped))))
	switch {
	case ok != 0:
		return true, nil
	case err == lockViolation:
		return false, nil
	}
	return false, &os.PathError{Op: "LockFileEx", Path: f.Name(), Err: err}
}
