// Package record keeps what a client and a real EPP server said to each other, and says
// it again.
//
// A [Proxy] stands between the two: a client connects to it instead of the server, and
// everything passes both ways, the greeting included, and into a file. [Read] reads the
// file, and a [Replay] is a registry for package mockserver that answers as the server
// did.
//
// # The file
//
// A record is a file of lines, each a JSON object. The first has the format, its version
// and the beginning; the others are frames, in the order in which they came to the
// proxy, and the ends of sessions:
//
//	{"format":"eppkit-record","version":1,"start":"2031-05-04T03:02:01Z","server":"epp.example:700"}
//	{"session":1,"at":"2031-05-04T03:02:02Z","from":"S","octets":1534,"frame":"<?xml …"}
//	{"session":1,"at":"2031-05-04T03:02:03Z","from":"C","octets":612,"frame":"<?xml …"}
//	{"session":1,"at":"2031-05-04T03:09:10Z","end":"the client closed"}
//
// Passwords, authInfo and the like are replaced (see epp.Schema.Redact) before anything
// is written, and the file is for its owner alone. The octets are those of the frame as
// it came, its header included.
//
// # What a replay changes
//
// A command of the client must fit the next one of the record. Prefixes, white space,
// comments and clTRIDs do not matter; a value that was redacted fits anything. An answer
// gets the clTRID of the client, a new svTRID, and times and days that are moved by what
// lies between the beginning of the record and the first connection to the replay; so
// may be those that the client sends. A redacted value stays redacted: who was given a
// password by the server gets none from the replay.
//
// Give the Server of a replay Options.AnyClientCert: the client has the certificate that
// it had for the server.
//
// A hello that is not the next in the record is answered with the greeting, and one that
// the client leaves out is passed over. Any other command that does not fit is answered
// 2400, and the message says what the record has instead; the place in the record stays.
// Behind its end, every command is answered so. Where the record has no answer, because
// the connection had ended, it ends.
package record
