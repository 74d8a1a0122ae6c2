// Package filelock locks files for one process, in a way that ends with the process. It has
// one function, TryLock, for each kind of system.
package filelock
