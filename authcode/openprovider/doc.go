// Package openprovider speaks the REST interface v1beta of the registrar Openprovider,
// at both ends: a [Client], which is an authcode.Provider, and an http.Handler that
// offers the interface over any Provider ([NewHandler]). It follows Openprovider's
// document "15 Domains API: How to request or reset an authcode", and has beside it what
// the job needs: logging in, finding a domain by its name, its information and its lock.
//
// # Outcomes and answers
//
// Every answer is an envelope {code, desc, data}. The code decides, 0 being success;
// the HTTP status is looked at where the code says nothing.
//
//	verb           request                          may be answered by
//	retrieve       GET domains/{id}/authcode        Code, Sent
//	               GET domains/{id}                 Code, with RetrieveFromInfo
//	regenerate     POST domains/{id}/authcode/reset Code, Sent
//	to registrant  GET domains/{id}/authcode        Code, Sent
//	internal       auth_code_type internal          as above, but for sending
//
//	outcome        answer
//	Code           success true, with an auth_code of the type external or internal
//	Sent           success true without an auth_code; read too: code 393
//	Pending        nothing; the handler refuses what may be pending as Unsupported
//	Refused        an error code, as below; read too: success false without a code,
//	               as Failed
//	unknown        504 without an envelope, or no answer
//
//	class          written  read too
//	Unauthorized   196      HTTP status 401
//	RateLimited    10005    50
//	Unavailable    4005     340, and maintenance true with an error
//	NotFound       353
//	NotYours       365      320
//	NoCodes        319
//	Locked         328      366
//	Denied         369
//	Unset          317      318, 352
//	Undeliverable  394
//	Busy           514
//	Failed         399      any other code with a status of 2xx, or of 5xx to a
//	                        call that changes nothing
//	Unsupported    349      329, 338, 348
//	Invalid        303      300 to 307, 351
//
// An answer without a code and words of the system's own says nothing of a domain, nor
// does one to a login: 401, 403 and 429 are Refused as the caller's, and another 4xx is an
// error after which nothing was done.
//
// A domain that is not in the account is 320, whether it exists or not. An expiry has
// no place in the answers.
//
// # The client
//
// To ask for the code may mail it to the holder, and what is mailed may be a new one; a
// reset ends the code before. No capability says which of shown and sent it will be,
// since the registry decides. For
// that reason both are never repeated once they were written, and cut off they are
// Unknown. An error code is an answer all the same: Refused. Not so one that is not in
// the table and comes with 5xx (Options.Classes adds to the table), nor a success without
// the data of one, whether there is maintenance or not: the code may have been made.
//
// To send the code to the registrant is the same call as to retrieve it. It is offered,
// because it is the only way to have a registry such as .be or .eu send it; the outcome
// tells truthfully what came of it, and who can't do with a Code sees in the
// capabilities, before anything is done, that there may be one.
//
// One token serves all goroutines. It is got when the first call is made, and once more
// when it is old or the system does not take it (196, or 401, which mean that the call
// was not carried out). Domains have numbers there, which are looked for by name and
// kept.
//
// # The handler
//
// The authcode is retrieved where the Provider can do that, and sent to the registrant
// where it can do that alone. A domain's information shows the codes where reading
// them has no side effects; is_locked is left out where nobody can tell. Domains are
// found by full_name alone. An account's domains have the numbers of the gateway's
// Store: one that the account does not list, but has below a suffix, is known by its
// number when it was found by its name, and after a restart when it was found again. The first label
// of a name is its name, and the rest its extension. Calls are limited as the gateway's
// Rate has it, and by nothing else; Openprovider itself counts calls that are alike, and
// answers 10005 after 300 of them in 300 s.
//
// # What is uncertain
//
// The codes are those of Openprovider's older interface, by the list that an open client
// of it has (AntagonistHQ/openprovider.py), taken over by the newer one as far as has been
// seen; which of them a class is written with is our choice. The options of both sides
// change them. So it is with HTTP
// statuses of errors (500 has been seen for nearly all), how long a token lasts (48 h),
// and the time zone of dates. Whether a success without a code always means that it was
// sent, and does not also stand for a domain that has none, is not documented.
package openprovider
