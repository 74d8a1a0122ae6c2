package netim

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A failure is the body of every refusal. Clients read it as a map of strings, so that
// it must have no values of other kinds.
type failure struct {
	Message string `json:"message"`
	// Code is this package's own, and Unavailable or nothing. A 503 with a message
	// alone is also what servers in front of others have when they give up waiting.
	Code authcode.Class `json:"code,omitempty"`
}

// failureOf is the body of a refusal.
func failureOf(no authcode.Refused) failure {
	f := failure{Message: message(no)}
	if no.Class == authcode.Unavailable {
		f.Code = no.Class
	}
	return f
}

// statusOf is the HTTP status that a refusal has. The interface documents 401 and no
// other, so that all can be set.
func statusOf(class authcode.Class, set map[authcode.Class]int) int {
	return cmp.Or(set[class], class.HTTPStatus())
}

// classOf is why an HTTP status refuses; false where it is no refusal.
func classOf(status int, set map[int]authcode.Class) (authcode.Class, bool) {
	if class, ok := set[status]; ok {
		return class, true
	}
	return authcode.ClassOfStatus(status)
}

// retryable says which refusals pass by themselves.
func retryable(class authcode.Class) bool {
	return class == authcode.RateLimited || class == authcode.Busy || class == authcode.Unavailable
}

// refusal reads an answer that is no success as a Refused; false where it is none of
// Netim's: it has no message, or the server broke down on its way. safe says that the
// call changes nothing.
func refusal(r *httpcall.Reply, safe bool, set map[int]authcode.Class) (authcode.Refused, bool) {
	var f failure
	if _, err := jsonwire.Unmarshal(r.Body, &f); err != nil {
		f = failure{}
	}
	class, ok := classOf(r.Status, set)
	if _, said := set[r.Status]; !said {
		ok = ok && f.Message != "" &&
			(r.Status != http.StatusServiceUnavailable || safe || f.Code == authcode.Unavailable)
	}
	if !ok {
		return authcode.Refused{}, false
	}
	return authcode.Refused{
		Class: class, Code: strconv.Itoa(r.Status), Text: f.Message, Retryable: retryable(class),
		HTTPStatus: r.Status, Body: r.Body,
	}, true
}

// message is a refusal in the words for a client.
func message(no authcode.Refused) string {
	s := cmp.Or(no.Text, string(no.Class))
	if len(no.Delivered) > 0 {
		s += "; but it was sent to " + strings.Join(no.Delivered, ", ")
	}
	return s
}

// inBody says which refusals an operation with STATUS Failed can stand for.
func inBody(class authcode.Class) bool {
	return class == authcode.Failed || class == authcode.Undeliverable
}
