package mijndomeinreseller

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
)

// HandlerOptions are for what the document leaves open. The zero value works.
type HandlerOptions struct {
	// Refuse, unless nil, writes the answer to a request that was refused: its
	// status and its body in JSON. A status of 0 leaves it to the package. A wrong
	// method and a body that is too large keep the statuses of HTTP.
	Refuse func(authcode.Refused) (status int, body []byte)
}

const jsonType = "application/json;charset=utf-8" // as the document spells it

// accept are the kinds of outcome for which there is an answer, also a refusal of which
// something was done.
const accept = authcode.KindCode | authcode.KindSent | authcode.KindPending | authcode.KindRefused

// NewHandler offers the interface over a gateway. Accounts are known by their Key. A
// request has a new code made (authcode.Regenerate); where the Provider can't do that
// and can send the code to the registrant, that is done.
func NewHandler(g *gateway.Gateway, o HandlerOptions) http.Handler {
	h := &handler{g: g, opts: o}
	return &httpserve.Server{
		MaxBody: g.MaxBody(), Log: g.Log(),
		Answer: h.answer, Bad: h.bad, Failed: httpserve.Unknown,
	}
}

type handler struct {
	g    *gateway.Gateway
	opts HandlerOptions
}

// answer looks at the key before all else: without one, nothing is told of paths and
// domains.
func (h *handler) answer(q *httpserve.Request) *httpserve.Answer {
	who := h.g.Accounts().ByKey(httpserve.Bearer(q.Request))
	if who == nil {
		h.g.Deny(q.Context(), system, "", q.RemoteAddr)
		return with("WWW-Authenticate", "Bearer", h.refuse(authcode.Refused{
			Class: authcode.Unauthorized, Text: "there is no such API key",
		}))
	}
	if !h.g.Allow(who) {
		return with("Retry-After", strconv.Itoa(int(h.g.RetryAfter()/time.Second)), h.refuse(authcode.Refused{
			Class: authcode.RateLimited, Text: "too many requests", Retryable: true,
		}))
	}
	s := q.Segments
	if len(s) != 4 || s[0] != "v2" || s[1] != "domains" || s[3] != "auth_code" {
		return h.refuse(authcode.Refused{Class: authcode.NotFound, Text: "there is no such path"})
	}
	if q.Method != http.MethodPost {
		a := h.refuse(authcode.Refused{Class: authcode.Unsupported, Text: "this path is for POST"})
		return status(http.StatusMethodNotAllowed, with("Allow", http.MethodPost, a))
	}
	if !noParameters(q.Body) {
		return h.refuse(authcode.Refused{Class: authcode.Invalid, Text: "this call has no parameters"})
	}
	return h.authCode(q, gateway.Caller{Account: who, Via: system, Addr: q.RemoteAddr}, s[2])
}

// authCode carries out the call.
func (h *handler) authCode(q *httpserve.Request, who gateway.Caller, domain string) *httpserve.Answer {
	ctx := q.Context()
	r := authcode.Request{Domain: domain, Verb: authcode.Regenerate}
	// An error is HandOver's too, which comes upon it and enters it in the audit.
	caps, err := h.g.Capabilities(ctx, who, domain)
	if err == nil && !caps.Regenerate.Any() && caps.Send[authcode.Registrant].Any() {
		r.Verb, r.To = authcode.Send, authcode.Registrant
	}
	out, err := h.g.HandOver(ctx, who, r, accept)
	if authcode.SafeToRetry(err) {
		return h.refuse(authcode.Refused{
			Class: authcode.Unavailable, Text: "nothing was done; try again later", Retryable: true,
		})
	}
	if err != nil {
		return httpserve.Unknown()
	}
	if no, refused := out.(authcode.Refused); refused {
		return h.refuse(no)
	}
	code, body, err := writeOutcome(out)
	if err != nil {
		h.g.Log().Error("there is no answer for this outcome", "system", system, "outcome", fmt.Sprint(out), "error", err)
		return httpserve.Unknown()
	}
	a := &httpserve.Answer{Status: code, Body: body}
	if body != nil {
		a.ContentType = jsonType
	}
	return a
}

// refuse is the answer to a request that was refused.
func (h *handler) refuse(no authcode.Refused) *httpserve.Answer {
	code, body := writeRefusal(no)
	if h.opts.Refuse != nil {
		if c, b := h.opts.Refuse(no); c != 0 {
			code, body = c, b
		}
	}
	return &httpserve.Answer{Status: code, ContentType: jsonType, Body: body}
}

// bad is the answer to a request that can't be read.
func (h *handler) bad(err error) *httpserve.Answer {
	if err == httpserve.ErrTooLarge {
		a := h.refuse(authcode.Refused{Class: authcode.Invalid, Text: "the body is too large"})
		return status(http.StatusRequestEntityTooLarge, a)
	}
	return h.refuse(authcode.Refused{Class: authcode.Invalid, Text: "the request can't be read"})
}

func with(name, value string, a *httpserve.Answer) *httpserve.Answer {
	a.Header = http.Header{}
	a.Header.Set(name, value)
	return a
}

func status(code int, a *httpserve.Answer) *httpserve.Answer {
	a.Status = code
	return a
}

// noParameters reports whether a body is one of those with which clients say that there
// is nothing to say: none, {} and [].
func noParameters(body []byte) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return true
	}
	var (
		object map[string]json.RawMessage
		array  []json.RawMessage
	)
	return json.Unmarshal(body, &object) == nil && len(object) == 0 ||
		json.Unmarshal(body, &array) == nil && len(array) == 0
}
