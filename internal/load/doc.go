// Package load puts a load on a server and measures how it bears it. It knows nothing of
// EPP: a [Target] opens sessions and carries commands out.
//
// A [Scenario] says what is sent and when. In the open model commands are due at times
// that do not depend on the answers, and a latency counts from when the command was due:
// a server that stalls for a second makes all that were due meanwhile late, and the
// figures say so. In the closed model a number of callers send one command after the
// other, as fast as the server answers, and a stall holds them back.
//
// A percentile is of all commands that were due: one that was not answered counts as
// slower than every answer, and one that could not even be started does too. What a
// command waited for before it was sent is in the latency; [Figures] has the time from
// sending to the answer beside it.
package load
