package openprovider

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// codeSent is an error by its form alone: the code was mailed to the holder. Where no
// code was asked for it is one.
const codeSent = 393

// codeNotInAccount is the answer to a domain that the account does not have, whether
// there is one or not.
const codeNotInAccount = 320

// mapping is what the codes of the envelope mean. None of them is documented for this
// interface: 50, 196 and 10005 were seen in its answers, and the others are taken over from
// the older interface, by the list that the client AntagonistHQ/openprovider.py has of it
// (openprovider/data/exception_map.py). There 10005 is "access denied", and here the answer
// to too many calls that are alike; either way nothing was done.
//
// A class is written as the first code that it has here, which is our choice. Codes that
// leave open what was done are not here: 10 and 17 (the registry can't be reached), 999.
var mapping = [...]struct {
	code  int
	class authcode.Class
}{
	{196, authcode.Unauthorized},
	{10005, authcode.RateLimited},
	{50, authcode.RateLimited},
	{4005, authcode.Unavailable},
	{340, authcode.Unavailable}, // the registry's maintenance
	{353, authcode.NotFound},
	{365, authcode.NotYours},
	{codeNotInAccount, authcode.NotYours},
	{319, authcode.NoCodes},
	{328, authcode.Locked},
	{366, authcode.Locked},
	{369, authcode.Denied},
	{317, authcode.Unset},
	{318, authcode.Unset}, // a call that brings no code can't have brought a wrong one
	{352, authcode.Unset},
	{394, authcode.Undeliverable},
	{514, authcode.Busy}, // a transfer goes on
	{399, authcode.Failed},
	{codeSent, authcode.Failed},
	{349, authcode.Unsupported}, // the method is not supported
	{329, authcode.Unsupported}, // no lock under this extension
	{338, authcode.Unsupported}, // no reset under this extension
	{348, authcode.Unsupported}, // nor with this kind of holder
	{303, authcode.Invalid},     // characters in a domain's name; 300 to 306 are about it too
	{300, authcode.Invalid},
	{301, authcode.Invalid},
	{302, authcode.Invalid},
	{304, authcode.Invalid},
	{305, authcode.Invalid},
	{306, authcode.Invalid},
	{307, authcode.Invalid}, // no such extension
	{351, authcode.Invalid}, // auth_code_type
}

// classOf is what a code means; false for one that is not in the table.
func classOf(code int, own map[int]authcode.Class) (authcode.Class, bool) {
	if class, ok := own[code]; ok {
		return class, true
	}
	for _, m := range mapping {
		if m.code == code {
			return m.class, true
		}
	}
	return "", false
}

// codeOf is how a class is written.
func codeOf(class authcode.Class, own map[authcode.Class]int) int {
	if code, ok := own[class]; ok {
		return code
	}
	for _, m := range mapping {
		if m.class == class {
			return m.code
		}
	}
	return codeOf(authcode.Failed, own)
}

// passes says of which classes a refusal may pass, so that the same request succeeds
// later.
func passes(class authcode.Class) bool {
	return class == authcode.RateLimited || class == authcode.Busy || class == authcode.Unavailable
}

// statusOf is the HTTP status of an error. Real answers have 500 nearly always; 401
// and 400 are what the system's front has where a call never gets to it.
func statusOf(code int, own map[int]int) int {
	if status, ok := own[code]; ok {
		return status
	}
	switch class, _ := classOf(code, nil); class {
	case authcode.Unauthorized:
		return http.StatusUnauthorized
	case authcode.Invalid:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// refusal is what an answer says no to; false for one that is not the system's, or no
// refusal that anybody documented. The envelope may be nil. safe says that the call
// changes nothing.
func refusal(r *httpcall.Reply, e *envelope, safe bool, own map[int]authcode.Class) (no authcode.Refused, ok bool) {
	if e == nil {
		return no, false
	}
	no = authcode.Refused{Code: strconv.Itoa(e.code()), Text: e.text(), HTTPStatus: r.Status, Body: r.Body}
	no.Class, ok = e.class(r.Status, safe, own)
	no.Retryable = passes(no.Class)
	return no, ok
}

// class is what an envelope says no with. The code decides, and the status where the
// code is not known: a change that such a code ends with 5xx may have been made.
func (e *envelope) class(status int, safe bool, own map[int]authcode.Class) (authcode.Class, bool) {
	class, listed := classOf(e.code(), own)
	switch {
	case listed && (e.code() == codeSent || class == authcode.Unauthorized):
		return class, true
	case !listed && !safe && e.code() == 0:
		return "", false
	case bool(e.Maintenance) && (listed || safe || status < 300):
		return authcode.Unavailable, true
	case listed:
		return class, true
	case e.code() == 0 || e.Desc == nil || status == http.StatusBadGateway || status == http.StatusGatewayTimeout:
		return "", false // the words are somebody's in front of the system
	}
	class, ok := authcode.ClassOfStatus(status)
	switch {
	case !safe && status >= 300:
		return class, ok && status != http.StatusServiceUnavailable
	case !ok:
		return authcode.Failed, true
	}
	return class, true
}

// text is what an error says: a description, and the registry's own words in data.
func (e *envelope) text() string {
	var parts []string
	if e.Desc != nil && *e.Desc != "" {
		parts = append(parts, *e.Desc)
	}
	if s, _ := textOf(e.Data); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, ": ")
}
