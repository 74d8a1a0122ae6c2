// Package mijndomeinreseller is the auth_code call of version 2 of Mijndomeinreseller's
// interface for resellers, at both ends: [Client] is an authcode.Provider over it, and
// [NewHandler] offers it over any Provider. The document is the page "Domains :
// auth_code" of the vendor's manual, of November 2023.
//
// There is one call, POST /v2/domains/{domain}/auth_code, without parameters. The
// registry decides what comes of it: either a new code is made and shown, or the code
// is mailed to the registrant. So a client can't ask for the one or the other, and
// each call may end the code that was handed over before. No call is repeated.
//
//	outcome                  answer                                   written, read
//	Code                     201 {"auth_code", "auth_code_date_expiry"?}    both
//	Code                     another 2xx with auth_code                     read
//	Sent to the registrant   204                                            both
//	Pending                  202 {"operation"?, "message"?}           [?]   both
//	Refused                  4xx, 503 {"message", "code", "retryable"} [?]  both
//	Refused                  any other 4xx but 408 and 499                  read
//	error, nothing done      503 as above, "unavailable"              [?]   written
//	error, outcome unknown   504 in plain text                        [?]   written
//	error, outcome unknown   anything else                                  read
//
// What has a [?] is not in the document. The body of a refusal is eppkit's own: code
// is the authcode.Class in its words, message is for people, and delivered lists the
// masked addresses of those who got the code all the same, where there are any.
// Statuses are those of Class.HTTPStatus. [HandlerOptions.Refuse] writes refusals in
// another form, and [Options.Classify] reads another form; without it the client goes
// by the status, and keeps the body. It knows eppkit's body under any status. A 503, as
// any 5xx, without that body may come from a proxy, and leaves the outcome unknown.
//
// Some things the interface can't say: who got mail beside the registrant, at which
// addresses, and until when what was mailed is good. A code that was sent, but not to
// the registrant, is no 204: the handler answers it as an unknown outcome. A refusal
// after which the same request may succeed has "retryable": true.
//
// The document's section on the endpoint is empty: the path is that of its examples.
// They have a comma too many in their JSON, which the client reads and the handler
// does not write. That names of domains are sent as A-labels is an assumption. A code
// whose expiry can't be read is handed over without one: see [AuthCode].
//
// The neighbours of the call (trade, contacts and auto_renewal of a domain) are not
// needed to hand over a code, and are left out.
//
// The handler wants requests as they come. An http.ServeMux before it redirects paths
// with doubled slashes, and curl does not follow.
package mijndomeinreseller
