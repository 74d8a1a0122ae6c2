// Package bulk carries out many rows of work, each at most once, and remembers how far it
// came.
//
// An [Input] is a file with a row of work in each line. A [Run] hands each row to a
// worker, which makes a [Job] of it and does it. What a job can't do twice without harm
// is written to a [Journal] before it begins, and its [Result] after it ended; both are
// on the disk when the function that writes them returns, or soon after. A run that was
// cut off therefore knows three kinds of rows: those with a result, which it does not
// repeat; those that had begun and have none, whose outcome is unknown and which it does
// not repeat either; and the rest.
//
// The package knows nothing of what a job is.
package bulk
