// Package reconcile finds out what became of a command whose outcome is unknown.
//
// See [Reconcile].
package reconcile
