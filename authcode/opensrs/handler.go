package opensrs

import (
	"net/http"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// HandlerOptions say how answers are written where documents and clients differ. The
// zero value follows the document.
type HandlerOptions struct {
	// Upper writes the action and the object of an answer in capitals.
	Upper bool
	// NoDoctype leaves out the DOCTYPE.
	NoDoctype bool
	// Codes are response codes for classes, in place of the package's table. One
	// for Unset also refuses the reading of a code that is not there, which is
	// otherwise answered with an empty one.
	Codes map[authcode.Class]string
}

// NewHandler offers the interface over a Gateway, whose accounts have a User and a
// Secret.
func NewHandler(g *gateway.Gateway, o HandlerOptions) http.Handler {
	h := &handler{g, o}
	return &httpserve.Server{
		MaxBody: g.MaxBody(), Answer: h.answer, Bad: h.bad, Failed: httpserve.Unknown, Log: g.Log(),
	}
}

type handler struct {
	g    *gateway.Gateway
	opts HandlerOptions
}

// A reply is what an answer says.
type reply struct {
	object     string // "" is domain
	code, text string
	attributes Assoc // nil leaves them out
}

// bad answers a request that could not be read.
func (h *handler) bad(err error) *httpserve.Answer {
	status, text := http.StatusBadRequest, "the request could not be read"
	if err == httpserve.ErrTooLarge {
		status, text = http.StatusRequestEntityTooLarge, "the request is too large"
	}
	return h.write(status, reply{code: codeCommand, text: text})
}

func (h *handler) answer(q *httpserve.Request) *httpserve.Answer {
	who := h.account(q)
	switch {
	case who == nil:
		h.g.Deny(q.Context(), "opensrs", q.Header.Get("X-Username"), q.RemoteAddr)
		return h.write(http.StatusOK, reply{code: codeSignature, text: "the user name or the signature is wrong"})
	case !h.g.Allow(who):
		return h.write(http.StatusOK, h.refused(authcode.Refused{Class: authcode.RateLimited, Text: "too many requests"}))
	case len(q.Segments) > 0:
		return h.write(http.StatusNotFound, reply{code: codeCommand, text: "there is nothing at this path"})
	case q.Method != http.MethodPost:
		a := h.write(http.StatusMethodNotAllowed, reply{code: codeCommand, text: "requests are made with POST"})
		a.Header = http.Header{"Allow": {http.MethodPost}}
		return a
	}
	e, err := Read(q.Body)
	if err != nil {
		return h.write(http.StatusOK, reply{code: codeCommand, text: err.Error()})
	}
	object := strings.ToLower(e.Data.Word("object"))
	r, err := h.carryOut(q.Context(), gateway.Caller{Account: who, Via: "opensrs", Addr: q.RemoteAddr}, e.Data)
	no, refused := authcode.AsRefused(err)
	switch {
	case refused:
		r = h.refused(no)
	case authcode.OutcomeUnknown(err):
		return httpserve.Unknown()
	case err != nil: // and so nothing was done
		r = h.refused(authcode.Refused{Class: authcode.Unavailable, Text: "the upstream can't be reached"})
	}
	r.object = object
	return h.write(http.StatusOK, r)
}

// account is whose request it is; nil for nobody's. Whether there is such a user makes
// no difference to the work.
func (h *handler) account(q *httpserve.Request) *gateway.Account {
	who := h.g.Accounts().ByUser(strings.TrimSpace(q.Header.Get("X-Username")))
	var key authcode.Secret
	if who != nil {
		key = who.Secret
	}
	if !signed(q.Body, key, q.Header.Get("X-Signature")) || key == "" {
		return nil
	}
	return who
}

func (h *handler) refused(no authcode.Refused) reply {
	text := no.Text
	if text == "" {
		text = string(no.Class)
	}
	r := reply{code: h.opts.code(no.Class), text: text}
	if no.Class == authcode.Unavailable {
		r.attributes = Assoc{{attributeClass, Text(string(no.Class))}}
	}
	return r
}

// write makes an answer. The document has its items in this order.
func (h *handler) write(status int, r reply) *httpserve.Answer {
	action, object := "reply", r.object
	if object == "" {
		object = "domain"
	}
	if h.opts.Upper {
		action, object = strings.ToUpper(action), strings.ToUpper(object)
	}
	e := Envelope{Doctype: !h.opts.NoDoctype, Data: Assoc{
		{"protocol", Text("XCP")},
		{"action", Text(action)},
		{"object", Text(object)},
		{"response_text", Text(printable(r.text))},
		{"is_success", Text(flag(r.code == codeDone || r.code == codePending))},
		{"response_code", Text(r.code)},
	}}
	if r.attributes != nil {
		e.Data = append(e.Data, Item{"attributes", Value{Assoc: r.attributes}})
	}
	doc, err := e.XML()
	if err != nil { // a code, which only was to be shown
		return h.write(status, reply{
			object: r.object, code: h.opts.code(authcode.Failed),
			text: "the answer holds a character that XML does not allow",
		})
	}
	return &httpserve.Answer{Status: status, ContentType: "text/xml", Body: doc}
}

// printable is a text without what XML can't hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !xmltree.ValidChars(string(r)) {
			return '\ufffd'
		}
		return r
	}, s)
}
