//go:build unix

package main

import "syscall"

// openFiles is how many files a process may have open. A Go program has raised it as far
// as it may by itself.
func openFiles() uint64 {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 1 << 20
	}
	return uint64(l.Cur)
}
