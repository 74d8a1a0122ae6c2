package opensrs

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/authcode"
)

// The response codes of a success.
const (
	codeDone    = "200"
	codePending = "250"
)

// The codes of what a handler finds out by itself.
const (
	codeSignature = "401"
	codeCommand   = "430"
	codeMissing   = "460"
)

// codeNoCodes is what a domain without codes is refused with, by default: no document
// says. It is read so where a code was asked for, and is "invalid data" elsewhere.
const codeNoCodes = "465"

// codeInternal is the answer to what the system can't do now. OpenSRS has it for an
// internal error of any kind, and for a client whose address is not let in.
const codeInternal = "400"

// undecided are the response codes that leave open what was done, by OpenSRS's list of
// them (domains.opensrs.guide): internal errors, and an answer of the registry that it
// could not read.
var undecided = [...]string{codeInternal, "404", "436"}

// attributeClass is an attribute of this package's own in an answer with codeInternal:
// Unavailable, where nothing was done.
const attributeClass = "class"

// decided reports whether an answer that says no also says that nothing was done. Where
// the client's options give the code a class, it does.
func (c *Client) decided(a *Answer) bool {
	_, own := c.opts.Classes[a.ResponseCode]
	return own || !slices.Contains(undecided[:], a.ResponseCode) || a.denied() ||
		a.Attributes.Word(attributeClass) == string(authcode.Unavailable)
}

// denied reports whether the client's address is not let in, which the text alone says.
func (a *Answer) denied() bool {
	const words = "access denied"
	text := strings.TrimSpace(a.ResponseText)
	return a.ResponseCode == codeInternal && len(text) >= len(words) && strings.EqualFold(text[:len(words)], words)
}

// The response codes of refusals. A class is written as the first code it has here, a
// code is read as the first class.
var refusals = [...]struct {
	class authcode.Class
	code  string
	retry bool // the same request may succeed later
}{
	{authcode.RateLimited, "300", true},        // too many requests
	{authcode.RateLimited, "310", true},        // too many at once
	{authcode.RateLimited, "350", true},        // 100 requests on one connection
	{authcode.Unavailable, codeInternal, true}, // see undecided
	{authcode.Unauthorized, "401", false},
	{authcode.Failed, "405", false}, // the registry
	{authcode.Denied, "405", false},
	{authcode.Undeliverable, "405", false},
	{authcode.Unset, "405", false},
	{authcode.Unauthorized, "410", false}, // of the reseller
	{authcode.Unauthorized, "415", false}, // of the registrant, or a cookie
	{authcode.Unsupported, "430", false},  // bad command
	{authcode.NotYours, "435", false},
	{authcode.Busy, "437", true}, // another request is pending
	{authcode.Invalid, codeNoCodes, false},
	{authcode.NoCodes, codeNoCodes, false},
	{authcode.Invalid, "460", false}, // something is missing
	{authcode.NotFound, "480", false},
	{authcode.Failed, "485", false}, // exists already
	{authcode.Locked, "487", false}, // can't be transferred
}

// refused is what an answer that says no means. asksCode says that a code was asked
// for.
func (c *Client) refused(a *Answer, asksCode bool) authcode.Refused {
	no := authcode.Refused{
		Class: authcode.Failed, Code: a.ResponseCode, Text: a.ResponseText,
		HTTPStatus: a.HTTPStatus, Body: a.Body,
	}
	for _, it := range refusals {
		if it.code == a.ResponseCode {
			no.Class, no.Retryable = it.class, it.retry
			break
		}
	}
	if a.denied() {
		no.Class, no.Retryable = authcode.Unauthorized, false
	}
	if asksCode && no.Code == codeNoCodes {
		no.Class = authcode.NoCodes
	}
	if class, ok := c.opts.Classes[no.Code]; ok {
		no.Class = class
	}
	return no
}

// code is the response code of a refusal's class.
func (o *HandlerOptions) code(class authcode.Class) string {
	if code := o.Codes[class]; code != "" {
		return code
	}
	for _, it := range refusals {
		if it.class == class {
			return it.code
		}
	}
	return o.code(authcode.Failed)
}
