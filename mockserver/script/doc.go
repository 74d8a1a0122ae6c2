// Package script makes a mock registry answer what a test says, instead of what its
// state would have it answer.
//
// A [Stub] has a match and an answer: an exact document, or a result code with data. A
// [Set] of them is given to a server, in mockserver.Options, and may change while the
// server runs. A file of them is YAML, or the same as JSON:
//
//	stubs:
//	  - match: {verb: create, object: sauna.example}
//	    times: 1
//	    answer: {code: 2400, msg: "Try again, ${clTRID}"}
//	  - match: {verb: check, namespace: domain}
//	    answer:
//	      code: 1000
//	      resData:
//	        - |
//	          <domain:chkData xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">
//	            <domain:cd><domain:name avail="0">${//domain:name}</domain:name></domain:cd>
//	          </domain:chkData>
//
// # What stubs see
//
// A command comes to the stubs after the checks that are the server's own, in the table
// of package mockserver, and right before its handler: it is valid, known, and of a
// session that is logged in. A command without a handler comes to them, too. A login is
// shown to those stubs alone whose match has the verb "login", and a hello to those with
// the verb "hello"; both may come without a session. A login that a stub answers logs
// nobody in, and a logout ends the session only when the answer's code does.
//
// Stubs are asked in the order of their priority, highest first, and those of one
// priority in the order in which they were added. The first that answers decides.
//
// # Placeholders
//
// In a document, a msg, and the elements of an answer, these are replaced:
//
//	${clTRID}           that of the command, or nothing
//	${svTRID}           a new one of the registry's
//	${now}              the registry's time, as in 2031-05-04T03:02:01Z
//	${today}            the day of it, as in 2031-05-04
//	${now+1y}, ${today-5d}   with years, months, days, hours or minutes (y, M, d, h, m)
//	${//domain:name}    what a path finds first in the command (see package match), or nothing
//	$${                 ${
//
// # Scenarios
//
// A scenario is a named state, which is [Start] in the beginning. A stub with a
// Scenario answers only in its State, and its answer moves the scenario to Next. The
// state moves when the answer has been written to the connection. When the write fails,
// or a fault takes the answer, it stays: the client knows nothing of an answer. Another
// connection's command that depends on the state waits until this is known.
package script
