// Package mockserver puts an EPP registry on a real socket: TLS, framing, sessions,
// logins, the order in which a frame is checked, and a journal of every frame. It
// is for tests and for trying things out, and keeps everything in memory.
//
// What the registry is, a [Registry] says; the packages gtld and fred hold two. A
// registry binds handlers to types of request, with [Handle], and never sees XML
// or a connection. A test starts a [Server] with [StartTest], connects with
// [Server.ClientTLS], and looks at [Server.Journal] afterwards.
//
// # What is answered
//
// The checks of a frame come in this order, and the first that fails decides. The
// second code is the one where the registry's [Profile] differs from the default,
// in the way that FRED's does: CloseOnGarbage for "closed", SchemaFirst for the
// codes, IgnoreServices for "taken".
//
//	header of 4 or less, or above MaxFrame                 closed
//	not well-formed, DOCTYPE, too deep, too many elements
//	  or attributes; a greeting or a response              2001, or closed
//	structure not the schema's, another root than epp      2001
//	<hello>, at any time                                   a greeting, or a stub's
//	command element that EPP does not have                 2000, or 2001
//	object or extension that the registry does not have    see below, or 2001
//	not logged in, and not a login                         2002
//	login in a session                                     2002
//	object that the registry does not announce             2307
//	object that the login did not name                     2307, or taken
//	command extension without a type                       2103
//	extension that the login did not name                  2103, or taken
//	login: version, language that are not offered          2100, 2102
//	login: objURI, extURI that are not offered             2307, 2103, or taken
//	a stub of Options.Scripts fits                         what it says
//	login: the registry refuses                            2200 or what it says
//	login: the failure that reaches MaxLoginFailures       2501, closed
//	login: more sessions than the registrar may have       2502, closed
//	logout                                                 1500, closed
//	poll: ack without msgID                                2003
//	poll, no handler: req, ack                             1300, 2303
//	command without a handler                              2101
//	command of a protocol extension without a handler      2103, or 2000
//	the handler panics, fails, or returns what is invalid  2400
//
// A 2001 repeats the clTRID where it can be found and is valid, but with
// SchemaFirst never. RFC 5730, section 2.9.1.1, has a session use only what its
// login named, and leaves the code open: 2307 says more than 2002 would. An answer
// leaves out an announced extension that the login did not name. A login that is
// refused with 2502 has been authenticated, but has not changed the password.
//
// An answer names the element at fault in its value, empty, for what was in it
// may be a secret. Codes that close (those with 5 in the second digit) do, after
// the answer and all before it were written; so does whatever else ends a
// connection, unless the client does not read. Pipelined commands are answered in
// order, and what is answered together is written together.
//
// # What was said
//
// [Server.Journal] has every frame, without its secrets unless they are asked for. A
// [Query] searches it, and [Journal.Wait] and [Journal.Expect] hold it to what a test
// expects: their error shows the entry that came nearest, and what of it was otherwise.
//
// [Server.Scripts] holds answers that a test chose (see package script). What a real
// server said can be recorded, and served by a Server: see package record.
//
// # What goes wrong
//
// A Server does all of this until it is told otherwise: [Server.Faults] holds what is
// to go wrong, of the connection, of frames, of answers and of what a command does (see
// package fault). [Options].Hostile has it say what it says in every way that is legal.
package mockserver
