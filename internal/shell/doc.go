// Package shell is what any interactive program with lines of commands needs: reading a
// line from a terminal or a pipe, splitting it into words, a history that keeps to itself
// what it must, and completion of what was seen before. It knows nothing of EPP.
package shell
