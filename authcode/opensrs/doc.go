// Package opensrs speaks the XCP interface of OpenSRS, as its clients and as its server.
//
// The document is "send_authcode" of the OpenSRS API guide; around it are the requests
// that the job needs beside it:
//
//	send_authcode domain  domain_name                            SendAuthCode
//	get domain            domain, type domain_auth_info          DomainAuthInfo
//	modify domain         domain, data and item domain_auth_info SetDomainAuthInfo
//	get domain            domain, type status                    LockState
//	modify domain         domain, data status, lock_state        SetLockState
//
// A [Client] is an authcode.Provider, and NewHandler offers the interface over any. Every
// request is signed ([Sign]); an [Envelope] is what goes to and fro.
//
// # Outcomes and answers
//
// The same table is read in both directions, by the client and by the handler:
//
//	Code                  200 to get and modify; get has domain_auth_info
//	Sent                  200 to send_authcode, "Message sent"
//	Pending               250; transaction_id among the attributes, where there is one
//	Refused Unset         200 to get with an empty domain_auth_info; else 405
//	Refused RateLimited   300; read also from 310 and 350
//	Refused Unavailable   400 with the attribute class, unavailable; read also from 400
//	                      without it, where the request changes nothing
//	Refused Unauthorized  401; read also from 410 and 415, and from 400 "Access denied"
//	Refused Failed        405; read also from 485 and from codes not listed here
//	Refused Denied        405, and so read as Failed
//	Refused Undeliverable 405, and so read as Failed
//	Refused Unsupported   430
//	Refused NotYours      435
//	Refused Busy          437
//	Refused NoCodes       465; read so where a code was to be shown or sent
//	Refused Invalid       465; read also from 460
//	Refused NotFound      480
//	Refused Locked        487
//	unknown               HTTP status 504 without XCP; read also from 400, 404 and 436
//	                      to what changes something
//
// Refusals have the HTTP status 200, as OpenSRS has it. A path other than slashes has
// 404 with an XCP answer (430) in it, a method other than POST 405, a body above the
// limit 413. 300, 310, 350, 400 and 437 are Retryable. The client takes an answer without
// XCP for a refusal where its status is 401, 403 or 429, which are about the caller.
//
// 400 is an internal error, and nothing tells whether it came before a change or after
// it. The attribute is this package's own, and says that it came before.
//
// A success has is_success 1 and a response_code of 200 or 250. Where the two contradict
// each other, or one is missing, nobody can say what was done.
//
// # What is uncertain
//
//   - With which code a domain is refused whose registry has no codes: 465. And what of
//     a domain that forbids transfers: 487. Options.Classes and HandlerOptions.Codes
//     change these and all others.
//   - Whether send_authcode makes a new code: Options.SendRenews, no.
//   - Whether answers have reply and domain in small letters, as the document has, or
//     in capitals: HandlerOptions.Upper; clients take both.
//   - transaction_id, and can_modify beside lock_state.
package opensrs
