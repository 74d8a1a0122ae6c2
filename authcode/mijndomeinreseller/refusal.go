package mijndomeinreseller

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// refusal is the body of a refusal, of which the document says nothing. All fields but
// the last two are always there: by this the client knows it from what a proxy answers.
type refusal struct {
	Message   string         `json:"message"`
	Code      authcode.Class `json:"code"`
	Retryable bool           `json:"retryable"`
	Delivered []string       `json:"delivered,omitempty"`
	Replaced  bool           `json:"replaced,omitempty"`
}

// writeRefusal is the answer to a request that was refused: Class -> status and body.
func writeRefusal(no authcode.Refused) (status int, body []byte) {
	return no.Class.HTTPStatus(), jsonwire.Append(refusal{
		Message: cmp.Or(no.Text, string(no.Class)), Code: no.Class,
		Retryable: no.Retryable, Delivered: no.Delivered, Replaced: no.Replaced,
	})
}

// refused reads the answer to a request that was refused: status and body -> Class. It
// is false for what does not say that nothing was done.
func (o *Options) refused(status int, body []byte) (authcode.Refused, bool) {
	b, own := readRefusal(body)
	class, refused := b.Code, own
	if o.Classify != nil {
		if c, ok := o.Classify(status, body); ok {
			class, refused = c, true
		}
	}
	if !refused && status >= 400 && status < 500 {
		class, refused = authcode.ClassOfStatus(status)
	}
	if !refused {
		return authcode.Refused{}, false
	}
	no := authcode.Refused{
		Class: class, Code: strconv.Itoa(status), Text: b.Message, Delivered: b.Delivered, Replaced: b.Replaced,
		Retryable: b.Retryable, HTTPStatus: status, Body: body,
	}
	if !own {
		no.Retryable = class == authcode.RateLimited || class == authcode.Busy || class == authcode.Unavailable
	}
	if b.Code != "" {
		no.Code = string(b.Code)
	}
	return no, true
}

// readRefusal reads the body of a refusal. Of one that is not in this package's form
// (own is false) it takes the text and the code by the names that they often have.
func readRefusal(body []byte) (b refusal, own bool) {
	fields, err := jsonwire.Unmarshal(body, &struct{}{})
	if err != nil {
		return refusal{}, false
	}
	_, err = jsonwire.Unmarshal(body, &b)
	if err == nil && slices.Contains(authcode.Classes[:], b.Code) &&
		fields["message"] != nil && fields["retryable"] != nil {
		return b, true
	}
	b = refusal{Code: authcode.Class(text(fields["code"]))}
	for _, name := range []string{"message", "error", "detail", "title"} {
		b.Message = cmp.Or(b.Message, text(fields[name]))
	}
	return b, false
}

// text is a string or a number in JSON, and "" for anything else.
func text(v json.RawMessage) string {
	var s string
	var n json.Number
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	if json.Unmarshal(v, &n) == nil {
		return n.String()
	}
	return ""
}
