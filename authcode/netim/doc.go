// Package netim speaks the REST interface of the registrar Netim, versions 1.0 and 3.0,
// at both ends: a [Client], which is an authcode.Provider, and an http.Handler that
// offers the interface over any Provider ([NewHandler]). It follows Netim's document
// "Send AuthID" and what its own clients send: opening and closing a session, sending
// the code, domain info, the registrar lock, and operations.
//
// # Outcomes and answers
//
// Every change is an operation. No answer holds a code: it is the authID of domain info.
//
//	verb           request                       version
//	retrieve       GET domain/{domain}/info/     1.0, 3.0
//	regenerate     PATCH authid, reseller (0)    1.0, then domain info
//	               PATCH authid, nobody (2)      3.0, then domain info
//	to registrant  PATCH authid, registrant (1)  1.0, 3.0
//	to reseller    PATCH authid, reseller (0)    1.0, 3.0
//
//	outcome        answer
//	Code           authID of domain info
//	Sent           200, STATUS Done
//	Pending        200, STATUS Pending, with ID_OPE
//	Refused        4xx {"message": …}, but 408 and 499; 503 with "code": "unavailable"
//	               too; or 200 with STATUS Failed or Cancelled, which is read as
//	               class Failed
//	unknown        504 without {"message": …}, or no answer
//
// The class of a Refused and the HTTP status are each other's as Class.HTTPStatus and
// ClassOfStatus have it: where classes share a status, the client reports the first of
// them. Netim documents 401 alone, so that both sides let their statuses be set. A
// 503 without that code, which is eppkit's own, may come from a server in front of Netim
// that did not wait for its answer: a change has an unknown outcome then. Nor is a 4xx
// without a message Netim's, nor one to the opening of a session about a domain: such a
// 401, 403 or 429 is Refused as the caller's, and any other an error after which nothing
// was done.
//
// # The client
//
// Each PATCH of authid makes a new code, and the one before ends. In rare cases, the
// document says, the registry mails the registrant by itself, whatever was asked for;
// nothing in the answer tells. So after a Regenerate, or a Send to the reseller, the
// registrant may have the code too. A Regenerate in 1.0 may also mail the reseller,
// since that version has no word for nobody. Where no code is shown afterwards, the
// outcome is unknown: a new code was made, and may be in that mail. Options.Mailed is for
// who gets such mail: then it is Sent to the reseller. A Send to the reseller is Sent
// because the document says so; nothing in the answer proves it.
//
// A code that domain info shows is given out although the domain is locked: the lock
// forbids the transfer, not the reading. Without a code, Retrieve is Refused, as Unset.
//
// What became of a Pending operation, Client.Operation says: a Code or Sent where the
// client remembers what was asked for, and Sent to recipients that are not known where
// another one asked.
//
// One session serves all goroutines. It is opened by the first call, and once more when
// Netim ends it (401, which means that the call was not carried out).
//
// # The handler
//
// The version is the first segment of the path; nothing is redirected. Sessions end
// when they are not used (see HandlerOptions). The flags of authid become:
//
//	registrant  Send to the registrant
//	reseller    Send to the reseller; Regenerate where the Provider can't send it, or
//	            the account has no address, and domain info can show the new code
//	nobody      Regenerate, where domain info can show the new code
//
// After a Regenerate the handler reads the code back, and says Done only where domain
// info shows that code. Otherwise nobody has it, and the outcome is unknown (504).
//
// Since the document says that each request makes a new code, the Provider is asked for
// a fresh one (authcode.Request.Fresh); see HandlerOptions.KeepCode. Domain info has a
// code only where reading it has no side effects: no GET makes or mails one. It has no
// domainIsLock where the Provider does not tell of a lock. The handler keeps no code.
//
// # What is uncertain
//
// The HTTP statuses other than 401, the time zone of DATE, how long a session lasts,
// the TYPE of operations, and what DATA holds in 3.0 are not documented. The options of
// both sides and the fields Extra and Data are for them.
package netim
