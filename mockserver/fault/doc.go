// Package fault is the data of what a mock registry does wrong on purpose: which fault,
// where it strikes, how often, and how often it did. A [Set] of them is given to a
// mockserver.Server, or taken from it (Server.Faults), and may be changed while the
// server runs. Without faults a server behaves.
//
//	s.Faults().Add(fault.Fault{
//		Kind:  fault.CommitThenDrop,
//		Match: fault.Match{Match: match.Match{Verb: "transfer", Object: "sauna.example"}},
//		Times: 1,
//	})
//
// In a file, which [Parse] reads, the same is
//
//	faults:
//	  - kind: commit-then-drop
//	    match: {verb: transfer, object: sauna.example}
//	    times: 1
//
// [Kinds] describes all faults; docs/faults.md has them as a table.
//
// # Where a fault strikes
//
// There are three points at which a server asks. Connecting is before TLS: only the
// number of the connection and the client's address are known. Connected is after it:
// the session has a number, and the registrar is known where the server made the
// client's certificate. Commanded is when a frame was read: everything is known. A
// fault that is about the connection and not about what is said strikes when it is
// Connected, or at a command where its match says something of one; the verb "*"
// is any command. The verb "greeting" is the greeting at the beginning. A login is of
// the registrar that it names.
//
// Faults that strike together are applied in the order of [Kinds]'s groups: what ends
// the connection, then what is executed, then the answer, then its frame.
//
// # Pipelined commands
//
// What was answered before a fault strikes is written before it. A fault that ends the
// connection leaves the commands behind it unread and not executed; one that spoils an
// answer leaves those behind it as they are. An answer that is held for the next one,
// by out-of-order or two-frames, does not hold up the commands behind it.
//
// # Time
//
// Delays are by the machine's clock, and end early when the server closes, when the
// client closes, and with [Set.Reset]. A half-open connection reads nothing, and so
// does not see that the client closes. The lives of faults are by the registry's clock.
package fault
